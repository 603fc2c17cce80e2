/**
 * Everything that nobody should send, through every field of every endpoint. Promise: an answer below 500, nothing
 * executed, nothing lost, and what is a legitimate text, however odd, is stored as it was typed.
 */
import BetterSqlite3 from 'better-sqlite3';
import { connect } from 'node:net';
import { rows, startDaftar, type Daftar } from '../support/daftar';
import {
  BASE,
  distinctCodes,
  FORM,
  moreDaftars,
  newPhones,
  REQUEST_OTP,
  VERIFY_OTP,
  webForm,
} from '../support/web-form';

const newPhone = newPhones();
const another = moreDaftars();
let daftar: Daftar;
let form: ReturnType<typeof webForm>;
let schemaBefore: unknown;

const NO_LIMITS = { OTP_MAX_PER_IP_PER_HOUR: '0', OTP_MAX_PER_DAY: '0' };
const schema = () => rows(daftar.service, 'SELECT type, name, sql FROM sqlite_master ORDER BY name');

beforeAll(async () => {
  daftar = await startDaftar({ env: { WHATSAPP_ENABLED: 'false', ...NO_LIMITS } });
  form = webForm(daftar);
  schemaBefore = schema();
});
afterAll(() => daftar.close());

/** After each: no error of ours in the log, the house stands, and the next customer is served. */
afterEach(async () => {
  expect(daftar.logs.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([]);
  expect(schema()).toEqual(schemaBefore);
  const database = new BetterSqlite3(daftar.databasePath, { readonly: true });
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  database.close();
  expect(rows(daftar.service, 'SELECT id FROM packages WHERE is_active = 1')).toHaveLength(3);
  const phone = newPhone();
  const verification_token = await form.tokenFor(phone);
  const answer = await form.register({ ...FORM, email: `ok${phone}@example.com`, phone, verification_token });
  expect(answer.status).toBe(201);
});

/** Texts that pass for a name, an address or a note, and must come back as they went in. */
const ODD_TEXTS = [
  `Robert'); DROP TABLE registrations;--`,
  `x' OR '1'='1' UNION SELECT password_hash FROM admins --`,
  '" ; ATTACH DATABASE "evil.db" AS evil; --',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '{name} {var1} {{constructor}} ${process.exit(1)} %s %n',
  '*bold* _italic_ ~strike~ `code` > quote',
  'https://evil.example/?a=b&c=d bit.ly/x',
  '\u202Eesrever \u2066isolate\u2069 \u200Fmark',
  'Zalgo \u0301\u0302\u0303\u0304 \u200Bzero\u200Dwidth',
  'José 李小龙 محمد Олег 👩\u200D👩\u200D👧',
  '../../../etc/passwd && rm -rf / | cat `id` $(id)',
  '=HYPERLINK("http://evil.example","x")',
  '__proto__ constructor toString',
];
/** Whatever else may come where a text is expected. */
const NO_TEXTS: unknown[] = [
  'NUL \u0000 in the middle',
  '\u0000',
  '\u001b[2J escape',
  '\ud800 lone \udfff',
  '\ufffe\uffff',
  '',
  '   ',
  'a',
  '🙏'.repeat(60),
  'x'.repeat(60_000),
  '9'.repeat(400),
  0,
  -0,
  1e308,
  -1,
  2 ** 53,
  0.1,
  true,
  false,
  null,
  [],
  ['Budi Santoso'],
  [[[['deep']]]],
  {},
  { $gt: '' },
  { toString: 'x', valueOf: null, length: 3 },
  { constructor: { prototype: { isAdmin: true } } },
];
const CORPUS: unknown[] = [...ODD_TEXTS, ...NO_TEXTS];

/** As it should be kept: trimmed, halves of characters replaced. */
const tidy = (text: string) => text.replace(/\p{Surrogate}/gu, '\uFFFD').trim();

describe('the small endpoints', () => {
  const FIELDS: [path: string, field: string, rest: () => object][] = [
    [REQUEST_OTP, 'phone', () => ({ full_name: FORM.full_name })],
    [REQUEST_OTP, 'full_name', () => ({ phone: newPhone() })],
    [VERIFY_OTP, 'phone', () => ({ otp: '123456' })],
    [VERIFY_OTP, 'otp', () => ({ phone: newPhone() })],
  ];

  test.each(FIELDS)('%s takes anything as %s and says what is wrong', async (path, field, rest) => {
    const answers = await Promise.all(CORPUS.map((value) => form.post(path, { ...rest(), [field]: value })));
    for (const [index, { status }] of answers.entries())
      expect([CORPUS[index], [200, 400].includes(status)]).toEqual([CORPUS[index], true]);
    // Nothing in the corpus is a phone or a code; some of it is somebody's name.
    const passed = answers.filter(({ status }) => status === 200).length;
    if (field === 'full_name') expect(passed).toBeGreaterThanOrEqual(ODD_TEXTS.length);
    else expect(passed).toBe(0);
  });

  test('no name, however odd, changes the message it goes into', async () => {
    const real = await another({ env: NO_LIMITS, random: distinctCodes() });
    const realForm = webForm(real);
    const phones = await Promise.all(
      ODD_TEXTS.map(async (name) => {
        const phone = newPhone();
        expect((await realForm.requestOtp(phone, name)).status).toBe(200);
        return phone;
      }),
    );
    for (const phone of phones) {
      const [message, ...more] = real.fonnte.messagesTo(phone);
      expect(more).toEqual([]);
      const [greeting, ...body] = message!.split('\n');
      expect(greeting).toMatch(/^Halo [\p{L}\p{M} .'’,-]{1,40},$/u);
      expect(greeting).not.toMatch(/https?|www|\w\.\w|\d/);
      expect(body.join('\n')).toMatch(
        /^\nKode OTP Anda untuk verifikasi pendaftaran ISP Technician Management adalah:\n\n\*\d{6}\*\n\nKode ini/,
      );
    }
  });
});

describe('the registration', () => {
  const TEXTS = ['full_name', 'address', 'city', 'kelurahan', 'kecamatan', 'address_notes', 'notes'];
  TEXTS.push('referral_code', 'utm_source', 'utm_medium', 'utm_campaign');
  const STRICT = ['email', 'package_id', 'id_card_number', 'id_card_photo', 'rt', 'rw', 'postal_code'];
  STRICT.push('latitude', 'longitude', 'preferred_installation_date', 'preferred_time_slot');
  const OTHERS = ['phone', 'whatsapp_verified', 'unknown', 'verification_token'];

  const all = (fields: string[], value: unknown) => Object.fromEntries(fields.map((field) => [field, value]));
  const isNothing = (value: unknown) => value === null || (typeof value === 'string' && value.trim() === '');

  async function customer() {
    const phone = newPhone();
    const verification_token = await form.tokenFor(phone);
    const good = { ...FORM, email: `p${phone}@example.com`, phone, verification_token };
    return {
      sends: (fields: object) => form.register({ ...good, ...fields }),
      sendsJson: (end: string) => form.post(BASE, JSON.stringify(good).replace(/}$/, end)),
      stored: () =>
        rows<Record<string, unknown>>(
          daftar.service,
          'SELECT * FROM registrations WHERE phone = ?',
          phone,
        )[0],
    };
  }

  test('takes anything in a text field, and keeps to the letter what it takes', async () => {
    for (const value of CORPUS) {
      const budi = await customer();
      const first = await budi.sends(all(TEXTS, value));
      expect([value, [201, 400].includes(first.status)]).toEqual([value, true]);
      const refused = (first.body.errors ?? []).map(({ field }) => field);
      const taken = TEXTS.filter((field) => !refused.includes(field));
      if (first.status === 400) expect((await budi.sends(all(taken, value))).status).toBe(201);

      const stored = budi.stored()!;
      for (const field of taken)
        expect([field, stored[field]]).toEqual([field, isNothing(value) ? null : tidy(value as string)]);
      if (ODD_TEXTS.includes(value as string)) expect([value, refused]).toEqual([value, []]);
    }
  });

  test('takes anything in a field of another kind, and says of each that it is wrong', async () => {
    const budi = await customer();
    const degrees = [0, -0, 0.1, -1];
    for (const value of CORPUS) {
      const { status, body } = await budi.sends(all(STRICT, value));
      const wrong = STRICT.filter((field) => {
        if (isNothing(value)) return ['email', 'package_id'].includes(field);
        return !(field === 'latitude' && degrees.includes(value as number));
      });
      expect([value, status, body.errors?.map(({ field }) => field)]).toEqual([value, 400, wrong]);
    }
    expect(budi.stored()).toBeUndefined();
  });

  test('takes anything as phone or proof, and lets nobody in by it', async () => {
    const budi = await customer();
    for (const value of CORPUS) {
      const phone = await budi.sends({ phone: value });
      expect([value, phone.status, phone.body.errors?.map(({ field }) => field)]).toEqual([
        value,
        400,
        ['phone'],
      ]);
      const { status, body } = await budi.sends({ verification_token: value });
      expect([value, status, body.code]).toEqual([value, 403, 'NOT_VERIFIED']);
    }
    expect(budi.stored()).toBeUndefined();
  });

  test('takes anything in what nobody asked for, and ignores it', async () => {
    const budi = await customer();
    for (const value of CORPUS.filter((one) => one !== false)) {
      const json = JSON.stringify(value);
      const { status, body } = await budi.sendsJson(
        `,"unknown":${json},"whatsapp_verified":${json},"constructor":${json},"city":""}`,
      );
      expect([value, status, body.errors?.map(({ field }) => field)]).toEqual([value, 400, ['city']]);
      expect((await budi.sendsJson(`,"__proto__":${json}}`)).body.code).toBe('INVALID_JSON');
    }
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });

  test('takes a megabyte in any field', async () => {
    const budi = await customer();
    const units = ['x', '9', '<', ' x', '\ud83d\ude4f', 'a@'];
    for (const [index, field] of [...TEXTS, ...STRICT, ...OTHERS].entries()) {
      const unit = units[index % units.length]!;
      const { status } = await budi.sends({ [field]: unit.repeat(1_000_000 / unit.length) });
      const expected = { whatsapp_verified: 201, unknown: 200, verification_token: 403 }[field] ?? 400;
      expect([field, status]).toEqual([field, expected]);
    }
  });

  test('takes JSON half a million levels deep', async () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const depth = 500_000;
      const deep = (inner: string, levels: number) => open.repeat(levels) + inner + close.repeat(levels);
      expect((await form.post(BASE, `{"full_name":${deep('1', depth)}}`)).body.code).toBe('NOT_VERIFIED');
      expect((await form.post(BASE, `{"full_name":${open.repeat(depth)}`)).body.code).toBe('INVALID_JSON');
      const poisoned = deep('{"__proto__":{"isAdmin":true}}', 10_000);
      expect((await form.post(BASE, `{"full_name":${poisoned}}`)).status).toBeLessThan(500);
    }
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });
});

