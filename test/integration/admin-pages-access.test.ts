/** Who gets to see the admins' pages, and whose forms are taken. */
import { ADMIN, addRegistration, addTestAdmin, adminOf } from '../support/admin';
import { goesTo, pagesOf, postForm } from '../support/admin-pages';
import { rows, startDaftar, type Daftar } from '../support/daftar';

let daftar: Daftar;

beforeEach(async () => {
  daftar = await startDaftar({ env: { BRAND_NAME: 'Nusantara Net' } });
});
afterEach(() => daftar.close());

const logIn = (fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  postForm(daftar, '/admin/login', { ...ADMIN, ...fields }, headers);

const PAGES = [
  '/admin/registrations',
  '/admin/registrations/1',
  '/admin/dashboard',
  '/admin/failures',
  '/admin/packages',
  '/admin/packages/new',
  '/admin/packages/1',
];
const FORMS = [
  '/admin/logout',
  '/admin/registrations/1/decision',
  '/admin/registrations/1/id-card-number',
  '/admin/registrations/1/id-card-photo',
  '/admin/failures/messages/1/retry',
  '/admin/failures/inbound/1/retry',
  '/admin/packages',
  '/admin/packages/1',
  '/admin/packages/1/active',
];

describe('without a session', () => {
  test.each(PAGES)('%s leads to the login, and from there back', async (path) => {
    const answer = await daftar.get(path);
    expect(goesTo(answer)).toEqual([303, `/admin/login?to=${encodeURIComponent(path)}`]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(JSON.stringify(answer.body)).not.toContain('<');

    await addTestAdmin(daftar);
    const login = (await daftar.get(answer.headers.get('location')!)).body as string;
    expect(login).toContain(`name="to" value="${path}"`);
    expect(goesTo(await logIn({ to: path }))).toEqual([303, path]);
  });

  test.each(FORMS)('a form sent to %s changes nothing and leads to the login', async (path) => {
    await addRegistration(daftar);
    expect(goesTo(await postForm(daftar, path, { status: 'verified' }))).toEqual([303, '/admin/login']);
    expect(rows(daftar.service, 'SELECT DISTINCT version FROM registrations')).toEqual([{ version: 1 }]);
    expect(rows(daftar.service, 'SELECT * FROM events')).toEqual([]);
  });

  test('styles, scripts and the sign are there, Pico from our own server', async () => {
    for (const file of ['theme.css', 'admin.js', 'refresh.js', 'icon.svg', 'pico/pico.jade.min.css']) {
      expect((await daftar.get(`/admin/assets/${file}`)).status).toBe(200);
    }
    for (const file of ['nothing.css', '..%2flayout.tsx', 'pico/..%2f..%2fpackage.json']) {
      expect((await daftar.get(`/admin/assets/${file}`)).status).toBeGreaterThanOrEqual(400);
    }
  });
});

describe('the login', () => {
  beforeEach(() => addTestAdmin(daftar));

  test('gives the session of the API', async () => {
    const answer = await logIn();
    expect(goesTo(answer)).toEqual([303, '/admin/registrations']);
    const cookie = answer.headers.get('set-cookie')!;
    expect(cookie).toMatch(/^daftar_session=[\w-]{43}; path=\/; expires=.+; samesite=lax; httponly$/);
    const session = cookie.split(';')[0]!;
    expect((await daftar.get('/api/auth/session', { cookie: session })).status).toBe(200);
    expect(goesTo(await daftar.get('/admin/login', { cookie: session }))).toEqual([
      303,
      '/admin/registrations',
    ]);
  });

  test.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/admin\\..\\evil',
    '/adminevil',
    '/simulator',
    'javascript:alert(1)',
    '/admin/\nevil',
  ])('never leads to %p', async (to) => {
    expect(goesTo(await logIn({ to }))).toEqual([303, '/admin/registrations']);
  });

  test('says the same of a wrong name and a wrong password, and keeps the name that was typed', async () => {
    for (const fields of [{ password: 'salah' }, { username: 'hantu' }] as Record<string, string>[]) {
      const answer = await logIn(fields);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(answer.body).toContain('Nama pengguna atau kata sandi salah.');
      expect(answer.body).toContain(`value="${{ ...ADMIN, ...fields }.username}"`);
      expect(answer.body).not.toContain(ADMIN.password);
    }
    expect((await logIn({ password: '' })).status).toBe(400);
  });

  test('says how long to wait after five wrong ones', async () => {
    for (let n = 1; n <= 5; n += 1) await logIn({ password: 'salah' });
    const answer = await logIn();
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('900');
    expect(answer.body).toContain('Silakan coba lagi dalam 15 menit.');
  });

  test.each<[string, Record<string, string>, number]>([
    ['another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a neighbour below the same domain', { 'sec-fetch-site': 'same-site' }, 403],
    ['our own page', { 'sec-fetch-site': 'same-origin' }, 303],
    ['another site, in an old browser', { origin: 'https://evil.example' }, 403],
    ['nowhere, in an old browser', { origin: 'null' }, 403],
  ])('takes a form of %s as it should', async (_whose, headers, status) => {
    expect((await logIn({}, headers)).status).toBe(status);
  });

  test('takes a form of our own page in an old browser', async () => {
    expect((await logIn({}, { origin: daftar.url })).status).toBe(303);
  });

  test('ends with the logout', async () => {
    const pages = await pagesOf(daftar);
    expect(goesTo(await pages.post('/admin/logout'))).toEqual([303, '/admin/login?done=logged_out']);
    expect((await pages.get('/admin/registrations')).status).toBe(303);
    expect((await daftar.get('/admin/login?done=logged_out')).body).toContain('Anda telah keluar.');
  });
});

