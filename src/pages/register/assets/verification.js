/**
 * The proof of the number. The page never holds it: it asks every two seconds what became of the code it asked for and
 * of the text it offered, and goes on by itself once one of them has been confirmed, wherever that happened.
 */
import { readVerification } from './api.js';
import { alertIn, byId, localPhone } from './dom.js';
import { draft, keep } from './draft.js';
import { fillFields } from './fields.js';
import * as texts from './texts.js';
import { currentView, go, onShow } from './views.js';

const EVERY_MS = 2_000;

/** `onRequest` and `onOffer` get what was read of each. */
export function watchVerification({ onRequest, onOffer }) {
  let timer;
  let round = 0;

  async function look() {
    clearTimeout(timer);
    const mine = ++round;
    if (!isWaiting()) return;
    const { request, offer } = draft;
    const reads = [];
    if (request?.id) reads.push(read(request.id, () => draft.request === request, onRequest));
    if (offer) reads.push(read(offer.id, () => draft.offer === offer, onOffer));
    await Promise.all(reads);
    if (mine === round) timer = setTimeout(look, EVERY_MS);
  }

  onShow('code', look);
  onShow('sending', look);
  // Back from WhatsApp: at once.
  document.addEventListener('visibilitychange', () => document.hidden || look());
  return look;
}

const isWaiting = () => !draft.verified && ['code', 'sending'].includes(currentView());

async function read(id, isStillAsked, tell) {
  const { ok, body } = await readVerification(id);
  if (!ok || !isStillAsked() || draft.verified) return;
  const { state, phone, expires_in } = body.data;
  if (state === 'verified' && phone) acceptProof(id, phone, expires_in);
  else tell(body.data);
}

/** The number is proven: on to the address. It may be another than was typed, when that one was wrong. */
export function acceptProof(id, phone, expires_in) {
  if (draft.verified) return;
  const typed = draft.request?.phone;
  draft.fields.phone = phone;
  keep({
    verified: { id, phone, until: Date.now() + expires_in * 1000 },
    request: undefined,
    offer: undefined,
  });
  fillFields();
  const isOther = typed !== undefined && typed !== phone;
  showNotice(isOther ? texts.provenOther(localPhone(phone)) : '');
  if (isWaitingView()) go('address', { replace: true });
}

const isWaitingView = () => ['code', 'sending', 'data'].includes(currentView());

/** After a reload: whether the proof is still good, as the service sees it. */
export async function checkProof() {
  if (!draft.verified) return;
  const { id, until } = draft.verified;
  if (id) {
    const { status, body } = await readVerification(id);
    const isGone = status === 404 || (status === 200 && !body.data.phone);
    if (isGone) return loseProof(texts.proofOver);
  }
  if (until <= Date.now()) loseProof(texts.proofOver);
}

/** Everything typed stays. */
export function loseProof(message) {
  keep({ verified: undefined, request: undefined, offer: undefined });
  go('data');
  alertIn('data', message);
}

export function showNotice(message) {
  const notice = byId('notice');
  notice.textContent = message;
  notice.hidden = message === '';
}
