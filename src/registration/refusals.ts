/**
 * Everything the flow can refuse, in one list. Expected refusals are returned, never thrown: an exception would
 * roll back the very count of wrong tries it reports. HTTP maps each code to a status, the chat to a text.
 */
import { type FieldError } from './form';

export const REFUSAL_CODES = [
  'INVALID_PHONE',
  'VALIDATION_ERROR',
  'OTP_COOLDOWN',
  'OTP_LIMIT',
  'WHATSAPP_UNAVAILABLE',
  'PHONE_UNREACHABLE',
  'OTP_INVALID',
  'OTP_LOCKED',
  'OTP_EXPIRED',
  'OTP_NOT_FOUND',
  'NOT_VERIFIED',
  'PACKAGE_NOT_AVAILABLE',
  'ALREADY_REGISTERED',
  'NOT_FOUND',
  'TOO_MANY_REQUESTS',
] as const;

export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** What only admins can meet. */
export const ADMIN_REFUSAL_CODES = [
  'LOGIN_FAILED',
  'INVALID_TRANSITION',
  'CONFLICT',
  'NOT_RETRYABLE',
] as const;

export type AdminRefusalCode = (typeof ADMIN_REFUSAL_CODES)[number];

export interface Refusal<Code extends string = RefusalCode> {
  ok: false;
  code: Code;
  /** What to change, where the code alone does not say it. Indonesian, for the customer. */
  message?: string;
  /** Whole seconds to wait before another try can succeed. */
  retry_after?: number;
  /** Tries left for this code, after a wrong one. */
  attempts_left?: number;
  errors?: FieldError[];
}

export type AdminRefusal = Refusal<RefusalCode | AdminRefusalCode>;

export function refuse<Code extends RefusalCode | AdminRefusalCode>(
  code: Code,
  details: Omit<Refusal, 'ok' | 'code'> = {},
): Refusal<Code> {
  return { ok: false, code, ...details };
}

/** A wait in milliseconds as the whole seconds a customer is told: never 0 while there is a wait. */
export function wholeSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
