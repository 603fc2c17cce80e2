/** The codes of verification texts: how they are written. Pure. */

/** No vowels, so that they form no words; none of 0 1 B G I L O S U Z, which look like another. */
export const CODE_ALPHABET = '23456789CDFHJKMNPQRTVWXY';

/** 24^8 ≈ 2^36.7 of them. */
export const CODE_LENGTH = 8;

/** What the customer sends: `VERIFIKASI XXXX-XXXX`. */
export const textOf = (code: string): string => `VERIFIKASI ${code.slice(0, 4)}-${code.slice(4)}`;
