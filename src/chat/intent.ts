/** Free text → what the customer wants. Case, blanks, punctuation, emoji and markup around a word do not matter. */

export type Intent =
  'start' | 'cancel' | 'back' | 'resend' | 'help' | 'status' | 'staff' | 'yes' | 'skip' | 'thanks';

const WORDS: Record<Intent, readonly string[]> = {
  start: ['daftar', 'mulai'],
  cancel: ['batal'],
  back: ['kembali'],
  resend: ['kirim ulang'],
  help: ['bantuan', 'menu', 'help'],
  status: ['status'],
  staff: ['cs'],
  yes: ['ya', 'iya', 'yes'],
  skip: ['lewati', 'skip'],
  thanks: [
    'terima kasih',
    'terimakasih',
    'makasih',
    'thanks',
    'thank you',
    'ok',
    'oke',
    'baik',
    'siap',
    'sip',
  ],
};

const BY_WORD = new Map(
  Object.entries(WORDS).flatMap(([intent, words]) => words.map((word) => [word, intent as Intent])),
);

/** The bare words of a text, in lower case, one blank between them. */
export function plainWords(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Flags are pairs of regional indicators, not pictographs. */
const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;

/** The intent of a whole text, or null when it says something else. A mere emoji counts as thanks. */
export function readIntent(text: string): Intent | null {
  const words = plainWords(text);
  if (words === '') return EMOJI.test(text) ? 'thanks' : null;
  return BY_WORD.get(words) ?? null;
}

const COMMANDS = ['start', 'cancel', 'back', 'resend', 'help', 'status', 'staff'] as const;

export type CommandIntent = (typeof COMMANDS)[number];

/** Words that mean something at every question; the other intents count only where they are asked for. */
export const isCommand = (intent: Intent | null): intent is CommandIntent =>
  (COMMANDS as readonly (Intent | null)[]).includes(intent);
