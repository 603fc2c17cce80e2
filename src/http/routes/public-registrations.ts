/** REST for the web form: request a code, verify it, complete the registration, look up its status. */
import type Router from '@koa/router';
import { type Context } from 'koa';
import { z } from 'zod';
import { phoneProblems } from '../../messages/id/fields';
import { statusLabels, webTexts } from '../../messages/id/web';
import { parseField, type FieldError } from '../../registration/form';
import { normalisePhone } from '../../registration/phone';
import { refuse, type Refusal } from '../../registration/refusals';
import { limitAddress, isLoopbackClient } from '../client-address';
import { isoTime, sendRefusal, sendSuccess } from '../envelope';
import { keepProof, keptProof } from '../proof-cookie';
import { jsonBody, LARGE_BODY, SMALL_BODY } from '../middleware/body';
import { type Services } from '../services';

const BASE = '/api/registrations/public';

type Body = Record<string, unknown>;
const bodyOf = (ctx: Context): Body => ctx.request.body as Body;

export function publicRegistrationRoutes(router: Router, services: Services): void {
  const { config, unitOfWork, registrations } = services;

  router.post(`${BASE}/request-otp`, jsonBody(SMALL_BODY), async (ctx) => {
    const given = readApplicant(bodyOf(ctx));
    if (!given.ok) return sendRefusal(ctx, given);
    const { phone, full_name } = given;
    const asked = await services.requestOtp({ phone, full_name, address: limitAddress(ctx) });
    if (!asked.ok) return sendRefusal(ctx, asked);

    const data = {
      phone,
      expires_in: config.otp.ttlSeconds,
      resend_in: config.otp.resendSeconds,
      request_id: asked.request_id,
    };
    if (asked.delivery === 'recorded') {
      const maySeeCode = !config.production && isLoopbackClient(ctx);
      const shown = maySeeCode ? { ...data, otp: asked.code } : data;
      return sendSuccess(ctx, shown, { message: webTexts.otpRecorded, more: { disabled: true } });
    }
    if (asked.delivery === 'sent') return sendSuccess(ctx, data, { message: webTexts.otpSent });
    sendSuccess(ctx, data, { status: 202, message: webTexts.otpSending });
  });

  router.post(`${BASE}/verify-otp`, jsonBody(SMALL_BODY), async (ctx) => {
    const given = readTry(bodyOf(ctx));
    if (!given.ok) return sendRefusal(ctx, given);
    const judged = await unitOfWork.run((tx) => registrations.verifyOtp(tx, given.phone, 'web', given.otp));
    if (!judged.ok) return sendRefusal(ctx, judged);
    const { verification_token } = judged;
    const expires_in = config.verificationTtlSeconds;
    keepProof(ctx, verification_token, expires_in, services.isSecure());
    const data = { verification_token, expires_in };
    sendSuccess(ctx, data, { message: webTexts.verified });
  });

  router.post(BASE, jsonBody(LARGE_BODY), async (ctx) => {
    const body = bodyOf(ctx);
    // The flag is the form's own opinion: never proof, but a form that says "no" is believed.
    const isDenied = body['whatsapp_verified'] === false || body['whatsapp_verified'] === 'false';
    if (isDenied) return sendRefusal(ctx, refuse('NOT_VERIFIED'));
    const tokens = proofTokens(ctx, body);
    const completed = await unitOfWork.run((tx) =>
      registrations.complete(tx, registrations.findProof(tx, tokens, body['phone']), body),
    );
    if (!completed.ok) return sendRefusal(ctx, completed);
    const { id, registration_number, status } = completed.registration;
    const data = {
      id,
      registration_number,
      status,
      tracking_url: registrations.trackingUrl(registration_number),
    };
    sendSuccess(ctx, data, { status: completed.created ? 201 : 200, message: webTexts.registered });
  });

  router.get(`${BASE}/status/:registration_number`, async (ctx) => {
    const { phone_last4 } = ctx.query;
    const last4 = typeof phone_last4 === 'string' && phone_last4 !== '' ? phone_last4 : null;
    const number = String(ctx.params['registration_number']);
    const found = await services.publicStatus(number, last4, limitAddress(ctx));
    if (!found.ok) return sendRefusal(ctx, found);
    const { registration_number, status, full_name, created_at, details } = found;
    const status_label = statusLabels[status];
    const shown = { registration_number, status, status_label, full_name, created_at: isoTime(created_at) };
    ctx.set('Cache-Control', 'no-store');
    sendSuccess(ctx, { ...shown, ...details }, { message: webTexts.statusFound });
  });
}

/** Who asks for a code. A bad phone is INVALID_PHONE, whatever else is wrong. */
function readApplicant(body: Body): { ok: true; phone: string; full_name: string } | Refusal {
  const errors: FieldError[] = [];
  const phone = normalisePhone(body['phone']);
  if (!phone.ok) errors.push({ field: 'phone', message: phoneProblems[phone.problem] });
  const full_name = parseField('full_name', body['full_name'], '');
  if (!full_name.ok) errors.push({ field: 'full_name', message: full_name.message });
  if (!phone.ok) return refuse('INVALID_PHONE', { message: phoneProblems[phone.problem], errors });
  if (!full_name.ok) return refuse('VALIDATION_ERROR', { errors });
  return { ok: true, phone: phone.phone, full_name: full_name.value };
}

/** Six digits, as typed: blanks between them are forgiven. */
const otpField = z
  .string()
  .transform((text) => text.replace(/\s/g, ''))
  .pipe(z.string().regex(/^\d{6}$/));

function readTry(body: Body): { ok: true; phone: string; otp: string } | Refusal {
  const phone = normalisePhone(body['phone']);
  const otp = otpField.safeParse(body['otp']);
  const errors: FieldError[] = [];
  if (!otp.success) errors.push({ field: 'otp', message: 'Kode OTP terdiri dari 6 angka.' });
  if (!phone.ok) {
    const message = phoneProblems[phone.problem];
    return refuse('INVALID_PHONE', { message, errors: [{ field: 'phone', message }, ...errors] });
  }
  return otp.success
    ? { ok: true, phone: phone.phone, otp: otp.data }
    : refuse('VALIDATION_ERROR', { errors });
}

/** Every place a proof may stand, the most explicit first. */
function proofTokens(ctx: Context, body: Body): string[] {
  const [, bearer] = /^Bearer (\S{1,256})$/.exec(ctx.get('Authorization')) ?? [];
  return [body['verification_token'], bearer, keptProof(ctx)].filter(
    (token): token is string => typeof token === 'string' && token !== '' && token.length <= 256,
  );
}
