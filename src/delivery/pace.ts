/**
 * How fast messages may leave the device: a token bucket in the database, so that all processes share it.
 * WhatsApp bans numbers that burst; the bucket lets a short rush of customers through and smooths the rest.
 */
import { MINUTE } from '../platform/clock';
import { type Reader } from '../store/statements';
import { type Tx } from '../store/unit-of-work';
import { CLOCK_TOLERANCE_MS } from '../store/windows';

const BUCKET = 20;

/** Takes up to `wanted` sends from the bucket and returns how many may go now; `perMinute` 0 is unlimited. */
export function takePace(tx: Tx, perMinute: number, wanted: number, now: number): number {
  if (perMinute === 0 || wanted === 0) return wanted;
  const tokens = tokensNow(tx, perMinute, now);
  const granted = Math.min(wanted, Math.floor(tokens));
  tx.run('UPDATE gateway_state SET pace_tokens = ?, pace_at = ? WHERE id = 1', tokens - granted, now);
  return granted;
}

/** Whether at least one message may go now. */
export function hasPace(reads: Reader, perMinute: number, now: number): boolean {
  return perMinute === 0 || tokensNow(reads, perMinute, now) >= 1;
}

function tokensNow(reads: Reader, perMinute: number, now: number): number {
  const state = reads.get<{ pace_tokens: number; pace_at: number }>(
    'SELECT pace_tokens, pace_at FROM gateway_state WHERE id = 1',
  )!;
  // Last touched in the future: the clock was set back, and would not refill the bucket before it catches up.
  if (state.pace_at > now + CLOCK_TOLERANCE_MS) return BUCKET;
  const refill = (Math.max(0, now - state.pace_at) * perMinute) / MINUTE;
  return Math.min(BUCKET, state.pace_tokens + refill);
}
