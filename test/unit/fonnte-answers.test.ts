/**
 * What each answer of Fonnte means for a message. Promise checked: every answer has an outcome, refusals are blamed on
 * the right party, and token, phone, code and message never come back in a reason.
 */
import fc from 'fast-check';
import { describeFailure, readAnswer, type Answer } from '../../src/delivery/fonnte-answers';
import { type SendOutcome } from '../../src/delivery/gateway';

const NOW = Date.UTC(2026, 0, 5, 12);
const secrets = {
  token: 'not-a-real-token-1',
  phone: '6281200000001',
  text: 'Halo Budi,\n\nKode OTP Anda untuk verifikasi pendaftaran Contoh adalah:\n\n*135790*',
};

function read(body: unknown, answer: Partial<Answer> = {}, text = secrets.text): SendOutcome {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const whole = { status: 200, headers: {}, body: bytes, trouble: null, ...answer };
  return readAnswer(whole, { ...secrets, text }, NOW);
}

const refuse = (reason: unknown, answer?: Partial<Answer>, text?: string) => {
  const outcome = read({ status: false, reason }, answer, text);
  if (outcome.kind !== 'refused') throw new Error(`not refused: ${outcome.kind}`);
  return outcome;
};

describe('a success', () => {
  it.each([
    [{ status: true, id: ['126567831'] }, '126567831'],
    [{ status: true, id: [126567831, 2] }, '126567831'],
    [{ status: true, id: '126567831' }, '126567831'],
    [{ status: 'true', id: 126567831 }, '126567831'],
    [{ Status: true, message: 'Success', data: { id: 'abc' } }, 'abc'],
    [{ Status: 'TRUE', id: [], data: { id: 7 } }, '7'],
    [{ status: true }, null],
    [{ status: true, id: '', data: 'nothing' }, null],
    [{ status: true, id: [null, {}], data: [] }, null],
    [{ status: true, id: 'x'.repeat(1_000) }, null],
  ])('is read from %j', (body, gateway_id) => {
    expect(read(body)).toEqual({ kind: 'accepted', gateway_id });
  });

  it('may begin with a byte order mark', () => {
    expect(read('\ufeff{"status":true}')).toMatchObject({ kind: 'accepted' });
  });
});

