/**
 * Texts as cells of a CSV file that people open in a spreadsheet. There, an apostrophe in front says "this is text":
 * it keeps what a customer typed from being run as a formula, and long numbers from being rounded. Pure.
 */

/** What makes a spreadsheet take a cell for a formula (OWASP, CSV Injection), full-width signs included. */
const STARTS_FORMULA = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r\n]/u;
/**
 * Where the separator is set to a semicolon, as in Indonesia, a comma's quotes are not honoured, and what stands after
 * a semicolon or a line break begins a cell of its own.
 */
const CELL_WITHIN = /([;\t\r\n][\s\p{Cc}\p{Cf}]*)(?=[=+\-@＝＋－＠])/gu;

/** Anything that was typed. */
export function defused(text: string | null): string {
  if (text === null) return '';
  const inner = text.replace(CELL_WITHIN, "$1'");
  return STARTS_FORMULA.test(text) ? `'${inner}` : inner;
}

/** Digits that are no number: a phone, a postal code, 001. */
export const spelledOut = (digits: string | null): string => (digits === null ? '' : `'${digits}`);
