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
  const { reads, inboundFailures } = services;
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
    const isQueued = await retryMessage(services, id, sessionOf(ctx).admin.id);
    if (!isQueued) return sendRefusal(ctx, refuse('NOT_RETRYABLE'));
    sendSuccess(ctx, { id }, { message: adminTexts.queuedAgain });
  });

  router.post('/api/failures/inbound/:id/retry', idOnly, authorised, async (ctx) => {
    const id = idOf(ctx);
    const outcome = await retryInbound(services, id, sessionOf(ctx).admin.id);
    if (outcome === null) return sendRefusal(ctx, refuse('NOT_RETRYABLE'));
    sendSuccess(ctx, { id, outcome }, { message: adminTexts.handledAgain });
  });
}

/** Into the queue again, and into the log; false when it cannot be. */
export async function retryMessage(
  { unitOfWork, clock, delivery }: Services,
  id: number,
  admin_id: number,
): Promise<boolean> {
  const message = await unitOfWork.run((tx) => {
    const now = clock.now();
    const found = retryUnsent(tx, id, now);
    if (!found) return null;
    const { registration_id } = found;
    recordEvent(tx, {
      type: 'message_retried',
      at: now,
      actor: `admin:${admin_id}`,
      registration_id,
      details: { message_id: id },
    });
    return found;
  });
  if (message) delivery.sender.wake();
  return message !== null;
}

/** Handled once more, and logged; null when it cannot be. */
export async function retryInbound({ unitOfWork, clock, inboundFailures }: Services, id: number, admin_id: number) {
  const outcome = await inboundFailures.retry(id);
  if (outcome === null) return null;
  await unitOfWork.run((tx) =>
    recordEvent(tx, {
      type: 'inbound_retried',
      at: clock.now(),
      actor: `admin:${admin_id}`,
      details: { inbound_id: id },
    }),
  );
  return outcome;
}