describe('nobody knows', () => {
  it.each(['', ' ', '<html>', 'OK', '{"status":', '[]', '"true"', 'true', 'null', '{}', '{"id":["1"]}'])(
    'after HTTP 200 with %j',
    (body) => {
      expect(read(body)).toEqual({
        kind: 'unreachable',
        sent: 'maybe',
        reason: 'no readable answer (HTTP 200)',
      });
    },
  );

  it.each([1, 0, 'sent', null, [true], {}])('when the status is %j', (status) => {
    expect(read({ status, id: ['1'] })).toMatchObject({ kind: 'unreachable', sent: 'maybe' });
  });

  it('when the answer broke off, whatever came of it', () => {
    const outcome = read('', { body: null, trouble: 'connection cut' });
    expect(outcome).toEqual({ kind: 'unreachable', sent: 'maybe', reason: 'connection cut (HTTP 200)' });
  });

  it.each([500, 502, 503, 504, 429, 408])('after HTTP %i, even with a refusal in it', (status) => {
    const outcome = read({ status: false, reason: 'token invalid' }, { status });
    expect(outcome).toEqual({ kind: 'unreachable', sent: 'maybe', reason: `HTTP ${status}` });
  });

  it.each([
    ['7', 7_000],
    [' 7 ', 7_000],
    ['Mon, 05 Jan 2026 12:00:30 GMT', 30_000],
    [['9', '10'], 9_000],
    ['999999999999', 3_600_000],
    ['0', undefined],
    ['Mon, 05 Jan 2026 11:00:00 GMT', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('a Retry-After of %j is honoured', (header, retry_after_ms) => {
    for (const status of [429, 503]) {
      const outcome = read('', { status, headers: { 'retry-after': header } });
      expect(outcome).toEqual({
        kind: 'unreachable',
        sent: 'maybe',
        reason: `HTTP ${status}`,
        retry_after_ms,
      });
    }
  });
});

describe('a refusal', () => {
  it.each([
    ['token invalid', 'account'],
    ['unknown user', 'account'],
    ['Insufficient Quota', 'account'],
    ['device expired', 'account'],
    ['your package is expired', 'account'],
    ['device not registered', 'account'],
    ['request invalid on disconnected device', 'device'],
    ['Device Disconnected', 'device'],
    ['target invalid', 'number'],
    ['target input invalid', 'number'],
    ['the target is NOT REGISTERED on WhatsApp', 'number'],
    ['invalid/empty body value', 'request'],
    ['input invalid', 'request'],
    ['JSON format invalid', 'request'],
    ['url unreachable', 'request'],
    ['something nobody has seen', 'request'],
    // The first row of the table wins.
    ['token invalid: target invalid', 'account'],
    ['target invalid on disconnected device', 'device'],
  ])('"%s" concerns the %s', (reason, blamed) => {
    expect(refuse(reason)).toEqual({ kind: 'refused', class: blamed, reason });
    for (const status of [400, 404, 422]) {
      expect(refuse(reason, { status })).toMatchObject({
        class: blamed,
        reason: `${reason} (HTTP ${status})`,
      });
    }
  });

  it('is told in reason, else detail, else message, in either spelling of status', () => {
    const [reason, detail, message] = ['target invalid', 'token invalid', 'unknown user'];
    expect(read({ status: 'false', reason, detail, message })).toMatchObject({ reason });
    expect(read({ Status: false, reason: '', detail, message })).toMatchObject({ reason: detail });
    expect(read({ Status: 'False', detail: null, message })).toMatchObject({ reason: message });
    expect(read({ status: false })).toEqual({ kind: 'refused', class: 'request', reason: 'no reason given' });
    expect(read({ status: false, reason: ['target invalid'] })).toMatchObject({ class: 'number' });
  });

  it.each([
    [401, 'account'],
    [403, 'account'],
    [400, 'request'],
    [404, 'request'],
    [413, 'request'],
  ])('of HTTP %i without a readable word concerns the %s', (status, blamed) => {
    for (const body of ['', '<html>', '{"message":"Unauthenticated."}', '{"status":true}']) {
      expect(read(body, { status })).toEqual({ kind: 'refused', class: blamed, reason: `HTTP ${status}` });
    }
    expect(read('', { status, body: null, trouble: 'timed out' })).toMatchObject({ class: blamed });
    expect(refuse('unheard of', { status }).class).toBe(blamed);
  });

  it.each([301, 302, 307, 308, 304])('of HTTP %i says that the URL redirects', (status) => {
    const outcome = read(
      { status: true },
      { status, headers: { location: 'https://elsewhere.example/send' } },
    );
    expect(outcome).toMatchObject({ kind: 'refused', class: 'request' });
    expect(outcome).toHaveProperty('reason', expect.stringContaining('redirects'));
  });
});

describe('a reason', () => {
  it.each([
    `token invalid: ${secrets.token}`,
    `unknown target ${secrets.phone}`,
    'unknown target 081200000001, +62 812-0000-0001 or 62.812.0000.0001',
    `not understood: ${secrets.text}`,
    `not understood: ${secrets.text.replace(/\s+/g, ' ')}`,
    `not understood: ${secrets.text.slice(0, 40)}...`,
    'line 5: *135790*',
    JSON.stringify({ target: secrets.phone, message: secrets.text }),
  ])('keeps no secret of %j', (reason) => {
    const kept = refuse(reason).reason;
    expect(kept).toContain('[…]');
    expect(kept).not.toMatch(/not-a-real|12000000|0000.0001|135790|Budi|Kode OTP/);
  });

  it('is one short line', () => {
    const { reason } = refuse(`odd\n\u0000\t thing 😀${' very long'.repeat(100)}`);
    expect(reason).toMatch(/^odd thing 😀 very long/);
    expect(Array.from(reason).length).toBe(200);
    expect(reason.endsWith('…')).toBe(true);
  });

  it('is not chosen by a customer whose message the gateway quotes', () => {
    const text = 'Halo token invalid, pendaftaran Anda kami terima.';
    expect(refuse(`message too odd: ${text}`, {}, text).class).toBe('request');
    expect(refuse(`message too odd: ${text.slice(0, 30)}`, {}, text).class).toBe('request');
  });

  it('keeps its class when the message, an alert to admins, quotes that very reason', () => {
    const reason = 'request invalid on disconnected device';
    expect(refuse(reason, {}, `Pengiriman berhenti:\n${reason}\nMohon periksa.`).class).toBe('device');
  });
});

it.each([
  ['ECONNREFUSED', false, 'connection refused'],
  ['ENOTFOUND', false, 'host not found'],
  ['EAI_AGAIN', false, 'host not found'],
  ['UND_ERR_CONNECT_TIMEOUT', false, 'timed out'],
  ['UND_ERR_SOCKET', true, 'connection cut'],
  ['UND_ERR_HEADERS_OVERFLOW', true, 'no readable answer'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', false, 'connection failed (DEPTH_ZERO_SELF_SIGNED_CERT)'],
  ['EIO', true, 'connection cut (EIO)'],
  ['secret of 6281200000001', false, 'connection failed (unknown)'],
  [undefined, false, 'connection failed (unknown)'],
])('the error %s is told in stable words', (code, left, words) => {
  expect(describeFailure(Object.assign(new Error('names hosts and more'), { code }), left)).toBe(words);
});

it('every answer has an outcome', () => {
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    fc.anything().map((value) => JSON.stringify({ status: false, reason: value })),
  );
  fc.assert(
    fc.property(body, fc.integer({ min: 200, max: 599 }), fc.string(), (text, status, header) => {
      const outcome = read(text, { status, headers: { 'retry-after': header } });
      expect(['accepted', 'refused', 'unreachable']).toContain(outcome.kind);
    }),
  );
});
