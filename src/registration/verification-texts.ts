/**
 * Verification by sending: a web form offers a text, the customer sends it to our number and says `YA` there. Whoever
 * sends it has proven the number it came from, and nobody can be tricked into it unasked.
 *
 * A web form's code may be typed into the chat as well, to the same end. There it only says *which* form is meant: the
 * proof is the sender, to whom the code was sent. So a wrong one costs the web form none of its tries, and its locks
 * do not hold here; nor can the chat be asked what it should not tell, since it compares with the sender's own code.
 */
import { type Clock, HOUR, SECOND } from '../platform/clock';
import { type Vault } from '../platform/crypto';
import { type Metrics } from '../platform/metrics';
import { type Random } from '../platform/random';
import { textsUnavailable, tooManyTexts } from '../messages/id/verification';
import { type Limit, type Throttle } from '../store/throttle';
import { type Tx } from '../store/unit-of-work';
import { blockedFor, CLOCK_TOLERANCE_MS } from '../store/windows';
import { type OtpRow } from '../store/tables/otps';
import { verificationTexts, type VerificationTextRow } from '../store/tables/verification-texts';
import { type Codes } from './codes';
import { recordEvent } from './events';
import { type Proofs } from './proofs';
import { refuse, wholeSeconds, type Refusal } from './refusals';
import { CODE_ALPHABET, CODE_LENGTH, textOf } from './verification-code';

export const TEXT_TTL_SECONDS = 600;

const MOST_UNFINISHED_PER_HOUR = 60;
/** Texts that one number may send in vain in any hour: of 2^36.7 codes, each good for ten minutes, it guesses none. */
const GUESSES: Limit = { scope: 'verification_text', limit: 10, window: HOUR };

/** What a `YA` in the chat is about: a text that was sent, or a web form's code that was typed. */
export type Confirming = { text_id: number } | { otp_id: number };

export type VerificationTexts = ReturnType<typeof createVerificationTexts>;

