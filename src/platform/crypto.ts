/**
 * Keyed hashing and sealing. Every key derives (HKDF-SHA256) from APP_SECRET and the purpose it serves, so that
 * a hash or a sealed value made for one purpose is worth nothing for another. What the previous secret hashed
 * or sealed is still accepted.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

export interface Vault {
  /** HMAC-SHA256 of the parts under the purpose's key, base64url. */
  hash(purpose: string, ...parts: string[]): string;
  /** The hash under the current and, if there is one, the previous secret: for look-ups by hash. */
  hashes(purpose: string, ...parts: string[]): string[];
  /** Whether `hash` was made of these parts; takes the same time whatever the answer. */
  matches(hash: string, purpose: string, ...parts: string[]): boolean;
  /** AES-256-GCM; the context (say, `message:17`) must be given again to open. */
  seal(plain: Buffer | string, context: string): Buffer;
  /** Throws when the value was sealed with another secret or context, or was altered. */
  open(sealed: Buffer, context: string): Buffer;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

export function createVault(secret: string, previousSecret?: string): Vault {
  const secrets = previousSecret ? [secret, previousSecret] : [secret];
  const keys = new Map<string, Buffer[]>();

  function keysFor(purpose: string): Buffer[] {
    let derived = keys.get(purpose);
    if (!derived) {
      derived = secrets.map((one) => Buffer.from(hkdfSync('sha256', one, '', `daftar:${purpose}`, 32)));
      keys.set(purpose, derived);
    }
    return derived;
  }

  const mac = (key: Buffer, parts: string[]) =>
    createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url');
  const hashes = (purpose: string, ...parts: string[]) => keysFor(purpose).map((key) => mac(key, parts));

  function openWith(key: Buffer, sealed: Buffer, context: string): Buffer {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  }

  return {
    hash: (purpose, ...parts) => mac(keysFor(purpose)[0]!, parts),
    hashes,
    matches(hash, purpose, ...parts) {
      const known = Buffer.from(hash);
      return hashes(purpose, ...parts)
        .map((candidate) => Buffer.from(candidate))
        .map((candidate) => candidate.length === known.length && timingSafeEqual(candidate, known))
        .includes(true);
    },
    seal(plain, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keysFor('seal')[0]!, iv, { authTagLength: TAG_BYTES });
      cipher.setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]);
    },
    open(sealed, context) {
      const [current, previous] = keysFor('seal');
      try {
        return openWith(current!, sealed, context);
      } catch (error) {
        if (!previous) throw error;
        return openWith(previous, sealed, context);
      }
    },
  };
}

/** Whether two secrets are the same, without telling by the time taken where they differ; of its length only. */
export function sameSecret(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
