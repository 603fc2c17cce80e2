/** The form's fields: kept as they are typed, looked over before the next step, and told what is wrong with them. */
import { all, byId } from './dom.js';
import { draft, keep } from './draft.js';

const inputs = () => all('[data-field]');
const holderOf = (name) => byId(name);

export function startFields() {
  fillFields();
  for (const input of inputs()) {
    input.addEventListener('input', () => {
      keepValue(input);
      tell(input.name, '');
    });
    input.addEventListener('blur', () => {
      if (input.value.trim() !== '' && input.type !== 'radio') tell(input.name, problemOf(input));
    });
  }
  const consent = byId('consent');
  consent.addEventListener('change', () => {
    keep({ consent: consent.checked });
    tell('consent', '');
  });
}

/** Puts what is kept into the fields, as after a reload. */
export function fillFields() {
  for (const input of inputs()) {
    const value = draft.fields[input.name] ?? '';
    if (input.type === 'radio') input.checked = input.value === value;
    else input.value = value;
  }
  byId('consent').checked = draft.consent;
}

function keepValue(input) {
  const value = input.value.trim();
  if (value === '') delete draft.fields[input.name];
  else draft.fields[input.name] = value;
  keep();
}

/** Browsers fill in some fields without an event. */
export const keepAll = (view) => {
  for (const input of all('[data-field]', view))
    if (input.type !== 'radio' || input.checked) keepValue(input);
};

function problemOf(input) {
  const value = input.value.trim();
  const { required, least, short, malformed } = input.dataset;
  if (value === '') return required ?? '';
  if (least && [...value].length < Number(least)) return short;
  const { patternMismatch, typeMismatch } = input.validity;
  return malformed && (patternMismatch || typeMismatch) ? malformed : '';
}

/** Says beside a field what is wrong with it; an empty text takes that away. False where there is no such field. */
export function tell(name, message) {
  const place = document.querySelector(`[data-problem="${name}"]`);
  if (!place) return false;
  place.textContent = message;
  const holder = holderOf(name);
  if (message === '') holder?.removeAttribute('aria-invalid');
  else holder?.setAttribute('aria-invalid', 'true');
  return true;
}

/** Looks a view's fields over and tells each problem; whether there is none. */
export function isComplete(view) {
  keepAll(view);
  let isFine = true;
  for (const input of all('[data-field]:not([type=radio])', view)) {
    const problem = input.disabled ? '' : problemOf(input);
    tell(input.name, problem);
    if (problem !== '') isFine = false;
  }
  const choice = view.querySelector('fieldset[data-required]');
  if (choice) {
    const isMissing = !choice.querySelector(':checked');
    tell(choice.id, isMissing ? choice.dataset.required : '');
    if (isMissing) isFine = false;
  }
  const consent = view.querySelector('#consent');
  if (consent && !consent.checked) {
    tell('consent', consent.dataset.required);
    isFine = false;
  }
  return isFine;
}

/** To the first field of a view that has a problem. */
export function focusProblem(view) {
  const first = all('[aria-invalid=true]', view)[0];
  first?.focus({ preventScroll: true });
  first?.scrollIntoView({ block: 'center' });
}

/** The view that holds a field; none where the form has no such field. */
export function viewOf(name) {
  return document.querySelector(`[data-problem="${name}"]`)?.closest('[data-view]')?.dataset.view;
}
