// Puts the simulator together: the number chosen, its conversation, the phone and the panel beside it.
// Own messages show at once and turn into the stored ones; the bot's answer waits for a short "typing".

import { createAttach } from './attach.js';
import { clockTime } from './bubbles.js';
import { createChooser } from './chooser.js';
import { createComposer } from './composer.js';
import { byId, fillIcons, reducedMotion, setText } from './dom.js';
import { createLog } from './log.js';
import { pretty } from './numbers.js';
import { createPanel } from './panel.js';
import { createSession } from './session.js';
import { paintWallpaper } from './wallpaper.js';

const TYPING_MS = 650;
const TYPING_AT_MOST_MS = 3000;
const TOAST_MS = 5000;

fillIcons();
paintWallpaper(byId('wallpaper'));
const panel = createPanel();
const log = createLog(
  {
    scroller: byId('log'),
    list: byId('messages'),
    empty: byId('empty'),
    jump: byId('jump'),
    unread: byId('unread'),
  },
  retry,
);
const composer = createComposer({
  send: (text) => send({ kind: 'text', text }),
  onLocation: () => attach.showPlaces(),
});
const attach = createAttach({ send, focusComposer: composer.focus });

let session = null;
let data = null;
let pending = [];
let fingerprint = '';
let lost = false;
let holdUntil = 0;
let typingUntil = 0;
let renderTimer = null;
let toastTimer = null;
let serial = 0;

byId('start').addEventListener('click', () => send({ kind: 'text', text: 'DAFTAR' }));
createChooser(open);
if (window.matchMedia('(hover: hover)').matches) composer.focus();

/** Starts over with another number. */
function open(phone) {
  session?.close();
  data = null;
  pending = [];
  fingerprint = '';
  lost = false;
  holdUntil = typingUntil = 0;
  log.clear();
  render();
  session = createSession(phone, { onData: receive, onRefused: refused, onTrouble: trouble });
}

function send(body) {
  serial += 1;
  const text = body.kind === 'location' ? `${body.latitude},${body.longitude}` : (body.text ?? null);
  const at = new Date().toISOString();
  const message = { id: `local-${serial}`, from: 'customer', kind: body.kind, text, at, body, pending: true };
  pending.push(message);
  log.toBottom();
  render();
  session.send(message);
}

function retry(id) {
  const message = pending.find((one) => one.id === id);
  if (!message) return;
  Object.assign(message, { problem: null, pending: true, at: new Date().toISOString() });
  render();
  session.send(message);
}

function receive(next, sent) {
  const before = data;
  const known = fingerprint;
  fingerprint = JSON.stringify(next) + clockTime(Date.now());
  if (!sent && !lost && fingerprint === known) return;
  data = next;
  lost = false;
  if (!before || before.brand_name !== next.brand_name || before.whatsapp_enabled !== next.whatsapp_enabled)
    describe(next);
  if (sent) adopt(sent);
  if (sent && before) {
    const now = Date.now();
    const silent = next.chat.silent_until && new Date(next.chat.silent_until) > now;
    holdUntil = reducedMotion() ? 0 : now + TYPING_MS;
    typingUntil = silent ? 0 : now + TYPING_AT_MOST_MS;
  }
  render();
}

/** A stored message takes over the bubble of the local one. */
function adopt(sent) {
  pending = pending.filter((message) => message !== sent);
  const unknown = data.messages.filter(({ id, from }) => from === 'customer' && !log.has(id));
  const stored =
    unknown.findLast(({ kind, text }) => kind === sent.kind && text === sent.text) ?? unknown.at(-1);
  if (stored) log.adopt(sent.id, stored.id);
}

function refused(message, error) {
  if (error.refused) {
    pending = pending.filter((one) => one !== message);
    toast(error.message);
    if (message.kind === 'text') composer.restore(message.text);
  } else Object.assign(message, { pending: false, problem: error.message });
  render();
}

function trouble(error) {
  if (error && !lost && !data) toast(error.message);
  lost = error !== null;
  render();
}

/** Shows what is known now; calls itself again when held-back answers or the typing dots are due. */
function render() {
  clearTimeout(renderTimer);
  if (!data) {
    setPresence(lost ? 'menyambung ulang…' : 'menghubungkan…');
    return log.render(pending, false);
  }
  const now = Date.now();
  const isNew = ({ id, from }) => from === 'bot' && !log.has(id);
  const holding = now < holdUntil && data.messages.some(isNew);
  const shown = holding ? data.messages.filter((message) => !isNew(message)) : data.messages;
  if (!holding && shown.some(isNew)) typingUntil = 0;
  const typing = holding || now < typingUntil;
  log.render([...shown, ...pending], typing);
  setPresence(lost ? 'menyambung ulang…' : typing ? 'sedang mengetik…' : 'online');
  setText(byId('clock'), clockTime(now));
  if (!holding) {
    panel.render(data);
    composer.follow(data.chat.step, data.phone);
  }
  const due = holding ? holdUntil : typing ? typingUntil : 0;
  if (due) renderTimer = setTimeout(render, due - now);
}

/** What hardly changes during a conversation: brand, number, and whether messages really go out. */
function describe({ brand_name: brand, phone, whatsapp_enabled: enabled }) {
  document.title = `Simulator · ${brand}`;
  setText(byId('brand'), brand);
  setText(byId('avatar'), initials(brand));
  byId('warning').hidden = !enabled;
  byId('safe').hidden = enabled;
  setText(byId('warning-phone'), pretty(phone));
  byId('log').setAttribute('aria-label', `Percakapan dengan ${brand}`);
}

function initials(name) {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? ['?'];
  return words
    .slice(0, 2)
    .map((word) => word[0].toUpperCase())
    .join('');
}

function setPresence(text) {
  setText(byId('presence'), text);
}

function toast(text) {
  const node = byId('toast');
  setText(node, text);
  node.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (node.hidden = true), TOAST_MS);
}
