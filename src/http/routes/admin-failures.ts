/** What went wrong, for admins: messages that were given up, messages that our own code could not handle. */
import type Router from '@koa/router';
import { listUnsent, retryUnsent } from '../../delivery/unsent';
import { adminTexts } from '../../messages/id/admin';
import { recordEvent } from '../../registration/events';
import { refuse } from '../../registration/refusals';
import { isoTime, sendRefusal, sendSuccess } from '../envelope';
import { sessionOf, signedIn } from '../middleware/admin';
import { type Services } from '../services';
import { idOf, idOnly } from './admin-registrations';

const SHOWN = 100;

export function adminFailureRoutes(router: Router, services: Services): void {
  const { reads, unitOfWork, clock, inboundFailures, delivery } = services;
  const authorised = signedIn(services);

  router.get('/api/failures', authorised, (ctx) => {
    const messages = listUnsent(reads, SHOWN).map(({ created_at, updated_at, ...row }) => ({
      ...row,
      created_at: isoTime(created_at),
      updated_at: isoTime(updated_at),
    }));
    const inbound = inboundFailures
      .list(SHOWN)
      .map(({ received_at, ...row }) => ({ ...row, received_at: isoTime(received_at) }));
    sendSuccess(ctx, { messages, inbound });
  });

  router.post('/api/failures/messages/:id/retry', idOnly, authorised, async (ctx) => {
    const id = idOf(ctx);
    const isQueued = await unitOfWork.run((tx) => {
      const now = clock.now();
      const message = retryUnsent(tx, id, now);
      if (!message) return false;
      const { registration_id } = message;
      const actor = `admin:${sessionOf(ctx).admin.id}` as const;
      recordEvent(tx, {
        type: 'message_retried',
        at: now,
        actor,
        registration_id,
        details: { message_id: id },
      });
      return true;
    });
    if (!isQueued) return sendRefusal(ctx, refuse('NOT_RETRYABLE'));
    delivery.sender.wake();
    sendSuccess(ctx, { id }, { message: adminTexts.queuedAgain });
  });

  router.post('/api/failures/inbound/:id/retry', idOnly, authorised, async (ctx) => {
    const id = idOf(ctx);
    const outcome = await inboundFailures.retry(id);
    if (outcome === null) return sendRefusal(ctx, refuse('NOT_RETRYABLE'));
    const actor = `admin:${sessionOf(ctx).admin.id}` as const;
    await unitOfWork.run((tx) =>
      recordEvent(tx, { type: 'inbound_retried', at: clock.now(), actor, details: { inbound_id: id } }),
    );
    sendSuccess(ctx, { id, outcome }, { message: adminTexts.handledAgain });
  });
}
