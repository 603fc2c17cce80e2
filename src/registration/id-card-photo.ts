/**
 * The photo of the ID card as a form sends it: a base64 data URL. Pure. What comes out is an image of the declared
 * kind by its first bytes and at most 5 MB; the work grows with the text, whatever it holds.
 */

const PHOTO_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const;

export interface IdCardPhoto {
  mime: (typeof PHOTO_TYPES)[number];
  data: Buffer;
}

export type PhotoProblem = 'format' | 'damaged' | 'too_large' | 'other_kind';
export type PhotoResult = { ok: true; photo: IdCardPhoto } | { ok: false; problem: PhotoProblem };

export const PHOTO_MAX_BYTES = 5 * 1024 * 1024;
/** Four characters carry three bytes; padding fills up the last group. */
const MAX_CHARACTERS = Math.ceil(PHOTO_MAX_BYTES / 3) * 4;

export function readPhoto(dataUrl: string): PhotoResult {
  const text = dataUrl.trim();
  const mime = PHOTO_TYPES.find((type) => prefix(type) === text.slice(0, prefix(type).length).toLowerCase());
  if (!mime) return { ok: false, problem: 'format' };

  const encoded = text.slice(prefix(mime).length);
  if (encoded.length > MAX_CHARACTERS) return { ok: false, problem: 'too_large' };
  const data = Buffer.from(encoded, 'base64');
  // Node skips what is no base64; only what encodes back to itself was clean (RFC 4648, section 3.5).
  if (data.length === 0 || data.toString('base64') !== encoded) return { ok: false, problem: 'damaged' };
  if (data.length > PHOTO_MAX_BYTES) return { ok: false, problem: 'too_large' };
  if (!startsAs(mime, data)) return { ok: false, problem: 'other_kind' };
  return { ok: true, photo: { mime, data } };
}

function prefix(mime: string): string {
  return `data:${mime};base64,`;
}

/** The signatures of JFIF/Exif, PNG (section 5.2 of its specification) and WebP (a RIFF container). */
function startsAs(mime: IdCardPhoto['mime'], data: Buffer): boolean {
  const bytes = (from: number, to: number) => data.toString('latin1', from, to);
  switch (mime) {
    case 'image/jpeg':
      return bytes(0, 3) === '\xff\xd8\xff';
    case 'image/png':
      return bytes(0, 8) === '\x89PNG\r\n\x1a\n';
    case 'image/webp':
      return bytes(0, 4) === 'RIFF' && bytes(8, 12) === 'WEBP';
  }
}
