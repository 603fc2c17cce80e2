/**
 * Finds in a message what concerns a web form's verification: the text `VERIFIKASI XXXX-XXXX`, a code, or a `YA` to our
 * question. Pure. Codes are vowelless, so that no ordinary words are taken for one.
 */
import { CODE_ALPHABET } from '../registration/verification-code';
import { readIntent } from './intent';
import { findCode, type Input } from './parsers';

export type Heard =
  | { type: 'yes' }
  /** `code`: eight characters; null when there are several, or what stands there cannot be one. */
  | { type: 'sentText'; code: string | null }
  /** Six digits, perhaps a web form's. */
  | { type: 'digits'; digits: string }
  | { type: 'other' };

export function hear(input: Input, isAsked: boolean): Heard {
  if (input.kind !== 'text') return { type: 'other' };
  if (isAsked && readIntent(input.text) === 'yes') return { type: 'yes' };
  const sent = findSentCode(input.text);
  if (sent) return { type: 'sentText', code: sent.code };
  const digits = findCode(input.text);
  return digits === null ? { type: 'other' } : { type: 'digits', digits };
}

/** Also as people misspell it. */
const WORD = String.raw`(?<!\p{L})VERI[FV]\p{L}*`;
const ALONE = String.raw`(?![\p{L}\p{N}])`;
const HALF = `[${CODE_ALPHABET}]{4}`;
/** Two halves with little or nothing between them, standing alone or right after the word. */
const CODE = new RegExp(
  String.raw`(?<=VERIFIKASI|(?<![\p{L}\p{N}]))(${HALF})([^\p{L}\p{N}]{0,4})(${HALF})${ALONE}`,
  'gu',
);
/** What can only be meant as a code, but has signs in it that none has. */
const MISTYPED = new RegExp(
  String.raw`(${WORD}[^\p{L}\p{N}]{1,4})[A-Z0-9]{4} ?[-–—] ?[A-Z0-9]{4}${ALONE}`,
  'u',
);
const HAS_WORD = new RegExp(WORD, 'u');
const MASK = '••••-••••';

/** The code in a text that says `VERIFIKASI`, without its hyphen; null when the text is no such text. */
function findSentCode(text: string): { code: string | null } | null {
  const plain = legible(text);
  if (!HAS_WORD.test(plain)) return null;
  const codes = new Set([...plain.matchAll(CODE)].map(([, one, , other]) => `${one}${other}`));
  if (codes.size === 0 && !MISTYPED.test(plain)) return null;
  const [code = null] = codes;
  return { code: codes.size === 1 ? code : null };
}

/** What may be kept of such a text: no code. Null when it is none. */
export function withoutSentCodes(text: string): string | null {
  if (findSentCode(text) === null) return null;
  return legible(text).replace(CODE, MASK).replace(MISTYPED, `$1${MASK}`);
}

/** Capitals, full-width forms made plain, nothing invisible in between. */
const legible = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{Mn}]/gu, '')
    .toUpperCase();
