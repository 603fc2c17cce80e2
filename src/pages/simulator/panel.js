// "Di balik layar": where the conversation is, what was answered so far, and the raw state. Shows what
// the server reports and decides nothing itself; unknown steps and answers are shown as they come.

import { clockTime } from './bubbles.js';
import { byId, el, icon, setText } from './dom.js';
import { pretty } from './numbers.js';

/** The questions in order; `keys` are the answers that belong to one. */
export const STEPS = [
  { id: 'name', label: 'Nama lengkap', keys: ['name', 'full_name'] },
  { id: 'otp', label: 'Kode OTP', keys: [] },
  { id: 'email', label: 'Email', keys: ['email'] },
  { id: 'address', label: 'Alamat', keys: ['address'] },
  { id: 'city', label: 'Kota', keys: ['city'] },
  { id: 'location', label: 'Lokasi', optional: true, keys: ['location', 'latitude', 'longitude'] },
  { id: 'package', label: 'Paket', keys: ['package', 'package_name', 'package_id'] },
  {
    id: 'schedule',
    label: 'Jadwal',
    optional: true,
    keys: ['schedule', 'preferred_installation_date', 'preferred_time_slot', 'date', 'slot'],
  },
  { id: 'confirm', label: 'Ringkasan', keys: [] },
];

const SLOTS = { morning: 'pagi', afternoon: 'siang', evening: 'sore' };

export function createPanel() {
  const rows = STEPS.map((step) => ({ ...step, ...row(step) }));
  byId('steps').replaceChildren(...rows.map((step) => step.node));
  let json = '';

  /** `data`: the answer of the API. Nodes are patched, never rebuilt. */
  function render(data) {
    const { chat, messages, ...rest } = data;
    const at = STEPS.findIndex((step) => step.id === chat.step);
    const answers = chat.answers ?? {};
    showStep(chat.step, at);
    rows.forEach((step, index) => {
      const value = valueOf(step, answers);
      const skipped = step.optional && value === '' && step.keys.some((key) => key in answers);
      const answered = value !== '' || skipped || (step.id === 'otp' && chat.verified);
      const state = index === at ? 'current' : answered || index < at ? 'done' : 'todo';
      step.show(state, skipped ? 'dilewati' : step.id === 'otp' && chat.verified ? 'terverifikasi' : value);
    });
    showVerified(Boolean(chat.verified));
    showSilence(chat.silent_until);
    showOthers(answers);
    setText(byId('panel-phone'), pretty(data.phone));
    setText(byId('panel-counts'), counts(messages));
    const next = JSON.stringify({ ...rest, chat }, null, 2);
    if (next !== json) setText(byId('raw'), (json = next));
  }

  return { render };
}

function row({ label, optional }) {
  const dot = el('span', { class: 'dot' }, icon('check'));
  const value = el('span', { class: 'value' });
  const hint = optional ? el('span', { class: 'optional' }, 'opsional') : null;
  const node = el('li', { 'data-status': 'todo' }, dot, el('span', { class: 'label' }, label, hint), value);

  function show(state, text) {
    node.dataset.status = state;
    if (state === 'current') node.setAttribute('aria-current', 'step');
    else node.removeAttribute('aria-current');
    setText(value, text || (state === 'current' ? 'menunggu jawaban…' : ''));
    value.title = text;
  }
  return { node, show };
}

function showStep(step, at) {
  const node = byId('step');
  node.dataset.step = step;
  setText(node, stepText(step, at));
  byId('progress').value = at < 0 ? 0 : at + 1;
}

function stepText(step, at) {
  if (at >= 0) return `Langkah ${at + 1} dari ${STEPS.length}: ${STEPS[at].label}`;
  return step === 'idle' ? 'Belum ada pendaftaran berjalan' : step;
}

function showVerified(verified) {
  const node = byId('verified');
  node.dataset.verified = String(verified);
  setText(node.lastElementChild, verified ? 'Nomor terverifikasi' : 'Belum diverifikasi');
}

function showSilence(until) {
  const node = byId('silence');
  node.hidden = !until || new Date(until) <= new Date();
  if (!node.hidden)
    setText(
      node.lastElementChild,
      `Bot diam sampai ${clockTime(until)}. Kirim MENU atau DAFTAR untuk membangunkannya.`,
    );
}

/** Answers that no question of STEPS claims: still shown, so that nothing is hidden from an engineer. */
function showOthers(answers) {
  const claimed = new Set(STEPS.flatMap((step) => step.keys));
  const others = Object.entries(answers).filter(([key, value]) => !claimed.has(key) && plain(value) !== '');
  const text = others.map(([key, value]) => `${key}: ${plain(value)}`).join('\n');
  const node = byId('others');
  node.hidden = text === '';
  setText(node, text);
}

function valueOf({ id, keys }, answers) {
  const values = keys.filter((key) => plain(answers[key]) !== '').map((key) => plain(answers[key]));
  if (id === 'package') return /^\d+$/.test(values[0] ?? '') ? `nomor ${values[0]}` : (values[0] ?? '');
  return [...new Set(values)].join(id === 'schedule' ? ' · ' : ', ');
}

/** Any JSON value as one line for people. */
function plain(value) {
  if (value === null || value === undefined || value === '') return '';
  if (typeof value !== 'object') return SLOTS[value] ?? String(value);
  if ('latitude' in value) return `${value.latitude}, ${value.longitude}`;
  if ('date' in value) return [value.date, plain(value.slot)].filter(Boolean).join(' · ');
  if ('name' in value) return String(value.name);
  return JSON.stringify(value);
}

function counts(messages) {
  const failed = messages.filter(({ state }) => state === 'failed' || state === 'expired').length;
  const waiting = messages.filter(({ state }) => state === 'queued' || state === 'sending').length;
  return [
    `${messages.length} pesan`,
    waiting ? `${waiting} dalam antrean` : '',
    failed ? `${failed} gagal` : '',
  ]
    .filter(Boolean)
    .join(' · ');
}
