import { EntitySchema } from 'typeorm';
import { id, integer, optional, text } from './columns';

/** One customer's conversation: the machine's state as JSON, and what guards it. */
export interface ChatRow {
  id: number;
  phone: string;
  revision: number;
  state: string;
  updated_at: number;
  /** Since when the form in hand is being filled in; what was typed since is erased with it. */
  form_since: number | null;
  /** Until when the loop guard keeps the bot silent. */
  guarded_until: number | null;
  /** What the next `YA` proves this number for, if the bot has just asked: a text of `verification_texts` … */
  confirming_text_id: number | null;
  /** … or a web form's code, typed here. At most one of the two. */
  confirming_otp_id: number | null;
}

export const chats = new EntitySchema<ChatRow>({
  name: 'chat',
  tableName: 'chats',
  columns: {
    id,
    phone: text(),
    revision: integer({ default: 0 }),
    state: text(),
    updated_at: integer(),
    form_since: integer(optional),
    guarded_until: integer(optional),
    confirming_text_id: integer(optional),
    confirming_otp_id: integer(optional),
  },
});

/** A message that came in: `outcome` is `handled`, `ignored`, or `failed` (our own code could not handle it). */
export interface InboundMessageRow {
  id: number;
  /** Identifies a repeat of the same webhook; null for what is ignored. */
  dedupe_key: string | null;
  phone: string | null;
  kind: 'text' | 'location' | 'media' | 'unknown';
  text: string | null;
  /** Keyed hash of the text, for the loop guard only. */
  text_hash: string | null;
  received_at: number;
  outcome: 'handled' | 'ignored' | 'failed';
  /** Why it was ignored, or the error's name and message. */
  reason: string | null;
}

export const inboundMessages = new EntitySchema<InboundMessageRow>({
  name: 'inbound_message',
  tableName: 'inbound_messages',
  columns: {
    id,
    dedupe_key: text(optional),
    phone: text(optional),
    kind: text(),
    text: text(optional),
    text_hash: text(optional),
    received_at: integer(),
    outcome: text(),
    reason: text(optional),
  },
});
