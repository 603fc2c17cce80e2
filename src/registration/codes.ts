/**
 * One-time codes in the database: issue, try, void. A code at rest is only its HMAC over phone, challenge and
 * code. A try is counted before the code is compared, and a refusal never takes its own count back.
 */
import { type Random } from '../platform/random';
import { type Vault } from '../platform/crypto';
import { DAY, HOUR, SECOND } from '../platform/clock';
import { type Throttle, type Limit } from '../store/throttle';
import { type Tx } from '../store/unit-of-work';
import { CLOCK_TOLERANCE_MS } from '../store/windows';
import { codeReplaced } from '../messages/id/refusals';
import { otps, otpWrongTries, type Channel, type OtpRow } from '../store/tables/otps';
import { isOpen, MAX_WRONG_TRIES_PER_DAY, mayIssue, mayTry, type OtpLimits } from './otp';
import { refuse, type Refusal } from './refusals';

export interface CodeRequest {
  phone: string;
  channel: Channel;
  full_name: string;
  /** The web client's address (IPv6: its /64); null in the chat. */
  address: string | null;
}

export interface IssuedCode {
  ok: true;
  otp_id: number;
  code: string;
  /** Lets the asking web form, and nobody else, read what becomes of this code. */
  request_id: string;
  expires_at: number;
}

export interface Codes {
  issue(tx: Tx, request: CodeRequest, now: number): IssuedCode | Refusal;
  /** Judges a try; of any number of right ones exactly one passes. */
  try(
    tx: Tx,
    phone: string,
    channel: Channel,
    code: string,
    now: number,
  ): (Pick<OtpRow, 'request_id_hash'> & { ok: true; otp_id: number }) | Refusal;
  /** The code in force, if it is this one and still open. A look, no try: only for who got the code from us. */
  find(tx: Tx, phone: string, channel: Channel, code: string, now: number): OtpRow | undefined;
  /** Uses up the web code in force, if it is this one and still open: compare-and-set. */
  use(tx: Tx, phone: string, otp_id: number, now: number): OtpRow | undefined;
  /** Its message did not go out: the code never was. A code already used stays used. */
  void(tx: Tx, otp_id: number, now: number): void;
}

