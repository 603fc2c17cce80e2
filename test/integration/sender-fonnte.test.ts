/** The whole service against a fake Fonnte: what goes over the wire, and what a bad day there does to a message. */
import { SECOND } from '../../src/platform/clock';
import { type MessageHistoryRow, type MessageRow } from '../../src/store/tables/messages';
import { rows, startDaftar, type Daftar, type StartOptions } from '../support/daftar';
import { until } from '../support/until';

const BUDI = '6281234567890';
let daftar: Daftar;

const start = async (options?: StartOptions) => {
  daftar = await startDaftar(options);
};
afterEach(() => daftar.close());

const messages = (service = daftar) =>
  rows<MessageRow>(service.service, 'SELECT * FROM messages ORDER BY id');
const says = (text: string) => daftar.webhook({ sender: BUDI, message: text });

test('a message goes out exactly as agreed: three texts as JSON, the bare token, one call', async () => {
  await start();
  await says('Halo');
  await daftar.settle();

  expect(daftar.fonnte.requests).toHaveLength(1);
  const [request] = daftar.fonnte.requests;
  expect(request).toMatchObject({ method: 'POST', path: '/send' });
  expect(request!.fields).toEqual({ target: BUDI, message: messages()[0]!.text, countryCode: '62' });
  expect(request!.headers).toMatchObject({
    authorization: daftar.fonnte.token,
    'content-type': 'application/json',
  });
  const told = daftar.logs.filter((line) => line.includes('WhatsApp sent to 62812****7890 via fonnte'));
  expect(told).toHaveLength(1);
});

test('the id that Fonnte gives is kept, for what it will say about the message later', async () => {
  await start();
  await says('Halo');
  await daftar.settle();
  expect(messages()[0]).toMatchObject({
    state: 'accepted',
    gateway_id: expect.stringMatching(/^\d+$/) as string,
  });
});

describe('on a bad day', () => {
  test('a server error is waited out, and the customer has the answer once', async () => {
    await start();
    daftar.fonnte.behave({ http: 500 });
    await says('Halo');
    await daftar.settle();
    expect(messages()[0]).toMatchObject({ state: 'queued', trouble: 'unclear', tries: 1 });

    daftar.fonnte.behave('accept');
    daftar.clock.advance(SECOND);
    await daftar.settle();
    expect(messages()[0]!.state).toBe('accepted');
    expect(daftar.fonnte.messagesTo(BUDI)).toHaveLength(1);
  });

  test('a gateway that never answers is given up after SEND_TIMEOUT_MS and asked again', async () => {
    await start({ env: { SEND_TIMEOUT_MS: '150' } });
    daftar.fonnte.behave('stall');
    await says('Halo');
    await daftar.settle();
    expect(messages()[0]).toMatchObject({
      state: 'queued',
      trouble: 'unclear',
      reason: 'timed out',
      tries: 1,
    });

    daftar.fonnte.behave('accept');
    daftar.clock.advance(SECOND);
    await daftar.settle();
    expect(messages()[0]!.state).toBe('accepted');
  });

  test('no connection at all: it surely did not go out', async () => {
    await start({ env: { WHATSAPP_API_URL: 'http://127.0.0.1:9/send' } });
    await says('Halo');
    await daftar.settle();
    expect(messages()[0]).toMatchObject({ state: 'queued', trouble: 'no_connection', tries: 1 });
  });

  test('a number that is not on WhatsApp is not asked for again', async () => {
    await start();
    daftar.fonnte.behave({ refuse: 'target invalid' });
    await says('Halo');
    await daftar.settle();
    expect(messages()[0]).toMatchObject({ state: 'failed', trouble: 'number' });
    daftar.clock.advance(60 * SECOND);
    await daftar.settle();
    expect(daftar.fonnte.count()).toBe(1);
  });

  test('a disconnected device loses nothing: the answer goes out when it is back', async () => {
    await start();
    daftar.fonnte.behave({ refuse: 'request invalid on disconnected device' });
    await says('Halo');
    await daftar.settle();
    expect(messages()[0]).toMatchObject({ state: 'queued', trouble: 'device', tries: 0 });

    daftar.fonnte.behave('accept');
    daftar.clock.advance(30 * SECOND);
    await daftar.settle();
    expect(messages()[0]!.state).toBe('accepted');
    expect(daftar.fonnte.messagesTo(BUDI)).toHaveLength(1);
  });
});

test('a process that hangs in the middle of a send: another one sends it after the lease, and its late word counts for nothing', async () => {
  await start({ env: { SEND_TIMEOUT_MS: '60000' } });
  daftar.fonnte.behave('stall');
  await says('Halo');
  await daftar.fonnte.waitFor(() => daftar.fonnte.count() === 1);

  const { directory, clock } = daftar;
  const other = await startDaftar({ directory, clock });
  clock.advance(65 * SECOND - 1);
  await other.settle();
  expect(other.fonnte.count()).toBe(0);
  clock.advance(1);
  await other.settle();
  expect(other.fonnte.messagesTo(BUDI)).toHaveLength(1);
  expect(messages(other)[0]!.state).toBe('accepted');

  // The first one is cut off at last, and would try again.
  await daftar.fonnte.close();
  await until('the late word', () => daftar.logs.some((line) => line.includes('not reached')));
  expect(messages(other)[0]!.state).toBe('accepted');
  const history = rows<MessageHistoryRow>(other.service, 'SELECT * FROM message_history');
  expect(history.map(({ state, reason }) => [state, reason])).toEqual([
    ['queued', 'its sender was lost'],
    ['accepted', null],
  ]);
  await other.close();
});

describe('with WhatsApp disabled', () => {
  beforeEach(() => start({ env: { WHATSAPP_ENABLED: 'false' } }));

  test('messages are recorded, nothing leaves, and the log says so without the text', async () => {
    await says('DAFTAR');
    await says('Budi Santoso');
    await daftar.settle();

    const recorded = messages();
    expect(recorded.length).toBeGreaterThanOrEqual(3);
    expect(new Set(recorded.map(({ state }) => state))).toEqual(new Set(['recorded']));
    expect(daftar.fonnte.requests).toEqual([]);

    const log = daftar.logs.join('');
    expect(log).toContain('WhatsApp disabled: message to 62812****7890 recorded, not sent');
    for (const text of ['nama lengkap', 'Kode OTP', 'Budi']) expect(log).not.toContain(text);
  });

  test('a code is wiped from the file all the same', async () => {
    await says('DAFTAR');
    await says('Budi Santoso');
    await daftar.settle();
    const code = messages().find(({ kind }) => kind === 'code');
    expect(code).toMatchObject({ state: 'recorded', text: null, sealed: null });
  });
});
