/** Verification by sending: a text for the customer to send, by a link on phones, by a QR code on large screens. */
import { offerText } from './api.js';
import { alertIn, all, byId, copyFrom, localPhone, whileBusy } from './dom.js';
import { draft, keep } from './draft.js';
import { drawQr } from './qr.js';
import { tell } from './fields.js';
import * as texts from './texts.js';
import { currentView, go, viewElement } from './views.js';

/** An offer about to run out is not shown again. */
const WORTH_SHOWING_MS = 60_000;

export function startSending({ look }) {
  for (const button of all('[data-send-instead]'))
    button.addEventListener('click', () => whileBusy(button, () => offer(button)).then(look));
  byId('copy-text').addEventListener('click', () => copyFrom(byId('copy-text'), draft.offer.text));
  viewElement('sending').addEventListener('submit', (event) => event.preventDefault());
  for (const box of all('[data-way-out]'))
    box.addEventListener('toggle', () => {
      const phone = draft.request?.phone ?? draft.fields.phone ?? '';
      for (const place of all('[data-typed-phone]', box)) place.textContent = localPhone(phone);
    });
  showOffer();
}

/** Not for one number only: who mistyped theirs sends from the right one, and the form learns it. */
async function offer(button) {
  const box = button.closest('[data-way-out]')?.id;
  const isFresh = draft.offer && !draft.offer.isOver && draft.offer.until - Date.now() > WORTH_SHOWING_MS;
  if (!isFresh) {
    const { ok, body } = await offerText({ full_name: draft.fields.full_name });
    if (!ok) {
      if (box) tell(`${box}-offer`, body.message);
      else alertIn('sending', body.message);
      return;
    }
    const { id, text, whatsapp_url, expires_in } = body.data;
    keep({ offer: { id, text, url: whatsapp_url, until: Date.now() + expires_in * 1000 } });
  }
  if (box) tell(`${box}-offer`, '');
  showOffer();
  if (currentView() !== 'sending') go('sending');
}

function showOffer() {
  const { offer } = draft;
  if (!offer) return;
  alertIn('sending');
  byId('new-text').hidden = true;
  byId('send-text').textContent = offer.text;
  byId('copy-text').textContent = 'Salin';
  byId('open-whatsapp').href = offer.url;
  byId('send-to').textContent = localPhone(new URL(offer.url).pathname.slice(1));
  showState('waiting');
  void drawQr(byId('qr'), offer.url);
}

function showState(state) {
  const line = byId('sending-state');
  line.dataset.state = state;
  const text = texts.sendingStates[state] ?? '';
  if (line.textContent !== text) line.textContent = text;
}

/** What was read of the text. */
export function onOfferRead({ state }) {
  showState(state);
  if (state !== 'expired') return;
  keep({ offer: { ...draft.offer, isOver: true } });
  alertIn('sending', texts.sendingOver);
  byId('new-text').hidden = false;
}
