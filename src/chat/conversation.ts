/** Both sides of one customer's conversation as the database has it, for people to read. Codes are never in it. */
import { type Reader } from '../store/statements';
import { type InboundMessageRow } from '../store/tables/chats';
import { type MessageRow, type MessageState } from '../store/tables/messages';

export interface Bubble {
  id: string;
  from: 'customer' | 'us';
  kind: 'text' | 'location' | 'media' | 'code';
  /** Null for a code and for media, and for what has been erased. */
  text: string | null;
  at: number;
  /** What has become of a message of ours. */
  state: MessageState | null;
  reason: string | null;
}

/** The last `limit` messages, the oldest first; at the same millisecond the customer's stands before its answer. */
export function readConversation(reads: Reader, phone: string, limit: number): Bubble[] {
  const theirs = reads.all<InboundMessageRow>(
    `SELECT * FROM inbound_messages WHERE phone = ? AND outcome <> 'ignored'
     ORDER BY received_at DESC, id DESC LIMIT ?`,
    phone,
    limit,
  );
  const ours = reads.all<MessageRow>(
    'SELECT * FROM messages WHERE phone = ? ORDER BY created_at DESC, id DESC LIMIT ?',
    phone,
    limit,
  );
  return [...theirs.reverse().map(fromCustomer), ...ours.reverse().map(fromUs)]
    .sort((a, b) => a.at - b.at)
    .slice(-limit);
}

function fromCustomer({ id, kind, text, received_at }: InboundMessageRow): Bubble {
  const shown = kind === 'unknown' ? 'text' : kind;
  return { id: `in-${id}`, from: 'customer', kind: shown, text, at: received_at, state: null, reason: null };
}

function fromUs({ id, kind, text, created_at, state, reason }: MessageRow): Bubble {
  const isCode = kind === 'code';
  return {
    id: `out-${id}`,
    from: 'us',
    kind: isCode ? 'code' : 'text',
    text: isCode ? null : text,
    at: created_at,
    state,
    reason,
  };
}
