/** The proof of a phone as a cookie: for the server alone, for this site and this API. */
import { type Context } from 'koa';

const COOKIE = 'daftar_verification';

/** `secure`: whether the public side is https. */
export function keepProof(ctx: Context, token: string, expires_in: number, secure: boolean): void {
  // TLS ends at a proxy in front: what Koa sees of the connection says nothing about the customer's.
  ctx.cookies.secure = secure;
  ctx.cookies.set(COOKIE, token, {
    httpOnly: true,
    sameSite: 'lax',
    path: '/api/registrations',
    secure,
    maxAge: expires_in * 1000,
    overwrite: true,
  });
}

export const keptProof = (ctx: Context): string | undefined => ctx.cookies.get(COOKIE);
