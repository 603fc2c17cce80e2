/** Passwords at rest: scrypt with its parameters and salt in the text, `scrypt$N$r$p$salt$hash`. */
import { randomBytes, scrypt, type ScryptOptions, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** OWASP's password storage advice for scrypt: N=2^17, r=8, p=1 (128 MiB). */
const COST = { N: 2 ** 17, r: 8, p: 1 } as const;
const HASH_BYTES = 32;
/** Matches no password and takes as long to try as any: for accounts that do not exist. */
export const NO_PASSWORD = ['scrypt', COST.N, COST.r, COST.p, 'A'.repeat(22), 'A'.repeat(43)].join('$');
const maxmem = (N: number, r: number) => 2 * 128 * N * r;

export async function hashPassword(password: string): Promise<string> {
  const { N, r, p } = COST;
  const salt = randomBytes(16);
  const hash = await derive(password.normalize('NFKC'), salt, HASH_BYTES, { N, r, p, maxmem: maxmem(N, r) });
  return ['scrypt', N, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [, N, r, p, salt, hash] = stored.split('$');
  if (!N || !r || !p || !salt || !hash) return false;
  const known = Buffer.from(hash, 'base64url');
  const cost = { N: Number(N), r: Number(r), p: Number(p), maxmem: maxmem(Number(N), Number(r)) };
  const derived = await derive(
    password.normalize('NFKC'),
    Buffer.from(salt, 'base64url'),
    known.length,
    cost,
  );
  return timingSafeEqual(derived, known);
}
