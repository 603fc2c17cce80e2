/** Reads request bodies within their limits. Webhooks are forgiven what the web form is told to mend. */
import { type Context, type Middleware } from 'koa';
import koaBody from 'koa-body';
import { sendError } from '../envelope';

const KB = 1024;
export const SMALL_BODY = 64 * KB;
/** A form with an ID-card photo: 5 MB of image are 6.7 MB of base64. */
export const LARGE_BODY = 8 * KB * KB;

class BodyError extends Error {
  constructor(readonly status: number) {
    super('unreadable body');
  }
}

const onError = (error: Error): never => {
  throw new BodyError((error as { status?: number }).status ?? 400);
};

const ERRORS: Record<number, { code: string; message: string }> = {
  400: { code: 'INVALID_JSON', message: 'Isi permintaan bukan JSON yang benar. Kirim satu objek JSON.' },
  413: { code: 'PAYLOAD_TOO_LARGE', message: 'Data yang dikirim terlalu besar.' },
  415: { code: 'UNSUPPORTED_MEDIA_TYPE', message: 'Kirim data sebagai application/json.' },
};

/** A JSON object in `ctx.request.body`; else 400 INVALID_JSON, 413 or 415. */
export function jsonBody(limit: number): Middleware {
  // Not strict: strictly, koa-body makes an empty object of an empty body.
  const parse = koaBody({ jsonLimit: limit, jsonStrict: false, urlencoded: false, text: false, onError });
  return async (ctx, next) => {
    const status = await readJson(ctx, parse);
    if (status === null) await next();
    else sendError(ctx, status, ERRORS[status] ?? ERRORS[400]!);
  };
}

async function readJson(ctx: Context, parse: Middleware): Promise<number | null> {
  if (ctx.request.type.trim().toLowerCase() !== 'application/json') return 415;
  try {
    await parse(ctx, () => Promise.resolve());
  } catch (error) {
    if (error instanceof BodyError) return error.status;
    throw error;
  }
  const { body } = ctx.request;
  return body === null || typeof body !== 'object' || Array.isArray(body) ? 400 : null;
}

/** The fields of a page's form in `ctx.request.body`; else 413 or 415. */
export function formBody(limit: number): Middleware {
  const parse = koaBody({ formLimit: limit, json: false, text: false, onError });
  return async (ctx, next) => {
    const error = await readForm(ctx, parse);
    if (error === null) await next();
    else sendError(ctx, error, ERRORS[error] ?? ERRORS[400]!);
  };
}

async function readForm(ctx: Context, parse: Middleware): Promise<number | null> {
  if (!ctx.is('application/x-www-form-urlencoded')) return 415;
  try {
    await parse(ctx, () => Promise.resolve());
    return null;
  } catch (error) {
    if (error instanceof BodyError) return error.status;
    throw error;
  }
}

/** Whatever the gateway sent, as JSON or form fields; `undefined` when it cannot be read. Too large: 413. */
export function webhookBody(): Middleware {
  const parse = koaBody({ jsonLimit: SMALL_BODY, formLimit: SMALL_BODY, text: false, onError });
  return async (ctx, next) => {
    try {
      await parse(ctx, () => Promise.resolve());
    } catch (error) {
      if (!(error instanceof BodyError)) throw error;
      if (error.status === 413) return sendError(ctx, 413, ERRORS[413]!);
      ctx.request.body = undefined;
    }
    await next();
  };
}
