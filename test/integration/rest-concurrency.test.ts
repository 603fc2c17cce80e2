/** Everything at once: codes pass once, tries are counted, numbers have no gap and no repeat. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rows, startDaftar, type Daftar } from '../support/daftar';
import { FORM, gist, newPhones, webForm, wrongCode, type WebAnswer } from '../support/web-form';

const newPhone = newPhones();
let daftar: Daftar;
let form: ReturnType<typeof webForm>;
const closers: (() => Promise<unknown>)[] = [];

const NO_LIMITS = { OTP_MAX_PER_IP_PER_HOUR: '0', OTP_MAX_PER_DAY: '0' };

async function start(env: Record<string, string> = {}, directory?: string) {
  const one = await startDaftar({ env: { ...NO_LIMITS, ...env }, directory });
  closers.push(() => one.close());
  return one;
}
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const times = <T>(count: number, make: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

/** How many answers there were of each kind: `{ '200': 1, '400 OTP_NOT_FOUND': 19 }`. */
function tally(answers: WebAnswer[]) {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const kind = body.code ? `${status} ${body.code}` : String(status);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

describe('one customer, many clicks', () => {
  beforeEach(async () => {
    // Codes come in the answer, so that what is measured here is not the gateway.
    daftar = await start({ WHATSAPP_ENABLED: 'false' });
    form = webForm(daftar);
  });

  test('of 20 right codes at once one passes, a hundred times over', async () => {
    const round = async () => {
      const phone = newPhone();
      const code = await form.codeFor(phone);
      const answers = await times(20, () => form.verifyOtp(phone, code));
      expect(tally(answers)).toEqual({ '200': 1, '400 OTP_NOT_FOUND': 19 });
    };
    for (let i = 0; i < 20; i += 1) await times(5, round);
    expect(rows(daftar.service, 'SELECT COUNT(*) AS proofs FROM verifications')).toEqual([{ proofs: 100 }]);
  });

  test('of 50 wrong codes at once exactly five are judged', async () => {
    const phone = newPhone();
    const code = await form.codeFor(phone);
    const answers = await times(50, (n) => form.verifyOtp(phone, wrongCode(code, n + 1)));
    expect(tally(answers)).toEqual({ '400 OTP_INVALID': 5, '429 OTP_LOCKED': 45 });
    const told = answers.map(({ body }) => body.attemptsLeft).filter((left) => left !== undefined);
    expect(told.sort()).toEqual([0, 1, 2, 3, 4]);
    expect(rows(daftar.service, 'SELECT attempts, used_at FROM otps WHERE phone = ?', phone)).toEqual([
      { attempts: 5, used_at: null },
    ]);
    expect(rows(daftar.service, 'SELECT * FROM otp_wrong_tries WHERE phone = ?', phone)).toHaveLength(5);
    expect(gist(await form.verifyOtp(phone, code))).toMatchObject({ status: 429, code: 'OTP_LOCKED' });
  });

  test('right and wrong ones at once: one passes or it is locked, and never more than five are judged', async () => {
    for (let i = 0; i < 10; i += 1) {
      const phone = newPhone();
      const code = await form.codeFor(phone);
      const answers = await times(30, (n) =>
        form.verifyOtp(phone, n % 3 === i % 3 ? code : wrongCode(code, n + 1)),
      );
      const { '200': passed = 0, '400 OTP_INVALID': wrong = 0 } = tally(answers);
      expect(passed).toBeLessThanOrEqual(1);
      expect(wrong).toBeLessThanOrEqual(passed === 1 ? 4 : 5);
      const proofs = rows(daftar.service, 'SELECT id FROM verifications WHERE phone = ?', phone);
      expect(proofs).toHaveLength(passed);
    }
  });
});

describe('a code asked for 30 times at once', () => {
  test('is one code and one message', async () => {
    daftar = await start();
    form = webForm(daftar);
    const phone = newPhone();
    const answers = await times(30, () => form.requestOtp(phone));
    expect(tally(answers)).toEqual({ '200': 1, '429 OTP_COOLDOWN': 29 });
    await daftar.settle();
    expect(daftar.fonnte.messagesTo(phone)).toHaveLength(1);
    expect(rows(daftar.service, 'SELECT id FROM otps WHERE phone = ?', phone)).toHaveLength(1);
    expect((await form.verifyOtp(phone, daftar.fonnte.lastCodeTo(phone))).status).toBe(200);
  });

  test('for as many phones: each gets its own', async () => {
    daftar = await start();
    form = webForm(daftar);
    const phones = Array.from({ length: 60 }, newPhone);
    const answers = await Promise.all(phones.map((phone) => form.requestOtp(phone)));
    expect(tally(answers)).toEqual({ '200': 60 });
    for (const phone of phones) expect(daftar.fonnte.messagesTo(phone)).toHaveLength(1);
    expect(new Set(answers.map(({ body }) => body.data.request_id)).size).toBe(60);
  });
});

describe('two services on one database', () => {
  test('make one code of 30 requests, pass it once, and share the numbers', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'daftar-test-'));
    const env = { WHATSAPP_ENABLED: 'false' };
    const both = [webForm(await start(env, directory)), webForm(await start(env, directory))];
    const either = (n: number) => both[n % 2]!;

    const phone = newPhone();
    const asked = await times(30, (n) => either(n).requestOtp(phone));
    expect(tally(asked)).toEqual({ '200': 1, '429 OTP_COOLDOWN': 29 });
    const code = asked.find(({ status }) => status === 200)!.body.data.otp!;
    const tried = await times(20, (n) => either(n).verifyOtp(phone, code));
    expect(tally(tried)).toEqual({ '200': 1, '400 OTP_NOT_FOUND': 19 });

    const registered = await times(20, async (n) => {
      const own = newPhone();
      const verification_token = await either(n).tokenFor(own);
      // Verified at one, registered at the other.
      return either(n + 1).register({ ...FORM, email: `${n}@example.com`, phone: own, verification_token });
    });
    expect(numbersOf(registered)).toEqual(inOrder(20));
    closers.push(() => Promise.resolve(rmSync(directory, { recursive: true })));
  });
});

