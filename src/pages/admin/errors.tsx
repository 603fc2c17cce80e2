/** Where an admins' page cannot be shown, people get a page too: the login, or a sentence and the way back. */
import { type Context, type Middleware } from 'koa';
import { type ErrorBody } from '../../http/envelope';
import { Document } from './layout';
import { seeOther, sendPage } from './render';

/** Of the URL as it came: there are some whose path cannot even be read. */
const PAGES = /^\/admin([/?]|$)/;

/** Around everything that answers with the JSON error envelope. */
export function toPages(brand: string): Middleware {
  return async (ctx, next) => {
    await next();
    const error = PAGES.test(ctx.url) ? errorOf(ctx) : null;
    if (!error) return;
    if (ctx.status === 401) return seeOther(ctx, loginFor(ctx));
    sendPage(ctx, <Trouble brand={brand} message={error.message} />, ctx.status);
  };
}

function errorOf(ctx: Context): ErrorBody | null {
  const body = ctx.body as { success?: unknown } | null | undefined;
  return ctx.status >= 400 && body?.success === false ? (ctx.body as ErrorBody) : null;
}

/** A page that was asked for is shown after the login; a change that was not made is not repeated. */
function loginFor(ctx: Context): string {
  const isPage = ctx.method === 'GET' && ctx.path !== '/admin';
  return isPage ? `/admin/login?to=${encodeURIComponent(ctx.url)}` : '/admin/login';
}

const Trouble = ({ brand, message }: { brand: string; message: string }) => (
  <Document title="Tidak dapat ditampilkan" brand={brand} class="outside">
    <main class="slip">
      <h1>Tidak dapat ditampilkan</h1>
      <p>{message}</p>
      <p>
        <a href="/admin/registrations">Kembali ke daftar pendaftaran</a>
      </p>
    </main>
  </Document>
);
