/** Verification by sending, for the web form: get a text to send, and read what became of it (or of a code). */
import type Router from '@koa/router';
import { phoneProblems } from '../../messages/id/fields';
import { webTexts } from '../../messages/id/web';
import { parseField, type FieldError } from '../../registration/form';
import { normalisePhone } from '../../registration/phone';
import { refuse, type Refusal } from '../../registration/refusals';
import { TEXT_TTL_SECONDS } from '../../registration/verification-texts';
import { limitAddress } from '../client-address';
import { sendRefusal, sendSuccess } from '../envelope';
import { jsonBody, SMALL_BODY } from '../middleware/body';
import { keepProof } from '../proof-cookie';
import { type Services } from '../services';

const PATH = '/api/registrations/public/verifications';

export function verificationRoutes(router: Router, services: Services): void {
  const { unitOfWork, verificationTexts, verificationState } = services;

  router.post(PATH, jsonBody(SMALL_BODY), async (ctx) => {
    const given = readApplicant(ctx.request.body as Record<string, unknown>);
    if (!given.ok) return sendRefusal(ctx, given);
    const { full_name, phone } = given;
    const request = { full_name, phone, address: limitAddress(ctx) };
    const offered = await unitOfWork.run((tx) => verificationTexts.offer(tx, request));
    if (!offered.ok) return sendRefusal(ctx, offered);
    const { id, text, whatsapp_url } = offered;
    const data = { id, text, whatsapp_url, expires_in: TEXT_TTL_SECONDS };
    sendSuccess(ctx, data, { status: 201, message: webTexts.textOffered });
  });

  router.get(`${PATH}/:id`, (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    const read = verificationState(String(ctx.params['id']));
    if (!read.ok) return sendRefusal(ctx, read);
    const { state, delivery, proof } = read;
    if (proof) keepProof(ctx, proof.verification_token, proof.expires_in, services.isSecure());
    sendSuccess(ctx, { state, delivery, ...proof }, { message: webTexts.verificationState });
  });
}

/** The phone may be left out (or null, or empty): then whoever sends the text first is meant. */
function readApplicant(
  body: Record<string, unknown>,
): { ok: true; full_name: string; phone: string | null } | Refusal {
  const errors: FieldError[] = [];
  const full_name = parseField('full_name', body['full_name'], '');
  if (!full_name.ok) errors.push({ field: 'full_name', message: full_name.message });
  const isGiven = ![undefined, null, ''].includes(body['phone'] as string);
  const phone = isGiven ? normalisePhone(body['phone']) : { ok: true as const, phone: null };
  if (!phone.ok) {
    const message = phoneProblems[phone.problem];
    return refuse('INVALID_PHONE', { message, errors: [{ field: 'phone', message }, ...errors] });
  }
  if (!full_name.ok) return refuse('VALIDATION_ERROR', { errors });
  return { ok: true, full_name: full_name.value, phone: phone.phone };
}
