/** Admins log in and out. */
import type Router from '@koa/router';
import { z } from 'zod';
import { adminTexts } from '../../messages/id/admin';
import { fieldProblems } from '../../messages/id/fields';
import { refuse } from '../../registration/refusals';
import { fieldErrors } from '../../registration/review-query';
import { limitAddress } from '../client-address';
import { sendRefusal, sendSuccess } from '../envelope';
import { sessionOf, setSessionCookie, signedIn } from '../middleware/admin';
import { jsonBody, SMALL_BODY } from '../middleware/body';
import { type Services } from '../services';

const required = (label: string, max: number) =>
  z
    .string({ error: fieldProblems.required(label) })
    .min(1, { error: fieldProblems.required(label) })
    .max(max, { error: fieldProblems.tooLong(label, max) });

const credentials = z.object({
  username: required('Nama pengguna', 100),
  password: required('Kata sandi', 1_000),
});

export function adminAuthRoutes(router: Router, services: Services): void {
  const { sessions, login, isSecure } = services;
  const authorised = signedIn(services);

  /** JSON only, so that no other site's form can log anyone in. */
  router.post('/api/auth/login', jsonBody(SMALL_BODY), async (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    const given = credentials.safeParse(ctx.request.body);
    if (!given.success)
      return sendRefusal(ctx, refuse('VALIDATION_ERROR', { errors: fieldErrors(given.error) }));
    const { username, password } = given.data;
    const loggedIn = await login(username, password, limitAddress(ctx));
    if (!loggedIn.ok) return sendRefusal(ctx, loggedIn);
    const { token, csrf_token } = loggedIn;
    setSessionCookie(ctx, token, isSecure());
    sendSuccess(ctx, { token, csrf_token, username }, { message: adminTexts.loggedIn });
  });

  router.post('/api/auth/logout', authorised, async (ctx) => {
    await sessions.end(sessionOf(ctx));
    setSessionCookie(ctx, null, isSecure());
    sendSuccess(ctx, null, { message: adminTexts.loggedOut });
  });

  router.get('/api/auth/session', authorised, (ctx) => {
    const { admin, csrf_token } = sessionOf(ctx);
    sendSuccess(ctx, { username: admin.username, csrf_token });
  });
}
