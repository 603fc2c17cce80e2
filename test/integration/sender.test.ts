/** The worker that empties the outbox, with a gateway that answers when the test says so. */
import { createChanges } from '../../src/delivery/changes';
import { type SendOutcome } from '../../src/delivery/gateway';
import { createSender, type Sender } from '../../src/delivery/sender';
import { createLogger } from '../../src/platform/logger';
import { createMetrics } from '../../src/platform/metrics';
import { maskPhone } from '../../src/registration/phone';
import { accepted, BUDI, openOffice, serverError, SITI, type Office } from '../support/outbox';
import { until } from '../support/until';

interface Call {
  phone: string;
  text: string;
  answer: (outcome: SendOutcome) => void;
}

/** Remembers each call; answers at once when told how, else waits to be told per call. */
function createGateway() {
  const calls: Call[] = [];
  const gateway = {
    name: 'fonnte',
    calls,
    inFlight: 0,
    mostInFlight: 0,
    always: null as SendOutcome | null,
    async send(phone: string, text: string): Promise<SendOutcome> {
      gateway.inFlight += 1;
      gateway.mostInFlight = Math.max(gateway.mostInFlight, gateway.inFlight);
      const told = new Promise<SendOutcome>((answer) => calls.push({ phone, text, answer }));
      const outcome = await (gateway.always ? turns(3).then(() => gateway.always!) : told);
      gateway.inFlight -= 1;
      return outcome;
    },
    close: () => Promise.resolve(),
  };
  return gateway;
}

async function turns(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await new Promise((resolve) => setImmediate(resolve));
}

let office: Office;
let sender: Sender;
let gateway: ReturnType<typeof createGateway>;
let logs: string[];
const changes = createChanges();
const metrics = createMetrics();

beforeEach(async () => {
  logs = [];
  gateway = createGateway();
  office = await openOffice({ onQueued: () => sender.wake() });
  sender = createSender({
    unitOfWork: office.unitOfWork,
    outbox: office.outbox,
    gateway,
    clock: office.clock,
    logger: createLogger({
      level: 'debug',
      pretty: false,
      destination: { write: (line) => void logs.push(line) },
    }),
    metrics,
    changes,
    maskPhone,
    timeoutMs: 10_000,
  });
});
afterEach(async () => {
  gateway.always = accepted;
  for (const call of gateway.calls) call.answer(accepted);
  await sender.stop();
  await office.close();
});

const calls = (count: number) =>
  until(`${count} sends`, () => (gateway.calls.length >= count ? gateway.calls : null));
const state = (id: number) => office.row(id).state;

test('a message is sent as soon as it is committed, without waiting for the next look', async () => {
  const id = await office.queue('chat', BUDI, 'Halo');
  const [call] = await calls(1);
  expect(call).toMatchObject({ phone: BUDI, text: 'Halo' });
  expect(state(id)).toBe('sending');

  const changed = changes.waitFor(id, 60_000);
  call!.answer(accepted);
  await changed;
  expect(state(id)).toBe('accepted');
});

test('what another process queued is found by looking again and again', async () => {
  const other = await office.otherProcess();
  sender.start();
  await other.unitOfWork.run((tx) =>
    tx.run(
      `INSERT INTO messages (phone, kind, priority, lane, text, state, available_at, expires_at, created_at, updated_at)
       VALUES (?, 'chat', 1, 'talk', 'from elsewhere', 'queued', 0, ?, 0, 0)`,
      SITI,
      office.clock.now() + 60_000,
    ),
  );
  expect((await calls(1))[0]).toMatchObject({ phone: SITI, text: 'from elsewhere' });
});

test('the database is free while a message is on its way', async () => {
  await office.queue('chat', BUDI, 'slow');
  await calls(1);
  const other = await office.otherProcess();
  const written = await other.unitOfWork.run((tx) => tx.run('UPDATE packages SET price = 1').changes);
  expect(written).toBe(3);
  expect(gateway.inFlight).toBe(1);
});

