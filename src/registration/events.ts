/** Writes the registration log. Entries name everything by id; details never hold a phone, a name or typed text. */
import { events } from '../store/tables/events';
import { type Tx } from '../store/unit-of-work';

export type EventType =
  | 'otp_requested'
  | 'otp_failed'
  | 'otp_verified'
  | 'otp_wrong'
  | 'registration_submitted'
  | 'registration_verified'
  | 'registration_survey_scheduled'
  | 'registration_survey_completed'
  | 'registration_approved'
  | 'registration_customer_created'
  | 'registration_rejected'
  | 'registration_cancelled'
  | 'id_card_number_viewed'
  | 'id_card_photo_viewed'
  | 'message_retried'
  | 'inbound_retried'
  | 'package_added'
  | 'package_changed'
  | 'chat_started'
  | 'chat_cancelled'
  | 'chat_expired'
  | 'chat_handed_over';

export type Actor = 'customer' | 'system' | `admin:${number}`;

export interface EventInput {
  type: EventType;
  at: number;
  actor: Actor;
  registration_id?: number | null;
  chat_id?: number | null;
  otp_id?: number | null;
  details?: Record<string, string | number | boolean | null>;
}

/** Returns the entry's id. */
export function recordEvent(tx: Tx, { details, ...entry }: EventInput): number {
  return tx.insert(events, { ...entry, details: details ? JSON.stringify(details) : null });
}
