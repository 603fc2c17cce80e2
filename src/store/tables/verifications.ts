import { EntitySchema } from 'typeorm';
import { id, integer, optional, text } from './columns';
import { type Channel } from './otps';

/**
 * Proof that a phone is its customer's. On the web it is held as a token (stored hashed) until `expires_at`; in
 * the chat it lives as long as the chat (`token_hash` and `expires_at` null). One proof makes one registration.
 */
export interface VerificationRow {
  id: number;
  phone: string;
  channel: Channel;
  token_hash: string | null;
  otp_id: number | null;
  verified_at: number;
  expires_at: number | null;
  registration_id: number | null;
}

export const verifications = new EntitySchema<VerificationRow>({
  name: 'verification',
  tableName: 'verifications',
  columns: {
    id,
    phone: text(),
    channel: text(),
    token_hash: text(optional),
    otp_id: integer(optional),
    verified_at: integer(),
    expires_at: integer(optional),
    registration_id: integer(optional),
  },
});