describe('queries and paths', () => {
  const odd = CORPUS.filter((value) => typeof value === 'string' && value.length < 3_000) as string[];
  const encoded = [
    ...odd.map((text) => encodeURIComponent(tidy(text))),
    '%00',
    '%ff',
    '%E0%A4%A',
    '%',
    '+',
    '..%2f',
  ];

  test('may hold anything', async () => {
    const phone = newPhone();
    const verification_token = await form.tokenFor(phone);
    const { body } = await form.register({ ...FORM, email: 'q@example.com', phone, verification_token });
    const number = body.data.registration_number;
    for (const value of encoded) {
      const answers = await Promise.all([
        form.get(`${BASE}/status/${value}`),
        form.get(`${BASE}/status/${number}?phone_last4=${value}`),
        form.get(`${BASE}/status/${number}?phone_last4[]=${value}&phone_last4=1&phone_last4=2`),
        form.get(`/api/packages?page=${value}&limit=${value}`),
        form.get(`/api/packages?${value}=${value}&__proto__[x]=1&page=1&page=2`),
        form.get(`/${value}`.replace(/^\/$/, '/x')),
      ]);
      for (const { status } of answers) expect(status).toBeLessThan(500);
    }
  });

  test.each(['/simulator/assets/%ff', '/simulator/assets/%00', '/simulator/assets/..%2f..%2findex.html'])(
    '%s is no fault of ours',
    async (path) => expect((await form.get(path)).status).toBe(400),
  );
});

