import { EntitySchema } from 'typeorm';
import { blob, id, integer, optional, text } from './columns';

/** What a message is for. Codes go first between phones; notices and alerts are a lane of their own. */
export type MessageKind = 'code' | 'chat' | 'notice';
export type MessageState =
  'queued' | 'sending' | 'recorded' | 'accepted' | 'sent' | 'delivered' | 'read' | 'failed' | 'expired';

/**
 * The outbox. `text` holds the message, or `sealed` when it carries a code; both are wiped when it is settled and
 * `wipe` is 1. A claim is `claim` (whose) until `lease_until` (then it is anyone's again).
 */
export interface MessageRow {
  id: number;
  phone: string;
  kind: MessageKind;
  /** 0 code, 1 chat, 2 notice: the order between phones. */
  priority: number;
  /** `talk` (codes and chat replies, in order) or `notice`. */
  lane: 'talk' | 'notice';
  text: string | null;
  sealed: Buffer | null;
  wipe: number;
  state: MessageState;
  /** Why it is in this state, when there is something to say. */
  reason: string | null;
  /** The refusal class or `unreachable`, after a try that did not succeed. */
  trouble: string | null;
  tries: number;
  available_at: number;
  expires_at: number;
  claim: string | null;
  claimed_at: number | null;
  lease_until: number | null;
  gateway_id: string | null;
  otp_id: number | null;
  registration_id: number | null;
  created_at: number;
  updated_at: number;
}

export const messages = new EntitySchema<MessageRow>({
  name: 'message',
  tableName: 'messages',
  columns: {
    id,
    phone: text(),
    kind: text(),
    priority: integer(),
    lane: text(),
    text: text(optional),
    sealed: blob(optional),
    wipe: integer({ default: 0 }),
    state: text(),
    reason: text(optional),
    trouble: text(optional),
    tries: integer({ default: 0 }),
    available_at: integer(),
    expires_at: integer(),
    claim: text(optional),
    claimed_at: integer(optional),
    lease_until: integer(optional),
    gateway_id: text(optional),
    otp_id: integer(optional),
    registration_id: integer(optional),
    created_at: integer(),
    updated_at: integer(),
  },
});

/** Every change of a message's state after `queued`, with its time, the try it came from and its reason. */
export interface MessageHistoryRow {
  id: number;
  message_id: number;
  state: MessageState;
  at: number;
  /** When the try that led here began. */
  started_at: number | null;
  try: number | null;
  reason: string | null;
  gateway_id: string | null;
}

export const messageHistory = new EntitySchema<MessageHistoryRow>({
  name: 'message_history',
  tableName: 'message_history',
  columns: {
    id,
    message_id: integer(),
    state: text(),
    at: integer(),
    started_at: integer(optional),
    try: integer(optional),
    reason: text(optional),
    gateway_id: text(optional),
  },
});
