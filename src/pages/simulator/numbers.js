// The customer's phone numbers of this browser: which one is in use (per tab, else the last one used)
// and the recent ones. The API only ever sees the form 62…; people read and type 08….

const DEFAULT = '6281200000001';
const CURRENT = 'daftar.simulator.phone';
const RECENT = 'daftar.simulator.recent';
const KEEP = 6;

/** 62… for anything a person may type for an Indonesian mobile number (blanks, dashes, +62), else null. */
export function normalise(typed) {
  const digits = String(typed)
    .replace(/[\s().-]/g, '')
    .replace(/^\+/, '')
    .replace(/^0/, '62');
  return /^628\d{8,11}$/.test(digits) ? digits : null;
}

/** 081200000001 */
export const local = (phone) => `0${phone.slice(2)}`;

/** 0812-0000-0001 */
export const pretty = (phone) =>
  local(phone)
    .match(/^.{4}|.{1,4}/g)
    .join('-');

export function current() {
  return normalise(read('sessionStorage', CURRENT) ?? read('localStorage', CURRENT) ?? '') ?? DEFAULT;
}

/** Makes `phone` the current one; answers the recent numbers, in the order they were first used. */
export function use(phone) {
  write('sessionStorage', CURRENT, phone);
  write('localStorage', CURRENT, phone);
  const known = recent();
  const list = known.includes(phone) ? known : [...known, phone].slice(-KEEP);
  write('localStorage', RECENT, JSON.stringify(list));
  return list;
}

export function recent() {
  try {
    const list = JSON.parse(read('localStorage', RECENT) ?? '[]');
    return Array.isArray(list) ? list.filter((phone) => normalise(phone) === phone) : [];
  } catch {
    return [];
  }
}

/** A number of the form 0812000xxxxx not used here before. */
export function fresh() {
  const taken = new Set([DEFAULT, ...recent()]);
  for (;;) {
    const phone = `62812000${String(Math.floor(Math.random() * 100_000)).padStart(5, '0')}`;
    if (!taken.has(phone)) return phone;
  }
}

// Storage may be forbidden (private windows): then numbers last as long as the page.
function read(storage, key) {
  try {
    return window[storage].getItem(key);
  } catch {
    return null;
  }
}

function write(storage, key, value) {
  try {
    window[storage].setItem(key, value);
  } catch {
    // Not remembered, and that is all.
  }
}
