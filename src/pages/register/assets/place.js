/** Where the installation is to be, by the device's own position; always optional. */
import { byId, whileBusy } from './dom.js';
import { draft, keep } from './draft.js';
import { tell } from './fields.js';
import * as texts from './texts.js';

const LONGEST_WAIT_MS = 20_000;
/** About a tenth of a metre. */
const DECIMALS = 6;

export function startPlace() {
  byId('use-place').addEventListener('click', () => whileBusy(byId('use-place'), locate));
  byId('drop-place').addEventListener('click', () => {
    delete draft.fields.latitude;
    delete draft.fields.longitude;
    keep({ accuracy: undefined });
    tell('latitude', '');
    showPlace();
    byId('use-place').focus();
  });
  showPlace();
}

async function locate() {
  tell('latitude', '');
  try {
    const { coords } = await position();
    draft.fields.latitude = coords.latitude.toFixed(DECIMALS);
    draft.fields.longitude = coords.longitude.toFixed(DECIMALS);
    keep({ accuracy: coords.accuracy });
    showPlace();
  } catch (error) {
    const isRefused = error?.code === 1;
    tell('latitude', isRefused ? texts.placeRefused : texts.placeUnknown);
  }
}

const position = () =>
  new Promise((resolve, reject) => {
    if (!navigator.geolocation) return reject(new Error('no position here'));
    const options = { enableHighAccuracy: true, timeout: LONGEST_WAIT_MS, maximumAge: 60_000 };
    navigator.geolocation.getCurrentPosition(resolve, reject, options);
  });

export function showPlace() {
  const { latitude, longitude } = draft.fields;
  const isKnown = latitude !== undefined;
  byId('place').hidden = !isKnown;
  byId('use-place').hidden = isKnown;
  if (!isKnown) return;
  byId('place-value').textContent = `${latitude}, ${longitude}`;
  byId('place-accuracy').textContent = draft.accuracy ? texts.accuracy(draft.accuracy) : '';
}
