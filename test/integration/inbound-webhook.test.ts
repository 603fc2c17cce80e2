/** The webhook's door: who may knock, what is let in, and what is kept of the rest. */
import { request as httpRequest } from 'node:http';
import { DEVICE, rows, startDaftar, WEBHOOK_TOKEN, type Answer, type Daftar } from '../support/daftar';
import { asks, phones, placesOf } from '../support/chat-journey';

const nextPhone = phones(30);
const OTHER_TOKEN = 'the-other-webhook-token-98765';
const PATH = '/webhooks/fonnte/messages';
const MINUTES = 60_000;
let daftar: Daftar;

beforeAll(async () => {
  daftar = await startDaftar({ env: { WEBHOOK_TOKEN: `${WEBHOOK_TOKEN},${OTHER_TOKEN}` } });
});
afterEach(() => daftar.settle());
afterAll(() => daftar.close());

const stored = () =>
  rows<{ count: number }>(daftar.service, 'SELECT COUNT(*) AS count FROM inbound_messages')[0]!.count;
const lastStored = () =>
  rows<Record<string, unknown>>(
    daftar.service,
    'SELECT * FROM inbound_messages ORDER BY id DESC LIMIT 1',
  )[0]!;
const sentSoFar = () => daftar.fonnte.sent.length;
const message = () => ({ device: DEVICE, sender: nextPhone(), message: 'DAFTAR', inboxid: 0 });

async function ignored(reason: string): Promise<number> {
  const { values } = await daftar.service.metrics.ignoredMessages.get();
  return values.find(({ labels }) => labels.reason === reason)?.value ?? 0;
}

describe('the token', () => {
  test.each([
    ['missing', ''],
    ['empty', '?token='],
    ['wrong', '?token=wrong-token-wrong-token-wrong'],
    ['cut short', `?token=${WEBHOOK_TOKEN.slice(0, -1)}`],
    ['doubled', `?token=${WEBHOOK_TOKEN}&token=${WEBHOOK_TOKEN}`],
    ['in brackets', `?token[]=${WEBHOOK_TOKEN}`],
    ['both at once', `?token=${WEBHOOK_TOKEN},${OTHER_TOKEN}`],
  ])('%s: 401, nothing read, nothing stored', async (_name, query) => {
    const before = [stored(), sentSoFar()];
    const answer = await daftar.post(PATH + query, message());
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ success: false, code: 'UNAUTHORIZED' });
    expect((await daftar.get(PATH + query)).status).toBe(401);
    expect((await daftar.post(PATH + query, 'x'.repeat(100_000))).status).toBe(401);
    await daftar.settle();
    expect([stored(), sentSoFar()]).toEqual(before);
  });

  test('in a header or in the body is no token', async () => {
    const headers = { authorization: `Bearer ${WEBHOOK_TOKEN}` };
    expect((await daftar.post(PATH, { ...message(), token: WEBHOOK_TOKEN }, headers)).status).toBe(401);
  });

  test('may be either of two while it is changed', async () => {
    for (const token of [WEBHOOK_TOKEN, OTHER_TOKEN]) {
      const answer = await daftar.post(`${PATH}?token=${token}`, message());
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ data: { outcome: 'handled' } });
    }
  });

  test('lets the gateway probe by GET', async () => {
    const before = stored();
    expect((await daftar.get(`${PATH}?token=${WEBHOOK_TOKEN}`)).status).toBe(200);
    expect(stored()).toBe(before);
  });

  test('never reaches the log', () => {
    expect(daftar.logs.join('')).not.toContain(WEBHOOK_TOKEN);
    expect(daftar.logs.join('')).not.toContain(OTHER_TOKEN);
  });
});

describe('what is none of our business', () => {
  const seconds = (offsetMs = 0) => Math.floor((daftar.clock.now() + offsetMs) / 1000);
  const SECRET = 'Ini rahasia yang tidak disimpan';

  test.each<[string, () => Record<string, unknown>]>([
    ['group', () => ({ sender: '120363012345678901@g.us', member: nextPhone() })],
    ['group', () => ({ sender: `${nextPhone()}-1600000000@g.us` })],
    ['group', () => ({ member: `${nextPhone()}@s.whatsapp.net` })],
    ['group', () => ({ isgroup: true })],
    ['group', () => ({ isgroup: 'true' })],
    ['own', () => ({ sender: DEVICE })],
    ['own', () => ({ sender: `+${DEVICE}` })],
    ['own', () => ({ fromMe: true })],
    ['other_device', () => ({ device: '6289999999999' })],
    ['bad_sender', () => ({ sender: '1234567' })],
    ['bad_sender', () => ({ sender: '1234567890123456' })],
    ['bad_sender', () => ({ sender: 'status@broadcast' })],
    ['bad_sender', () => ({ sender: '62812-0000-0001' })],
    ['stale', () => ({ timestamp: seconds(-21 * MINUTES) })],
    ['future', () => ({ timestamp: seconds(3 * MINUTES) })],
    ['unreadable', () => ({ sender: '' })],
    ['unreadable', () => ({ sender: { $gt: '' } })],
  ])('%s: 200, counted, kept without its text, not answered', async (reason, fields) => {
    const before = { sent: sentSoFar(), counted: await ignored(reason), stored: stored() };
    const { status } = await daftar.webhook({ sender: nextPhone(), message: SECRET, ...fields() });
    expect(status).toBe(200);
    await daftar.settle();
    expect(sentSoFar()).toBe(before.sent);
    expect(await ignored(reason)).toBe(before.counted + 1);
    expect(stored()).toBe(before.stored + 1);
    expect(lastStored()).toMatchObject({ outcome: 'ignored', reason, text: null, text_hash: null });
    expect(placesOf(daftar, SECRET)).toEqual([]);
  });

  test.each<[string, () => Record<string, unknown>]>([
    ['almost 20 minutes old', () => ({ timestamp: seconds(-20 * MINUTES + 1_000) })],
    ['almost 2 minutes ahead', () => ({ timestamp: seconds(2 * MINUTES - 1_000) })],
    ['without a device', () => ({ device: '' })],
    ['with a member that is nobody', () => ({ member: '0', isgroup: 'false', fromMe: false })],
  ])('but not a message %s', async (_name, fields) => {
    const answer = await daftar.webhook({ sender: nextPhone(), message: 'DAFTAR', ...fields() });
    expect(answer.body).toMatchObject({ data: { outcome: 'handled' } });
  });

  test('a number of another country is refused politely, once a day', async () => {
    const sender = '6591234567';
    const before = await ignored('foreign');
    for (const text of ['Hello', 'DAFTAR', 'Halo']) {
      const answer = await daftar.webhook({ sender, message: text });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ data: { outcome: 'ignored' } });
    }
    await daftar.settle();
    expect(daftar.fonnte.messagesTo(sender)).toEqual([expect.stringContaining('nomor seluler Indonesia')]);
    expect(await ignored('foreign')).toBe(before + 3);
    expect(lastStored()).toMatchObject({ outcome: 'ignored', reason: 'foreign', text: null });

    daftar.clock.advance(24 * 60 * MINUTES);
    await daftar.webhook({ sender, message: 'Hello again' });
    await daftar.settle();
    expect(daftar.fonnte.messagesTo(sender)).toHaveLength(2);
    expect(rows(daftar.service, 'SELECT id FROM chats WHERE phone = ?', sender)).toEqual([]);
  });

  test.each(['6221345678', '62711234567', '628123'])(
    '%s is Indonesian, but no mobile: refused as well',
    async (sender) => {
      await daftar.webhook({ sender, message: 'DAFTAR' });
      await daftar.settle();
      const answers = daftar.fonnte.messagesTo(sender);
      expect(answers.length).toBeLessThanOrEqual(1);
      expect(answers.join()).not.toContain(asks('name'));
    },
  );
});