test('a hundred phones are served, never more than sixteen at once', async () => {
  gateway.always = accepted;
  await office.unitOfWork.run((tx) => {
    for (let n = 0; n < 100; n += 1) {
      office.outbox.enqueue(tx, { kind: 'chat', phone: `62812000${1000 + n}`, text: 'Halo' });
    }
  });
  await sender.runUntilIdle();
  expect(gateway.calls).toHaveLength(100);
  expect(gateway.mostInFlight).toBe(16);
  expect(office.outbox.depth(office.clock.now()).pending).toBe(0);
});

test('a phone gets its messages one after the other, while others are served', async () => {
  await office.queue('chat', BUDI, 'first');
  await office.queue('chat', BUDI, 'second');
  await office.queue('chat', BUDI, 'third');
  await office.queue('chat', SITI, 'other');
  (await calls(1))[0]!.answer(accepted);
  const seen = await calls(3);
  expect(seen.map(({ text }) => text)).toEqual(['first', 'second', 'other']);
  seen[2]!.answer(accepted);
  seen[1]!.answer(accepted);
  expect((await calls(4))[3]).toMatchObject({ text: 'third' });
});

test('stopping waits for what is on its way, writes down what came of it, and takes nothing new', async () => {
  const first = await office.queue('chat', BUDI, 'on its way');
  const [call] = await calls(1);
  const second = await office.queue('chat', BUDI, 'waits behind it');
  let stopped = false;
  const stopping = sender.stop().then(() => (stopped = true));
  await turns(20);
  expect(stopped).toBe(false);

  call!.answer(accepted);
  await stopping;
  expect(state(first)).toBe('accepted');
  expect(state(second)).toBe('queued');
  expect(gateway.calls).toHaveLength(1);
  await sender.runUntilIdle();
  expect(gateway.calls).toHaveLength(1);
});

test('after stopping there is nothing left to wait for', async () => {
  gateway.always = accepted;
  await office.queue('chat', BUDI, 'the last one');
  await sender.stop();
  await sender.runUntilIdle();
  expect(gateway.inFlight).toBe(0);
});

describe('the log', () => {
  const lines = () => logs.map((line) => JSON.parse(line) as Record<string, unknown>);

  test('says after an accepted send whom it went to, masked, and through whom', async () => {
    gateway.always = accepted;
    const id = await office.queue('code', '6281234567890', 'Kode OTP Anda: 483920');
    await sender.runUntilIdle();
    expect(lines()).toMatchObject([
      { level: 'info', message_id: id, kind: 'code', msg: 'WhatsApp sent to 62812****7890 via fonnte' },
    ]);
  });

  test.each<[string, SendOutcome, object]>([
    [
      'a refusal',
      { kind: 'refused', class: 'number', reason: 'target invalid' },
      { level: 'error', class: 'number', reason: 'target invalid' },
    ],
    ['no usable word', serverError, { level: 'warn', reason: 'HTTP 500' }],
    ['a message recorded only', { kind: 'recorded' }, { level: 'info' }],
  ])('tells %s', async (_, outcome, expected) => {
    gateway.always = outcome;
    await office.queue('code', '6281234567890', 'Kode OTP Anda: 483920');
    await sender.runUntilIdle();
    expect(lines()[0]).toMatchObject(expected);
  });

  test.each<SendOutcome>([
    accepted,
    { kind: 'recorded' },
    serverError,
    { kind: 'refused', class: 'request', reason: 'input invalid' },
  ])('never holds a phone, a code or a text: %j', async (outcome) => {
    gateway.always = outcome;
    await office.queue('code', '6281234567890', 'Kode OTP Anda: 483920');
    await sender.runUntilIdle();
    expect(logs.length).toBeGreaterThan(0);
    for (const secret of ['6281234567890', '483920', 'Kode OTP']) expect(logs.join('')).not.toContain(secret);
  });
});
