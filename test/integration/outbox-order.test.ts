/** Which message goes when: lanes, order, pace, and what happens to a claim whose sender is gone. */
import { HOUR, MINUTE, SECOND } from '../../src/platform/clock';
import {
  accepted,
  BUDI,
  LEASE_MS,
  openOffice,
  serverError,
  SITI,
  texts,
  type Office,
} from '../support/outbox';

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

/** Sends everything that may go, one after the other, and tells the order. */
async function sendAll(): Promise<string[]> {
  const order: string[] = [];
  for (;;) {
    const [message] = await office.claim(1);
    if (!message) return order;
    order.push(message.text);
    await office.settle(message, accepted);
  }
}

describe('messages to one phone', () => {
  test('codes and chat replies go in the order in which they were made', async () => {
    for (const text of ['first', 'second']) await office.queue('chat', BUDI, text);
    await office.queue('code', BUDI, 'third, a code');
    await office.queue('chat', BUDI, 'fourth');
    expect(await sendAll()).toEqual(['first', 'second', 'third, a code', 'fourth']);
  });

  test('go one at a time: the next waits for the word on the one before', async () => {
    await office.queue('chat', BUDI, 'first');
    await office.queue('chat', BUDI, 'second');
    await office.queue('notice', BUDI, 'notice');
    const [first, ...more] = await office.claim();
    expect(first!.text).toBe('first');
    expect(more).toEqual([]);
    expect(await office.claim()).toEqual([]);
    await office.settle(first!, accepted);
    expect(texts(await office.claim())).toEqual(['second']);
  });

  test('a reply that must be tried again holds back those behind it, so that none overtakes', async () => {
    await office.queue('chat', BUDI, 'question');
    await office.queue('code', BUDI, 'code');
    const [question] = await office.claim();
    await office.settle(question!, serverError);
    expect(await office.claim()).toEqual([]);
    office.clock.advance(SECOND);
    expect(await sendAll()).toEqual(['question', 'code']);
  });

  test('a notice that must be tried again holds up no code', async () => {
    await office.queue('notice', BUDI, 'notice');
    const [notice] = await office.claim();
    await office.settle(notice!, serverError);
    await office.queue('code', BUDI, 'code');
    expect(texts(await office.claim())).toEqual(['code']);
  });

  test('a code goes before a notice that waited longer', async () => {
    await office.queue('notice', BUDI, 'notice');
    await office.queue('code', BUDI, 'code');
    expect(await sendAll()).toEqual(['code', 'notice']);
  });
});

describe('between phones', () => {
  test('codes go first, then replies, then notices; among equals the oldest', async () => {
    const phones = Array.from({ length: 6 }, (_, n) => `62812000000${10 + n}`);
    const kinds = ['notice', 'chat', 'code', 'notice', 'chat', 'code'] as const;
    for (const [n, kind] of kinds.entries()) await office.queue(kind, phones[n]!, `${kind} ${n}`);
    expect(texts(await office.claim())).toEqual([
      'code 2',
      'code 5',
      'chat 1',
      'chat 4',
      'notice 0',
      'notice 3',
    ]);
  });

  test('one phone in trouble holds up nobody else', async () => {
    await office.queue('chat', BUDI, 'for Budi');
    const [stuck] = await office.claim();
    await office.queue('chat', SITI, 'for Siti');
    expect(stuck!.text).toBe('for Budi');
    expect(texts(await office.claim())).toEqual(['for Siti']);
  });

  test('no more are claimed than asked for, however many phones wait in both lanes', async () => {
    for (let n = 10; n < 40; n += 1) {
      await office.queue('notice', `62812000000${n}`, 'notice');
      await office.queue('chat', `62812000000${n}`, 'reply');
    }
    const claimed = await office.claim(16);
    expect(claimed).toHaveLength(16);
    expect(new Set(claimed.map(({ phone }) => phone)).size).toBe(16);
    expect(texts(claimed).every((text) => text === 'reply')).toBe(true);
  });
});

