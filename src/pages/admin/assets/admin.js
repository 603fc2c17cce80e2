// What pages gain where scripts run: parts marked `data-refresh` are looked up again while the page is open.
import { watch } from './refresh.js';

// The sentence above the page is for once, not for every reload.
const address = new URL(location.href);
if (address.searchParams.has('done')) {
  address.searchParams.delete('done');
  history.replaceState(null, '', address);
}

for (const box of document.querySelectorAll('[data-scroll=end]')) {
  box.scrollTop = box.scrollHeight;
  box.scrollLeft = box.scrollWidth;
}

document.querySelector('[autofocus]')?.focus();

const main = document.querySelector('[data-refresh-url]');
if (main) watch(main.dataset.refreshUrl);
