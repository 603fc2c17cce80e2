/** The one shape of every JSON answer, success and refusal, and the status of each refusal code. */
import { type Context } from 'koa';
import { refusalText } from '../messages/id/refusals';
import { type FieldError } from '../registration/form';
import { type AdminRefusal, type AdminRefusalCode, type RefusalCode } from '../registration/refusals';

const STATUS = {
  INVALID_PHONE: 400,
  VALIDATION_ERROR: 400,
  OTP_COOLDOWN: 429,
  OTP_LIMIT: 429,
  WHATSAPP_UNAVAILABLE: 503,
  PHONE_UNREACHABLE: 400,
  OTP_INVALID: 400,
  OTP_LOCKED: 429,
  OTP_EXPIRED: 400,
  OTP_NOT_FOUND: 400,
  NOT_VERIFIED: 403,
  PACKAGE_NOT_AVAILABLE: 400,
  ALREADY_REGISTERED: 409,
  NOT_FOUND: 404,
  TOO_MANY_REQUESTS: 429,
  LOGIN_FAILED: 401,
  INVALID_TRANSITION: 409,
  CONFLICT: 409,
  NOT_RETRYABLE: 409,
} satisfies Record<RefusalCode | AdminRefusalCode, number>;

/** When a 429 or 503 knows no better: seconds. */
const RETRY_AFTER = 5;

export interface ErrorBody {
  code: string;
  message: string;
  errors?: FieldError[];
  attemptsLeft?: number;
}

/** `{"success":true,"message":…,"data":…}`, with further top-level fields in `more`. */
export function sendSuccess(
  ctx: Context,
  data: unknown,
  options: { status?: number; message?: string; more?: object } = {},
): void {
  ctx.status = options.status ?? 200;
  ctx.body = { success: true, message: options.message ?? 'OK', data, ...options.more };
}

/** `{"success":false,"code":…,"message":…}`; every 429 and 503 says when to come back. */
export function sendError(ctx: Context, status: number, body: ErrorBody, retryAfter?: number): void {
  ctx.status = status;
  if (status === 429 || status === 503) ctx.set('Retry-After', String(retryAfter ?? RETRY_AFTER));
  ctx.body = { success: false, ...body };
}

/** A refusal of the flow. */
export function sendRefusal(ctx: Context, refusal: AdminRefusal): void {
  const body: ErrorBody = { code: refusal.code, message: refusalText(refusal) };
  if (refusal.errors) body.errors = refusal.errors;
  if (refusal.attempts_left !== undefined) body.attemptsLeft = refusal.attempts_left;
  sendError(ctx, STATUS[refusal.code], body, refusal.retry_after);
}

export const isoTime = (at: number): string => new Date(at).toISOString();
