/** Around every request: an id, the log line, the time taken, and one place where errors become answers. */
import { randomUUID } from 'node:crypto';
import { type Context, type Middleware } from 'koa';
import { type Logger } from '../../platform/logger';
import { type Metrics } from '../../platform/metrics';
import { StoreUnavailableError } from '../../store/errors';
import { sendError } from '../envelope';

/** Polled all the time: logged only when someone looks closely. */
const QUIET = /^\/(health|metrics|simulator)/;

/** The route's pattern, never the path: paths and queries carry secrets and phones. */
const routeOf = (ctx: Context): string => (ctx as { _matchedRoute?: string })._matchedRoute ?? 'unmatched';

export function requestLog(logger: Logger, metrics: Metrics): Middleware {
  return async (ctx, next) => {
    const request_id = randomUUID();
    ctx.state.requestId = request_id;
    ctx.set('X-Request-Id', request_id);
    const began = performance.now();
    await next();
    const duration = performance.now() - began;
    const { method, status } = ctx;
    const route = routeOf(ctx);
    metrics.httpSeconds.observe({ method, route, status }, duration / 1000);
    // 304: a page that looks for news every few seconds, and there are none.
    const isQuiet = (QUIET.test(route) && status < 500) || status === 304;
    const level = isQuiet ? 'debug' : 'info';
    logger[level]({ request_id, method, route, status, duration_ms: Math.round(duration) }, 'request');
  };
}

/** Turns what is thrown into the error envelope; what was not expected is logged and told as little as possible. */
export function errorAnswers(logger: Logger): Middleware {
  return async (ctx, next) => {
    try {
      if (!hasReadableTarget(ctx)) return sendError(ctx, 400, UNREADABLE);
      await next();
      if (ctx.status === 404 && ctx.body === undefined) {
        sendError(ctx, 404, { code: 'NOT_FOUND', message: 'Halaman atau layanan ini tidak ditemukan.' });
      } else if (ctx.status === 405 || ctx.status === 501) {
        // The router says 501 to methods it has never heard of: to us they are as any other, no fault of ours.
        sendError(ctx, 405, { code: 'METHOD_NOT_ALLOWED', message: 'Metode ini tidak didukung di sini.' });
      }
    } catch (error) {
      if (isRequestsFault(error)) return sendError(ctx, 400, UNREADABLE);
      if (error instanceof StoreUnavailableError) {
        logger.error({ reason: error.reason, alert: 'database_unavailable' }, 'the database cannot be used');
        return sendError(ctx, 503, {
          code: 'SERVICE_UNAVAILABLE',
          message: 'Layanan sedang terganggu. Silakan coba lagi sebentar lagi.',
        });
      }
      logger.error({ err: error as Error, request_id: ctx.state.requestId as string }, 'a request failed');
      sendError(ctx, 500, {
        code: 'INTERNAL_ERROR',
        message: 'Terjadi kesalahan di sistem kami. Silakan coba lagi.',
      });
    }
  };
}

const UNREADABLE = { code: 'BAD_REQUEST', message: 'Permintaan ini tidak dapat dibaca.' };

/** `GET http://[/` is valid HTTP, but no URL: whoever asks Koa for its path gets an exception. */
function hasReadableTarget(ctx: Context): boolean {
  try {
    return ctx.path !== '';
  } catch {
    return false;
  }
}

/** Koa's own parts throw errors that are meant for the client, as for a file name that cannot be decoded. */
function isRequestsFault(error: unknown): boolean {
  const { status, expose } = error as { status?: unknown; expose?: unknown };
  return expose === true && typeof status === 'number' && status >= 400 && status < 500;
}
