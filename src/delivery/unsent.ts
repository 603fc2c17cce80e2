/** Messages that were given up, for admins to look at and to send again. */
import { type Reader } from '../store/statements';
import { messageHistory, type MessageRow } from '../store/tables/messages';
import { type Tx } from '../store/unit-of-work';
import { DAY } from '../platform/clock';

export type UnsentMessage = Pick<
  MessageRow,
  | 'id'
  | 'phone'
  | 'kind'
  | 'text'
  | 'state'
  | 'reason'
  | 'tries'
  | 'registration_id'
  | 'created_at'
  | 'updated_at'
> & { can_retry: boolean };

const REASON = 'tried again by an admin';

/** The newest of them first. */
export function listUnsent(reads: Reader, limit: number): UnsentMessage[] {
  const rows = reads.all<MessageRow>(
    `SELECT * FROM messages WHERE state IN ('failed', 'expired') ORDER BY updated_at DESC, id DESC LIMIT ?`,
    limit,
  );
  return rows.map((row) => {
    const { id, phone, kind, text, state, reason, tries, registration_id, created_at, updated_at } = row;
    const shown = { id, phone, kind, state, reason, tries, registration_id, created_at, updated_at };
    return { ...shown, text, can_retry: canRetry(row) };
  });
}

/** Not a code: it never has a text here, is void, and nobody waits for it. Nor what was erased meanwhile. */
const canRetry = ({ text }: Pick<MessageRow, 'text'>) => text !== null;

/**
 * Puts a message back into the queue with all its tries, for another day; compare-and-set, so that two admins send it
 * once. Its old gateway id goes, lest what is still said of the first try be taken for news of this one. Null: it
 * cannot be, or somebody was first.
 */
export function retryUnsent(tx: Tx, id: number, now: number): MessageRow | null {
  const row = tx.get<MessageRow>(
    `SELECT * FROM messages WHERE id = ? AND state IN ('failed', 'expired')`,
    id,
  );
  if (!row || !canRetry(row)) return null;
  tx.run(
    `UPDATE messages SET state = 'queued', reason = ?, trouble = NULL, tries = 0, available_at = ?, expires_at = ?,
       claim = NULL, lease_until = NULL, gateway_id = NULL, updated_at = ? WHERE id = ?`,
    ...[REASON, now, now + DAY, now, id],
  );
  tx.insert(messageHistory, { message_id: id, state: 'queued', at: now, reason: REASON });
  return row;
}
