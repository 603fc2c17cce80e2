/** What request-otp says when the gateway is well, slow, unwilling or gone; and when WhatsApp is switched off. */
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MINUTE, SECOND } from '../../src/platform/clock';
import { APP_SECRET, rows, startDaftar, type Daftar, type StartOptions } from '../support/daftar';
import { type Behaviour } from '../support/fake-fonnte';
import { BASE, FORM, gist, newPhones, REQUEST_OTP, webForm } from '../support/web-form';

const SENT = { status: 200, code: null };
const SENDING = { status: 202, code: null };
const NOT_FOUND = { status: 400, code: 'OTP_NOT_FOUND' };
const UNAVAILABLE = { status: 503, code: 'WHATSAPP_UNAVAILABLE' };

const newPhone = newPhones();
let daftar: Daftar;
let form: ReturnType<typeof webForm>;
const closers: (() => unknown)[] = [];

/** For tests of what comes after the wait; where an answer must come within it, the wait is the default or longer. */
const IMPATIENT = { SEND_WAIT_MS: '100', SEND_TIMEOUT_MS: '150' };

async function start({ env, ...more }: StartOptions = {}) {
  daftar = await startDaftar({ env: { SEND_WAIT_MS: '10000', ...env }, ...more });
  form = webForm(daftar);
  const { close } = daftar;
  closers.push(close);
}
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Status and code, and that a 503 says when to come back. */
const ask = async (phone: string) => {
  const { retry_after, ...rest } = gist(await form.requestOtp(phone));
  if (rest.status === 503) expect(retry_after).toBeGreaterThan(0);
  return rest;
};

const messageStates = (phone: string) =>
  rows<{ state: string }>(daftar.service, 'SELECT state FROM messages WHERE phone = ?', phone).map(
    ({ state }) => state,
  );

describe('a gateway that takes the message', () => {
  test.each<[string, (fonnte: Daftar['fonnte']) => void]>([
    ['as of late', () => undefined],
    ['as it used to', (fonnte) => (fonnte.style = 'old')],
    ['slowly, but within the wait', (fonnte) => fonnte.behave({ delayMs: 50 })],
  ])('%s is what 200 means', async (_how, prepare) => {
    await start();
    prepare(daftar.fonnte);
    const phone = newPhone();
    expect(await ask(phone)).toEqual(SENT);
    expect(messageStates(phone)).toEqual(['accepted']);
    expect(daftar.fonnte.requests[0]!.fields).toMatchObject({ target: phone, countryCode: '62' });
  });
});

describe('a gateway that does not say anything in time', () => {
  test('is 202, and the code works when it comes', async () => {
    await start({ env: { SEND_WAIT_MS: '100', SEND_TIMEOUT_MS: '10000' } });
    const phone = newPhone();
    daftar.fonnte.behave({ delayMs: 500 }, phone);
    const asked = await form.requestOtp(phone);
    expect(asked.status).toBe(202);
    expect(asked.body).toEqual({
      success: true,
      message: 'Kode OTP sedang dikirim ke WhatsApp Anda',
      data: { phone, expires_in: 300, resend_in: 60, request_id: asked.body.data.request_id },
    });
    expect(asked.body.data.request_id).toMatch(/^[\w-]{22,}$/);
    expect((await form.verifyOtp(phone, daftar.fonnte.lastCodeTo(phone))).status).toBe(200);
    await daftar.settle();
    expect(messageStates(phone)).toEqual(['accepted']);
  });

  test.each<[string, Behaviour]>([
    ['stalls', 'stall'],
    ['cuts the line', 'cut_before_answer'],
    ['answers HTML', 'html'],
    ['answers nothing', 'empty'],
    ['answers 500', { http: 500 }],
    ['answers 429', { http: 429, headers: { 'retry-after': '7' } }],
  ])('or %s: 202, the wait holds, and it is tried again until it works', async (_what, behaviour) => {
    await start({ env: IMPATIENT });
    const phone = newPhone();
    daftar.fonnte.behave(behaviour, phone);
    expect(await ask(phone)).toEqual(SENDING);
    expect(gist(await form.requestOtp(phone))).toEqual({
      status: 429,
      code: 'OTP_COOLDOWN',
      retry_after: 60,
    });

    await daftar.settle();
    daftar.fonnte.behave('accept', phone);
    daftar.clock.advance(30 * SECOND);
    await daftar.settle();
    expect(messageStates(phone)).toEqual(['accepted']);
    expect((await form.verifyOtp(phone, daftar.fonnte.lastCodeTo(phone))).status).toBe(200);
  });

  test('is never sent a code that has run out', async () => {
    await start({ env: IMPATIENT });
    const phone = newPhone();
    daftar.fonnte.behave({ http: 500 }, phone);
    expect(await ask(phone)).toEqual(SENDING);
    daftar.fonnte.behave('accept', phone);
    daftar.clock.advance(5 * MINUTE);
    await daftar.settle();
    expect(daftar.fonnte.messagesTo(phone)).toEqual([]);
    expect(messageStates(phone)).toEqual(['expired']);
  });
});

