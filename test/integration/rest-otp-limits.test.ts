/** How many codes may be asked for: per phone, per address, per day. Every wait is told exactly; the clock is ours. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/platform/clock';
import { rows, startDaftar, type Daftar } from '../support/daftar';
import { FORM, gist, newPhones, webForm, wrongCode } from '../support/web-form';

const SENT = { status: 200, code: null };
const UNREACHABLE = { status: 400, code: 'PHONE_UNREACHABLE' };
const cooldown = (retry_after: number) => ({ status: 429, code: 'OTP_COOLDOWN', retry_after });
const limit = (retry_after: number) => ({ status: 429, code: 'OTP_LIMIT', retry_after });

const newPhone = newPhones();
let daftar: Daftar;
/** Asks for a code and tells in short what came of it. */
let ask: (phone: string, headers?: Record<string, string>) => Promise<ReturnType<typeof gist>>;

async function start(env: Record<string, string> = {}, more: object = {}) {
  daftar = await startDaftar({ env, ...more });
  const form = webForm(daftar);
  ask = async (phone, headers) => gist(await form.requestOtp(phone, FORM.full_name, headers));
  return form;
}
afterEach(() => daftar.close());

const refuseNumber = (phone: string) => daftar.fonnte.behave({ refuse: 'target invalid' }, phone);
const acceptNumber = (phone: string) => daftar.fonnte.behave('accept', phone);

describe('one phone', () => {
  test('waits a minute between two codes', async () => {
    await start();
    const [phone, other] = [newPhone(), newPhone()];
    expect(await ask(phone)).toEqual(SENT);
    expect(await ask(phone)).toEqual(cooldown(60));
    daftar.clock.advance(59 * SECOND);
    expect(await ask(phone)).toEqual(cooldown(1));
    expect(await ask(other)).toEqual(SENT);
    daftar.clock.advance(SECOND);
    expect(await ask(phone)).toEqual(SENT);
    expect(daftar.fonnte.messagesTo(phone)).toHaveLength(2);
  });

  test('gets five in any hour', async () => {
    await start();
    const phone = newPhone();
    for (let i = 0; i < 5; i += 1) {
      expect(await ask(phone)).toEqual(SENT);
      daftar.clock.advance(2 * MINUTE);
    }
    expect(await ask(phone)).toEqual(limit(50 * 60));
    daftar.clock.advance(50 * MINUTE - 1);
    expect(await ask(phone)).toEqual(limit(1));
    daftar.clock.advance(1);
    expect(await ask(phone)).toEqual(SENT);
    // The window slides: the second of the five leaves two minutes later.
    expect(await ask(phone)).toEqual(limit(120));
    expect(daftar.fonnte.messagesTo(phone)).toHaveLength(6);
  });

  test('gets ten in any day', async () => {
    await start();
    const phone = newPhone();
    for (let i = 0; i < 10; i += 1) {
      expect(await ask(phone)).toEqual(SENT);
      daftar.clock.advance(15 * MINUTE);
    }
    expect(await ask(phone)).toEqual(limit(21.5 * 3600));
    daftar.clock.advance(21.5 * HOUR);
    expect(await ask(phone)).toEqual(SENT);
  });

  test('at the limits that are set', async () => {
    await start({ OTP_RESEND_SECONDS: '1', OTP_MAX_PER_HOUR: '2', OTP_MAX_PER_PHONE_PER_DAY: '3' });
    const phone = newPhone();
    expect(await ask(phone)).toEqual(SENT);
    expect(await ask(phone)).toEqual(cooldown(1));
    daftar.clock.advance(SECOND);
    expect(await ask(phone)).toEqual(SENT);
    daftar.clock.advance(SECOND);
    expect(await ask(phone)).toEqual(limit(3598));
    daftar.clock.advance(HOUR);
    expect(await ask(phone)).toEqual(SENT);
    expect(await ask(phone)).toEqual(limit(24 * 3600 - 3602));
  });

  test('is limited for the web form alone: the chat still gets its code', async () => {
    await start({ OTP_MAX_PER_HOUR: '1' });
    const phone = newPhone();
    expect(await ask(phone)).toEqual(SENT);
    expect(await ask(phone)).toEqual(limit(3600));

    const chat = daftar.chatWith(phone);
    await chat.says('DAFTAR');
    expect(await chat.says('Budi Santoso')).toContain('*kode OTP*');
    expect(await ask(phone)).toEqual(limit(3600));
  });
});

