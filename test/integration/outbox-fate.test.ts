/** What becomes of a message: tried again, refused, too late, taken back; and what is left of its text. */
import { readFileSync } from 'node:fs';
import { HOUR, MINUTE, SECOND } from '../../src/platform/clock';
import { type SendOutcome } from '../../src/delivery/gateway';
import { type ClaimedMessage } from '../../src/delivery/dispatch';
import { otps } from '../../src/store/tables/otps';
import {
  accepted,
  BUDI,
  LEASE_MS,
  noConnection,
  openOffice,
  serverError,
  SITI,
  texts,
  type Office,
  type OfficeOptions,
} from '../support/outbox';

let office: Office;
const open = async (options?: OfficeOptions) => {
  office = await openOffice(options);
};
afterEach(() => office.close());

/** Claims the one message that may go. */
async function claimOne(): Promise<ClaimedMessage> {
  const claimed = await office.claim();
  expect(claimed).toHaveLength(1);
  return claimed[0]!;
}

async function tryOnce(outcome: SendOutcome) {
  return office.settle(await claimOne(), outcome);
}

/** Another phone's message goes out in between: the gateway is there, so the circuit stays closed. */
async function succeedElsewhere(): Promise<void> {
  await office.queue('code', SITI, 'code');
  const [other] = await office.claim(1);
  expect(await office.settle(other!, accepted)).toBe('accepted');
}

/** How long until the message may be tried again. */
const waitOf = (id: number) => office.row(id).available_at - office.clock.now();