describe('the pace of the device', () => {
  test('lets twenty go at once and keeps the next waiting: 202, and sent when its turn comes', async () => {
    await start({ env: { SEND_PER_MINUTE: '1', SEND_WAIT_MS: '1000' } });
    for (let i = 0; i < 20; i += 1) expect(await ask(newPhone())).toEqual(SENT);

    const phone = newPhone();
    expect(await ask(phone)).toEqual(SENDING);
    expect(daftar.fonnte.messagesTo(phone)).toEqual([]);
    daftar.clock.advance(MINUTE);
    await daftar.settle();
    expect((await form.verifyOtp(phone, daftar.fonnte.lastCodeTo(phone))).status).toBe(200);
  });
});

describe('a gateway that refuses', () => {
  test.each(['target invalid', 'target input invalid', 'number not registered on whatsapp'])(
    'this number (%s): 400, and the customer may correct it at once',
    async (reason) => {
      await start();
      const [wrong, right] = [newPhone(), newPhone()];
      daftar.fonnte.behave({ refuse: reason }, wrong);
      const refused = await form.requestOtp(wrong);
      expect(gist(refused)).toEqual({ status: 400, code: 'PHONE_UNREACHABLE' });
      expect(refused.body.message).toContain('tidak dapat dihubungi');
      expect(gist(await form.verifyOtp(wrong, '000000'))).toEqual(NOT_FOUND);
      expect(await ask(right)).toEqual(SENT);
      daftar.fonnte.behave('accept', wrong);
      expect(await ask(wrong)).toEqual(SENT);
    },
  );

  test.each<[string, Behaviour]>([
    ['the token', { refuse: 'token invalid' }],
    ['the account', { refuse: 'insufficient quota' }],
    ['the device', { refuse: 'request invalid on disconnected device' }],
    ['our request', { refuse: 'invalid/empty body value' }],
    ['for a reason never heard of', { refuse: 'computer says no' }],
    ['by HTTP', { http: 401, body: { status: false, reason: 'token invalid' } }],
  ])('%s: 503 at once, no code, and nothing is sent later', async (_what, behaviour) => {
    await start();
    const phone = newPhone();
    daftar.fonnte.behave(behaviour);
    const refused = await form.requestOtp(phone);
    expect(gist(refused)).toMatchObject(UNAVAILABLE);
    expect(refused.body).toEqual({
      success: false,
      code: 'WHATSAPP_UNAVAILABLE',
      message: 'Gagal mengirim OTP. Silakan coba lagi.',
    });
    expect(gist(await form.verifyOtp(phone, '000000'))).toEqual(NOT_FOUND);

    daftar.fonnte.behave('accept');
    daftar.clock.advance(2 * MINUTE);
    await daftar.settle();
    expect(daftar.fonnte.messagesTo(phone)).toEqual([]);
    expect(messageStates(phone)).toEqual(['failed']);
  });
});

describe('a gateway that cannot be reached', () => {
  /** Counts what comes to the port the gateway had. */
  async function listenInItsPlace(url: string): Promise<{ requests: number }> {
    const seen = { requests: 0 };
    const server: Server = createServer((_request, response) => {
      seen.requests += 1;
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":true,"id":["1"]}');
    });
    await new Promise<void>((resolve) => server.listen(Number(new URL(url).port), '127.0.0.1', resolve));
    closers.unshift(() => {
      server.closeAllConnections();
      server.close();
    });
    return seen;
  }

  test('is 503 after the wait: the message is withdrawn and never goes out', async () => {
    await start({ env: IMPATIENT });
    const phone = newPhone();
    await daftar.fonnte.close();
    expect(await ask(phone)).toEqual(UNAVAILABLE);
    expect(messageStates(phone)).toEqual(['failed']);
    expect(gist(await form.verifyOtp(phone, '000000'))).toEqual(NOT_FOUND);

    const gateway = await listenInItsPlace(daftar.fonnte.url);
    for (let i = 0; i < 4; i += 1) {
      daftar.clock.advance(MINUTE);
      await daftar.settle();
    }
    expect(gateway.requests).toBe(0);
  });

  test('costs the customer no wait: once it is back, so is the code', async () => {
    await start({ env: { SEND_WAIT_MS: '1000' } });
    const phone = newPhone();
    await daftar.fonnte.close();
    expect(await ask(phone)).toEqual(UNAVAILABLE);
    await listenInItsPlace(daftar.fonnte.url);
    expect(await ask(phone)).toEqual(SENT);
  });
});