describe('a code whose message failed', () => {
  test('costs neither the wait nor the hourly count, but counts for the day', async () => {
    await start();
    const phone = newPhone();
    refuseNumber(phone);
    for (let i = 0; i < 6; i += 1) expect(await ask(phone)).toEqual(UNREACHABLE);

    acceptNumber(phone);
    for (let i = 0; i < 4; i += 1) {
      expect(await ask(phone)).toEqual(SENT);
      daftar.clock.advance(MINUTE);
    }
    expect(await ask(phone)).toEqual(limit(24 * 3600 - 240));
  });

  test('counts for the address and the ceiling', async () => {
    await start({ OTP_MAX_PER_IP_PER_HOUR: '3', OTP_MAX_PER_DAY: '5' });
    const phone = newPhone();
    refuseNumber(phone);
    for (let i = 0; i < 3; i += 1) expect(await ask(phone)).toEqual(UNREACHABLE);
    expect(await ask(newPhone())).toEqual(limit(3600));
    daftar.clock.advance(HOUR);
    for (let i = 0; i < 2; i += 1) expect(await ask(phone)).toEqual(UNREACHABLE);
    expect(await ask(newPhone())).toEqual(limit(23 * 3600));
  });

  test('is void, and the one before it is good again for what is left of its life', async () => {
    const form = await start();
    const phone = newPhone();
    const first = await form.codeFor(phone);
    daftar.clock.advance(MINUTE);
    refuseNumber(phone);
    expect(await ask(phone)).toEqual(UNREACHABLE);

    // Neither does the failure start the first one's wait anew, nor give it a longer life.
    daftar.clock.advance(4 * MINUTE - 1);
    expect((await form.verifyOtp(phone, first)).status).toBe(200);

    const other = newPhone();
    const another = await form.codeFor(other);
    daftar.clock.advance(MINUTE);
    refuseNumber(other);
    expect(await ask(other)).toEqual(UNREACHABLE);
    daftar.clock.advance(4 * MINUTE);
    expect(gist(await form.verifyOtp(other, another))).toEqual({ status: 400, code: 'OTP_EXPIRED' });
  });

  test('where it was the only one leaves none', async () => {
    const form = await start();
    const phone = newPhone();
    refuseNumber(phone);
    expect(await ask(phone)).toEqual(UNREACHABLE);
    expect(gist(await form.verifyOtp(phone, '000000'))).toEqual({ status: 400, code: 'OTP_NOT_FOUND' });
    expect(rows(daftar.service, 'SELECT * FROM otp_wrong_tries')).toEqual([]);
  });
});

describe('one address', () => {
  const from = (address: string) => ({ 'x-forwarded-for': address });

  test('gets so many codes in any hour, for whatever phones', async () => {
    await start({ OTP_MAX_PER_IP_PER_HOUR: '3' });
    for (let i = 0; i < 3; i += 1) {
      expect(await ask(newPhone())).toEqual(SENT);
      daftar.clock.advance(10 * MINUTE);
    }
    expect(await ask(newPhone())).toEqual(limit(30 * 60));
    daftar.clock.advance(30 * MINUTE);
    expect(await ask(newPhone())).toEqual(SENT);
    expect(await ask(newPhone())).toEqual(limit(10 * 60));
  });

  test('is the one the believed proxy saw, not one that the client made up', async () => {
    await start({ OTP_MAX_PER_IP_PER_HOUR: '1', TRUST_PROXY: '1' });
    expect(await ask(newPhone(), from('198.51.100.1'))).toEqual(SENT);
    expect(await ask(newPhone(), from('198.51.100.1'))).toEqual(limit(3600));
    expect(await ask(newPhone(), from('203.0.113.9, 198.51.100.1'))).toEqual(limit(3600));
    expect(await ask(newPhone(), from('::ffff:198.51.100.1'))).toEqual(limit(3600));
    expect(await ask(newPhone(), from('198.51.100.1, 198.51.100.2'))).toEqual(SENT);
    expect(await ask(newPhone())).toEqual(SENT);
    expect(await ask(newPhone(), from('nonsense'))).toEqual(SENT);
  });

  test('behind two proxies is the second from the right', async () => {
    await start({ OTP_MAX_PER_IP_PER_HOUR: '1', TRUST_PROXY: '2' });
    expect(await ask(newPhone(), from('203.0.113.9, 198.51.100.1, 10.0.0.1'))).toEqual(SENT);
    expect(await ask(newPhone(), from('203.0.113.8, 198.51.100.1, 10.0.0.2'))).toEqual(limit(3600));
    expect(await ask(newPhone(), from('203.0.113.9, 198.51.100.2, 10.0.0.1'))).toEqual(SENT);
  });

  test('without a believed proxy is the connection itself, whatever the headers say', async () => {
    await start({ OTP_MAX_PER_IP_PER_HOUR: '1' });
    expect(await ask(newPhone(), from('198.51.100.1'))).toEqual(SENT);
    expect(await ask(newPhone(), from('198.51.100.2'))).toEqual(limit(3600));
  });

  test('of IPv6 is the /64 that a customer has', async () => {
    await start({ OTP_MAX_PER_IP_PER_HOUR: '2', TRUST_PROXY: '1' });
    expect(await ask(newPhone(), from('2001:db8:1:2::a'))).toEqual(SENT);
    expect(await ask(newPhone(), from('2001:0db8:0001:0002:ffff:ffff:ffff:ffff'))).toEqual(SENT);
    expect(await ask(newPhone(), from('2001:db8:1:2:1::'))).toEqual(limit(3600));
    expect(await ask(newPhone(), from('2001:db8:1:3::a'))).toEqual(SENT);
  });

  test('is the same whatever port the proxy saw it come from', async () => {
    await start({ OTP_MAX_PER_IP_PER_HOUR: '1', TRUST_PROXY: '1' });
    expect(await ask(newPhone(), from('198.51.100.1:50001'))).toEqual(SENT);
    expect(await ask(newPhone(), from('198.51.100.1:50002'))).toEqual(limit(3600));
    expect(await ask(newPhone(), from('198.51.100.1'))).toEqual(limit(3600));
    expect(await ask(newPhone(), from('[2001:db8:1:2::a]:50001'))).toEqual(SENT);
    expect(await ask(newPhone(), from('[2001:db8:1:2::b]'))).toEqual(limit(3600));
    expect(await ask(newPhone(), from('2001:db8:1:2::c'))).toEqual(limit(3600));
  });

  test('is not limited where 0 says so', async () => {
    await start({ OTP_MAX_PER_IP_PER_HOUR: '0' });
    for (let i = 0; i < 61; i += 1) expect(await ask(newPhone())).toEqual(SENT);
  });

  test('may by default ask sixty times an hour', async () => {
    await start();
    const answers = await Promise.all(Array.from({ length: 61 }, () => ask(newPhone())));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(60);
    expect(answers.filter(({ status }) => status !== 200)).toEqual([limit(3600)]);
  });
});

