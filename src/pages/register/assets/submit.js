/** Sends the registration, and brings each refusal to the field it is about. */
import { register } from './api.js';
import { alertIn, byId, copyFrom, whileBusy } from './dom.js';
import { draft, finish, startOver } from './draft.js';
import { focusProblem, isComplete, tell, viewOf } from './fields.js';
import * as texts from './texts.js';
import { loseProof } from './verification.js';
import { go, viewElement } from './views.js';

const IN_ORDER = ['data', 'address', 'package', 'confirm'];
/** Refusals that are about one field, though their answer names none. */
const FIELD_OF = { ALREADY_REGISTERED: 'email', PACKAGE_NOT_AVAILABLE: 'package_id', INVALID_PHONE: 'phone' };
/** Told where the position is chosen. */
const SAME_PLACE = { longitude: 'latitude' };

export function startSubmit() {
  viewElement('confirm').addEventListener('submit', (event) => {
    event.preventDefault();
    const unfinished = IN_ORDER.find((name) => !isComplete(viewElement(name)));
    if (unfinished) return goTo(unfinished);
    void whileBusy(byId('submit'), send);
  });
  byId('copy-number').addEventListener('click', () => copyFrom(byId('copy-number'), draft.done.number));
  byId('again').addEventListener('click', () => {
    startOver();
    location.replace('/register');
  });
}

async function send() {
  alertIn('confirm');
  const { fields, verified, photo } = draft;
  if (!verified) return loseProof(texts.proofOver);
  const form = { ...fields, phone: verified.phone, ...(photo ? { id_card_photo: photo } : {}) };
  byId('upload').hidden = !photo;
  const { ok, body } = await register(form, showUpload);
  byId('upload').hidden = true;
  if (!ok) return onRefused(body);
  const { registration_number, tracking_url } = body.data;
  finish({ number: registration_number, track: new URL(tracking_url).pathname });
  showDone();
  go('done', { replace: true });
}

function showUpload(share) {
  byId('upload-bar').value = share * 100;
  byId('upload-text').textContent = share < 1 ? texts.uploading(share) : texts.processing;
}

function onRefused({ code, message, errors }) {
  if (code === 'NOT_VERIFIED') return loseProof(message);
  const told = errors ?? (FIELD_OF[code] ? [{ field: FIELD_OF[code], message }] : []);
  const untold = told.filter(({ field, message: problem }) => !tell(SAME_PLACE[field] ?? field, problem));
  const views = told.map(({ field }) => viewOf(SAME_PLACE[field] ?? field));
  const first = IN_ORDER.find((name) => views.includes(name));
  if (first) return goTo(first);
  alertIn('confirm', untold[0]?.message ?? message);
}

function goTo(name) {
  go(name);
  alertIn(name, texts.mendFields);
  focusProblem(viewElement(name));
}

export function showDone() {
  if (!draft.done) return;
  byId('done-number').textContent = draft.done.number;
  byId('done-track').href = draft.done.track;
}
