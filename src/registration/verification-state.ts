/**
 * What a web form reads, every two seconds, of the text it offered or the code it asked for. Reads only, and an id that
 * nobody was given costs two look-ups in an index.
 */
import { type Clock, SECOND } from '../platform/clock';
import { type Vault } from '../platform/crypto';
import { verificationUnknown } from '../messages/id/verification';
import { type Reader } from '../store/statements';
import { type MessageState } from '../store/tables/messages';
import { type OtpRow } from '../store/tables/otps';
import { type VerificationTextRow } from '../store/tables/verification-texts';
import { isOpen } from './otp';
import { type Proofs } from './proofs';
import { refuse, type Refusal } from './refusals';
import { isTextOpen } from './verification-texts';

export type Delivery = 'queued' | 'accepted' | 'sent' | 'delivered' | 'read' | 'failed';

export interface VerificationState {
  ok: true;
  /** `verified` stays; what is verified and not used in its time ends as `expired`. */
  state: 'waiting' | 'confirming' | 'verified' | 'expired';
  /** How far the code's message has come; left out for texts, and where nothing is sent. */
  delivery?: Delivery;
  /** The proof, until a registration is made with it. */
  proof?: { phone: string; verification_token: string; expires_in: number };
}

/**
 * A message being sent is, to the customer, still waiting; one that ran out will never come. `recorded` is left out:
 * WhatsApp is disabled, so nothing is on its way, and nothing failed.
 */
const DELIVERIES: Record<MessageState, Delivery | undefined> = {
  queued: 'queued',
  sending: 'queued',
  recorded: undefined,
  accepted: 'accepted',
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  failed: 'failed',
  expired: 'failed',
};

const LONGEST_ID = 128;

export function createVerificationState(deps: { reads: Reader; vault: Vault; clock: Clock; proofs: Proofs }) {
  const { reads, vault, clock, proofs } = deps;

  /** By the `id` of a text or the `request_id` of a code. Refuses NOT_FOUND. */
  return (id: string): VerificationState | Refusal => {
    if (id.length > LONGEST_ID) return refuse('NOT_FOUND', { message: verificationUnknown });
    const text = byHash<VerificationTextRow>(
      'SELECT * FROM verification_texts WHERE id_hash = ?',
      vault.hashes('verification_id', id),
    );
    if (text) return ofText(text);
    const otp = byHash<OtpRow>(
      'SELECT * FROM otps WHERE request_id_hash = ?',
      vault.hashes('request_id', id),
    );
    return otp ? ofCode(otp) : refuse('NOT_FOUND', { message: verificationUnknown });
  };

  function byHash<Row>(sql: string, hashes: string[]): Row | undefined {
    return hashes.map((hash) => reads.get<Row>(sql, hash)).find((row) => row !== undefined);
  }

  function ofText(text: VerificationTextRow): VerificationState {
    if (text.used_at !== null) return verified(text.id_hash);
    if (!isTextOpen(text, clock.now())) return { ok: true, state: 'expired' };
    const isAsked =
      text.bound_phone !== null &&
      reads.get('SELECT 1 FROM chats WHERE phone = ? AND confirming_text_id = ?', text.bound_phone, text.id);
    return { ok: true, state: isAsked ? 'confirming' : 'waiting' };
  }

  function ofCode(otp: OtpRow): VerificationState {
    const delivery = deliveryOf(otp.id);
    const shown = delivery ? { delivery } : {};
    if (otp.used_at !== null) return { ...verified(otp.request_id_hash!), ...shown };
    if (!isInForce(otp)) return { ok: true, state: 'expired', ...shown };
    const isAsked = reads.get(
      'SELECT 1 FROM chats WHERE phone = ? AND confirming_otp_id = ?',
      otp.phone,
      otp.id,
    );
    return { ok: true, state: isAsked ? 'confirming' : 'waiting', ...shown };
  }

  /** Not run out, not void, and not replaced by a newer one. */
  function isInForce(otp: OtpRow): boolean {
    if (otp.voided_at !== null || !isOpen(otp, clock.now())) return false;
    return !reads.get(
      `SELECT 1 FROM otps WHERE phone = ? AND channel = ? AND id > ? AND voided_at IS NULL`,
      otp.phone,
      otp.channel,
      otp.id,
    );
  }

  function deliveryOf(otp_id: number): Delivery | undefined {
    const message = reads.get<{ state: MessageState }>('SELECT state FROM messages WHERE otp_id = ?', otp_id);
    return message && DELIVERIES[message.state];
  }

  function verified(secret_hash: string): VerificationState {
    const given = proofs.given(reads, secret_hash);
    if (!given) return { ok: true, state: 'expired' };
    const { row, verification_token } = given;
    if (row.registration_id !== null) return { ok: true, state: 'verified' };
    const left = row.expires_at! - clock.now();
    if (left <= 0) return { ok: true, state: 'expired' };
    const expires_in = Math.ceil(left / SECOND);
    return { ok: true, state: 'verified', proof: { phone: row.phone, verification_token, expires_in } };
  }
}