const numbersOf = (answers: WebAnswer[]) =>
  answers
    .filter(({ status }) => status === 201)
    .map(({ body }) => body.data.registration_number)
    .sort();

const inOrder = (count: number) =>
  Array.from({ length: count }, (_, index) => `REG-20261125-${String(index + 1).padStart(4, '0')}`);

describe('200 registrations at once', () => {
  beforeEach(async () => {
    daftar = await start({ WHATSAPP_ENABLED: 'false' });
    form = webForm(daftar);
  });

  /** Verified customers, each about to press the button. */
  const customers = (count: number) =>
    times(count, async (index) => {
      const phone = newPhone();
      const verification_token = await form.tokenFor(phone);
      const send = (fields: object) =>
        form.register({ ...FORM, email: `${index}@example.com`, phone, verification_token, ...fields });
      return { phone, send };
    });

  test('are numbered without gap or repeat', async () => {
    const answers = await Promise.all((await customers(200)).map(({ send }) => send({})));
    expect(tally(answers)).toEqual({ '201': 200 });
    expect(numbersOf(answers)).toEqual(inOrder(200));
  });

  test('also when a third of them fail, each in its own way', async () => {
    // A failure after the number was taken, as a bug or a full disk would make: it must give its number back.
    await daftar.service.database.unitOfWork.run((tx) =>
      tx.run(`CREATE TRIGGER fails BEFORE UPDATE ON verifications WHEN NEW.phone % 9 = 5
                BEGIN SELECT RAISE(ABORT, 'made to fail'); END`),
    );
    const all = await customers(200);
    const breaks = all.filter(({ phone }) => Number(phone) % 9 === 5);
    const rest = all.filter((one) => !breaks.includes(one));
    const [invalid, unavailable, duplicate] = [rest.slice(0, 15), rest.slice(15, 30), rest.slice(30, 45)];
    const good = rest.slice(45);

    const answers = await Promise.all([
      ...breaks.map(({ send }) => send({})),
      ...invalid.map(({ send }) => send({ postal_code: 'x' })),
      ...unavailable.map(({ send }) => send({ package_id: 99 })),
      ...duplicate.map(({ send }) => send({ email: 'the.same@example.com' })),
      ...good.map(({ send }) => send({})),
    ]);
    expect(breaks.length).toBeGreaterThan(20);
    expect(tally(answers)).toEqual({
      '500 INTERNAL_ERROR': breaks.length,
      '400 VALIDATION_ERROR': 15,
      '400 PACKAGE_NOT_AVAILABLE': 15,
      '409 ALREADY_REGISTERED': 14,
      '201': good.length + 1,
    });
    expect(numbersOf(answers)).toEqual(inOrder(good.length + 1));

    // Nobody lost his proof by failing, and the numbers go on where they were.
    await daftar.service.database.unitOfWork.run((tx) => tx.run('DROP TRIGGER fails'));
    const again = await Promise.all(breaks.map(({ send }) => send({})));
    expect(tally(again)).toEqual({ '201': breaks.length });
    expect(numbersOf([...answers, ...again])).toEqual(inOrder(good.length + 1 + breaks.length));
    const [{ stored }] = rows<{ stored: number }>(
      daftar.service,
      'SELECT COUNT(*) AS stored FROM registrations',
    ) as [{ stored: number }];
    expect(stored).toBe(good.length + 1 + breaks.length);
  });
});