describe('on the wire', () => {
  const JSON_TYPE = 'Content-Type: application/json';

  /** Writes bytes as they are; resolves with what came back once the server closes, or after a body that never ends. */
  function exchange(bytes: string, cutAfterWriting = false): Promise<string> {
    return new Promise((resolve) => {
      let answer = '';
      const socket = connect(Number(new URL(daftar.url).port), '127.0.0.1');
      socket.on('data', (data) => (answer += data.toString('latin1')));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(answer));
      socket.write(Buffer.from(bytes, 'latin1'), () => {
        if (cutAfterWriting) socket.destroy();
      });
    });
  }
  const post = (headers: string[], body: string) =>
    [`POST ${REQUEST_OTP} HTTP/1.1`, 'Host: x', 'Connection: close', ...headers, '', body].join('\r\n');
  const get = (target: string) => `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;

  test.each<[string, string, number]>([
    ['no body and no length', post([JSON_TYPE], ''), 400],
    ['no body, no length, no type', post([], ''), 415],
    ['a length that is no number', post([JSON_TYPE, 'Content-Length: abc'], '{}'), 400],
    ['a negative length', post([JSON_TYPE, 'Content-Length: -2'], '{}'), 400],
    ['two lengths', post([JSON_TYPE, 'Content-Length: 2', 'Content-Length: 3'], '{}'), 400],
    [
      'a length and chunks',
      post([JSON_TYPE, 'Content-Length: 2', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
      400,
    ],
    ['chunks', post([JSON_TYPE, 'Transfer-Encoding: chunked'], '1\r\n{\r\n1\r\n}\r\n0\r\n\r\n'), 400],
    ['no chunks', post([JSON_TYPE, 'Transfer-Encoding: chunked'], '0\r\n\r\n'), 400],
    ['chunks that are none', post([JSON_TYPE, 'Transfer-Encoding: chunked'], 'zz\r\n{}\r\n'), 400],
    ['an encoding that is none', post([JSON_TYPE, 'Transfer-Encoding: gzip'], '{}'), 400],
    ['UTF-16', post(['Content-Type: application/json; charset=utf-16', 'Content-Length: 4'], '{\0}\0'), 400],
    [
      'a charset that is none',
      post(['Content-Type: application/json; charset=x', 'Content-Length: 2'], '{}'),
      400,
    ],
    ['bytes that are no UTF-8', post([JSON_TYPE, 'Content-Length: 12'], '{"phone":"\xff"'.slice(0, 12)), 400],
    ['a byte order mark', post([JSON_TYPE, 'Content-Length: 5'], '\xef\xbb\xbf{}'), 400],
    ['an expectation', post([JSON_TYPE, 'Expect: miracles', 'Content-Length: 2'], '{}'), 417],
    ['a URL that is none', get('http://[/'), 400],
    ['another host', get('http://elsewhere.example/api/packages'), 200],
    ['two slashes', get('//api//packages'), 404],
    ['a backslash', get('/\\api'), 404],
    ['a fragment', get('/api/packages#x'), 200],
    ['a star', 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
    ['a method nobody knows', 'HACK / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
    ['a header beyond all measure', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\r\n\r\n', 400],
  ])('%s', async (_what, bytes, status) => {
    expect(await exchange(bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  test('a body that ends before its length, again and again', async () => {
    const cut = post([JSON_TYPE, 'Content-Length: 500'], '{"phone":"0812');
    await Promise.all(Array.from({ length: 20 }, () => exchange(cut, true)));
  });
});
