/** The code: asked for, waited for, typed, sent again. */
import { checkCode, requestCode } from './api.js';
import { alertIn, byId, localPhone, whileBusy } from './dom.js';
import { draft, keep } from './draft.js';
import { focusProblem, isComplete, tell } from './fields.js';
import * as texts from './texts.js';
import { acceptProof, showNotice } from './verification.js';
import { currentView, go, onShow, viewElement } from './views.js';
import { openWayOut } from './way-out.js';

/** Nothing delivered for this long: the other way is offered. */
const PATIENCE_MS = 30_000;
const ARRIVED = ['delivered', 'read'];
/** What the customer cannot mend by trying again soon. */
const NO_WAY_ON = ['WHATSAPP_UNAVAILABLE', 'OTP_LIMIT', 'OTP_LOCKED', 'PHONE_UNREACHABLE'];

export function startCode({ look }) {
  const view = viewElement('data');
  view.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!isComplete(view)) return focusProblem(view);
    if (draft.verified) return go('address');
    if (isOnItsWay()) return go('code');
    void whileBusy(byId('request-code'), () => ask('data'));
  });

  viewElement('code').addEventListener('submit', (event) => {
    event.preventDefault();
    void whileBusy(byId('check-code'), check);
  });
  const input = byId('otp');
  input.addEventListener('input', () => {
    tell('otp', '');
    const digits = input.value.replace(/\D/g, '').slice(0, 6);
    if (input.value !== digits) input.value = digits;
    if (digits.length === 6) viewElement('code').requestSubmit();
  });
  byId('resend').addEventListener('click', () =>
    whileBusy(byId('resend'), async () => {
      await ask('code');
      look();
    }).then(tick),
  );
  onShow('data', showData);
  setInterval(tick, 1_000);
}

const isOnItsWay = () =>
  draft.request?.typed === draft.fields.phone &&
  draft.request.resendAt > Date.now() &&
  draft.request.delivery !== 'failed';

async function ask(from) {
  alertIn(from);
  tell('otp', '');
  const { phone: typed, full_name } = draft.fields;
  const { ok, body, wait } = await requestCode({ phone: typed, full_name });
  if (!ok) return onRefused(from, typed, body, wait);
  const { phone, request_id, resend_in, otp } = body.data;
  const resendAt = Date.now() + resend_in * 1000;
  const isDisabled = body.disabled === true;
  keep({ request: { id: request_id, phone, typed, askedAt: Date.now(), resendAt, isDisabled, otp } });
  byId('otp').value = '';
  byId('disabled').hidden = !isDisabled;
  showNotice('');
  if (from === 'data') go('code');
  showCode();
}

function onRefused(from, typed, body, wait) {
  const { code, message, errors = [] } = body;
  // A code that was just sent, perhaps from another tab, can still be typed.
  if (code === 'OTP_COOLDOWN' && from === 'data') {
    const before =
      draft.request?.typed === typed ? draft.request : { phone: typed, typed, askedAt: Date.now() };
    keep({ request: { ...before, resendAt: Date.now() + wait * 1000 } });
    go('code');
    showCode();
    return alertIn('code', message);
  }
  const mended = code === 'PHONE_UNREACHABLE' ? [{ field: 'phone', message }] : errors;
  if (mended.length > 0) {
    go('data');
    for (const error of mended) tell(error.field, error.message);
    focusProblem(viewElement('data'));
  } else alertIn(from, message);
  if (code === 'OTP_COOLDOWN') keep({ request: { ...draft.request, resendAt: Date.now() + wait * 1000 } });
  if (NO_WAY_ON.includes(code)) openWayOut(currentView());
}

async function check() {
  const input = byId('otp');
  const otp = input.value;
  if (!/^\d{6}$/.test(otp)) {
    tell('otp', texts.sixDigits);
    return input.focus();
  }
  const { request } = draft;
  const { ok, body } = await checkCode({ phone: request.phone, otp });
  if (ok) return acceptProof(request.id, body.data.phone ?? request.phone, body.data.expires_in);
  if (draft.verified) return;
  tell('otp', body.message);
  if (NO_WAY_ON.includes(body.code)) openWayOut('code');
  input.focus();
  input.select();
}

/** What was read of the code's message. */
export function onRequestRead({ state, delivery }) {
  keep({ request: { ...draft.request, delivery, isConfirming: state === 'confirming' } });
  if (state === 'expired' && delivery !== 'failed') tell('otp', texts.codeOver);
  if (delivery === 'failed') openWayOut('code');
  showCode();
}

export function showCode() {
  const { request } = draft;
  if (!request) return;
  byId('code-phone').textContent = localPhone(request.phone);
  byId('shown-code').hidden = !request.otp;
  byId('shown-code-value').textContent = request.otp ?? '';
  const line = byId('delivery');
  const { isConfirming, isDisabled, delivery } = request;
  line.dataset.state = isConfirming ? 'confirming' : (delivery ?? 'queued');
  const fallback = isDisabled ? texts.codeRecorded : request.id ? texts.deliveries.queued : '';
  const text = isConfirming ? texts.codeConfirming : (texts.deliveries[delivery] ?? fallback);
  if (line.textContent !== text) line.textContent = text;
  tick();
}

/** The countdown, and the end of patience. */
function tick() {
  const { request } = draft;
  if (!request || currentView() !== 'code') return;
  const button = byId('resend');
  const seconds = request.delivery === 'failed' ? 0 : Math.ceil((request.resendAt - Date.now()) / 1000);
  button.disabled = seconds > 0;
  if (button.getAttribute('aria-busy') !== 'true')
    button.textContent = seconds > 0 ? texts.resendIn(seconds) : texts.resendNow;
  const isLate = Date.now() - request.askedAt >= PATIENCE_MS;
  if (isLate && !ARRIVED.includes(request.delivery) && !request.isDisabled)
    openWayOut('code', { once: true });
}

/** A proven number is shown, not asked for again. */
export function showData() {
  const { verified } = draft;
  byId('proven').hidden = !verified;
  byId('proven-phone').textContent = verified ? localPhone(verified.phone) : '';
  document.querySelector('.field-phone').hidden = Boolean(verified);
  byId('phone').disabled = Boolean(verified);
  byId('request-code').textContent = verified ? texts.continueOn : 'Kirim kode ke WhatsApp';
}
