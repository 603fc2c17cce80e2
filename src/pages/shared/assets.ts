/** What customers' pages share: the theme, the icon, Pico, and the library that draws QR codes in the browser. */
import type Router from '@koa/router';
import mount from 'koa-mount';
import serve from 'koa-static';
import { dirname, join } from 'node:path';

export function sharedAssets(router: Router): void {
  serveFolder(router, '/assets', join(__dirname, 'assets'));
  serveFolder(router, '/assets/pico', dirname(require.resolve('@picocss/pico/css/pico.jade.min.css')));
  serveFolder(router, '/assets/uqr', dirname(require.resolve('uqr')));
}

/** The files of one folder, not of those inside it. */
export function serveFolder(router: Router, url: string, folder: string): void {
  router.get(`${url}/:file`, mount(url, serve(folder)));
}
