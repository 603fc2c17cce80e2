/** Logging in and staying in: who gets a session, how long it lasts, and what a guesser meets. */
import { HOUR, MINUTE } from '../../src/platform/clock';
import { setDisabled, setPassword } from '../../src/admin/accounts';
import { ADMIN, addTestAdmin, adminOf, LOGIN } from '../support/admin';
import { rows, startDaftar, type Daftar } from '../support/daftar';
import { moreDaftars } from '../support/web-form';

let daftar: Daftar;
const another = moreDaftars();

beforeEach(async () => {
  daftar = await startDaftar({ env: { TRUST_PROXY: '1' } });
});
afterEach(() => daftar.close());

type Headers = Record<string, string>;
const from = (address: string): Headers => ({ 'x-forwarded-for': address });
const login = (username: string, password: string, headers?: Headers) =>
  daftar.post(LOGIN, { username, password }, headers);
const loginWrongly = (username = ADMIN.username, headers?: Headers) =>
  login(username, 'salah semua', headers);
const SESSION = '/api/auth/session';
const withToken = (token: string) => daftar.get(SESSION, { authorization: `Bearer ${token}` });
const withCookie = (cookie: string) => daftar.get(SESSION, { cookie });
const cookieOf = (headers: globalThis.Headers) => headers.get('set-cookie')!.split(';')[0]!;

describe('logging in', () => {
  test('gives a token and a cookie that scripts cannot read and other sites do not send along', async () => {
    await addTestAdmin(daftar);
    const answer = await login(ADMIN.username, ADMIN.password);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      success: true,
      message: 'Anda berhasil masuk.',
      data: {
        token: expect.stringMatching(/^[\w-]{43}$/) as string,
        csrf_token: expect.stringMatching(/^[\w-]{43}$/) as string,
        username: ADMIN.username,
      },
    });
    const { token, csrf_token } = (answer.body as { data: { token: string; csrf_token: string } }).data;
    expect(answer.headers.get('set-cookie')).toMatch(
      new RegExp(`^daftar_session=${token}; path=/; expires=.+; samesite=lax; httponly$`),
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect((await withToken(token)).body).toMatchObject({ data: { username: ADMIN.username, csrf_token } });
    expect((await withCookie(cookieOf(answer.headers))).status).toBe(200);
    expect(csrf_token).not.toBe(token);
  });

  test('makes the cookie Secure where the public side is https', async () => {
    const secure = await another({ env: { PUBLIC_URL: 'https://daftar.example.net' } });
    await addTestAdmin(secure);
    const { headers } = await secure.post(LOGIN, ADMIN);
    expect(headers.get('set-cookie')).toMatch(/; secure; httponly$/);
  });

  test('leaves neither token nor password in the database or the log', async () => {
    const { token } = await adminOf(daftar);
    await daftar.settle();
    const stored = JSON.stringify([
      rows(daftar.service, 'SELECT * FROM admin_sessions'),
      rows(daftar.service, 'SELECT * FROM admins'),
      rows(daftar.service, 'SELECT * FROM throttle_hits'),
    ]);
    for (const secret of [token, ADMIN.password]) {
      expect(stored).not.toContain(secret);
      expect(daftar.logs.join('')).not.toContain(secret);
    }
  });

  test('makes a new session each time: a cookie planted before is worth nothing after', async () => {
    const first = await adminOf(daftar);
    const planted = 'daftar_session=planted-by-somebody-else';
    const again = await daftar.post(LOGIN, ADMIN, { cookie: planted });
    const { token } = (again.body as { data: { token: string } }).data;
    expect(cookieOf(again.headers)).toBe(`daftar_session=${token}`);
    expect(token).not.toBe(first.token);
    expect((await withCookie(planted)).status).toBe(401);
    expect((await withToken(first.token)).status).toBe(200);
  });

  test.each([
    ['a wrong password', ADMIN.username, 'salah semua'],
    ['a name that nobody has', 'hantu', ADMIN.password],
    ['another case of the name', ADMIN.username.toUpperCase(), ADMIN.password],
  ])('with %s is refused in the same words', async (_what, username, password) => {
    await addTestAdmin(daftar);
    const answer = await login(username, password);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.body).toEqual({
      success: false,
      code: 'LOGIN_FAILED',
      message: 'Nama pengguna atau kata sandi salah.',
    });
  });

  test('tries a password as costly for a name that nobody has', async () => {
    const began = performance.now();
    await login('hantu', 'apa saja');
    // No machine does what a stored password asks for in less; a refusal without it takes a few milliseconds.
    expect(performance.now() - began).toBeGreaterThan(50);
  });

  test.each([
    ['nothing', {}],
    ['no password', { username: 'sari' }],
    ['numbers', { username: 1, password: 2 }],
    ['an empty name', { username: '', password: 'x' }],
    ['a password of a megabyte', { username: 'sari', password: 'x'.repeat(50_000) }],
  ])('with %s is a mistake in the form', async (_what, body) => {
    const answer = await daftar.post(LOGIN, body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ success: false, code: 'VALIDATION_ERROR' });
  });

  test('is not for forms of other sites', async () => {
    await addTestAdmin(daftar);
    const { status } = await daftar.request('POST', LOGIN, { body: new URLSearchParams(ADMIN) });
    expect(status).toBe(415);
  });
});

