/** Bots meet bots: notices when a sender comes too fast or repeats itself, so that two machines do not talk all night. */
import { MINUTE } from '../platform/clock';
import { type Tx } from '../store/unit-of-work';
import { CLOCK_TOLERANCE_MS } from '../store/windows';

const MOST_PER_MINUTE = 20;
const MOST_REPEATS = 5;
const REPEAT_WINDOW = 2 * MINUTE;
export const GUARDED_MS = 10 * MINUTE;

/**
 * Whether the message just stored is one too many: the 21st in a minute, or the same text for the 5th time. A backlog
 * that is ignored for its age does not count.
 */
export function isLooping(tx: Tx, phone: string, text_hash: string | null, now: number): boolean {
  const seen = tx.get<{ in_minute: number | null; repeats: number | null }>(
    `SELECT SUM(received_at > ?) AS in_minute, SUM(text_hash = ?) AS repeats
     FROM inbound_messages WHERE phone = ? AND received_at > ? AND received_at <= ? AND outcome <> 'ignored'`,
    now - MINUTE,
    text_hash,
    phone,
    now - REPEAT_WINDOW,
    now + CLOCK_TOLERANCE_MS,
  )!;
  return (seen.in_minute ?? 0) > MOST_PER_MINUTE || (seen.repeats ?? 0) >= MOST_REPEATS;
}
