/**
 * Lets admins in: by `Authorization: Bearer`, or by the session's cookie, which the browser also sends when another
 * site asks for it. So whatever changes something and comes with the cookie must carry the session's CSRF token too.
 */
import { type Context, type Middleware } from 'koa';
import { SESSION_HOURS, type Session } from '../../admin/sessions';
import { sameSecret } from '../../platform/crypto';
import { HOUR } from '../../platform/clock';
import { sendError } from '../envelope';
import { type Services } from '../services';

export const SESSION_COOKIE = 'daftar_session';
/** The same token as a field of a page's form. */
export const CSRF_FIELD = '_csrf';

const CHANGES_NOTHING = ['GET', 'HEAD', 'OPTIONS'];
const TOKEN_MAX = 256;

/** 401 UNAUTHORIZED without a session, 403 CSRF; what follows finds the session by `sessionOf`. */
export function signedIn({ sessions }: Pick<Services, 'sessions'>): Middleware {
  return async (ctx, next) => {
    ctx.set('Cache-Control', 'no-store');
    const { token, isCookie } = tokenOf(ctx);
    const session = token === null ? null : await sessions.find(token);
    if (!session) return sendError(ctx, 401, UNAUTHORIZED);
    if (isCookie && !CHANGES_NOTHING.includes(ctx.method) && !hasCsrfToken(ctx, session)) {
      return sendError(ctx, 403, CSRF);
    }
    ctx.state.session = session;
    await next();
  };
}

const UNAUTHORIZED = { code: 'UNAUTHORIZED', message: 'Silakan masuk terlebih dahulu.' };
const CSRF = { code: 'CSRF', message: 'Permintaan ini tidak berasal dari halaman kami. Muat ulang halaman.' };

export const sessionOf = (ctx: Pick<Context, 'state'>): Session => ctx.state.session as Session;

/** A bearer token that is wrong is not made good by a cookie. */
export function tokenOf(ctx: Context): { token: string | null; isCookie: boolean } {
  const header = ctx.get('Authorization');
  if (header !== '') {
    const [, bearer] = /^Bearer +(\S+)$/i.exec(header) ?? [];
    return { token: usable(bearer), isCookie: false };
  }
  return { token: usable(ctx.cookies.get(SESSION_COOKIE)), isCookie: true };
}

const usable = (token: string | undefined) => (token && token.length <= TOKEN_MAX ? token : null);

function hasCsrfToken(ctx: Context, session: Session): boolean {
  const body = ctx.request.body as Record<string, unknown> | undefined;
  const given = ctx.get('X-CSRF-Token') || body?.[CSRF_FIELD];
  return typeof given === 'string' && sameSecret(given, session.csrf_token);
}

/** Null takes the cookie away. */
export function setSessionCookie(ctx: Context, token: string | null, isSecure: boolean): void {
  // TLS ends at a proxy in front: what Koa sees of the connection says nothing about the admin's.
  ctx.cookies.secure = isSecure;
  ctx.cookies.set(SESSION_COOKIE, token, {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure: isSecure,
    overwrite: true,
    ...(token === null ? {} : { maxAge: SESSION_HOURS * HOUR }),
  });
}