export function createVerificationTexts(deps: {
  clock: Clock;
  random: Random;
  vault: Vault;
  metrics: Metrics;
  throttle: Throttle;
  codes: Codes;
  proofs: Proofs;
  /** Our own number, to which the text is sent. */
  device: string | null;
}) {
  const { clock, random, vault, throttle, codes, proofs, device } = deps;

  /** Refuses WHATSAPP_UNAVAILABLE without a device, TOO_MANY_REQUESTS from an address with 60 unfinished in an hour. */
  function offer(tx: Tx, request: { full_name: string; phone: string | null; address: string }) {
    if (device === null)
      return refuse('WHATSAPP_UNAVAILABLE', { message: textsUnavailable, retry_after: 60 });
    const now = clock.now();
    const address_hash = vault.hash('verification_address', request.address);
    const edge = tx.get<Pick<VerificationTextRow, 'created_at'>>(
      `SELECT created_at FROM verification_texts WHERE address_hash = ? AND used_at IS NULL AND created_at <= ?
       ORDER BY created_at DESC LIMIT 1 OFFSET ?`,
      address_hash,
      now + CLOCK_TOLERANCE_MS,
      MOST_UNFINISHED_PER_HOUR - 1,
    );
    const wait = blockedFor(edge?.created_at, HOUR, now);
    if (wait > 0)
      return refuse('TOO_MANY_REQUESTS', { message: tooManyTexts, retry_after: wholeSeconds(wait) });

    const id = random.token();
    const code = newCode();
    tx.insert(verificationTexts, {
      id_hash: vault.hash('verification_id', id),
      code_hash: vault.hash('verification_code', code),
      address_hash,
      full_name: request.full_name,
      wanted_phone: request.phone,
      created_at: now,
      expires_at: now + TEXT_TTL_SECONDS * SECOND,
    });
    const text = textOf(code);
    const whatsapp_url = `https://wa.me/${device}?text=${encodeURIComponent(text)}`;
    return { ok: true as const, id, text, whatsapp_url };
  }

  const newCode = () =>
    Array.from({ length: CODE_LENGTH }, () => CODE_ALPHABET[random.integer(CODE_ALPHABET.length)]).join('');

  /**
   * A number sends a code: the first to do so binds it. Refuses NOT_FOUND alike for whatever is wrong with it (null: it
   * could not even be read), and TOO_MANY_REQUESTS after ten of those in an hour, then for the right one too.
   */
  function bind(
    tx: Tx,
    phone: string,
    code: string | null,
  ): { ok: true; text: VerificationTextRow } | Refusal {
    const now = clock.now();
    const wait = throttle.blockedFor(tx, GUESSES, phone, now);
    if (wait > 0) return refuse('TOO_MANY_REQUESTS', { retry_after: wholeSeconds(wait) });
    const text = code === null ? undefined : byCode(tx, code);
    if (!text || !isOpenTo(text, phone, now)) {
      throttle.hit(tx, GUESSES, phone, now);
      return refuse('NOT_FOUND');
    }
    tx.run('UPDATE verification_texts SET bound_phone = ? WHERE id = ?', phone, text.id);
    return { ok: true, text };
  }

  function byCode(tx: Tx, code: string): VerificationTextRow | undefined {
    for (const hash of vault.hashes('verification_code', code)) {
      const found = tx.get<VerificationTextRow>('SELECT * FROM verification_texts WHERE code_hash = ?', hash);
      if (found) return found;
    }
    return undefined;
  }

  function isOpenTo(text: VerificationTextRow, phone: string, now: number): boolean {
    return (
      isTextOpen(text, now) && (text.wanted_phone ?? phone) === phone && (text.bound_phone ?? phone) === phone
    );
  }

  /** The web form's code in force for this phone, if it is this one and not also the chat's own. */
  function webCode(tx: Tx, phone: string, code: string): OtpRow | undefined {
    const now = clock.now();
    const otp = codes.find(tx, phone, 'web', code, now);
    return otp && !codes.find(tx, phone, 'chat', code, now) ? otp : undefined;
  }

  /** The sender said `YA`. False: what it was about has run out, was used, or was replaced meanwhile. */
  function confirm(tx: Tx, phone: string, confirming: Confirming, chat_id: number): boolean {
    return 'otp_id' in confirming
      ? confirmCode(tx, phone, confirming.otp_id, chat_id)
      : confirmText(tx, phone, confirming.text_id, chat_id);
  }

  function confirmText(tx: Tx, phone: string, id: number, chat_id: number): boolean {
    const now = clock.now();
    const text = tx.get<VerificationTextRow>('SELECT * FROM verification_texts WHERE id = ?', id);
    if (!text || text.bound_phone !== phone || !isOpenTo(text, phone, now)) return false;
    tx.run('UPDATE verification_texts SET used_at = ? WHERE id = ?', now, id);
    proofs.issue(tx, phone, text.id_hash, null);
    recordEvent(tx, {
      type: 'otp_verified',
      at: now,
      actor: 'customer',
      chat_id,
      details: { by: 'sending' },
    });
    return true;
  }

  function confirmCode(tx: Tx, phone: string, otp_id: number, chat_id: number): boolean {
    const now = clock.now();
    const otp = codes.use(tx, phone, otp_id, now);
    if (!otp) return false;
    proofs.issue(tx, phone, otp.request_id_hash!, otp_id);
    recordEvent(tx, { type: 'otp_verified', at: now, actor: 'customer', otp_id, chat_id });
    tx.afterCommit(() => deps.metrics.otps.inc({ channel: 'web', outcome: 'verified' }));
    return true;
  }

  return { offer, bind, webCode, confirm };
}

/** A text from the future is one from before the clock was set back: it must not live longer for that. */
export function isTextOpen(text: VerificationTextRow, now: number): boolean {
  return text.used_at === null && text.expires_at > now && text.created_at <= now + CLOCK_TOLERANCE_MS;
}
