// The place to write: text field, quick words, and the example answer for the question at hand.
// It hands finished messages to `send` and knows nothing about how they travel.

import { arrange, byId, el, icon, setText } from './dom.js';

const WORDS = ['DAFTAR', 'YA', 'KEMBALI', 'LEWATI', 'BATAL', 'KIRIM ULANG', 'BANTUAN', 'STATUS', 'CS'];

/** The words most likely wanted at a step; they stand out, all others stay in reach. */
const LIKELY = {
  idle: ['DAFTAR'],
  otp: ['KIRIM ULANG'],
  location: ['LEWATI'],
  schedule: ['LEWATI'],
  confirm: ['YA'],
};

const EXAMPLES = {
  name: () => 'Budi Santoso',
  email: (phone) => `budi.${phone.slice(-5)}@example.com`,
  address: () => 'Jl. Melati No. 12, RT 03/RW 05, Cilandak Barat',
  city: () => 'Jakarta Selatan',
  package: () => '1',
  schedule: () => 'besok pagi',
};

/** `send(text)` is called with trimmed, non-empty text; `onLocation()` when a location is the likely answer. */
export function createComposer({ send, onLocation }) {
  const field = byId('composer');
  const button = byId('send');
  const chips = byId('chips');
  const example = el(
    'button',
    { type: 'button', class: 'chip example', onclick: useExample },
    icon('pencil'),
    el('span'),
  );
  const words = WORDS.map((word) =>
    el('button', { type: 'button', class: 'chip', onclick: () => send(word) }, word),
  );
  chips.append(example, ...words);
  example.hidden = true;
  let suggestion = null;

  byId('compose').addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  field.addEventListener('input', fit);

  function submit() {
    const text = field.value.trim();
    if (!text) return;
    write('');
    send(text);
  }

  function write(text) {
    field.value = text;
    fit();
    field.focus({ preventScroll: true });
  }

  /** The field grows with its text; the style sheet caps it. */
  function fit() {
    field.style.height = 'auto';
    field.style.height = `${field.scrollHeight}px`;
    button.classList.toggle('ready', field.value.trim() !== '');
  }

  function useExample() {
    if (suggestion === 'location') onLocation();
    else write(suggestion);
  }

  /** Follows the conversation: which words stand out, and which example is offered. */
  function follow(step, phone) {
    suggestion = step === 'location' ? 'location' : (EXAMPLES[step]?.(phone) ?? null);
    example.hidden = suggestion === null;
    setText(example.lastElementChild, step === 'location' ? 'Kirim lokasi' : `Contoh: ${suggestion ?? ''}`);
    const likely = (chip) => Boolean(LIKELY[step]?.includes(chip.textContent));
    for (const chip of words) chip.classList.toggle('likely', likely(chip));
    arrange(chips, [example, ...words.filter(likely), ...words.filter((chip) => !likely(chip))]);
  }

  /** Gives refused text back, unless something new has been typed meanwhile. */
  function restore(text) {
    if (field.value === '') write(text);
  }

  return { follow, restore, focus: () => field.focus({ preventScroll: true }) };
}
