/**
 * A gateway that refuses, hangs, cuts, lies or floods, and the built program between it and the customers: what they
 * are told, what becomes of the message, and that it arrives when the gateway is good again. One program lives
 * through all of it, as in a bad night.
 */
import { readFileSync } from 'node:fs';
import { type Behaviour } from '../support/fake-fonnte';
import { type Program } from '../support/process';
import { startRawServer } from '../support/raw-server';
import { figures, size } from '../support/soak';
import { asksForCode, deviceIs, says, setStage } from '../support/stage';
import { until } from '../support/until';

/** Answers kept whole, 25 of them, make 100 MB more than they need to be; the rest is a heap that warms up. */
const MOST_GROWTH_MB = 50;
const stage = setStage('all');
let program: Program;
let url: string;
beforeAll(async () => {
  ({ program, url } = await stage.startUp({
    SEND_TIMEOUT_MS: '600',
    SEND_WAIT_MS: '200',
    SEND_PER_MINUTE: '0',
  }));
});
afterEach(() => {
  stage.fonnte.behave('accept');
  stage.fonnte.hangUp(false);
});

let last = 0;
const newPhone = () => `62812000${40_000 + ++last}`;
/** What has arrived, told once: an answer that comes late on a busy machine may bring a message twice. */
const arrivedAt = (phone: string) => [...new Set(stage.fonnte.messagesTo(phone))];
const from = (phone: string) => stage.fonnte.requests.filter(({ fields }) => fields['target'] === phone);

interface Message {
  id: number;
  state: string;
  trouble: string | null;
  reason: string | null;
  tries: number;
}
const messagesOf = (phone: string) =>
  stage.rows<Message>(
    'SELECT id, state, trouble, reason, tries FROM messages WHERE phone = ? ORDER BY id',
    phone,
  );
const onlyMessageOf = (phone: string) => {
  const found = messagesOf(phone);
  expect(found).toHaveLength(1);
  return found[0]!;
};
const isTaken = (phone: string) => messagesOf(phone).every(({ state }) => state === 'accepted');

/** A customer writes into the chat; resolves when the reply has been tried once and has come back. */
async function tryReplyOnce(phone: string, how: Behaviour) {
  stage.fonnte.behave(how, phone);
  expect((await says(url, phone, 'DAFTAR', 1)).status).toBe(200);
  return until('the first try is over', () => messagesOf(phone).find(({ reason }) => reason !== null));
}

async function opened(): Promise<string> {
  const ready = (await (await fetch(`${url}/health/ready`)).json()) as {
    checks: { whatsapp: { state: string; reason?: string } };
  };
  return ready.checks.whatsapp.state === 'paused' ? ready.checks.whatsapp.reason! : 'closed';
}

/** The device reports back; the message that has waited longest is the probe, and all others follow. */
async function comesBack(phones: string[]) {
  stage.fonnte.behave('accept');
  expect((await deviceIs(url, 'connect')).status).toBe(200);
  await until('all that waited has arrived', () => phones.every(isTaken));
  for (const phone of phones) expect(arrivedAt(phone)).toHaveLength(1);
  expect(await opened()).toBe('closed');
}

describe('the gateway says no', () => {
  test('to this number: the customer hears it, nothing is repeated, and the next code may be asked for at once', async () => {
    const phone = newPhone();
    stage.fonnte.behave({ refuse: 'target invalid' }, phone);
    expect(await asksForCode(url, phone)).toMatchObject({ status: 400, body: { code: 'PHONE_UNREACHABLE' } });
    expect(onlyMessageOf(phone)).toMatchObject({ state: 'failed', trouble: 'number' });
    expect(from(phone)).toHaveLength(1);
    expect(await opened()).toBe('closed');

    stage.fonnte.behave('accept', phone);
    expect((await asksForCode(url, phone)).status).toBe(200);
  });

  test('to our request: it is our fault, so the customer is told to come back, and a person is alerted', async () => {
    const phone = newPhone();
    stage.fonnte.behave({ refuse: 'input invalid' }, phone);
    expect(await asksForCode(url, phone)).toMatchObject({
      status: 503,
      body: { code: 'WHATSAPP_UNAVAILABLE' },
    });
    expect(onlyMessageOf(phone)).toMatchObject({ state: 'failed', trouble: 'request' });
    expect(from(phone)).toHaveLength(1);
    await program.prints(/"alert":"request_refused"/);

    stage.fonnte.behave('accept', phone);
    expect((await asksForCode(url, phone)).status).toBe(200);
  });

  test.each([
    ['device', 'request invalid on disconnected device'],
    ['account', 'insufficient quota'],
  ])(
    'for the %s: sending stops for everyone, nobody is told "sent", and all of it arrives later',
    async (of, refuse) => {
      const [asking, late, ...chatting] = [newPhone(), newPhone(), newPhone(), newPhone(), newPhone()];
      stage.fonnte.behave({ refuse });
      expect(await asksForCode(url, asking)).toMatchObject({
        status: 503,
        body: { code: 'WHATSAPP_UNAVAILABLE' },
      });
      expect(onlyMessageOf(asking)).toMatchObject({
        state: 'failed',
        reason: 'the customer was told to retry',
      });
      expect(await opened()).toContain(`${of}: ${refuse}`);

      const calls = stage.fonnte.count();
      expect(await asksForCode(url, late)).toMatchObject({
        status: 503,
        body: { code: 'WHATSAPP_UNAVAILABLE' },
      });
      expect(messagesOf(late)).toEqual([]);
      for (const phone of chatting) expect((await says(url, phone, 'DAFTAR', 1)).status).toBe(200);
      expect(stage.fonnte.count()).toBe(calls);
      for (const phone of chatting) expect(onlyMessageOf(phone)).toMatchObject({ state: 'queued', tries: 0 });

      await comesBack(chatting);
      expect((await asksForCode(url, asking)).status).toBe(200);
    },
  );
});

