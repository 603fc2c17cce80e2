/** Limits per key and time that hold over all processes and restarts. Keys (addresses, numbers) are kept hashed. */
import { type Vault } from '../platform/crypto';
import { type Tx } from './unit-of-work';
import { throttleHits } from './tables/throttle-hits';
import { blockedFor, CLOCK_TOLERANCE_MS } from './windows';

export interface Limit {
  scope: string;
  /** At most this many hits … */
  limit: number;
  /** … in any this many milliseconds. */
  window: number;
}

export interface Throttle {
  /** Milliseconds until the key may go on; 0 when it may now. */
  blockedFor(tx: Tx, rule: Limit, key: string, now: number): number;
  /** Counts one; returns its id, by which it can be taken back. */
  hit(tx: Tx, rule: Limit, key: string, now: number): number;
  takeBack(tx: Tx, id: number): void;
  /** Forgets all that was counted of a key. */
  clear(tx: Tx, rule: Limit, key: string): void;
}

export function createThrottle(vault: Vault): Throttle {
  const hashed = (rule: Limit, key: string) => vault.hash('throttle', rule.scope, key);
  return {
    blockedFor(tx, rule, key, now) {
      const edge = tx.get<{ at: number }>(
        `SELECT at FROM throttle_hits WHERE scope = ? AND key = ? AND at <= ?
         ORDER BY at DESC LIMIT 1 OFFSET ?`,
        rule.scope,
        hashed(rule, key),
        now + CLOCK_TOLERANCE_MS,
        rule.limit - 1,
      );
      return blockedFor(edge?.at, rule.window, now);
    },
    hit(tx, rule, key, now) {
      return tx.insert(throttleHits, { scope: rule.scope, key: hashed(rule, key), at: now });
    },
    takeBack(tx, id) {
      tx.run('DELETE FROM throttle_hits WHERE id = ?', id);
    },
    clear(tx, rule, key) {
      tx.run('DELETE FROM throttle_hits WHERE scope = ? AND key = ?', rule.scope, hashed(rule, key));
    },
  };
}
