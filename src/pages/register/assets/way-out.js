/** Where no code arrives: what the customer can check, and the other way round. */
import { all, byId, localPhone } from './dom.js';
import { draft } from './draft.js';

/** Opens the box of a view; `once`: for good if the customer closes it. */
export function openWayOut(view, { once = false } = {}) {
  const box = byId(`${view}-way-out`);
  if (!box || (once && box.dataset.opened)) return;
  box.dataset.opened = 'true';
  box.hidden = false;
  box.open = true;
  const phone = draft.request?.phone ?? draft.fields.phone ?? '';
  for (const place of all('[data-typed-phone]', box)) place.textContent = localPhone(phone);
}
