import { EntitySchema } from 'typeorm';
import { id, integer, optional, text } from './columns';

export type Channel = 'web' | 'chat';

/**
 * One code each. The code itself is never here: `code_hash` = HMAC(phone, challenge, code). The newest row of a
 * phone and channel that is not void is the code in force.
 */
export interface OtpRow {
  id: number;
  phone: string;
  channel: Channel;
  full_name: string;
  challenge: string;
  code_hash: string;
  /** Hash of the `request_id` the web form got; null in the chat. */
  request_id_hash: string | null;
  attempts: number;
  created_at: number;
  expires_at: number;
  used_at: number | null;
  /** When its message was found not to have gone out. */
  voided_at: number | null;
}

export const otps = new EntitySchema<OtpRow>({
  name: 'otp',
  tableName: 'otps',
  columns: {
    id,
    phone: text(),
    channel: text(),
    full_name: text(),
    challenge: text(),
    code_hash: text(),
    request_id_hash: text(optional),
    attempts: integer({ default: 0 }),
    created_at: integer(),
    expires_at: integer(),
    used_at: integer(optional),
    voided_at: integer(optional),
  },
});

/** Each wrong try, kept apart from the codes: a new code does not reset their count. */
export interface OtpWrongTryRow {
  id: number;
  otp_id: number;
  phone: string;
  channel: Channel;
  at: number;
}

export const otpWrongTries = new EntitySchema<OtpWrongTryRow>({
  name: 'otp_wrong_try',
  tableName: 'otp_wrong_tries',
  columns: { id, otp_id: integer(), phone: text(), channel: text(), at: integer() },
});
