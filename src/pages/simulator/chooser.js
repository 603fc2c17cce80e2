// Choosing whose phone this is: the number field, "Nomor baru", and the numbers used before.

import { byId, el } from './dom.js';
import * as numbers from './numbers.js';

/** Calls `onChoose(phone)` (62…) at the start and for every other number chosen later. */
export function createChooser(onChoose) {
  const field = byId('phone');
  const problem = byId('phone-problem');
  const recent = byId('recent');
  let phone = null;

  byId('chooser').addEventListener('submit', (event) => {
    event.preventDefault();
    take();
  });
  field.addEventListener('change', take);
  byId('new-number').addEventListener('click', () => choose(numbers.fresh()));

  function take() {
    const typed = numbers.normalise(field.value);
    problem.hidden = typed !== null;
    field.setAttribute('aria-invalid', String(typed === null));
    if (typed) choose(typed);
  }

  function choose(next) {
    problem.hidden = true;
    field.removeAttribute('aria-invalid');
    field.value = numbers.local(next);
    if (next === phone) return;
    phone = next;
    list(numbers.use(next));
    onChoose(next);
  }

  function list(phones) {
    recent.hidden = phones.length < 2;
    recent.replaceChildren(
      ...phones.map((other) =>
        el(
          'button',
          { type: 'button', 'aria-pressed': String(other === phone), onclick: () => choose(other) },
          numbers.pretty(other),
        ),
      ),
    );
  }

  choose(numbers.current());
}
