/**
 * The gateway is gone for ten minutes. Promise: codes run out in their time and free their customers, replies and
 * notices arrive afterwards in their order, the outage uses up nobody's tries, admins are told once that it began and
 * once that it is over, probes go after 30 s and then twice as long each time, and sending starts again slowly.
 */
import { rows, startDaftar, type Daftar } from '../support/daftar';
import { asks, chatAt, phones, says } from '../support/chat-journey';
import { FORM, gist, newPhones, webForm } from '../support/web-form';
import { SECOND } from '../../src/platform/clock';

const STAFF = '6281100000001';
const nextPhone = newPhones();
const nextChat = phones(76);
let daftar: Daftar;
let form: ReturnType<typeof webForm>;
beforeEach(async () => {
  daftar = await startDaftar({ env: { ADMIN_PHONES: STAFF, SEND_WAIT_MS: '100' } });
  form = webForm(daftar);
});
afterEach(() => daftar.close());

const alertsOf = (cause: string) => daftar.logs.filter((line) => line.includes(`"alert":"${cause}"`));
const triesUsed = () =>
  rows<{ total: number }>(daftar.service, 'SELECT SUM(tries) AS total FROM messages')[0]!.total;
const statesOf = (kind: string, phone: string) =>
  rows<{ state: string }>(
    daftar.service,
    'SELECT state FROM messages WHERE kind = ? AND phone = ? ORDER BY id',
    kind,
    phone,
  ).map(({ state }) => state);

/** Many customers at the same question, and what each of them has received so far. */
async function customersAt(question: 'address', count: number) {
  const chats = [];
  for (let n = 0; n < count; n += 1) chats.push(await chatAt(daftar, question, nextChat()));
  return chats.map((chat) => {
    const before = chat.received().length;
    return { chat, since: () => chat.received().slice(before) };
  });
}

async function untilTheCircuitOpens(): Promise<void> {
  for (let n = 0; n < 60 && alertsOf('circuit_open').length === 0; n += 1) {
    await daftar.settle();
    if (alertsOf('circuit_open').length === 0) daftar.clock.advance(SECOND);
  }
  expect(alertsOf('circuit_open')).toHaveLength(1);
}

/** Lets the time pass; returns the seconds at which the gateway was tried, with one message each. */
async function pass(seconds: number): Promise<number[]> {
  const tried: number[] = [];
  for (let second = 10; second <= seconds; second += 10) {
    const before = daftar.fonnte.count();
    daftar.clock.advance(10 * SECOND);
    await daftar.settle();
    tried.push(...Array<number>(daftar.fonnte.count() - before).fill(second));
  }
  return tried;
}

/** Everything that waits is sent; at each moment: how many calls were open, and how many had been answered. */
async function watchTheRestart(): Promise<{ open: number; answered: number }[]> {
  const { fonnte, clock, service } = daftar;
  const earlier = fonnte.requests.length;
  // And the word to the admins that it is over.
  const expected = service.delivery.outbox.depth(clock.now()).pending + 1;
  const seen: { open: number; answered: number }[] = [];
  const watching = fonnte.waitFor(() => {
    const calls = fonnte.requests.slice(earlier);
    const answered = calls.filter(({ closed }) => closed).length;
    seen.push({ open: calls.length - answered, answered });
    return answered === expected;
  }, 20_000);
  await daftar.settle();
  await watching;
  return seen;
}

describe.each([
  ['answers with errors', { http: 502 }],
  ['has lost our device', { refuse: 'request invalid on disconnected device' }],
])('a gateway that %s for ten minutes', (_, outage) => {
  test('delays what can wait, and loses nothing', async () => {
    const customers = await customersAt('address', 20);
    const fresh = await chatAt(daftar, 'name', nextChat());
    const applicant = nextPhone();
    const verification_token = await form.tokenFor(applicant);

    daftar.fonnte.behave(outage);
    const hasty = nextPhone();
    expect([202, 503]).toContain((await form.requestOtp(hasty)).status);
    await daftar.webhook({ sender: fresh.phone, message: 'Budi Santoso' });
    await untilTheCircuitOpens();

    for (const text of ['Jl. Mawar No. 12 RT 01/02', 'Bandung', 'LEWATI'])
      for (const { chat } of customers)
        expect((await daftar.webhook({ sender: chat.phone, message: text })).status).toBe(200);
    expect((await form.register({ ...FORM, phone: applicant, verification_token })).status).toBe(201);
    expect(gist(await form.requestOtp(nextPhone()))).toEqual({
      status: 503,
      code: 'WHATSAPP_UNAVAILABLE',
      retry_after: 30,
    });

    const tries = triesUsed();
    expect(await pass(600)).toEqual([30, 90, 210, 450]);
    expect(triesUsed()).toBe(tries);
    // Codes have run out in their time, wherever they were asked for.
    expect(statesOf('code', fresh.phone)).toEqual(['expired']);
    expect(['expired', 'failed']).toContain(statesOf('code', hasty)[0]);
    for (const { since } of customers) expect(since()).toEqual([]);

    daftar.fonnte.behave({ delayMs: 20 });
    expect(await pass(320)).toEqual([]);
    daftar.clock.advance(10 * SECOND);
    const seen = await watchTheRestart();

    // One alone; and as many again with each that was taken, 16 at most.
    for (const { open, answered } of seen) expect(open).toBeLessThanOrEqual(Math.min(16, 2 ** answered));
    expect(Math.max(...seen.map(({ open }) => open))).toBeGreaterThan(4);

    for (const { since } of customers)
      expect(since()).toEqual([
        expect.stringContaining(asks('city')),
        expect.stringContaining(asks('location')),
        expect.stringContaining(asks('package')),
      ]);
    expect(daftar.fonnte.messagesTo(applicant).at(-1)).toContain('REG-');
    expect(daftar.fonnte.messagesTo(STAFF)).toEqual([
      expect.stringContaining('⚠️'),
      expect.stringContaining('REG-'),
      expect.stringContaining('✅'),
    ]);
    expect(alertsOf('circuit_open')).toHaveLength(2);
    expect(alertsOf('circuit_open')[1]).toContain('"cleared":true');

    // Nobody has to wait for the code that never came.
    expect(fresh.received().at(-1)).toContain(asks('otp'));
    await says(daftar, fresh, 'KIRIM ULANG');
    expect(await says(daftar, fresh, fresh.lastCode())).toContain(asks('email'));
    daftar.fonnte.behave('accept');
    await form.tokenFor(hasty);
  });
});
