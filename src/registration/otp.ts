/** The decisions about one-time codes: may one be issued, may a try be judged. Pure: facts in, verdict out. */
import { DAY, HOUR, SECOND } from '../platform/clock';
import { blockedFor, CLOCK_TOLERANCE_MS } from '../store/windows';
import { type OtpRow } from '../store/tables/otps';
import { refuse, wholeSeconds, type Refusal } from './refusals';

/** After this many wrong tries within 24 hours, for a phone and channel, no try is judged any more. */
export const MAX_WRONG_TRIES_PER_DAY = 10;

export interface OtpLimits {
  ttlSeconds: number;
  maxAttempts: number;
  resendSeconds: number;
  maxPerHour: number;
  maxPerPhonePerDay: number;
  /** 0 = off. */
  maxPerIpPerHour: number;
  /** 0 = off. */
  maxPerDay: number;
}

/** Times (epoch ms) at the edge of each limit: of the newest code, or of the limit-th newest hit; null if none. */
export interface IssueFacts {
  latest: number | null;
  hour: number | null;
  day: number | null;
  ceiling: number | null;
  wrongTries: number | null;
  /** Milliseconds the client's address has to wait. */
  addressBlockedFor: number;
}

/** Refuses with OTP_LIMIT (waiting for the resend would not help) before OTP_COOLDOWN. */
export function mayIssue(facts: IssueFacts, limits: OtpLimits, now: number): Refusal | null {
  const limited = Math.max(
    blockedFor(facts.wrongTries, DAY, now),
    blockedFor(facts.day, DAY, now),
    blockedFor(facts.ceiling, DAY, now),
    blockedFor(facts.hour, HOUR, now),
    facts.addressBlockedFor,
  );
  if (limited > 0) return refuse('OTP_LIMIT', { retry_after: wholeSeconds(limited) });
  const cooling = blockedFor(facts.latest, limits.resendSeconds * SECOND, now);
  if (cooling > 0) return refuse('OTP_COOLDOWN', { retry_after: wholeSeconds(cooling) });
  return null;
}

/** Whether a try may be judged against the code in force (undefined: there is none). */
export function mayTry(
  otp: Pick<OtpRow, 'attempts' | 'used_at' | 'expires_at' | 'created_at'> | undefined,
  nthWrongTryAt: number | null,
  limits: Pick<OtpLimits, 'maxAttempts' | 'resendSeconds'>,
  now: number,
): Refusal | null {
  const locked = blockedFor(nthWrongTryAt, DAY, now);
  if (locked > 0) return refuse('OTP_LOCKED', { retry_after: wholeSeconds(locked) });
  if (!otp || otp.used_at !== null) return refuse('OTP_NOT_FOUND');
  if (otp.attempts >= limits.maxAttempts) {
    const newCodeIn = blockedFor(otp.created_at, limits.resendSeconds * SECOND, now);
    return refuse('OTP_LOCKED', { retry_after: wholeSeconds(newCodeIn) });
  }
  return isOpen(otp, now) ? null : refuse('OTP_EXPIRED');
}

/** Neither used nor run out. A code from the future is one from before the clock was set back: it must not live longer for that. */
export function isOpen(otp: Pick<OtpRow, 'used_at' | 'expires_at' | 'created_at'>, now: number): boolean {
  return otp.used_at === null && otp.expires_at > now && otp.created_at <= now + CLOCK_TOLERANCE_MS;
}
