/** The admins' pages: server-rendered, complete without scripts. They call what the API calls. */
import type Router from '@koa/router';
import mount from 'koa-mount';
import serve from 'koa-static';
import { dirname, join } from 'node:path';
import { type Services } from '../../http/services';
import { dashboardRoutes } from './dashboard';
import { failureRoutes } from './failures';
import { loginRoutes } from './login';
import { packageRoutes } from './packages';
import { registrationRoutes } from './registrations';
import { createSite } from './site';

export { toPages } from './errors';

const ASSETS = '/admin/assets';

export function adminPages(router: Router, services: Services): void {
  router.get(`${ASSETS}/:file`, mount(ASSETS, serve(join(__dirname, 'assets'))));
  const pico = dirname(require.resolve('@picocss/pico/css/pico.jade.min.css'));
  router.get(`${ASSETS}/pico/:file`, mount(`${ASSETS}/pico`, serve(pico)));

  const site = createSite(services);
  loginRoutes(router, site);
  registrationRoutes(router, site);
  dashboardRoutes(router, site);
  failureRoutes(router, site);
  packageRoutes(router, site);
}