describe('the pace', () => {
  const queueMany = async (count: number) => {
    for (let n = 0; n < count; n += 1) await office.queue('chat', `62812000${1000 + n}`, `reply ${n}`);
  };
  const claimAndSend = async (worker: Pick<Office, 'claim' | 'settle'> = office) => {
    const claimed = await worker.claim(100);
    for (const message of claimed) await worker.settle(message, accepted);
    return claimed.length;
  };

  test('lets twenty go at once, then so many a minute', async () => {
    await office.close();
    office = await openOffice({ sendPerMinute: 60 });
    await queueMany(40);
    expect(await claimAndSend()).toBe(20);
    expect(await claimAndSend()).toBe(0);
    office.clock.advance(999);
    expect(await claimAndSend()).toBe(0);
    office.clock.advance(1);
    expect(await claimAndSend()).toBe(1);
    office.clock.advance(5 * SECOND);
    expect(await claimAndSend()).toBe(5);
  });

  test('never saves up more than twenty, and looking often costs nothing', async () => {
    await office.close();
    office = await openOffice({ sendPerMinute: 6 });
    await queueMany(60);
    expect(await claimAndSend()).toBe(20);
    let sent = 0;
    for (let n = 0; n < 40; n += 1) {
      office.clock.advance(250);
      sent += await claimAndSend();
    }
    expect(sent).toBe(1);
    office.clock.advance(20 * MINUTE);
    expect(await claimAndSend()).toBe(20);
  });

  test('is one for all processes', async () => {
    await office.close();
    office = await openOffice({ sendPerMinute: 60 });
    await queueMany(60);
    const other = await office.otherProcess();
    expect((await claimAndSend()) + (await claimAndSend(other))).toBe(20);
    office.clock.advance(3 * SECOND);
    expect(await claimAndSend(other)).toBe(3);
    expect(await claimAndSend()).toBe(0);
  });

  test('is off at 0', async () => {
    await queueMany(60);
    expect(await claimAndSend()).toBe(60);
  });

  test('does not stop for an hour because the clock was set back by one', async () => {
    await office.close();
    office = await openOffice({ sendPerMinute: 60 });
    await queueMany(20);
    expect(await claimAndSend()).toBe(20);
    office.clock.advance(-HOUR);
    await office.queue('chat', BUDI, 'after the change');
    expect(office.outbox.hasDue(office.clock.now())).toBe(true);
    expect(await claimAndSend()).toBe(1);
  });

  test('codes get what there is before replies do', async () => {
    await office.close();
    office = await openOffice({ sendPerMinute: 60 });
    await queueMany(20);
    expect(await claimAndSend()).toBe(20);
    await office.queue('chat', BUDI, 'reply');
    await office.queue('code', SITI, 'code');
    office.clock.advance(SECOND);
    expect(texts(await office.claim())).toEqual(['code']);
  });
});

describe('a claim', () => {
  test('belongs to one process only', async () => {
    for (let n = 10; n < 30; n += 1) await office.queue('chat', `62812000000${n}`, `reply ${n}`);
    const other = await office.otherProcess();
    const [mine, theirs] = await Promise.all([office.claim(), other.claim()]);
    const all = texts([...mine, ...theirs]);
    expect(all).toHaveLength(20);
    expect(new Set(all).size).toBe(20);
  });

  test('whose sender died is sent again after the lease, and not before', async () => {
    const id = await office.queue('chat', BUDI, 'reply');
    const [lost] = await office.claim();
    const other = await office.otherProcess();

    office.clock.advance(LEASE_MS - 1);
    expect(other.outbox.hasDue(office.clock.now())).toBe(false);
    expect(await other.claim()).toEqual([]);

    office.clock.advance(1);
    expect(other.outbox.hasDue(office.clock.now())).toBe(true);
    const [again] = await other.claim();
    expect(again).toMatchObject({ id, text: 'reply' });
    expect(again!.claim).not.toBe(lost!.claim);
  });

  test('that was lost settles nothing: the word of the new holder counts', async () => {
    const id = await office.queue('code', BUDI, 'code', { otp_id: 7 });
    const [lost] = await office.claim();
    office.clock.advance(LEASE_MS);
    const [again] = await office.claim();
    const before = office.row(id);

    expect(await office.settle(lost!, { kind: 'refused', class: 'number', reason: 'late' })).toBeNull();
    expect(office.row(id)).toEqual(before);
    expect(office.settled).toEqual([]);

    expect(await office.settle(again!, accepted)).toBe('accepted');
    expect(await office.settle(lost!, serverError)).toBeNull();
    expect(await office.settle(again!, serverError)).toBeNull();
    expect(office.row(id).state).toBe('accepted');
    expect(office.settled).toEqual([`code ${id} accepted`]);
  });

  test('that was lost is written down: whether the message went out is not known', async () => {
    const id = await office.queue('chat', BUDI, 'reply');
    const claimedAt = office.clock.now();
    await office.claim();
    office.clock.advance(LEASE_MS);
    await office.claim();
    expect(office.history(id)).toMatchObject([
      { state: 'queued', at: claimedAt + LEASE_MS, started_at: claimedAt, reason: 'its sender was lost' },
    ]);
    expect(office.outbox.status(id)).toMatchObject({ state: 'sending', trouble: 'unclear' });
  });

  test('settled late, but before anyone else took over, still counts', async () => {
    const id = await office.queue('chat', BUDI, 'reply');
    const [slow] = await office.claim();
    office.clock.advance(LEASE_MS + MINUTE);
    expect(await office.settle(slow!, accepted)).toBe('accepted');
    expect(await office.claim()).toEqual([]);
    expect(office.row(id).state).toBe('accepted');
  });
});

test('what is queued inside work that fails was never queued', async () => {
  const lost = office.unitOfWork.run((tx) => {
    office.outbox.enqueue(tx, { kind: 'chat', phone: BUDI, text: 'never' });
    throw new Error('a bug');
  });
  await expect(lost).rejects.toThrow('a bug');
  expect(await office.claim()).toEqual([]);
});

test('the depth of the queue counts what waits and what is being sent, and the age of the oldest', async () => {
  expect(office.outbox.depth(office.clock.now())).toEqual({ pending: 0, oldest_seconds: 0 });
  await office.queue('chat', BUDI, 'one');
  office.clock.advance(2_500);
  await office.queue('chat', SITI, 'two');
  const [message] = await office.claim();
  expect(office.outbox.depth(office.clock.now())).toEqual({ pending: 2, oldest_seconds: 2 });
  await office.settle(message!, accepted);
  expect(office.outbox.depth(office.clock.now())).toEqual({ pending: 1, oldest_seconds: 0 });
});
