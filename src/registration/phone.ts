/**
 * Phone numbers, pure. A number is kept and sent in one form only: `62`, `8` and 8 to 11 more digits, without `+`.
 * What cannot be read with certainty is refused, with a problem that has its own advice in messages/id/fields.ts.
 */

export type PhoneProblem =
  | 'not_text'
  | 'empty'
  | 'letters'
  | 'foreign_digits'
  | 'separators'
  | 'characters'
  | 'missing_prefix'
  | 'extra_zero'
  | 'landline'
  | 'foreign'
  | 'too_short'
  | 'too_long';

export type PhoneResult = { ok: true; phone: string } | { ok: false; problem: PhoneProblem };

/** What may follow `628`. */
const MIN_REST = 8;
const MAX_REST = 11;

/** Reads `081…`, `6281…` and `+6281…`, blanks around trimmed. Already normalised numbers come out as they went in. */
export function normalisePhone(input: unknown): PhoneResult {
  if (typeof input !== 'string') return refuse('not_text');
  const text = input.trim();
  if (text === '') return refuse('empty');
  if (!/^\+?[0-9]+$/.test(text)) return refuse(strangeCharacters(text));

  const international = text.startsWith('+');
  const digits = international ? text.slice(1) : text;
  if (digits.startsWith('62')) return national(digits.slice(2));
  if (international) return refuse(digits.startsWith('0') ? 'missing_prefix' : 'foreign');
  // 0062… is how some phones dial abroad: the same country, but not a form we accept.
  if (digits.startsWith('0062')) return refuse('missing_prefix');
  if (digits.startsWith('00')) return refuse('foreign');
  if (digits.startsWith('0')) return national(digits.slice(1));
  return refuse(digits.startsWith('8') ? 'missing_prefix' : 'foreign');
}

/** Whether a number, already in normalised form, is an Indonesian mobile number. */
export function isMobile(phone: string): boolean {
  return /^628[0-9]{8,11}$/.test(phone);
}

/** `62812****7890`, for logs and for admins. Texts too short to hide anything that way are hidden whole. */
export function maskPhone(phone: string): string {
  const characters = Array.from(phone);
  if (characters.length < '628'.length + MIN_REST) return '****';
  return `${characters.slice(0, 5).join('')}****${characters.slice(-4).join('')}`;
}

/** What follows the country code or the trunk zero. */
function national(number: string): PhoneResult {
  if (number.startsWith('0')) return refuse('extra_zero');
  if (!number.startsWith('8')) return refuse('landline');
  const rest = number.length - 1;
  if (rest < MIN_REST) return refuse('too_short');
  if (rest > MAX_REST) return refuse('too_long');
  return { ok: true, phone: `62${number}` };
}

function strangeCharacters(text: string): PhoneProblem {
  if (/\p{L}/u.test(text)) return 'letters';
  if (/(?![0-9])\p{N}/u.test(text)) return 'foreign_digits';
  return /^[0-9\s\p{P}+]+$/u.test(text) ? 'separators' : 'characters';
}

function refuse(problem: PhoneProblem): PhoneResult {
  return { ok: false, problem };
}
