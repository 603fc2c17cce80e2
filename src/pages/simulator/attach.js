// The sheet behind the paper clip: a pretended photo, or a location from a list or typed by hand.
// Escape or a click outside closes it and gives the focus back.

import { byId, el, icon } from './dom.js';

const PLACES = [
  ['Jakarta', -6.2088, 106.8456],
  ['Bandung', -6.9175, 107.6191],
  ['Semarang', -6.9932, 110.4203],
  ['Yogyakarta', -7.7956, 110.3695],
  ['Surabaya', -7.2575, 112.7521],
  ['Denpasar', -8.6705, 115.2126],
  ['Medan', 3.5952, 98.6722],
  ['Makassar', -5.1477, 119.4327],
];

/** `send(body)` gets {kind:'media'} or {kind:'location', latitude, longitude}. */
export function createAttach({ send, focusComposer }) {
  const sheet = byId('sheet');
  const button = byId('attach');
  const choices = byId('sheet-choices');
  const places = byId('sheet-places');
  const custom = byId('coordinates');
  const problem = byId('coordinates-problem');

  byId('places').append(...PLACES.map(placeButton));
  byId('send-photo').addEventListener('click', () => finish({ kind: 'media' }));
  byId('send-location').addEventListener('click', showPlaces);
  byId('sheet-close').addEventListener('click', () => close());
  button.addEventListener('click', () => (sheet.open ? close() : open()));
  sheet.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
  });
  document.addEventListener('pointerdown', (event) => {
    if (sheet.open && !sheet.contains(event.target) && !button.contains(event.target)) close(false);
  });
  byId('custom-place').addEventListener('submit', (event) => {
    event.preventDefault();
    const place = parse(custom.value);
    problem.hidden = place !== null;
    custom.setAttribute('aria-invalid', String(place === null));
    if (place) finish({ kind: 'location', ...place });
    else custom.focus();
  });

  function open() {
    choices.hidden = false;
    places.hidden = true;
    problem.hidden = true;
    custom.removeAttribute('aria-invalid');
    sheet.show();
    button.setAttribute('aria-expanded', 'true');
    byId('send-location').focus();
  }

  function showPlaces() {
    if (!sheet.open) open();
    choices.hidden = true;
    places.hidden = false;
    byId('places').querySelector('button').focus();
  }

  function close(giveFocusBack = true) {
    sheet.close();
    button.setAttribute('aria-expanded', 'false');
    if (giveFocusBack) button.focus();
  }

  function finish(body) {
    close(false);
    focusComposer();
    send(body);
  }

  function placeButton([name, latitude, longitude]) {
    const onclick = () => finish({ kind: 'location', latitude, longitude });
    return el('button', { type: 'button', onclick }, icon('pin'), el('span', {}, name));
  }

  return { showPlaces };
}

/** `-6.2, 106.8` → numbers, or null. Only the globe's own limits: what is served is for the bot to judge. */
function parse(typed) {
  const found = /^\s*(-?\d{1,3}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(typed);
  if (!found) return null;
  const [latitude, longitude] = [Number(found[1]), Number(found[2])];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}
