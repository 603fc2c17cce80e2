/** Is the process alive, can it work, and what has it counted. */
import type Router from '@koa/router';
import { sameSecret } from '../../platform/crypto';
import { isLoopbackClient } from '../client-address';
import { sendError } from '../envelope';
import { type Services } from '../services';

export function healthRoutes(router: Router, services: Services): void {
  const { config, checkWritable, reads, delivery, clock, metrics } = services;

  router.get('/health', (ctx) => {
    ctx.body = { status: 'ok' };
  });

  /** 503 only when the database cannot be used: else a balancer would cut off the webhooks. */
  router.get('/health/ready', async (ctx) => {
    try {
      await checkWritable();
      const whatsapp = whatsappState(services);
      const queue = delivery.outbox.depth(clock.now());
      const isWell = whatsapp.state === 'ok' && delivery.alerts.open(reads).length === 0;
      const status = isWell ? 'ok' : 'degraded';
      ctx.body = { status, checks: { database: 'ok', whatsapp, queue } };
    } catch {
      ctx.status = 503;
      ctx.set('Retry-After', '5');
      ctx.body = {
        status: 'unavailable',
        checks: { database: 'unavailable', whatsapp: { state: 'unknown' }, queue: null },
      };
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

/** Whether messages go out, and if not, why. */
export function whatsappState({ config, delivery, reads }: Services): {
  state: 'ok' | 'disabled' | 'paused';
  reason?: string;
} {
  if (!config.whatsapp.enabled) return { state: 'disabled' };
  const { open, reason } = delivery.circuit.state(reads);
  return open ? { state: 'paused', reason: reason ?? 'unknown' } : { state: 'ok' };
}
