/** Trying codes: right, wrong, late, used, replaced; and when it is enough. */
import { DAY, HOUR, MINUTE, SECOND } from '../../src/platform/clock';
import { rows, startDaftar, type Daftar } from '../support/daftar';
import { distinctCodes, gist, newPhones, webForm, wrongCode } from '../support/web-form';

const NOT_FOUND = { status: 400, code: 'OTP_NOT_FOUND' };
const EXPIRED = { status: 400, code: 'OTP_EXPIRED' };
const locked = (retry_after: number) => ({ status: 429, code: 'OTP_LOCKED', retry_after });

const newPhone = newPhones();
let daftar: Daftar;
let form: ReturnType<typeof webForm>;

async function start(env: Record<string, string> = {}) {
  daftar = await startDaftar({ env: { SEND_WAIT_MS: '10000', ...env }, random: distinctCodes() });
  form = webForm(daftar);
}
beforeEach(() => start());
afterEach(() => daftar.close());

const tryCode = async (phone: string, code: string) => gist(await form.verifyOtp(phone, code));

/** What a wrong try is told: how many are left. */
async function left(phone: string, code: string) {
  const { status, body } = await form.verifyOtp(phone, code);
  return { status, code: body.code, attemptsLeft: body.attemptsLeft };
}
const invalid = (attemptsLeft: number) => ({ status: 400, code: 'OTP_INVALID', attemptsLeft });

/** Asks for a code while the gateway fails, up to where its message waits to be tried again; gives the answer to come. */
async function askInVain(phone: string) {
  const before = daftar.fonnte.requests.length;
  daftar.fonnte.behave({ http: 500 }, phone);
  const answer = form.requestOtp(phone);
  await daftar.fonnte.waitFor(() => daftar.fonnte.requests.length > before);
  await daftar.settle();
  return () => answer;
}

/** A new code in place of the one before, and so many wrong tries of it. */
async function newCodeAndTries(phone: string, tries: number) {
  const code = await form.codeFor(phone);
  for (let n = 1; n <= tries; n += 1) await form.verifyOtp(phone, wrongCode(code, n));
  return code;
}

describe('a code', () => {
  test('passes once', async () => {
    const phone = newPhone();
    const code = await form.codeFor(phone);
    expect(code).toBe('000007');
    expect((await form.verifyOtp(phone, code)).status).toBe(200);
    expect(await tryCode(phone, code)).toEqual(NOT_FOUND);
    expect(await tryCode(phone, wrongCode(code))).toEqual(NOT_FOUND);
  });

  test('lives five minutes, to the millisecond', async () => {
    const [early, late] = [newPhone(), newPhone()];
    const [inTime, tooLate] = [await form.codeFor(early), await form.codeFor(late)];
    daftar.clock.advance(5 * MINUTE - 1);
    expect((await form.verifyOtp(early, inTime)).status).toBe(200);
    daftar.clock.advance(1);
    expect(await tryCode(late, tooLate)).toEqual(EXPIRED);
    expect(await tryCode(late, wrongCode(tooLate))).toEqual(EXPIRED);
    daftar.clock.advance(DAY);
    expect(await tryCode(late, tooLate)).toEqual(EXPIRED);
  });

  test('is worth nothing for a phone that asked for none, or for another phone', async () => {
    const [asked, stranger, other] = [newPhone(), newPhone(), newPhone()];
    const code = await form.codeFor(asked);
    expect(await tryCode(stranger, code)).toEqual(NOT_FOUND);
    await form.codeFor(other);
    expect(await left(other, code)).toEqual(invalid(4));
  });

  test('of the web is worth nothing in the chat, and the other way round', async () => {
    const phone = newPhone();
    const chat = daftar.chatWith(phone);
    await chat.says('DAFTAR');
    await chat.says('Budi Santoso');
    const ofChat = chat.lastCode();
    expect(await tryCode(phone, ofChat)).toEqual(NOT_FOUND);

    const ofWeb = await form.codeFor(phone);
    expect(await left(phone, ofChat)).toEqual(invalid(4));
    expect(await chat.says(ofChat)).toContain('*email*');
    expect((await form.verifyOtp(phone, ofWeb)).status).toBe(200);
  });

  test('is replaced at once by a new one, even before that has gone out', async () => {
    const phone = newPhone();
    const first = await form.codeFor(phone);
    daftar.clock.advance(MINUTE);
    const asking = await askInVain(phone);
    expect(await tryCode(phone, first)).toEqual(NOT_FOUND);

    daftar.fonnte.behave('accept', phone);
    daftar.clock.advance(MINUTE);
    expect((await asking()).status).toBe(200);
    const { body } = await form.verifyOtp(phone, first);
    expect(body).toMatchObject({
      code: 'OTP_NOT_FOUND',
      message: expect.stringContaining('terakhir') as string,
    });
    expect((await form.verifyOtp(phone, daftar.fonnte.lastCodeTo(phone))).status).toBe(200);
    expect(await tryCode(phone, first)).toEqual(NOT_FOUND);
  });

  test('that was replaced is a wrong try all the same: nobody guesses for free', async () => {
    const phone = newPhone();
    const first = await form.codeFor(phone);
    daftar.clock.advance(MINUTE);
    await form.codeFor(phone);
    for (let i = 0; i < 5; i += 1) expect((await tryCode(phone, first)).status).toBe(400);
    expect(await tryCode(phone, first)).toEqual(locked(60));
    expect(rows(daftar.service, 'SELECT * FROM otp_wrong_tries WHERE phone = ?', phone)).toHaveLength(5);
  });

  test('that still waits to be sent is never sent once there is a newer one', async () => {
    const phone = newPhone();
    const first = await askInVain(phone);
    daftar.clock.advance(MINUTE);
    await daftar.settle();
    const second = await askInVain(phone);
    expect(gist(await first())).toMatchObject({ status: 503, code: 'WHATSAPP_UNAVAILABLE' });

    daftar.fonnte.behave('accept', phone);
    daftar.clock.advance(MINUTE);
    expect((await second()).status).toBe(200);
    expect(daftar.fonnte.messagesTo(phone)).toHaveLength(1);
    expect((await form.verifyOtp(phone, daftar.fonnte.lastCodeTo(phone))).status).toBe(200);
  });
});

