import { EntitySchema } from 'typeorm';
import { id, integer, optional, text } from './columns';

/**
 * The registration log. It names registration, chat, code and actor by id, never a phone, a name or anything
 * typed. The database itself refuses every change, and every removal before 400 days.
 */
export interface EventRow {
  id: number;
  type: string;
  at: number;
  /** `customer`, `system` or `admin:<id>`. */
  actor: string;
  registration_id: number | null;
  chat_id: number | null;
  otp_id: number | null;
  /** JSON. */
  details: string | null;
}

export const events = new EntitySchema<EventRow>({
  name: 'event',
  tableName: 'events',
  columns: {
    id,
    type: text(),
    at: integer(),
    actor: text(),
    registration_id: integer(optional),
    chat_id: integer(optional),
    otp_id: integer(optional),
    details: text(optional),
  },
});