describe('a form of a logged-in admin', () => {
  test.each(FORMS)('sent to %s without the CSRF token is refused by a page', async (path) => {
    const id = await addRegistration(daftar);
    const pages = await pagesOf(daftar);
    const colleague = await adminOf(daftar, 'tono');
    for (const _csrf of ['', 'x', colleague.csrf_token]) {
      const answer = await pages.post(path.replace('/1', `/${id}`), { _csrf, status: 'verified' });
      expect(answer.status).toBe(403);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.body).toContain('tidak berasal dari halaman kami');
    }
    expect(rows(daftar.service, 'SELECT version FROM registrations')).toEqual([{ version: 1 }]);
    expect((await pages.get('/admin/registrations')).status).toBe(200);
  });
});

describe('every page', () => {
  test.each(['/admin/login', ...PAGES])('%s is kept by nobody and runs nothing but our own', async (path) => {
    await addRegistration(daftar);
    const pages = await pagesOf(daftar);
    const answer = path === '/admin/login' ? await daftar.get(path) : await pages.get(path);
    const { status, headers } = answer;
    const body = answer.body as string;
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(body).not.toMatch(/<script(?![^>]* src="\/admin)|<style| style="| on[a-z]+="|javascript:/i);
    expect(body).toContain('Nusantara Net');
  });

  test('that is not there is said by a page too', async () => {
    const pages = await pagesOf(daftar);
    for (const path of [
      '/admin/nothing',
      '/admin/registrations/99',
      '/admin/registrations/x',
      '/admin/packages/99',
    ]) {
      const { status, body } = await pages.get(path);
      expect(status).toBe(404);
      expect(body).toContain('Kembali ke daftar pendaftaran');
    }
  });

  test('is not sent again while it has not changed', async () => {
    const pages = await pagesOf(daftar);
    const { headers } = await pages.get('/admin/registrations');
    const known = { 'if-none-match': headers.get('etag')! };
    expect((await pages.get('/admin/registrations', known)).status).toBe(304);
    await addRegistration(daftar);
    expect((await pages.get('/admin/registrations', known)).status).toBe(200);
  });
});
