/** Bots meet bots: notices when a sender comes too fast or repeats itself, so that two machines do not talk all night. */
import { MINUTE } from '../platform/clock';
import { type InboundMessageRow } from '../store/tables/chats';
import { type Tx } from '../store/unit-of-work';
import { CLOCK_TOLERANCE_MS } from '../store/windows';
import { plainWords } from './intent';

const MOST_PER_MINUTE = 20;
const MOST_REPEATS = 5;
const REPEAT_WINDOW = 2 * MINUTE;
/** Two minutes of what may be said in them. */
const MOST_LOOKED_AT = 2 * MOST_PER_MINUTE + 1;
export const GUARDED_MS = 10 * MINUTE;

type Heard = Pick<InboundMessageRow, 'received_at' | 'text' | 'text_hash'>;

/**
 * Whether the message just stored is one too many: the 21st in a minute, or the same text for the 5th time. A backlog
 * that is ignored for its age does not count. `written`: its text, null for what is none.
 */
export function isLooping(
  tx: Tx,
  phone: string,
  written: Pick<Heard, 'text' | 'text_hash'> | null,
  now: number,
): boolean {
  const lately = [phone, now - REPEAT_WINDOW, now + CLOCK_TOLERANCE_MS] as const;
  // Most have not said so much that it could be either; the index alone knows that, and no row is read.
  const isEnough = tx.get(
    `SELECT 1 FROM inbound_messages WHERE phone = ? AND received_at > ? AND received_at <= ? LIMIT 1 OFFSET ?`,
    ...lately,
    MOST_REPEATS - 1,
  );
  if (!isEnough) return false;
  const heard = tx.all<Heard>(
    `SELECT received_at, text, text_hash FROM inbound_messages
     WHERE phone = ? AND received_at > ? AND received_at <= ? AND outcome <> 'ignored'
     ORDER BY received_at DESC LIMIT ?`,
    ...lately,
    MOST_LOOKED_AT,
  );
  if ((heard[MOST_PER_MINUTE]?.received_at ?? 0) > now - MINUTE) return true;
  if (!written) return false;
  const words = wordsOf(written);
  return heard.filter((one) => wordsOf(one) === words).length >= MOST_REPEATS;
}

/** What makes two texts the same however they are dressed; of a text kept masked, its hash. */
const wordsOf = ({ text, text_hash }: Pick<Heard, 'text' | 'text_hash'>): string | null =>
  text_hash ?? (text === null ? null : plainWords(text));
