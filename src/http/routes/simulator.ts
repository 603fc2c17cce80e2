/** The simulator's page and its small API. Outside production and for this machine only. */
import type Router from '@koa/router';
import { type RouterContext } from '@koa/router';
import { type Middleware } from 'koa';
import mount from 'koa-mount';
import serve from 'koa-static';
import { join } from 'node:path';
import { z } from 'zod';
import { phoneProblems } from '../../messages/id/fields';
import { type Simulator } from '../../pages/simulator';
import { normalisePhone } from '../../registration/phone';
import { isLoopbackClient } from '../client-address';
import { sendError, sendRefusal, sendSuccess } from '../envelope';
import { refuse } from '../../registration/refusals';
import { jsonBody, SMALL_BODY } from '../middleware/body';
import { type Services } from '../services';

const message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), text: z.string().min(1).max(10_000) }),
  z.object({ kind: z.literal('location'), latitude: z.number(), longitude: z.number() }),
  z.object({ kind: z.literal('media') }),
]);

const PAGES = join(__dirname, '../../pages/simulator');

export function simulatorRoutes(router: Router, { config }: Services, simulator: Simulator): void {
  const whatsapp_enabled = config.whatsapp.enabled;
  const assets = mount('/simulator/assets', serve(PAGES));
  const page = serve(PAGES);

  router.get('/', localOnly, (ctx) => ctx.redirect('/simulator'));
  router.get('/simulator', localOnly, async (ctx, next) => {
    ctx.path = '/index.html';
    await page(ctx, next);
  });
  router.get('/simulator/assets/:file', localOnly, assets);

  router.get('/simulator/api/chats/:phone', localOnly, (ctx) => {
    const phone = phoneOf(ctx);
    if (phone === null) return;
    ctx.set('Cache-Control', 'no-store');
    sendSuccess(ctx, { ...simulator.conversation(phone), whatsapp_enabled });
  });

  router.post('/simulator/api/chats/:phone/messages', localOnly, jsonBody(SMALL_BODY), async (ctx) => {
    const phone = phoneOf(ctx);
    if (phone === null) return;
    const given = message.safeParse(ctx.request.body);
    if (!given.success) return sendRefusal(ctx, refuse('VALIDATION_ERROR'));
    await simulator.send(phone, given.data);
    sendSuccess(ctx, { ...simulator.conversation(phone), whatsapp_enabled });
  });
}

/** The customer the page plays; null when it is no phone, which is then answered. */
function phoneOf(ctx: RouterContext): string | null {
  const phone = normalisePhone(ctx.params['phone']);
  if (phone.ok) return phone.phone;
  sendRefusal(ctx, refuse('INVALID_PHONE', { message: phoneProblems[phone.problem] }));
  return null;
}

const localOnly: Middleware = (ctx, next) => {
  if (isLoopbackClient(ctx)) return next();
  return sendError(ctx, 404, { code: 'NOT_FOUND', message: 'Halaman atau layanan ini tidak ditemukan.' });
};
