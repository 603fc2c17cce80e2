/** Small helpers over the page's elements. */
export const byId = (id) => document.getElementById(id);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** Runs what a button starts, once at a time; the button says meanwhile what it is doing. */
export async function whileBusy(button, work) {
  if (button.getAttribute('aria-busy') === 'true') return;
  const label = button.textContent;
  button.setAttribute('aria-busy', 'true');
  button.textContent = button.dataset.busy ?? label;
  try {
    await work();
  } finally {
    button.removeAttribute('aria-busy');
    button.textContent = label;
  }
}

/** The message of a view; none takes it away. */
export function alertIn(view, message = '') {
  const place = document.querySelector(`[data-alert="${view}"]`);
  place.textContent = message;
  place.hidden = message === '';
}

/** Copies a text, and says so on the button; where the browser does not allow it, the text stays selectable. */
export async function copyFrom(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Tersalin ✓';
  } catch {
    button.textContent = 'Tekan lama teksnya untuk menyalin';
  }
}

/** `6281200000001` as people write it: `0812-0000-0001`. */
export const localPhone = (phone) =>
  phone.replace(/^\+?62/, '0').replace(/^(\d{4})(\d{4})(\d+)$/, '$1-$2-$3');