export function createCodes(deps: {
  vault: Vault;
  random: Random;
  throttle: Throttle;
  limits: OtpLimits;
}): Codes {
  const { vault, random, throttle, limits } = deps;
  const addressRule: Limit = { scope: 'otp_address', limit: limits.maxPerIpPerHour, window: HOUR };

  /**
   * When the codes were made that stand at the edge of the phone's limits. Beyond the daily limit nobody needs to look:
   * it counts void codes too.
   */
  function phoneEdges(tx: Tx, { phone, channel }: CodeRequest, now: number) {
    const newest = tx.all<Pick<OtpRow, 'created_at' | 'voided_at'>>(
      `SELECT created_at, voided_at FROM otps WHERE phone = ? AND channel = ? AND created_at <= ?
       ORDER BY created_at DESC LIMIT ?`,
      phone,
      channel,
      now + CLOCK_TOLERANCE_MS,
      limits.maxPerPhonePerDay,
    );
    const good = newest.filter((one) => one.voided_at === null);
    return {
      latest: good[0]?.created_at ?? null,
      hour: good[limits.maxPerHour - 1]?.created_at ?? null,
      day: newest[limits.maxPerPhonePerDay - 1]?.created_at ?? null,
    };
  }

  function ceilingEdge(tx: Tx, channel: Channel, now: number): number | null {
    if (limits.maxPerDay === 0) return null;
    const row = tx.get<{ created_at: number }>(
      `SELECT created_at FROM otps WHERE channel = ? AND created_at <= ?
       ORDER BY created_at DESC LIMIT 1 OFFSET ?`,
      channel,
      now + CLOCK_TOLERANCE_MS,
      limits.maxPerDay - 1,
    );
    return row?.created_at ?? null;
  }

  /** The times of the newest wrong tries within a day, newest first, at most as many as matter. */
  function wrongTries(tx: Tx, phone: string, channel: Channel, now: number): number[] {
    return tx
      .all<{ at: number }>(
        `SELECT at FROM otp_wrong_tries WHERE phone = ? AND channel = ? AND at > ? AND at <= ?
         ORDER BY at DESC LIMIT ?`,
        phone,
        channel,
        now - DAY,
        now + CLOCK_TOLERANCE_MS,
        MAX_WRONG_TRIES_PER_DAY,
      )
      .map((row) => row.at);
  }

  /** Whether this is what the customer got before the code in force: a wrong try, but one that can be explained. */
  function isEarlierCode(tx: Tx, { id, phone, channel }: OtpRow, code: string): boolean {
    return tx
      .all<OtpRow>(
        `SELECT * FROM otps WHERE phone = ? AND channel = ? AND id < ? AND voided_at IS NULL
         ORDER BY id DESC LIMIT ?`,
        phone,
        channel,
        id,
        limits.maxPerPhonePerDay,
      )
      .some((earlier) => vault.matches(earlier.code_hash, 'otp', phone, earlier.challenge, code));
  }

  function inForce(tx: Tx, phone: string, channel: Channel): OtpRow | undefined {
    return tx.get<OtpRow>(
      `SELECT * FROM otps WHERE phone = ? AND channel = ? AND voided_at IS NULL ORDER BY id DESC LIMIT 1`,
      phone,
      channel,
    );
  }

  const lockEdge = (tries: number[]): number | null => tries[MAX_WRONG_TRIES_PER_DAY - 1] ?? null;

  return {
    issue(tx, request, now) {
      const limitsAddress = request.address !== null && limits.maxPerIpPerHour > 0;
      const refusal = mayIssue(
        {
          ...phoneEdges(tx, request, now),
          ceiling: ceilingEdge(tx, request.channel, now),
          wrongTries: lockEdge(wrongTries(tx, request.phone, request.channel, now)),
          addressBlockedFor: limitsAddress ? throttle.blockedFor(tx, addressRule, request.address!, now) : 0,
        },
        limits,
        now,
      );
      if (refusal) return refusal;

      const code = String(random.integer(1_000_000)).padStart(6, '0');
      const challenge = random.token();
      const request_id = random.token();
      const expires_at = now + limits.ttlSeconds * SECOND;
      const otp_id = tx.insert(otps, {
        phone: request.phone,
        channel: request.channel,
        full_name: request.full_name,
        challenge,
        code_hash: vault.hash('otp', request.phone, challenge, code),
        request_id_hash: request.channel === 'web' ? vault.hash('request_id', request_id) : null,
        created_at: now,
        expires_at,
      });
      if (limitsAddress) throttle.hit(tx, addressRule, request.address!, now);
      return { ok: true, otp_id, code, request_id, expires_at };
    },

    try(tx, phone, channel, code, now) {
      const otp = inForce(tx, phone, channel);
      const earlier = wrongTries(tx, phone, channel, now);
      const refusal = mayTry(otp, lockEdge(earlier), limits, now);
      if (refusal || !otp) return refusal ?? refuse('OTP_NOT_FOUND');

      const counted = tx.run(
        `UPDATE otps SET attempts = attempts + 1
         WHERE id = ? AND attempts < ? AND used_at IS NULL AND voided_at IS NULL AND expires_at > ?`,
        otp.id,
        limits.maxAttempts,
        now,
      );
      if (counted.changes !== 1) return refuse('OTP_NOT_FOUND');

      if (!vault.matches(otp.code_hash, 'otp', phone, otp.challenge, code)) {
        tx.insert(otpWrongTries, { otp_id: otp.id, phone, channel, at: now });
        if (isEarlierCode(tx, otp, code)) return refuse('OTP_NOT_FOUND', { message: codeReplaced });
        const left = Math.min(
          limits.maxAttempts - otp.attempts - 1,
          MAX_WRONG_TRIES_PER_DAY - earlier.length - 1,
        );
        return refuse('OTP_INVALID', { attempts_left: left });
      }
      const used = tx.run('UPDATE otps SET used_at = ? WHERE id = ? AND used_at IS NULL', now, otp.id);
      if (used.changes !== 1) return refuse('OTP_NOT_FOUND');
      return { ok: true, otp_id: otp.id, request_id_hash: otp.request_id_hash };
    },

    find(tx, phone, channel, code, now) {
      const otp = inForce(tx, phone, channel);
      if (!otp || !isOpen(otp, now)) return undefined;
      return vault.matches(otp.code_hash, 'otp', phone, otp.challenge, code) ? otp : undefined;
    },

    use(tx, phone, otp_id, now) {
      const otp = inForce(tx, phone, 'web');
      if (otp?.id !== otp_id || !isOpen(otp, now)) return undefined;
      tx.run('UPDATE otps SET used_at = ? WHERE id = ?', now, otp_id);
      return otp;
    },

    void(tx, otp_id, now) {
      tx.run(
        'UPDATE otps SET voided_at = ? WHERE id = ? AND voided_at IS NULL AND used_at IS NULL',
        now,
        otp_id,
      );
    },
  };
}