describe('with WhatsApp disabled', () => {
  const DISABLED = { WHATSAPP_ENABLED: 'false' };
  const PRODUCTION = {
    ...DISABLED,
    NODE_ENV: 'production',
    WHATSAPP_ALLOW_DISABLED: 'true',
    APP_SECRET,
    ADMIN_PASSWORD: 'a-long-enough-one',
  };

  test('the code is shown to whoever sits at this machine, and works', async () => {
    await start({ env: DISABLED });
    const phone = newPhone();
    const asked = await form.requestOtp(phone);
    expect(asked.status).toBe(200);
    const { request_id, otp } = asked.body.data;
    expect(asked.body).toEqual({
      success: true,
      disabled: true,
      message: 'WhatsApp service disabled - message logged only',
      data: { phone, expires_in: 300, resend_in: 60, request_id, otp },
    });
    expect(otp).toMatch(/^\d{6}$/);
    expect((await form.verifyOtp(phone, otp)).status).toBe(200);
    await daftar.settle();
    expect(daftar.fonnte.requests).toEqual([]);
    const log = daftar.logs.join('');
    expect(log).toContain(`WhatsApp disabled: message to 62812****${phone.slice(-4)} recorded, not sent`);
    expect(log).not.toContain(otp);
  });

  test.each([
    ['x-forwarded-for', '127.0.0.1'],
    ['forwarded', 'for=127.0.0.1'],
    ['x-forwarded-proto', 'https'],
    ['X-Forwarded-Host', 'localhost'],
  ])('a client behind a proxy (%s: %s) does not see it', async (name, value) => {
    await start({ env: DISABLED });
    const { status, body } = await form.requestOtp(newPhone(), FORM.full_name, { [name]: value });
    expect([status, body.disabled]).toEqual([200, true]);
    expect(body.data).not.toHaveProperty('otp');
  });

  test('nor does a client on another machine', async () => {
    await start({ env: DISABLED });
    const outside = createServer(daftar.service.app.callback() as Parameters<typeof createServer>[1]);
    // A connection from elsewhere, without leaving loopback: only its address is made up.
    outside.on('connection', (socket) =>
      Object.defineProperty(socket, 'remoteAddress', { value: '192.0.2.1' }),
    );
    await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
    closers.unshift(() => {
      outside.closeAllConnections();
      outside.close();
    });
    const response = await fetch(
      `http://127.0.0.1:${(outside.address() as AddressInfo).port}${REQUEST_OTP}`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ phone: newPhone(), full_name: FORM.full_name }),
      },
    );
    expect(response.status).toBe(200);
    const body = (await response.json()) as { disabled: boolean; data: object };
    expect(body.disabled).toBe(true);
    expect(body.data).not.toHaveProperty('otp');
  });

  test('in production nobody sees it', async () => {
    await start({ env: PRODUCTION });
    const { status, body } = await form.requestOtp(newPhone());
    expect([status, body.disabled]).toEqual([200, true]);
    expect(body.data).not.toHaveProperty('otp');
  });

  test('production says once that a proxy nobody believes in makes one address of all customers', async () => {
    await start({ env: PRODUCTION });
    const warnings = () => daftar.logs.filter((line) => line.includes('TRUST_PROXY=0'));
    await form.requestOtp(newPhone());
    expect(warnings()).toEqual([]);
    for (let i = 0; i < 3; i += 1)
      await form.requestOtp(newPhone(), FORM.full_name, { 'x-forwarded-for': '198.51.100.1' });
    expect(warnings()).toHaveLength(1);
  });

  test('with it enabled the answer never holds the code, not even here', async () => {
    await start();
    expect((await form.requestOtp(newPhone())).body.data).not.toHaveProperty('otp');
  });
});

describe('a new APP_SECRET', () => {
  const directory = mkdtempSync(join(tmpdir(), 'daftar-test-'));
  const NEW_SECRET = 'another-secret-another-secret-987654';
  afterAll(() => rmSync(directory, { recursive: true }));

  test('beside the old one: codes, proofs and sealed messages of before are still good', async () => {
    await start({ directory, env: { SEND_WAIT_MS: '1000' } });
    const [withCode, withToken, waiting] = [newPhone(), newPhone(), newPhone()];
    const code = await form.codeFor(withCode);
    const verification_token = await form.tokenFor(withToken);
    daftar.fonnte.behave({ http: 500 }, waiting);
    expect(await ask(waiting)).toEqual(SENDING);
    const { clock } = daftar;
    await closers.pop()!();

    clock.advance(20 * SECOND);
    const env = { APP_SECRET: NEW_SECRET, APP_SECRET_PREVIOUS: APP_SECRET };
    await start({ directory, clock, env });
    await daftar.settle();
    expect((await form.verifyOtp(waiting, daftar.fonnte.lastCodeTo(waiting))).status).toBe(200);
    expect((await form.verifyOtp(withCode, code)).status).toBe(200);
    expect((await form.register({ ...FORM, phone: withToken, verification_token })).status).toBe(201);
    expect((await form.verifyOtp(newPhone(), code)).status).toBe(400);
  });

  test('alone: what was made under the old one proves nothing', async () => {
    await start({ directory });
    const [withCode, withToken] = [newPhone(), newPhone()];
    const code = await form.codeFor(withCode);
    const verification_token = await form.tokenFor(withToken);
    const { clock } = daftar;
    await closers.pop()!();

    await start({ directory, clock, env: { APP_SECRET: NEW_SECRET } });
    expect(gist(await form.verifyOtp(withCode, code))).toEqual({ status: 400, code: 'OTP_INVALID' });
    const refused = await form.post(BASE, { ...FORM, phone: withToken, verification_token });
    expect(gist(refused)).toEqual({ status: 403, code: 'NOT_VERIFIED' });
  });
});
