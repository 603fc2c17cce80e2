/** Puts a page into an answer. Nothing that types text into HTML happens anywhere but in Preact, which escapes it. */
import { createHash } from 'node:crypto';
import { type Context } from 'koa';
import { type VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** An open page looks for news every few seconds: 304 while there are none. */
export function sendPage(ctx: Context, page: VNode, status = 200): void {
  const html = `<!doctype html>${renderToString(page)}`;
  const etag = `"${createHash('sha256').update(html).digest('base64url')}"`;
  ctx.set('Cache-Control', 'no-store');
  // Without a referrer browsers would not say either that a form comes from here.
  ctx.set('Referrer-Policy', 'same-origin');
  ctx.set('ETag', etag);
  const isKnown = status === 200 && ctx.get('If-None-Match') === etag;
  ctx.status = isKnown ? 304 : status;
  if (isKnown) return;
  ctx.type = 'html';
  ctx.body = html;
}

/** After a change: to a page, by GET. */
export function seeOther(ctx: Context, url: string): void {
  ctx.set('Cache-Control', 'no-store');
  ctx.redirect(url);
  ctx.status = 303;
}