describe('a body', () => {
  const send = (body: NonNullable<RequestInit['body']>, type: string): Promise<Answer> =>
    daftar.request('POST', `${PATH}?token=${WEBHOOK_TOKEN}`, { headers: { 'content-type': type }, body });

  test('may be a form', async () => {
    const sender = nextPhone();
    const fields = {
      device: DEVICE,
      sender,
      message: 'DAFTAR',
      inboxid: '',
      timestamp: '',
      name: 'Budi & Siti',
    };
    const { status } = await send(
      new URLSearchParams(fields).toString(),
      'application/x-www-form-urlencoded',
    );
    expect(status).toBe(200);
    await daftar.settle();
    expect(daftar.fonnte.messagesTo(sender)).toEqual([expect.stringContaining(asks('name'))]);
  });

  test.each([
    ['{"sender":"6281', 'application/json'],
    ['', 'application/json'],
    ['null', 'application/json'],
    ['"text"', 'application/json'],
    ['[1,2,3]', 'application/json'],
    ['17', 'application/json'],
    ['\uFEFF{}', 'application/json'],
    ['['.repeat(20_000), 'application/json'],
    ['{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000), 'application/json'],
    ['%%%=%zz&&&', 'application/x-www-form-urlencoded'],
    ['sender[a][b]=1&__proto__[x]=1', 'application/x-www-form-urlencoded'],
    ['<xml/>', 'text/xml'],
    ['--x\r\n\r\n', 'multipart/form-data; boundary=x'],
    ['{}', 'application/json; charset=klingon'],
  ])('that cannot be understood is 200, counted and kept: %s', async (body, type) => {
    const before = { counted: await ignored('unreadable'), sent: sentSoFar() };
    expect((await send(body, type)).status).toBe(200);
    await daftar.settle();
    expect(await ignored('unreadable')).toBe(before.counted + 1);
    expect(sentSoFar()).toBe(before.sent);
    expect(lastStored()).toMatchObject({ outcome: 'ignored', reason: 'unreadable', text: null });
  });

  test('in bytes that are no UTF-8 is no error', async () => {
    const bytes = new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]);
    expect((await send(bytes, 'application/json')).status).toBe(200);
  });

  test('may be 64 KB, not a byte more', async () => {
    const sender = nextPhone();
    const of = (bytes: number) => {
      const start = JSON.stringify({ device: DEVICE, sender, inboxid: 0, message: '' }).slice(0, -2);
      return `${start}${'a'.repeat(bytes - start.length - 2)}"}`;
    };
    expect(of(65_536)).toHaveLength(65_536);
    expect((await send(of(65_536), 'application/json')).status).toBe(200);
    const before = stored();
    const refused = await send(of(65_537), 'application/json');
    expect(refused.status).toBe(413);
    expect(refused.body).toMatchObject({ success: false, code: 'PAYLOAD_TOO_LARGE' });
    const form = `sender=${sender}&message=${'a'.repeat(65_536)}`;
    expect((await send(form, 'application/x-www-form-urlencoded')).status).toBe(413);
    expect(stored()).toBe(before);
  });

  test('that lies about its length, or has none, is held to the limit as well', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      const url = `${daftar.url}${PATH}?token=${WEBHOOK_TOKEN}`;
      const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
      const call = httpRequest(url, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      call.on('error', reject);
      call.write('{"a":"');
      call.end('a'.repeat(70_000));
    });
    expect(status).toBe(413);
  });
});

test('other methods are told so', async () => {
  for (const method of ['PUT', 'DELETE', 'PATCH'])
    expect((await daftar.request(method, `${PATH}?token=${WEBHOOK_TOKEN}`)).status).toBe(405);
});
