/** One view at a time, each an entry of the browser's history, so that "back" means one step back. */
import { all, byId } from './dom.js';
import { draft } from './draft.js';

const views = () => all('[data-view]');
const listeners = new Map();

export const viewElement = (name) => document.querySelector(`[data-view="${name}"]`);
export const currentView = () => views().find((view) => !view.hidden)?.dataset.view;

/** Called each time the view is shown. */
export const onShow = (name, listener) => listeners.set(name, listener);

export function startViews() {
  byId('without-script').hidden = true;
  byId('form-side').hidden = false;
  for (const button of all('[data-go]')) button.addEventListener('click', () => go(button.dataset.go));
  window.addEventListener('popstate', () => show(reachable(location.hash.slice(1))));
  const first = reachable(draft.done ? 'done' : location.hash.slice(1));
  history.replaceState(null, '', `#${first}`);
  show(first, { isFirst: true });
}

/** A verified number needs no code; without one nothing later can be reached. */
function reachable(name) {
  if (draft.done) return 'done';
  if (name === 'code') return draft.request && !draft.verified ? 'code' : 'data';
  if (name === 'sending') return draft.offer && !draft.verified ? 'sending' : 'data';
  const isLater = ['address', 'package', 'confirm'].includes(name);
  return isLater && draft.verified ? name : 'data';
}

/** `replace`: the view left behind is not come back to. */
export function go(wanted, { replace = false } = {}) {
  const name = reachable(wanted);
  if (name === currentView()) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', `#${name}`);
  show(name);
}

function show(name, { isFirst = false } = {}) {
  for (const view of views()) view.hidden = view.dataset.view !== name;
  markProgress(viewElement(name).dataset.step);
  document.body.dataset.showing = name;
  listeners.get(name)?.();
  window.scrollTo(0, 0);
  // At the start the focus stays where the browser put it.
  if (!isFirst) viewElement(name).querySelector('h1').focus({ preventScroll: true });
}

function markProgress(step) {
  byId('progress').hidden = step === undefined;
  const items = all('[data-step]', byId('progress'));
  const at = items.findIndex((item) => item.dataset.step === step);
  items.forEach((item, index) => {
    item.classList.toggle('past', index < at);
    if (index === at) item.setAttribute('aria-current', 'step');
    else item.removeAttribute('aria-current');
  });
}
