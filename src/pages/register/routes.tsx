/** The provider's own web form: one page, made complete by small scripts that call the public endpoints. */
import type Router from '@koa/router';
import { join } from 'node:path';
import { type Services } from '../../http/services';
import { createCalendar } from '../../platform/calendar';
import { listPackages } from '../../registration/packages';
import { sendPage } from '../admin/render';
import { serveFolder } from '../shared/assets';
import { RegisterPage } from './page';

export function registerPages(router: Router, { config, clock, reads, simulator }: Services): void {
  const calendar = createCalendar(config.timeZone);

  serveFolder(router, '/register/assets', join(__dirname, 'assets'));
  router.get('/register', (ctx) => {
    const page = (
      <RegisterPage
        brand={config.brandName}
        device={config.whatsapp.device}
        isDisabled={!config.whatsapp.enabled}
        packages={listPackages(reads)}
        today={calendar.date(clock.now())}
      />
    );
    sendPage(ctx, page);
  });
  // Outside production the front door is the simulator's.
  if (!simulator) router.get('/', (ctx) => ctx.redirect('/register'));
}