describe('a session', () => {
  test('ends after 30 minutes without use, and lives on while it is used', async () => {
    const { token } = await adminOf(daftar);
    for (let minutes = 0; minutes < 90; minutes += 29) {
      daftar.clock.advance(29 * MINUTE);
      expect((await withToken(token)).status).toBe(200);
    }
    daftar.clock.advance(30 * MINUTE);
    expect((await withToken(token)).status).toBe(401);
  });

  test('ends after 12 hours, however much it is used', async () => {
    const { token } = await adminOf(daftar);
    for (let minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
      daftar.clock.advance(20 * MINUTE);
      expect((await withToken(token)).status).toBe(200);
    }
    daftar.clock.advance(20 * MINUTE);
    expect((await withToken(token)).status).toBe(401);
  });

  test('is written to disk at most once a minute', async () => {
    const { token } = await adminOf(daftar);
    const seen = () =>
      rows<{ at: number }>(daftar.service, 'SELECT last_seen_at AS at FROM admin_sessions')[0]!.at;
    const began = seen();
    daftar.clock.advance(MINUTE - 1);
    await withToken(token);
    expect(seen()).toBe(began);
    daftar.clock.advance(1);
    await withToken(token);
    expect(seen()).toBe(began + MINUTE);
  });

  test('ends with the logout, and its row is gone', async () => {
    const admin = await adminOf(daftar);
    const answer = await admin.post('/api/auth/logout');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toMatch(/^daftar_session=; path=\/; expires=Thu, 01 Jan 1970/);
    expect((await withToken(admin.token)).status).toBe(401);
    expect(rows(daftar.service, 'SELECT * FROM admin_sessions')).toEqual([]);
  });

  test.each<[string, (tx: Parameters<typeof setPassword>[0]) => void]>([
    ['another password', (tx) => setPassword(tx, 1, 'scrypt$…')],
    ['being disabled', (tx) => setDisabled(tx, 1, 1)],
  ])('ends with %s; a colleague’s goes on', async (_what, change) => {
    const admin = await adminOf(daftar);
    const colleague = await adminOf(daftar, 'tono');
    await daftar.service.database.unitOfWork.run(change);
    expect((await withToken(admin.token)).status).toBe(401);
    expect((await withToken(colleague.token)).status).toBe(200);
    expect((await login(ADMIN.username, ADMIN.password)).status).toBe(401);
  });

  test('that has ended is swept away by the next login', async () => {
    await adminOf(daftar);
    daftar.clock.advance(12 * HOUR);
    await adminOf(daftar);
    expect(rows(daftar.service, 'SELECT * FROM admin_sessions')).toHaveLength(1);
  });

  test('is still good after APP_SECRET was changed, while the old one is named', async () => {
    const { token } = await adminOf(daftar);
    const { directory, clock } = daftar;
    const env = {
      APP_SECRET: 'a-new-secret-a-new-secret-a-new-secret-1',
      APP_SECRET_PREVIOUS: 'test-app-secret-test-app-secret-0123456789',
    };
    const renewed = await another({ directory, clock, env });
    expect((await renewed.get(SESSION, { authorization: `Bearer ${token}` })).status).toBe(200);
  });
});

