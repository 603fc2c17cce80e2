/** Where a customers' page cannot be shown, people read a sentence on a page, not JSON. */
import { type Middleware } from 'koa';
import { type ErrorBody } from '../../http/envelope';
import { sendPage } from '../admin/render';
import { Document } from './document';

/** Of the URL as it came: there are some whose path cannot even be read. */
const PAGES = /^\/(register|track)([/?]|$)/;

/** Around everything that answers with the JSON error envelope. */
export function toCustomerPages(brand: string): Middleware {
  return async (ctx, next) => {
    await next();
    const body = ctx.body as { success?: unknown } | null | undefined;
    if (!PAGES.test(ctx.url) || ctx.status < 400 || body?.success !== false) return;
    sendPage(ctx, <Trouble brand={brand} message={(body as ErrorBody).message} />, ctx.status);
  };
}

const Trouble = ({ brand, message }: { brand: string; message: string }) => (
  <Document title="Tidak dapat ditampilkan" brand={brand} class="plain" styles={[]}>
    <main id="main" class="container narrow">
      <div class="card">
        <h1>Tidak dapat ditampilkan</h1>
        <p>{message}</p>
        <p>
          <a href="/register">Ke halaman pendaftaran</a>
        </p>
      </div>
    </main>
  </Document>
);
