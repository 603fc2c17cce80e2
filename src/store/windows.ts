/**
 * Sliding windows. "At most `limit` in any `length` ms" is judged by one number: the time of the limit-th newest
 * hit. While that lies inside the window nothing more is allowed, and when it leaves is known exactly.
 *
 * Hits from the future (the clock was set back) are passed over, lest everyone be locked out until it catches up.
 */

/** How far ahead a stored time may lie and still count as "just now": clocks are nudged by seconds all the time. */
export const CLOCK_TOLERANCE_MS = 5_000;

/** Whether an end still lies ahead that was set `length` ms ahead at most: further, it is one from the future. */
export function isAhead(end: number | null, length: number, now: number): boolean {
  return end !== null && now < end && end <= now + length;
}

/** Milliseconds until one more is allowed; 0 when it is allowed now. */
export function blockedFor(nthNewestAt: number | null | undefined, length: number, now: number): number {
  if (nthNewestAt === null || nthNewestAt === undefined) return 0;
  return Math.min(length, Math.max(0, nthNewestAt + length - now));
}
