/**
 * What was typed and where the customer is, kept for this tab alone: a reload or a trip to WhatsApp loses nothing, and
 * the next person at a shared computer finds nothing. Never the proof itself: that is a cookie no script can read.
 */
const KEY = 'daftar-form';
/** A larger photo is asked for again after a reload rather than filling the tab's store. */
const LONGEST_PHOTO = 1_500_000;
const CAMPAIGN = ['utm_source', 'utm_medium', 'utm_campaign', 'referral_code'];

const empty = () => ({ fields: {}, consent: false });

function read() {
  try {
    return { ...empty(), ...JSON.parse(sessionStorage.getItem(KEY) ?? '{}') };
  } catch {
    return empty();
  }
}

/**
 * `fields` by name; `request`: the code that was asked for; `offer`: the text to send; `verified`: the phone proven;
 * `done`: the registration made.
 */
export const draft = read();

export function keep(changes = {}) {
  Object.assign(draft, changes);
  const { photo, ...rest } = draft;
  const isSmall = photo !== undefined && photo.length <= LONGEST_PHOTO;
  try {
    sessionStorage.setItem(KEY, JSON.stringify(isSmall ? draft : rest));
  } catch {
    // Private windows may have no store: the form works, but a reload begins anew.
  }
}

/** After a registration only its number stays. */
export function finish(done) {
  for (const key of Object.keys(draft)) delete draft[key];
  keep({ ...empty(), done });
}

export function startOver() {
  for (const key of Object.keys(draft)) delete draft[key];
  keep(empty());
}

/** What the link that led here says about where the customer comes from. */
export function keepCampaign(search) {
  const given = new URLSearchParams(search);
  for (const name of CAMPAIGN) {
    const value = given.get(name)?.trim().slice(0, 100);
    if (value) draft.fields[name] = value;
  }
  keep();
}
