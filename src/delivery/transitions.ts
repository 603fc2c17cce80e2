/** The changes of a message's state: each is written down with its time, its try and its reason. */
import { messageHistory, type MessageRow, type MessageState } from '../store/tables/messages';
import { type Tx } from '../store/unit-of-work';

/** Told, inside the transaction, what a message has become for good. */
export type OnSettled = (
  tx: Tx,
  message: Pick<MessageRow, 'id' | 'otp_id' | 'kind'>,
  state: MessageState,
  now: number,
) => void;

/** The try that led to a change: when it began, its number, the gateway's id if it gave one. */
export interface Attempt {
  started_at?: number;
  try?: number;
  gateway_id?: string | null;
}

export interface Retry {
  /** The refusal class, `no_connection` (surely not sent) or `unclear`. */
  trouble: string;
  reason: string;
  wait_ms: number;
  /** Tries used up so far. */
  tries: number;
}

export type Transitions = ReturnType<typeof createTransitions>;

export function createTransitions(onSettled: OnSettled) {
  /** Back into the queue. */
  function retry(
    tx: Tx,
    id: number,
    { trouble, reason, wait_ms, tries }: Retry,
    now: number,
    attempt: Attempt,
  ) {
    tx.run(
      `UPDATE messages SET state = 'queued', claim = NULL, lease_until = NULL, trouble = ?, reason = ?, tries = ?,
         available_at = ?, updated_at = ? WHERE id = ?`,
      trouble,
      reason,
      tries,
      now + wait_ms,
      now,
      id,
    );
    tx.insert(messageHistory, { message_id: id, state: 'queued', at: now, reason, ...attempt });
    return 'queued' as const;
  }

  /** Out of our hands: taken, or given up. What must not stay is wiped. */
  function finish(
    tx: Tx,
    message: Pick<MessageRow, 'id' | 'otp_id' | 'kind'>,
    state: MessageState,
    reason: string | null,
    now: number,
    attempt: Attempt = {},
  ): MessageState {
    tx.run(
      `UPDATE messages SET state = ?, reason = ?, claim = NULL, lease_until = NULL, updated_at = ?,
         gateway_id = ?, sealed = NULL, text = CASE WHEN wipe THEN NULL ELSE text END WHERE id = ?`,
      state,
      reason,
      now,
      attempt.gateway_id ?? null,
      message.id,
    );
    tx.insert(messageHistory, { message_id: message.id, state, at: now, reason, ...attempt });
    onSettled(tx, message, state, now);
    return state;
  }

  return { retry, finish };
}