describe('nobody knows: the message stays ours, is tried again, and no customer is told "sent"', () => {
  // [what the gateway does, what we know of it]
  const faults: [string, Behaviour, reason: string][] = [
    ['never answers', 'stall', 'timed out'],
    ['drips its answer without end', 'drip', 'timed out (HTTP 200)'],
    ['cuts the connection before it answers', 'cut_before_answer', 'connection cut'],
    ['cuts its answer in the middle', 'cut_mid_answer', 'connection cut (HTTP 200)'],
    ['answers 200 with a page', 'html', 'no readable answer (HTTP 200)'],
    ['answers 200 with nothing', 'empty', 'no readable answer (HTTP 200)'],
    ['answers 200 with 10 MB', 'huge', 'no readable answer: too long (HTTP 200)'],
    ['answers 500', { http: 500, body: 'oops' }, 'HTTP 500'],
    ['answers 429', { http: 429 }, 'HTTP 429'],
  ];
  test.each(faults)('it %s', async (_what, how, reason) => {
    const phone = newPhone();
    stage.fonnte.behave(how, phone);
    const asked = await asksForCode(url, phone);
    expect(asked).toMatchObject({
      status: 202,
      body: { message: expect.stringContaining('sedang dikirim') as string },
    });
    expect(stage.fonnte.messagesTo(phone)).toEqual([]);
    const [message] = messagesOf(phone);
    expect(['queued', 'sending']).toContain(message!.state);
    await until('it is written down why', () => messagesOf(phone)[0]!.reason === reason);

    stage.fonnte.behave('accept', phone);
    await until('the code has arrived', () => isTaken(phone));
    expect(arrivedAt(phone)).toHaveLength(1);
    expect(await opened()).toBe('closed');
  });

  test('it hangs up on whoever calls: the code is taken back, the chat’s reply waits', async () => {
    const [asking, chatting] = [newPhone(), newPhone()];
    stage.fonnte.hangUp(true);
    const asked = await asksForCode(url, asking);
    expect([202, 503]).toContain(asked.status);
    expect((await says(url, chatting, 'DAFTAR', 1)).status).toBe(200);
    await until('the reply was tried', () => onlyMessageOf(chatting).reason !== null);

    stage.fonnte.hangUp(false);
    await comesBack([chatting]);
  });

  test('it takes the message and cuts the connection: sent again, since nobody knows; once, not for ever', async () => {
    const phone = newPhone();
    await tryReplyOnce(phone, 'cut_after_reading');
    stage.fonnte.behave('accept', phone);
    await until('it is settled', () => isTaken(phone));
    expect(stage.fonnte.messagesTo(phone)).toHaveLength(from(phone).length);
    const cut = from(phone).filter(({ answered }) => !answered).length;
    expect(from(phone)).toHaveLength(cut + 1);
  });

  test('it says when to come back (429 with Retry-After): not before', async () => {
    const phone = newPhone();
    await tryReplyOnce(phone, { http: 429, headers: { 'retry-after': '1' } });
    stage.fonnte.behave('accept', phone);
    await until('it has arrived', () => isTaken(phone));
    const [first, second] = from(phone);
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(1_000);
    expect(from(phone)).toHaveLength(2);
  });

  test('five times in a row: sending stops for everyone until it is good again', async () => {
    const phones = Array.from({ length: 8 }, newPhone);
    stage.fonnte.behave({ http: 503 });
    for (const phone of phones) expect((await says(url, phone, 'DAFTAR', 1)).status).toBe(200);
    await until(
      'the circuit is open',
      () => stage.column('SELECT 1 FROM gateway_state WHERE opened_at IS NOT NULL')[0],
    );
    expect(await opened()).toBe('unreachable: HTTP 503');
    await comesBack(phones);
  });
});

test('it redirects: not followed, so that nobody else sees our token', async () => {
  const phone = newPhone();
  const seen: string[] = [];
  const elsewhere = await startRawServer((_socket, data) => seen.push(data.toString()));
  stage.fonnte.behave({ http: 307, headers: { location: elsewhere.url } }, phone);
  expect(await asksForCode(url, phone)).toMatchObject({
    status: 503,
    body: { code: 'WHATSAPP_UNAVAILABLE' },
  });
  expect(onlyMessageOf(phone)).toMatchObject({ state: 'failed', trouble: 'request' });
  await elsewhere.close();
  expect(seen).toEqual([]);
});

test('answers of 10 MB, one after the other: the memory stays as it was', async () => {
  const megabytes = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${program.pid}/status`, 'utf8'))![1]) / 1024;
  const tries = () => stage.column<number>('SELECT COUNT(*) FROM message_history WHERE try > 0')[0]!;
  /** The circuit is open soon: from then on each is a probe, sent since the device says that it is back. */
  async function most(rounds: number, how: Behaviour): Promise<number> {
    stage.fonnte.behave(how);
    const seen: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const before = tries();
      await says(url, newPhone(), 'DAFTAR', 1);
      await deviceIs(url, 'connect');
      await until('its answer is over', () => tries() > before);
      seen.push(megabytes());
    }
    return Math.max(...seen.slice(-20));
  }
  const warm = await most(40, 'html');
  const answers = size(25, 250);
  const grown = (await most(answers, 'huge')) - warm;
  figures('memory under answers of 10 MB', { answers, grown_mb: Math.round(grown) });
  expect(grown).toBeLessThan(MOST_GROWTH_MB);
});