describe('a gateway that gives no usable word', () => {
  const longest = { integer: (limit: number) => limit - 1, token: () => Math.random().toString(36) };

  test.each([
    ['a server error', serverError, 'unclear'],
    ['no connection', noConnection, 'no_connection'],
  ])('%s: is tried again after a second, then two, four, … a minute at most', async (_, outcome, trouble) => {
    await open({ random: longest });
    const id = await office.queue('notice', BUDI, 'notice');
    const waits: number[] = [];
    for (let n = 0; n < 9; n += 1) {
      expect(await tryOnce(outcome)).toBe('queued');
      expect(office.outbox.status(id)).toMatchObject({ state: 'queued', trouble, tries: n + 1 });
      waits.push(waitOf(id) / SECOND);
      office.clock.advance(waitOf(id) - 1);
      expect(await office.claim()).toEqual([]);
      office.clock.advance(1);
      await succeedElsewhere();
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
    expect(await tryOnce(accepted)).toBe('accepted');
  });

  test('full jitter: the wait lies anywhere up to its limit, so that not all come back at once', async () => {
    await open();
    const ids = [];
    for (let n = 10; n < 60; n += 1) ids.push(await office.queue('chat', `62812000000${n}`, 'reply'));
    const claimed = await office.claim(50);
    for (const message of claimed) await office.settle({ ...message, tries: 4 }, serverError);
    const waits = ids.map(waitOf);
    expect(Math.min(...waits)).toBeGreaterThan(0);
    expect(Math.max(...waits)).toBeLessThanOrEqual(16 * SECOND);
    // By chance alone this fails less than once in 10^15 runs.
    expect(Math.min(...waits)).toBeLessThan(8 * SECOND);
    expect(Math.max(...waits)).toBeGreaterThan(8 * SECOND);
  });

  test('that says when to come back is taken at its word', async () => {
    await open();
    const id = await office.queue('chat', BUDI, 'reply');
    await tryOnce({ ...serverError, retry_after_ms: 42_000 });
    expect(waitOf(id)).toBe(42_000);
  });
});

describe('a gateway that refuses', () => {
  test.each(['number', 'request'] as const)('because of the %s: that is final', async (refusal) => {
    await open();
    const id = await office.queue('code', BUDI, 'code', { otp_id: 7 });
    expect(await tryOnce({ kind: 'refused', class: refusal, reason: 'no' })).toBe('failed');
    expect(office.outbox.status(id)).toMatchObject({ state: 'failed', trouble: refusal, reason: 'no' });
    expect(office.settled).toEqual([`code ${id} failed`]);
    office.clock.advance(HOUR);
    expect(await office.claim()).toEqual([]);
  });

  test.each(['device', 'account'] as const)(
    'because of the %s: the message waits, no try used up',
    async (refusal) => {
      await open();
      const id = await office.queue('notice', BUDI, 'notice');
      // One probe at a time, after 30 s, doubling to ten minutes.
      for (const wait of [30, 60, 120, 240, 480, 600, 600]) {
        expect(await tryOnce({ kind: 'refused', class: refusal, reason: 'disconnected device' })).toBe(
          'queued',
        );
        expect(office.outbox.status(id)).toMatchObject({ state: 'queued', trouble: refusal, tries: 0 });
        office.clock.advance(wait * SECOND - 1);
        expect(await office.claim()).toEqual([]);
        office.clock.advance(1);
      }
      expect(office.settled).toEqual([]);
      expect(await tryOnce(accepted)).toBe('accepted');
    },
  );
});

describe('a message that waits too long', () => {
  beforeEach(() => open());

  test('a code is never sent once it has expired', async () => {
    const id = await office.queue('code', BUDI, 'code', {
      otp_id: 7,
      expires_at: office.clock.now() + MINUTE,
    });
    office.clock.advance(MINUTE);
    expect(office.outbox.hasDue(office.clock.now())).toBe(true);
    expect(await office.claim()).toEqual([]);
    expect(office.outbox.status(id)).toMatchObject({ state: 'expired', reason: 'not sent in time' });
    expect(office.settled).toEqual([`code ${id} expired`]);
  });

  test('a millisecond before it may still go', async () => {
    await office.queue('code', BUDI, 'code', { expires_at: office.clock.now() + MINUTE });
    office.clock.advance(MINUTE - 1);
    expect(texts(await office.claim())).toEqual(['code']);
  });

  test('a code that is to be tried again after its end expires instead, at once and not when its turn comes', async () => {
    const id = await office.queue('code', BUDI, 'code', { expires_at: office.clock.now() + MINUTE });
    await tryOnce({ ...serverError, retry_after_ms: HOUR });
    office.clock.advance(MINUTE);
    expect(office.outbox.hasDue(office.clock.now())).toBe(true);
    expect(await office.claim()).toEqual([]);
    expect(office.row(id).state).toBe('expired');
  });

  test('a code whose sender died is not sent again once it has expired', async () => {
    const id = await office.queue('code', BUDI, 'code', { expires_at: office.clock.now() + LEASE_MS });
    await office.claim();
    office.clock.advance(LEASE_MS);
    expect(await office.claim()).toEqual([]);
    expect(office.row(id).state).toBe('expired');
  });

  test('thousands that expired while the service was down: not one of them goes out', async () => {
    const expires_at = office.clock.now() + MINUTE;
    await office.unitOfWork.run((tx) => {
      for (let n = 0; n < 1_200; n += 1) {
        const phone = `62812${String(n).padStart(8, '0')}`;
        office.outbox.enqueue(tx, { kind: 'code', phone, text: 'too late', expires_at });
      }
    });
    office.clock.advance(MINUTE);
    while (office.outbox.hasDue(office.clock.now())) expect(await office.claim()).toEqual([]);
    expect(office.settled).toHaveLength(1_200);
  });

  test('does not hold up what comes behind it', async () => {
    await office.queue('code', BUDI, 'old code', { expires_at: office.clock.now() + MINUTE });
    await office.queue('chat', BUDI, 'reply');
    office.clock.advance(MINUTE);
    expect(texts(await office.claim())).toEqual(['reply']);
  });

  test.each([
    ['chat', HOUR],
    ['notice', 24 * HOUR],
  ] as const)('a %s lives for %i ms', async (kind, life) => {
    const id = await office.queue(kind, BUDI, 'text');
    expect(office.row(id).expires_at - office.clock.now()).toBe(life);
  });
});

describe('taking a message back', () => {
  beforeEach(() => open());
  const withdraw = (id: number) =>
    office.unitOfWork.run((tx) => office.outbox.withdraw(tx, id, 'the customer was told to retry'));

  test('works while it waits: it is never sent, and its code is told to be void', async () => {
    const id = await office.queue('code', BUDI, 'code', { otp_id: 7 });
    expect(await withdraw(id)).toBe(true);
    expect(await office.claim()).toEqual([]);
    expect(office.outbox.status(id)).toMatchObject({
      state: 'failed',
      reason: 'the customer was told to retry',
    });
    expect(office.settled).toEqual([`code ${id} failed`]);
    expect(await withdraw(id)).toBe(false);
  });

  test('does not work once a sender has it, or when it has gone', async () => {
    const id = await office.queue('code', BUDI, 'code');
    const message = await claimOne();
    expect(await withdraw(id)).toBe(false);
    await office.settle(message, accepted);
    expect(await withdraw(id)).toBe(false);
    expect(office.row(id).state).toBe('accepted');
  });

  test('works again after a try that failed', async () => {
    const id = await office.queue('code', BUDI, 'code');
    await tryOnce(noConnection);
    expect(await withdraw(id)).toBe(true);
  });

  test('against a claim of another process: exactly one of the two wins', async () => {
    const other = await office.otherProcess();
    for (let n = 0; n < 20; n += 1) {
      const id = await office.queue('chat', `62812000${1000 + n}`, 'reply');
      const [withdrawn, claimed] = await Promise.all([withdraw(id), other.claim()]);
      expect(withdrawn).toBe(claimed.length === 0);
      expect(office.row(id).state).toBe(withdrawn ? 'failed' : 'sending');
    }
  });

  const code = async (phone: string, channel: 'web' | 'chat') => {
    const now = office.clock.now();
    const times = { created_at: now, expires_at: now + MINUTE };
    const otp_id = await office.unitOfWork.run((tx) =>
      tx.insert(otps, { phone, channel, full_name: '', challenge: '', code_hash: '', ...times }),
    );
    return { otp_id, id: await office.queue('code', phone, 'code', { otp_id }) };
  };

  test('a newer code takes the older ones of its phone and channel with it, and no others', async () => {
    const old = await code(BUDI, 'web');
    const others = [await code(BUDI, 'chat'), await code(SITI, 'web')];
    const newest = await code(BUDI, 'web');

    await office.unitOfWork.run((tx) => office.outbox.withdrawOlderCodes(tx, newest.otp_id));

    expect(office.row(old.id)).toMatchObject({ state: 'failed', reason: 'replaced by a newer code' });
    for (const { id } of [...others, newest]) expect(office.row(id).state).toBe('queued');
  });

  test('an older code that is being sent just then is not sent again', async () => {
    const old = await code(BUDI, 'web');
    const sending = await claimOne();
    const newest = await code(BUDI, 'web');
    await office.unitOfWork.run((tx) => office.outbox.withdrawOlderCodes(tx, newest.otp_id));
    await office.settle(sending, serverError);
    office.clock.advance(2 * SECOND);
    expect((await claimOne()).id).toBe(newest.id);
    expect(office.row(old.id).state).toBe('expired');
  });
});

describe('the text of a message', () => {
  beforeEach(() => open());
  const CODE = 'Kode OTP Anda: 483920';

  test('with a code is nowhere in the file, neither while it waits nor after', async () => {
    const onDisk = () =>
      Buffer.concat(['', '-wal'].map((end) => readFileSync(office.store.path + end))).includes('483920');
    await office.queue('code', BUDI, CODE);
    await office.queue('chat', SITI, 'plain 112233');
    expect(onDisk()).toBe(false);
    const [message] = await office.claim(1);
    expect(message!.text).toBe(CODE);
    await office.settle(message!, accepted);
    expect(onDisk()).toBe(false);
    // The search itself works: a plain text is found.
    expect(readFileSync(`${office.store.path}-wal`).includes('112233')).toBe(true);
  });

  test('with a code cannot be opened for another phone', async () => {
    const id = await office.queue('code', BUDI, CODE);
    await office.unitOfWork.run((tx) => tx.run('UPDATE messages SET phone = ? WHERE id = ?', SITI, id));
    await expect(office.claim()).rejects.toThrow();
  });

  const ends: [string, (id: number) => Promise<unknown>][] = [
    ['accepted', () => tryOnce(accepted)],
    ['recorded', () => tryOnce({ kind: 'recorded' })],
    ['failed', () => tryOnce({ kind: 'refused', class: 'number', reason: 'no' })],
    ['failed', (id) => office.unitOfWork.run((tx) => office.outbox.withdraw(tx, id, 'taken back'))],
    ['expired', () => (office.clock.advance(HOUR), office.claim())],
  ];
  test.each(ends)('with a code is wiped when it is settled: %s', async (state, end) => {
    const id = await office.queue('code', BUDI, CODE);
    expect(office.row(id).sealed).not.toBeNull();
    await end(id);
    expect(office.row(id)).toMatchObject({ state, sealed: null, text: null });
  });

  test('with a code is kept, sealed, while it is to be tried again', async () => {
    const id = await office.queue('code', BUDI, CODE);
    await tryOnce(serverError);
    expect(office.row(id)).toMatchObject({ text: null, sealed: expect.any(Buffer) as Buffer });
  });

  test('of a reply stays, for the admins, until it is erased', async () => {
    const id = await office.queue('chat', BUDI, 'Halo Budi');
    await tryOnce(accepted);
    expect(office.row(id).text).toBe('Halo Budi');
  });

  test('of a form given up is erased: at once if it went out, else as soon as it does', async () => {
    const before = await office.queue('chat', BUDI, 'before the form');
    await tryOnce(accepted);
    office.clock.advance(SECOND);
    const since = office.clock.now();
    const sent = await office.queue('chat', BUDI, 'Jl. Mawar No. 12');
    await tryOnce(accepted);
    const notice = await office.queue('notice', BUDI, 'a notice');
    await tryOnce(accepted);
    const waiting = await office.queue('chat', BUDI, 'Ringkasan: Jl. Mawar');
    const other = await office.queue('chat', SITI, 'for Siti');

    await office.unitOfWork.run((tx) => office.outbox.eraseTalk(tx, BUDI, since));

    expect(office.row(sent).text).toBeNull();
    for (const id of [before, waiting, notice, other]) expect(office.row(id).text).not.toBeNull();
    const claimed = await office.claim();
    expect(texts(claimed)).toContain('Ringkasan: Jl. Mawar');
    for (const message of claimed) await office.settle(message, accepted);
    expect(office.row(waiting).text).toBeNull();
    expect(office.row(other).text).toBe('for Siti');
  });
});

test('the history tells every try: when it began and ended, what came of it, and why', async () => {
  await open();
  const id = await office.queue('chat', BUDI, 'reply');
  const start = office.clock.now();
  const first = await claimOne();
  office.clock.advance(300);
  await office.settle(first, { ...serverError, retry_after_ms: 700 });
  office.clock.advance(700);
  const second = await claimOne();
  office.clock.advance(50);
  await office.settle(second, accepted);

  expect(office.history(id)).toMatchObject([
    { state: 'queued', started_at: start, at: start + 300, try: 1, reason: 'HTTP 500', gateway_id: null },
    {
      state: 'accepted',
      started_at: start + 1_000,
      at: start + 1_050,
      try: 2,
      reason: null,
      gateway_id: '4711',
    },
  ]);
  expect(office.row(id).gateway_id).toBe('4711');
});
