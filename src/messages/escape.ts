/**
 * Makes what customers typed safe to stand inside our WhatsApp messages: it can form neither markup nor the gateway's
 * `{name}` variables, nor hide or turn round what stands around it. Pure; ordinary texts come out as they went in.
 */

/**
 * Control, bidi-control, zero-width and other unseen characters. Kept are white space (folded later), and the joiner
 * and the variation selector inside emoji, without which a family would fall apart into its members.
 */
const UNSEEN =
  /(?![\s\x85])(?!(?<=\p{ExtPict}[\uFE0F\p{EMod}]?)\u200D(?=\p{ExtPict}))(?!(?<=[\p{ExtPict}\p{EMod}0-9#])\uFE0F)[\p{Cc}\p{Cf}\p{DI}]|\uFEFF/gu;
/** Line ends included: one line of ours stays one line. */
const BLANKS = /[\s\x85]+/gu;
const LONE_SURROGATES = /\p{Surrogate}/gu;

/**
 * WhatsApp reads these as markup only at the edge of a word, so `budi_santoso@…` is left alone. Nobody documents what
 * counts as a word there; between two ASCII letters or digits it is certain. Backticks count anywhere.
 */
const MARKERS = /(?<![A-Za-z0-9])[*_~]|[*_~](?![A-Za-z0-9])|`/g;
/** Lists and quotations, should our text put this one at the start of a line. */
const LINE_MARKERS = /^-(?= )|^>|(?<=^[0-9]{1,3})\.(?= )/g;
/** Signs that look the same and mean nothing to WhatsApp: ∗ ˍ ∼ ˋ – › ․ */
const LOOK_ALIKES: Record<string, string> = {
  '*': '\u2217',
  _: '\u02CD',
  '~': '\u223C',
  '`': '\u02CB',
  '-': '\u2013',
  '>': '\u203A',
  '.': '\u2024',
  '{': '(',
  '}': ')',
};
const lookAlike = (sign: string) => LOOK_ALIKES[sign] ?? '';

/** A customer's text as one harmless line, for any message of ours. */
export function quote(text: string): string {
  return visible(text)
    .replace(/[{}]/g, lookAlike)
    .replace(MARKERS, lookAlike)
    .replace(LINE_MARKERS, lookAlike);
}

const OTP_NAME_MAX = 40;
const UNNAMED = 'Pelanggan';

/**
 * The name in the OTP message, which goes to a number that nobody has proven to own: whoever fills the form could
 * write to strangers in our name. So at most 40 code points of letters and the signs of names; no digits, no links.
 */
export function otpName(full_name: string): string {
  const name = withoutLinks(visible(full_name).replace(/[^\p{L}\p{M} .'’,-]/gu, ' '));
  // Cutting may lay bare what was part of a longer word, hence once more.
  const cut = withoutLinks(Array.from(name).slice(0, OTP_NAME_MAX).join(''));
  return /\p{L}/u.test(cut) ? cut : UNNAMED;
}

/** Words that start an address go, and marks left without a letter; a dot is parted from what follows, so that `bit.ly` leads nowhere. */
function withoutLinks(name: string): string {
  return name
    .replace(/(?<![a-z])(?:https?|www)(?![a-z])/giu, ' ')
    .replace(/(?<![\p{L}\p{M}])\p{M}+/gu, '')
    .replace(/\.(?=\p{L})/gu, '. ')
    .replace(BLANKS, ' ')
    .replace(/^[ .,-]+/, '')
    .trim();
}

function visible(text: string): string {
  return text.replace(LONE_SURROGATES, '\uFFFD').replace(UNSEEN, '').replace(BLANKS, ' ').trim();
}