describe('without a session', () => {
  const paths: [string, string][] = [
    ['GET', '/api/auth/session'],
    ['POST', '/api/auth/logout'],
    ['GET', '/api/registrations'],
    ['GET', '/api/registrations/stats'],
    ['GET', '/api/registrations/export.csv'],
    ['GET', '/api/registrations/1'],
    ['PUT', '/api/registrations/1/status'],
    ['GET', '/api/registrations/1/id-card-number'],
    ['GET', '/api/registrations/1/id-card-photo'],
    ['GET', '/api/stats/codes'],
    ['GET', '/api/admin/packages'],
    ['POST', '/api/admin/packages'],
    ['PUT', '/api/admin/packages/1'],
    ['GET', '/api/failures'],
    ['POST', '/api/failures/messages/1/retry'],
    ['POST', '/api/failures/inbound/1/retry'],
  ];

  test.each(paths)('%s %s is 401', async (method, path) => {
    for (const headers of [
      {},
      { authorization: 'Bearer nonsense' },
      { authorization: 'Bearer ' + 'x'.repeat(5_000) },
      { authorization: 'Basic c2FyaTp4' },
      { cookie: 'daftar_session=nonsense' },
    ]) {
      const answer = await daftar.request(method, path, { headers: headers as Headers });
      expect(answer.status).toBe(401);
      expect(answer.body).toMatchObject({ success: false, code: 'UNAUTHORIZED' });
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
  });
});

describe('a change that relies on the cookie', () => {
  const logout = (headers: Headers) => daftar.post('/api/auth/logout', {}, headers);

  test('needs the session’s CSRF token', async () => {
    const admin = await adminOf(daftar);
    const colleague = await adminOf(daftar, 'tono');
    const cookie = `daftar_session=${admin.token}`;
    for (const token of ['', 'x', colleague.csrf_token, admin.token]) {
      const answer = await logout({ cookie, 'x-csrf-token': token });
      expect(answer.status).toBe(403);
      expect(answer.body).toMatchObject({ success: false, code: 'CSRF' });
    }
    expect((await logout({ cookie, 'x-csrf-token': admin.csrf_token })).status).toBe(200);
  });

  test('is not what a bearer token is: nobody’s browser sends that by itself', async () => {
    const admin = await adminOf(daftar);
    expect((await logout(admin.bearer)).status).toBe(200);
  });

  test('is not saved by a bearer token that is wrong', async () => {
    const admin = await adminOf(daftar);
    const cookie = `daftar_session=${admin.token}`;
    const headers = { cookie, authorization: 'Bearer wrong', 'x-csrf-token': admin.csrf_token };
    expect((await logout(headers)).status).toBe(401);
  });
});

describe('whoever guesses', () => {
  const gist = ({ status, headers }: { status: number; headers: globalThis.Headers }) => [
    status,
    headers.get('retry-after'),
  ];

  test('has five tries for a name, then waits 15 minutes, with the right password too', async () => {
    await addTestAdmin(daftar);
    for (let n = 1; n <= 5; n++) expect((await loginWrongly()).status).toBe(401);
    expect(gist(await loginWrongly())).toEqual([429, '900']);
    daftar.clock.advance(5 * MINUTE);
    const answer = await login(ADMIN.username, ADMIN.password);
    expect(gist(answer)).toEqual([429, '600']);
    expect(answer.body).toMatchObject({ success: false, code: 'TOO_MANY_REQUESTS' });
    daftar.clock.advance(10 * MINUTE);
    expect((await login(ADMIN.username, ADMIN.password)).status).toBe(200);
  });

  test('does not lock the name for anyone at another address', async () => {
    await addTestAdmin(daftar);
    for (let n = 1; n <= 6; n++) await loginWrongly(ADMIN.username, from('198.51.100.1'));
    expect((await login(ADMIN.username, ADMIN.password, from('198.51.100.1'))).status).toBe(429);
    expect((await login(ADMIN.username, ADMIN.password, from('198.51.100.2'))).status).toBe(200);
  });

  test('starts anew after a right login', async () => {
    await addTestAdmin(daftar);
    for (let n = 1; n <= 4; n++) await loginWrongly();
    expect((await login(ADMIN.username, ADMIN.password)).status).toBe(200);
    for (let n = 1; n <= 4; n++) expect((await loginWrongly()).status).toBe(401);
  });

  test('has no more than five tries by making twenty at once', async () => {
    await addTestAdmin(daftar);
    const answers = await Promise.all(Array.from({ length: 20 }, () => loginWrongly()));
    const count = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
    expect([count(401), count(429)]).toEqual([5, 15]);
  });

  test('is not who logs in rightly sixty times from one address', async () => {
    await addTestAdmin(daftar);
    for (let n = 1; n <= 60; n++) expect((await login(ADMIN.username, ADMIN.password)).status).toBe(200);
  });

  test('of many names has fifty tries from one address', async () => {
    for (let n = 1; n <= 51; n++) await addTestAdmin(daftar, `nama${n}`);
    for (let n = 1; n <= 50; n++) expect((await loginWrongly(`nama${n}`)).status).toBe(401);
    expect(gist(await loginWrongly('nama51'))).toEqual([429, '900']);
    expect((await loginWrongly('nama51', from('198.51.100.2'))).status).toBe(401);
  });

  test('does not hold up the chat: passwords are tried beside it', async () => {
    let isTried = false;
    const trying = loginWrongly('hantu').then(() => (isTried = true));
    const chat = daftar.chatWith('6281200000001');
    expect(await chat.says('DAFTAR')).toContain('nama lengkap');
    expect(isTried).toBe(false);
    await trying;
  });

  test('meets rightful ones undisturbed: ten at once all get in', async () => {
    await addTestAdmin(daftar);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => login(ADMIN.username, ADMIN.password)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
  });
});
