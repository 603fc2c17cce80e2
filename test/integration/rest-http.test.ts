/** What surrounds every REST call: bodies that are no JSON, ids, waits, CORS, security headers, unknown paths. */
import { startDaftar, type Daftar } from '../support/daftar';
import {
  BASE,
  checked,
  gist,
  moreDaftars,
  newPhones,
  REQUEST_OTP,
  VERIFY_OTP,
  webForm,
} from '../support/web-form';

const ORIGIN = 'https://www.example.net';
const newPhone = newPhones();
const another = moreDaftars();
let daftar: Daftar;
let form: ReturnType<typeof webForm>;

beforeAll(async () => {
  daftar = await startDaftar({ env: { CORS_ORIGINS: `${ORIGIN}, https://other.example.net:8443` } });
  form = webForm(daftar);
});
afterAll(() => daftar.close());

const POSTS = [REQUEST_OTP, VERIFY_OTP, BASE];

describe.each(POSTS)('POST %s', (path) => {
  const send = async (body: string | Uint8Array | undefined, type?: string) => {
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    const init = { headers, ...(body === undefined ? {} : { body: body as RequestInit['body'] }) };
    return gist(checked(await daftar.request('POST', path, init)));
  };

  test.each<[string, string | Uint8Array | undefined]>([
    ['nothing', undefined],
    ['an empty text', ''],
    ['blanks', ' \n'],
    ['half an object', '{"phone":"0812'],
    ['an array', '[{"phone":"081200000001"}]'],
    ['a string', '"081200000001"'],
    ['a number', '7'],
    ['true', 'true'],
    ['null', 'null'],
    ['JavaScript', "{phone:'081200000001'}"],
    ['a form', 'phone=081200000001'],
    ['NUL', '\0'],
    ['bytes of no text', new Uint8Array([0xff, 0xfe, 0x00, 0xd8])],
    ['two objects', '{}{}'],
  ])('%s is no JSON object', async (_what, body) => {
    expect(await send(body, 'application/json')).toEqual({ status: 400, code: 'INVALID_JSON' });
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/ld+json',
    'application/json-patch+json',
    'text/json',
    'application/jsonp',
    'application/json/x',
    'application/octet-stream',
  ])('%s is not what is read here', async (type) => {
    const refused = { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' };
    expect(await send('{"phone":"081200000001"}', type)).toEqual(refused);
    // Bytes have no type that fetch would add by itself.
    expect(await send(new TextEncoder().encode('{}'))).toEqual(refused);
  });

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    '%s is',
    async (type) => {
      const { code } = await send('{"phone":"x","unknown":{"deep":[1]}}', type);
      expect(code).toBe(path === BASE ? 'NOT_VERIFIED' : 'INVALID_PHONE');
    },
  );

  test('a compression nobody knows, or that lies, is refused', async () => {
    const squeezed = async (encoding: string) => {
      const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
      return gist(checked(await daftar.request('POST', path, { headers, body: '{}' })));
    };
    expect(await squeezed('rot13')).toEqual({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
    expect(await squeezed('gzip')).toEqual({ status: 400, code: 'INVALID_JSON' });
  });
});

describe('every answer', () => {
  test('has an id of its own, which its log line has too', async () => {
    const answers = [
      await form.get('/api/packages'),
      await form.get('/nowhere'),
      await form.post('/nowhere', {}),
      await form.get(REQUEST_OTP),
      await form.post(REQUEST_OTP, '{'),
      await form.post(REQUEST_OTP, { phone: 'x'.repeat(70_000) }),
      await form.requestOtp('1'),
      await form.register({}),
      checked(await daftar.post(REQUEST_OTP, '{}', { 'content-type': 'text/plain' })),
      checked(await daftar.post('/webhooks/fonnte/messages', {})),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 404, 405, 400, 413, 400, 403, 415, 401]);
    const ids = answers.map(({ headers }) => headers.get('x-request-id')!);
    expect(new Set(ids).size).toBe(ids.length);
    const log = daftar.logs.join('');
    for (const id of ids) expect(log).toContain(id);
  });

  test('does not take its id from outside', async () => {
    const { headers } = await form.get('/api/packages', { 'x-request-id': 'mine\tmine' });
    expect(headers.get('x-request-id')).not.toContain('mine');
  });

  test('carries the headers that keep browsers safe', async () => {
    for (const { headers } of [await form.get('/api/packages'), await form.get('/nowhere')]) {
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toMatch(/default-src 'self'.*frame-ancestors 'none'/);
      expect(headers.get('content-security-policy')).not.toContain('unsafe');
      expect(headers.get('strict-transport-security')).toBeNull();
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  test('demands https of browsers only where the public side is https', async () => {
    const secure = await another({ env: { PUBLIC_URL: 'https://daftar.example.net' } });
    const { headers } = await webForm(secure).get('/api/packages');
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=[1-9]\d{6,}/);
  });
});

describe('what is not there', () => {
  test.each(['/nowhere', '/api', '/api/registrations/public/nothing', '/api/registrations/public', '/%00'])(
    'GET %s is 404',
    async (path) => expect(gist(await form.get(path))).toEqual({ status: 404, code: 'NOT_FOUND' }),
  );

  test.each<[string, string, string]>([
    ['GET', REQUEST_OTP, 'POST'],
    ['PUT', VERIFY_OTP, 'POST'],
    ['DELETE', BASE, 'POST, HEAD, GET'],
    ['POST', '/api/packages', 'HEAD, GET'],
    ['PATCH', `${BASE}/status/REG-1`, 'HEAD, GET'],
    // A method that exists, but not in this house: no reason for a 5xx.
    ['PROPFIND', '/api/packages', 'HEAD, GET'],
  ])('%s %s is 405 and says what is allowed', async (method, path, allowed) => {
    const answer = checked(await daftar.request(method, path));
    expect(gist(answer)).toEqual({ status: 405, code: 'METHOD_NOT_ALLOWED' });
    expect(answer.headers.get('allow')).toBe(allowed);
  });
});

describe('a database that cannot be used', () => {
  test('is 503 with a wait, for every call that needs it', async () => {
    const broken = await another();
    const brokenForm = webForm(broken);
    await broken.service.database.unitOfWork.close();
    const answers = [
      await brokenForm.requestOtp(newPhone()),
      await brokenForm.verifyOtp(newPhone(), '000000'),
      await brokenForm.register({}),
      await brokenForm.get(`${BASE}/status/REG-1`),
    ];
    for (const answer of answers)
      expect(gist(answer)).toEqual({ status: 503, code: 'SERVICE_UNAVAILABLE', retry_after: 5 });
  });
});

describe('pages on other origins', () => {
  const asks = (method: string, headers: string) => ({
    'access-control-request-method': method,
    'access-control-request-headers': headers,
  });
  const corsHeaders = (headers: Headers) => {
    const names: string[] = [];
    headers.forEach((_value, name) => names.push(name));
    return names.filter((name) => name.startsWith('access-control-'));
  };

  test.each([...POSTS, '/api/packages', `${BASE}/status/REG-1`])(
    'may call %s if they are listed',
    async (path) => {
      const allowed = await daftar.request('OPTIONS', path, {
        headers: { origin: ORIGIN, ...asks('POST', 'content-type,authorization') },
      });
      expect(allowed.status).toBe(204);
      expect(allowed.headers.get('access-control-allow-origin')).toBe(ORIGIN);
      expect(allowed.headers.get('access-control-allow-methods')).toBe('GET,POST');
      expect(allowed.headers.get('access-control-allow-headers')).toBe('Content-Type,Authorization');
      expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
      expect(allowed.headers.get('vary')).toMatch(/origin/i);

      for (const origin of ['https://evil.example', 'null', `${ORIGIN}.evil.example`, ORIGIN.toUpperCase()]) {
        const refused = await daftar.request('OPTIONS', path, { headers: { origin, ...asks('POST', '') } });
        expect(corsHeaders(refused.headers)).toEqual([]);
        expect(refused.headers.get('vary')).toMatch(/origin/i);
      }
    },
  );

  test('read answers and refusals, the wait included, and send no cookies', async () => {
    const origin = 'https://other.example.net:8443';
    const refusal = await form.requestOtp('1', 'B', { origin });
    const list = await form.get('/api/packages', { origin });
    for (const { headers } of [refusal, list]) {
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      expect(headers.get('access-control-expose-headers')).toBe('Retry-After,X-Request-Id');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
    const other = await form.get('/api/packages', { origin: 'https://evil.example' });
    expect(corsHeaders(other.headers)).toEqual([]);
  });

  test.each([
    '/health',
    '/metrics',
    '/webhooks/fonnte/messages',
    '/api/registrations',
    '/api/packagesx',
    '/',
  ])('have no business at %s', async (path) => {
    const { headers } = await daftar.request('OPTIONS', path, {
      headers: { origin: ORIGIN, ...asks('GET', '') },
    });
    expect(corsHeaders(headers)).toEqual([]);
    expect(corsHeaders((await daftar.get(path, { origin: ORIGIN })).headers)).toEqual([]);
  });

  test('are none where none is listed', async () => {
    const closed = await another();
    const { headers } = await webForm(closed).get('/api/packages', { origin: ORIGIN });
    expect(corsHeaders(headers)).toEqual([]);
  });
});

describe('GET /api/packages', () => {
  test('lists what a new database starts with, cheapest first', async () => {
    const { status, body } = await form.get('/api/packages');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      success: true,
      data: [
        { id: 1, name: 'Rumah 20', type: 'broadband', speed_mbps: 20, price: 199000, is_active: true },
        { id: 2, name: 'Keluarga 50', type: 'broadband', speed_mbps: 50, price: 299000, is_active: true },
        { id: 3, name: 'Bisnis 100', type: 'business', speed_mbps: 100, price: 599000, is_active: true },
      ],
      pagination: { page: 1, limit: 100, total: 3, pages: 1 },
    });
    const [first] = body.data as unknown as object[];
    expect(Object.keys(first!)).toEqual([
      'id',
      'name',
      'type',
      'speed_mbps',
      'price',
      'description',
      'is_active',
    ]);
  });

  test('shows active ones only, in pages if asked', async () => {
    const { unitOfWork } = daftar.service.database;
    await unitOfWork.run((tx) => tx.run('UPDATE packages SET is_active = 0 WHERE id = 2'));
    const ids = (body: unknown) => (body as { data: { id: number }[] }).data.map(({ id }) => id);
    const page = async (query: string) => (await form.get(`/api/packages?${query}`)).body;

    expect(ids(await page(''))).toEqual([1, 3]);
    const second = await page('page=2&limit=1');
    expect(ids(second)).toEqual([3]);
    expect(second).toMatchObject({ pagination: { page: 2, limit: 1, total: 2, pages: 2 } });
    expect(ids(await page('page=3&limit=1'))).toEqual([]);
    for (const odd of [
      'page=0',
      'page=-1',
      'page=x&limit=y',
      'page=1&page=2',
      'limit=1e9',
      'page=%ff',
      'limit=',
    ])
      expect(ids(await page(odd))).toEqual([1, 3]);
    await unitOfWork.run((tx) => tx.run('UPDATE packages SET is_active = 1'));
  });
});
