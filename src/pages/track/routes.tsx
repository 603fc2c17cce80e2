/** Customers follow their registration by its number; complete without scripts. It asks what the API asks. */
import type Router from '@koa/router';
import { type Context } from 'koa';
import { limitAddress } from '../../http/client-address';
import { formBody, SMALL_BODY } from '../../http/middleware/body';
import { type Services } from '../../http/services';
import { refusalText } from '../../messages/id/refusals';
import { createCalendar } from '../../platform/calendar';
import { seeOther, sendPage } from '../admin/render';
import { serveFolder } from '../shared/assets';
import { join } from 'node:path';
import { LookUpPage, StatusPage } from './page';

/** Longer is no registration number of ours. */
const LONGEST_NUMBER = 40;

export function trackPages(router: Router, services: Services): void {
  const { config, publicStatus } = services;
  const calendar = createCalendar(config.timeZone);
  const frame = { brand: config.brandName, device: config.whatsapp.device, calendar };

  serveFolder(router, '/track/assets', join(__dirname, 'assets'));

  router.get('/track', (ctx) => {
    const { number } = ctx.query;
    const asked = typeof number === 'string' ? asNumber(number) : '';
    if (asked !== '') return seeOther(ctx, `/track/${encodeURIComponent(asked)}`);
    sendPage(ctx, <LookUpPage {...frame} />);
  });
  router.get('/track/:registration_number', (ctx) => show(ctx, null));
  // By POST, so that the digits stand in no address and no history.
  router.post('/track/:registration_number', formBody(SMALL_BODY), (ctx) => {
    const { phone_last4 } = (ctx.request.body ?? {}) as Record<string, unknown>;
    const last4 = typeof phone_last4 === 'string' ? phone_last4.trim() : '';
    return show(ctx, last4);
  });

  async function show(ctx: Context, last4: string | null): Promise<void> {
    ctx.set('X-Robots-Tag', 'noindex');
    const number = asNumber(String((ctx.params as Record<string, string>)['registration_number']));
    const isMistyped = last4 !== null && !/^\d{4}$/.test(last4);
    const found = await publicStatus(number, isMistyped ? null : last4, limitAddress(ctx));
    if (found.ok) {
      const problem = problemOf(last4, isMistyped, found.details !== null);
      return sendPage(ctx, <StatusPage {...frame} found={found} problem={problem} />, problem ? 400 : 200);
    }
    if (found.retry_after !== undefined) ctx.set('Retry-After', String(found.retry_after));
    const message = refusalText(found);
    if (found.code === 'NOT_FOUND')
      return sendPage(ctx, <LookUpPage {...frame} number={number} problem={message} />, 404);
    // What everyone may see is still shown.
    const open = await publicStatus(number, null, limitAddress(ctx));
    const page = open.ok ? (
      <StatusPage {...frame} found={open} problem={message} />
    ) : (
      <LookUpPage {...frame} number={number} problem={message} />
    );
    sendPage(ctx, page, 429);
  }
}

const asNumber = (typed: string): string => typed.trim().toUpperCase().slice(0, LONGEST_NUMBER);

function problemOf(last4: string | null, isMistyped: boolean, isProven: boolean): string | null {
  if (last4 === null || isProven) return null;
  return isMistyped
    ? 'Tulis 4 angka terakhir nomor WhatsApp Anda.'
    : 'Angka itu tidak cocok. Periksa lagi nomornya.';
}
