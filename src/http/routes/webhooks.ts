/**
 * What the gateway calls. There is no signature, so a secret in the URL is the proof; without it nothing is read.
 * 200 means: the message's whole effect is on disk. Anything else makes the gateway repeat it.
 */
import type Router from '@koa/router';
import { type Context, type Middleware } from 'koa';
import { parse } from 'node:querystring';
import { sameSecret } from '../../platform/crypto';
import { parseDevice, parseStatus } from '../../delivery/fonnte-status-webhooks';
import { parseIncoming } from '../../delivery/fonnte-webhooks';
import { isLoopbackClient } from '../client-address';
import { sendError, sendSuccess } from '../envelope';
import { webhookBody } from '../middleware/body';
import { type Services } from '../services';

export function webhookRoutes(
  router: Router,
  { config, clock, inbound, delivery, unitOfWork }: Services,
): void {
  const authorised = requireToken(config.webhookTokens);

  /** The gateway probes each URL. */
  for (const kind of ['messages', 'statuses', 'devices']) {
    router.get(`/webhooks/fonnte/${kind}`, authorised, (ctx) => sendSuccess(ctx, null));
  }
  router.post('/webhooks/fonnte/messages', authorised, webhookBody(), async (ctx) => {
    const outcome = await inbound.receive(parseIncoming(ctx.request.body));
    sendSuccess(ctx, { outcome });
  });

  router.post('/webhooks/fonnte/statuses', authorised, webhookBody(), async (ctx) => {
    const event = parseStatus(ctx.request.body);
    if (event) await delivery.receipts.receive(event);
    else await inbound.receive(null);
    sendSuccess(ctx, null);
  });

  router.post('/webhooks/fonnte/devices', authorised, webhookBody(), async (ctx) => {
    const event = parseDevice(ctx.request.body);
    const isOurs = event && (event.device === null || event.device === config.whatsapp.device);
    if (!event) await inbound.receive(null);
    else if (isOurs) {
      await unitOfWork.run((tx) => delivery.circuit.onDevice(tx, event.connected, event.reason, clock.now()));
      delivery.sender.wake();
    }
    sendSuccess(ctx, null);
  });
}

/** One `token`, equal to one of ours. Without any of ours (development), only this machine may call. */
function requireToken(tokens: readonly string[]): Middleware {
  return (ctx, next) => {
    if (isAuthorised(ctx, tokens)) return next();
    return sendError(ctx, 401, { code: 'UNAUTHORIZED', message: 'Token webhook salah atau tidak ada.' });
  };
}

function isAuthorised(ctx: Context, tokens: readonly string[]): boolean {
  if (tokens.length === 0) return isLoopbackClient(ctx);
  // Not `ctx.query`, which takes several microseconds, at every turn.
  const { token } = parse(ctx.querystring);
  return typeof token === 'string' && tokens.map((known) => sameSecret(token, known)).includes(true);
}