describe('the ceiling of a day', () => {
  test('holds for all phones of the web together, and not for the chat', async () => {
    await start({ OTP_MAX_PER_DAY: '3' });
    expect(await ask(newPhone())).toEqual(SENT);
    daftar.clock.advance(6 * HOUR);
    for (let i = 0; i < 2; i += 1) expect(await ask(newPhone())).toEqual(SENT);
    expect(await ask(newPhone())).toEqual(limit(18 * 3600));

    const chat = daftar.chatWith(newPhone());
    await chat.says('DAFTAR');
    expect(await chat.says('Budi Santoso')).toContain('*kode OTP*');

    daftar.clock.advance(18 * HOUR);
    expect(await ask(newPhone())).toEqual(SENT);
    expect(await ask(newPhone())).toEqual(limit(6 * 3600));
  });
});

describe('what was counted', () => {
  test('outlives the service', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'daftar-test-'));
    await start({ OTP_MAX_PER_IP_PER_HOUR: '3' }, { directory });
    const { clock } = daftar;
    const phone = newPhone();
    expect(await ask(phone)).toEqual(SENT);
    await daftar.close();

    clock.advance(10 * SECOND);
    const form = await start({ OTP_MAX_PER_IP_PER_HOUR: '3' }, { directory, clock });
    expect(await ask(phone)).toEqual(cooldown(50));
    const other = newPhone();
    const code = await form.codeFor(other);
    for (let n = 1; n <= 5; n += 1) await form.verifyOtp(other, wrongCode(code, n));
    await daftar.close();

    const again = await start({ OTP_MAX_PER_IP_PER_HOUR: '3' }, { directory, clock });
    expect(gist(await again.verifyOtp(other, code))).toEqual({
      status: 429,
      code: 'OTP_LOCKED',
      retry_after: 60,
    });
    expect(await ask(newPhone())).toEqual(SENT);
    expect(await ask(newPhone())).toEqual(limit(3590));
    rmSync(directory, { recursive: true });
  });

  test('is not forgotten for others when a day is over for one', async () => {
    await start({ OTP_MAX_PER_PHONE_PER_DAY: '1' });
    const [early, late] = [newPhone(), newPhone()];
    expect(await ask(early)).toEqual(SENT);
    daftar.clock.advance(DAY - MINUTE);
    expect(await ask(late)).toEqual(SENT);
    daftar.clock.advance(MINUTE);
    expect(await ask(early)).toEqual(SENT);
    expect(await ask(late)).toEqual(limit(24 * 3600 - 60));
  });
});
