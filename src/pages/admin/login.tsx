/** Admins log in and out by a form. */
import type Router from '@koa/router';
import { type Context } from 'koa';
import { limitAddress } from '../../http/client-address';
import { sendError } from '../../http/envelope';
import { sessionOf, setSessionCookie, tokenOf } from '../../http/middleware/admin';
import { formBody, SMALL_BODY } from '../../http/middleware/body';
import { refusalText } from '../../messages/id/refusals';
import { Document, FlashMessage } from './layout';
import { seeOther, sendPage } from './render';
import { flashOf, type Flash, type Site, typedIn } from './site';

const HOME = '/admin/registrations';
/** A page of ours; nothing that a browser could take for another site. */
const OWN_PAGE = /^\/admin(?:[/?][^\\\s]*)?$/;
const LONGEST = 1_000;

const THROTTLED = 429;

export function loginRoutes(router: Router, { services, authorised }: Site): void {
  const { config, login, sessions, isSecure } = services;

  const show = (ctx: Context, flash: Flash | null, status = 200) => {
    const { to, username } = { ...ctx.query, ...typedIn(ctx) } as Record<string, string | undefined>;
    const page = <LoginPage brand={config.brandName} flash={flash} to={ownPage(to)} username={username} />;
    sendPage(ctx, page, status);
  };

  router.get('/admin/login', async (ctx) => {
    const { token } = tokenOf(ctx);
    if (token !== null && (await sessions.find(token))) return seeOther(ctx, HOME);
    show(ctx, flashOf(ctx));
  });

  router.post('/admin/login', formBody(SMALL_BODY), async (ctx) => {
    if (!isOwnForm(ctx, config.publicUrl)) return sendError(ctx, 403, FOREIGN_FORM);
    const { username = '', password = '', to } = typedIn(ctx);
    if (username === '' || password === '' || username.length + password.length > LONGEST)
      return show(ctx, { text: 'Isi nama pengguna dan kata sandi.', isTrouble: true }, 400);
    const loggedIn = await login(username, password, limitAddress(ctx));
    if (loggedIn.ok) {
      setSessionCookie(ctx, loggedIn.token, isSecure());
      return seeOther(ctx, ownPage(to));
    }
    if (loggedIn.retry_after !== undefined) ctx.set('Retry-After', String(loggedIn.retry_after));
    const status = loggedIn.code === 'TOO_MANY_REQUESTS' ? THROTTLED : 401;
    show(ctx, { text: refusalText(loggedIn), isTrouble: true }, status);
  });

  router.post('/admin/logout', formBody(SMALL_BODY), authorised, async (ctx) => {
    await sessions.end(sessionOf(ctx));
    setSessionCookie(ctx, null, isSecure());
    seeOther(ctx, '/admin/login?done=logged_out');
  });
}

const ownPage = (to: unknown): string => (typeof to === 'string' && OWN_PAGE.test(to) ? to : HOME);

const FOREIGN_FORM = { code: 'CSRF', message: 'Permintaan ini tidak berasal dari halaman kami. Muat ulang halaman.' };

/** Another site's form must not log anyone in. Browsers say where a form comes from, old ones by `Origin` alone. */
function isOwnForm(ctx: Context, publicUrl: string | null): boolean {
  const site = ctx.get('Sec-Fetch-Site');
  if (site !== '') return site === 'same-origin' || site === 'none';
  const origin = ctx.get('Origin');
  if (origin === '') return true;
  const host = URL.canParse(origin) ? new URL(origin).host : null;
  return host !== null && (host === ctx.host || (publicUrl !== null && host === new URL(publicUrl).host));
}

function LoginPage(props: { brand: string; flash: Flash | null; to: string; username: string | undefined }) {
  const { brand, flash, to, username = '' } = props;
  return (
    <Document title="Masuk" brand={brand} class="outside">
      <main class="slip">
        <img src="/admin/assets/icon.svg" alt="" width="48" height="48" />
        <h1>{brand}</h1>
        <p class="muted">Masuk untuk memeriksa pendaftaran.</p>
        {flash && <FlashMessage flash={flash} />}
        <form method="post" action="/admin/login">
          <input type="hidden" name="to" value={to} />
          <label for="username">Nama pengguna</label>
          <input
            id="username"
            name="username"
            value={username}
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
            autofocus={flash === null}
          />
          <label for="password">Kata sandi</label>
          <input id="password" name="password" type="password" autocomplete="current-password" required />
          <button>Masuk</button>
        </form>
      </main>
    </Document>
  );
}