describe('wrong tries', () => {
  test('count down to zero, then lock the right code out too', async () => {
    const phone = newPhone();
    const code = await form.codeFor(phone);
    daftar.clock.advance(20 * SECOND);
    for (const attemptsLeft of [4, 3, 2, 1, 0])
      expect(await left(phone, wrongCode(code, attemptsLeft + 1))).toEqual(invalid(attemptsLeft));
    expect(await tryCode(phone, code)).toEqual(locked(40));
    expect(await tryCode(phone, wrongCode(code))).toEqual(locked(40));
    // Also when the code would have run out by itself.
    daftar.clock.advance(10 * MINUTE);
    expect(await tryCode(phone, code)).toEqual(locked(1));
    expect((await form.verifyOtp(phone, await form.codeFor(phone))).status).toBe(200);
  });

  test('up to the last but one leave the right code good', async () => {
    const phone = newPhone();
    const code = await newCodeAndTries(phone, 4);
    expect((await form.verifyOtp(phone, code)).status).toBe(200);
  });

  test('of others, or in the chat, are none of this phone on the web', async () => {
    const [phone, other] = [newPhone(), newPhone()];
    const code = await form.codeFor(phone);
    await newCodeAndTries(other, 5);
    const chat = daftar.chatWith(phone);
    await chat.says('DAFTAR');
    await chat.says('Budi Santoso');
    for (let n = 1; n <= 6; n += 1) await chat.says(wrongCode(chat.lastCode(), n));
    expect((await form.verifyOtp(phone, code)).status).toBe(200);
  });

  test('are as many as is set', async () => {
    await daftar.close();
    await start({ OTP_MAX_ATTEMPTS: '2' });
    const phone = newPhone();
    const code = await form.codeFor(phone);
    expect(await left(phone, wrongCode(code, 1))).toEqual(invalid(1));
    expect(await left(phone, wrongCode(code, 2))).toEqual(invalid(0));
    expect(await tryCode(phone, code)).toEqual(locked(60));
  });

  test('are not reset by a new code: after ten in a day every try is locked until the oldest is a day old', async () => {
    const phone = newPhone();
    const began = daftar.clock.now();
    await newCodeAndTries(phone, 4);
    daftar.clock.advance(HOUR);
    await newCodeAndTries(phone, 4);
    daftar.clock.advance(HOUR);

    const third = await form.codeFor(phone);
    expect(await left(phone, wrongCode(third, 1))).toEqual(invalid(1));
    expect(await left(phone, wrongCode(third, 2))).toEqual(invalid(0));
    const wait = 22 * 3600;
    expect(await tryCode(phone, third)).toEqual(locked(wait));
    expect(await tryCode(phone, wrongCode(third, 3))).toEqual(locked(wait));

    // Nor does it help to ask for another code, at once or later; and that is said before one is made.
    const limited = (retry_after: number) => ({ status: 429, code: 'OTP_LIMIT', retry_after });
    expect(gist(await form.requestOtp(phone))).toEqual(limited(wait));
    daftar.clock.advance(10 * HOUR);
    expect(gist(await form.requestOtp(phone))).toEqual(limited(12 * 3600));
    expect(await tryCode(phone, '000000')).toEqual(locked(12 * 3600));

    daftar.clock.advance(began + DAY - 1 - daftar.clock.now());
    expect(gist(await form.requestOtp(phone))).toEqual(limited(1));
    daftar.clock.advance(1);
    // The oldest four are gone: six count still, and the seventh to tenth are free.
    const fresh = await form.codeFor(phone);
    for (const attemptsLeft of [3, 2, 1, 0])
      expect(await left(phone, wrongCode(fresh, attemptsLeft + 1))).toEqual(invalid(attemptsLeft));
    expect(await tryCode(phone, fresh)).toEqual(locked(3600));
  });

  test('are told no differently for phones that registered and phones nobody knows', async () => {
    const [customer, stranger] = [newPhone(), newPhone()];
    await form.tokenFor(customer);
    expect(await tryCode(customer, '000000')).toEqual(await tryCode(stranger, '000000'));
  });
});
