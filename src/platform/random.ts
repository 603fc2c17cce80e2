/** Chance, passed in so that tests can know it. Production uses the operating system's generator. */
import { randomBytes, randomInt } from 'node:crypto';

export interface Random {
  /** An integer from 0 up to, not including, `limit`; uniform. */
  integer(limit: number): number;
  /** A secret of 256 bits as 43 base64url characters. */
  token(): string;
}

export const systemRandom: Random = {
  integer: (limit) => randomInt(limit),
  token: () => randomBytes(32).toString('base64url'),
};
