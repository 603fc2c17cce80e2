/** Is the process alive, can it work, and what has it counted. */
import type Router from '@koa/router';
import { sameSecret } from '../../platform/crypto';
import { isLoopbackClient } from '../client-address';
import { sendError } from '../envelope';
import { type Services } from '../services';

export function healthRoutes(router: Router, services: Services): void {
  const { config, unitOfWork, outbox, clock, metrics } = services;

  router.get('/health', (ctx) => {
    ctx.body = { status: 'ok' };
  });

  /** 503 only when the database cannot be used: else a balancer would cut off the webhooks. */
  router.get('/health/ready', async (ctx) => {
    const whatsapp = { state: config.whatsapp.enabled ? 'ok' : 'disabled' };
    try {
      await unitOfWork.run((tx) => tx.get('SELECT 1'));
      const queue = outbox.depth(clock.now());
      const status = whatsapp.state === 'ok' ? 'ok' : 'degraded';
      ctx.body = { status, checks: { database: 'ok', whatsapp, queue } };
    } catch {
      ctx.status = 503;
      ctx.set('Retry-After', '5');
      ctx.body = { status: 'unavailable', checks: { database: 'unavailable', whatsapp, queue: null } };
    }
  });

  router.get('/metrics', async (ctx) => {
    const [, bearer = ''] = /^Bearer (.+)$/.exec(ctx.get('Authorization')) ?? [];
    const hasToken = config.metricsToken !== null && sameSecret(bearer, config.metricsToken);
    if (!hasToken && !isLoopbackClient(ctx)) {
      return sendError(ctx, 401, { code: 'UNAUTHORIZED', message: 'Token diperlukan.' });
    }
    ctx.type = metrics.registry.contentType;
    ctx.body = await metrics.registry.metrics();
  });
}
