/**
 * After the clock was set back. Times written down before lie in the future now: what waits for them would wait
 * until the clock gets there again, and a code would come back to life when it does. Here they are brought back:
 * - a code or a text to send from the future is over, for good: nobody knows how old it really is;
 * - what waits to be sent or posted may go now; a life or a lease that would last longer than ever begins anew;
 * - a proof lives once more as long as it would have, and no longer.
 *
 * Limits need no mending: they pass over what lies in the future (windows.ts). After a step forward nothing can be
 * told from time that has really passed.
 */
import { type Tx } from './unit-of-work';
import { CLOCK_TOLERANCE_MS } from './windows';

/** Each `?` is the time now. Run once per step, so that none of them needs an index. */
const MENDS = [
  `UPDATE otps SET expires_at = ? WHERE created_at > ? + ${CLOCK_TOLERANCE_MS} AND expires_at > ?`,
  `UPDATE verification_texts SET expires_at = ?
   WHERE created_at > ? + ${CLOCK_TOLERANCE_MS} AND expires_at > ?`,
  `UPDATE messages SET expires_at = ?
   WHERE kind = 'code' AND state IN ('queued', 'sending') AND created_at > ? + ${CLOCK_TOLERANCE_MS}`,
  `UPDATE messages SET available_at = MIN(available_at, ?), expires_at = MIN(expires_at, ? + expires_at - created_at)
   WHERE state IN ('queued', 'sending')`,
  `UPDATE messages SET lease_until = ? + lease_until - claimed_at, claimed_at = ?
   WHERE state = 'sending' AND claimed_at > ?`,
  'UPDATE gateway_state SET opened_at = MIN(opened_at, ?), probe_at = MIN(probe_at, ? + probe_wait_ms)',
  'UPDATE alert_posts SET next_try_at = MIN(next_try_at, ?), created_at = MIN(created_at, ?)',
  `UPDATE verifications SET expires_at = MIN(expires_at, ? + expires_at - verified_at)
   WHERE registration_id IS NULL AND expires_at > ?`,
  'UPDATE chats SET updated_at = ?, form_since = MIN(form_since, ?) WHERE updated_at > ?',
];

export function bringBackTimes(tx: Tx, now: number): void {
  for (const sql of MENDS) {
    const marks = sql.split('?').length - 1;
    tx.run(sql, ...Array<number>(marks).fill(now));
  }
}
