// One chat bubble: made once per message, then only patched, so that selections, focus and screen
// readers are not disturbed. The text of a message becomes text nodes only (see markup.js).

import { el, icon, setText, svg } from './dom.js';
import { renderMarkup } from './markup.js';

/** How each delivery state looks and reads. */
export const MARKS = {
  queued: { icon: 'clock', label: 'Dalam antrean' },
  sending: { icon: 'clock', label: 'Sedang dikirim' },
  recorded: { icon: 'tick', label: 'Dicatat, tidak dikirim (simulasi)' },
  accepted: { icon: 'tick', label: 'Diterima gateway' },
  sent: { icon: 'tick', label: 'Terkirim' },
  delivered: { icon: 'ticks', label: 'Sampai' },
  read: { icon: 'ticks', label: 'Dibaca', tone: 'read' },
  failed: { icon: 'failed', label: 'Gagal terkirim', tone: 'failed' },
  expired: { icon: 'failed', label: 'Kedaluwarsa, tidak terkirim', tone: 'failed' },
};

/** What the service has received, the bot has read. */
const RECEIVED = { icon: 'ticks', label: 'Diterima bot', tone: 'read' };

/**
 * A bubble for `message` ({id, from, kind, text, at, state}; own messages not yet answered also carry
 * `pending: true`, or `problem` once they failed). `update` patches it.
 */
export function createBubble(message, onRetry) {
  const customer = message.from === 'customer';
  const body = el('div', { class: 'body' });
  const time = el('time');
  const mark = el('span', { class: 'mark' });
  const node = el(
    'div',
    {
      class: `bubble ${customer ? 'mine' : 'theirs'}`,
      role: 'group',
      'aria-label': customer ? 'Pesan Anda' : 'Pesan bot',
      'data-testid': 'bubble',
      'data-from': message.from,
    },
    body,
    el('span', { class: 'meta' }, time, mark),
  );
  let shown = {};

  function update(next) {
    if (sameMessage(shown, next)) return;
    node.dataset.id = next.id;
    if (next.text !== shown.text || next.kind !== shown.kind) {
      renderBody(body, next);
      node.dataset.kind = next.kind;
    }
    if (next.at !== shown.at) {
      setText(time, clockTime(next.at));
      time.dateTime = next.at;
    }
    const { icon: name, label, tone = '' } = markOf(next);
    if (label !== mark.dataset.label) {
      mark.replaceChildren(...(name ? [icon(name, label)] : []));
      mark.dataset.label = label;
      mark.className = `mark ${tone}`;
    }
    node.dataset.state = next.problem ? 'failed' : (next.state ?? (next.pending ? 'queued' : ''));
    if (next.problem && !shown.problem) node.append(problemLine(next, onRetry));
    if (!next.problem && shown.problem) node.removeChild(node.lastChild);
    shown = { ...next };
  }

  update(message);
  return { node, update };
}

const SHOWN = ['id', 'text', 'kind', 'at', 'state', 'pending', 'problem'];
const sameMessage = (one, other) => SHOWN.every((key) => one[key] === other[key]);

function markOf(message) {
  if (message.problem) return MARKS.failed;
  if (message.pending) return MARKS.sending;
  if (message.from === 'customer' && !message.state) return RECEIVED;
  return MARKS[message.state] ?? { label: '' };
}

function renderBody(body, { kind, text }) {
  const place = kind === 'location' && text ? coordinates(text) : null;
  body.className = `body ${place ? 'place' : kind}`;
  if (place) body.replaceChildren(...locationCard(place));
  else if (kind === 'media') body.replaceChildren(photo(), ...(text ? [caption(text)] : []));
  else if (text === null) {
    body.className = 'body erased';
    body.replaceChildren(icon('erased'), document.createTextNode('(dihapus)'));
  } else renderMarkup(body, text);
}

function caption(text) {
  const node = el('div', { class: 'caption' });
  renderMarkup(node, text);
  return node;
}

function problemLine(message, onRetry) {
  return el(
    'div',
    { class: 'problem' },
    el('span', {}, message.problem),
    el('button', { type: 'button', onclick: () => onRetry(message.id) }, 'Kirim ulang'),
  );
}

function coordinates(text) {
  const found = /(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)/.exec(text);
  return found ? { latitude: found[1], longitude: found[2] } : null;
}

/** A drawn map: no tiles are fetched, and every place looks a little different. */
function locationCard({ latitude, longitude }) {
  const shift = (value) => Math.abs(Math.round(Number(value) * 997)) % 60;
  const map = svg(
    'svg',
    { class: 'map', viewBox: '0 0 240 124', preserveAspectRatio: 'xMidYMid slice', 'aria-hidden': 'true' },
    svg('rect', { class: 'land', width: '240', height: '124' }),
    svg(
      'g',
      { transform: `translate(${shift(longitude) - 60} ${shift(latitude) - 60})` },
      svg('path', { class: 'water', d: 'M-10 150C60 120 70 176 140 160S260 190 330 150V260H-10Z' }),
      svg('path', { class: 'park', d: 'M196 34h62v40h-62zM20 20h44v34H20zM96 132h30v24H96z' }),
      svg('path', {
        class: 'road',
        d: 'M-10 66H330M-10 112C80 96 150 132 330 92M84-10V210M150-10 172 210M262-10V210M30-10V210',
      }),
      svg('path', { class: 'avenue', d: 'M-10 10C70 50 150 60 330 132' }),
    ),
    svg('path', { class: 'shade', d: 'M108 92a12 3.5 0 1 0 24 0 12 3.5 0 1 0-24 0Z' }),
    svg('path', { class: 'pin', d: 'M120 92s-18-18-18-33a18 18 0 0 1 36 0c0 15-18 33-18 33Z' }),
    svg('circle', { class: 'hole', cx: '120', cy: '59', r: '6.5' }),
  );
  const href = `https://www.google.com/maps?q=${latitude},${longitude}`;
  return [
    map,
    el(
      'div',
      { class: 'place-text' },
      el('strong', {}, 'Lokasi'),
      el('span', {}, `${latitude}, ${longitude}`),
      el('a', { href, target: '_blank', rel: 'noopener noreferrer' }, 'Buka di Google Maps'),
    ),
  ];
}

/** Stands for a picture: the simulator sends none, the bot only learns that there was one. */
function photo() {
  return svg(
    'svg',
    { class: 'photo', viewBox: '0 0 240 150', role: 'img', 'aria-label': 'Foto (contoh)' },
    svg('rect', { class: 'sky', width: '240', height: '150' }),
    svg('circle', { class: 'sun', cx: '182', cy: '42', r: '19' }),
    svg('path', { class: 'hill-far', d: 'M0 108 58 58l40 34 44-46 98 78v26H0Z' }),
    svg('path', { class: 'hill-near', d: 'M0 128c50-34 96-10 132-6s70-22 108-10v38H0Z' }),
  );
}

/** 14.05 */
export function clockTime(at) {
  return new Date(at).toLocaleTimeString('id-ID', { hour: '2-digit', minute: '2-digit' });
}
