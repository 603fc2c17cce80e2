/** A message counts once, however often and in whatever form the gateway brings it. */
import { DEVICE, rows, startDaftar, WEBHOOK_TOKEN, type Daftar } from '../support/daftar';
import { asks, chatAt, phones, says, stepOf } from '../support/chat-journey';

const nextPhone = phones(20);
const MINUTES = 60_000;
let daftar: Daftar;

beforeAll(async () => {
  daftar = await startDaftar();
});
afterAll(() => daftar.close());

const seconds = () => Math.floor(daftar.clock.now() / 1000);
const outcome = async (fields: Record<string, unknown>) => {
  const answer = await daftar.webhook(fields);
  expect(answer.status).toBe(200);
  return (answer.body as { data: { outcome: string } }).data.outcome;
};
async function answersTo(phone: string): Promise<string[]> {
  await daftar.settle();
  return daftar.fonnte.messagesTo(phone);
}

describe('the same webhook', () => {
  test('a hundred times at once is one message with one answer', async () => {
    const sender = nextPhone();
    const fields = { sender, message: 'DAFTAR', inboxid: 900_001 };
    const outcomes = await Promise.all(Array.from({ length: 100 }, () => outcome(fields)));
    expect(outcomes.filter((one) => one === 'handled')).toHaveLength(1);
    expect(outcomes.filter((one) => one === 'repeated')).toHaveLength(99);
    expect(await answersTo(sender)).toHaveLength(1);
    expect(rows(daftar.service, 'SELECT id FROM inbound_messages WHERE phone = ?', sender)).toHaveLength(1);
  });

  test('in the middle of the form moves it on once', async () => {
    const chat = await chatAt(daftar, 'address', nextPhone());
    const fields = { sender: chat.phone, message: 'Jl. Mawar No. 12 RT 01/02', inboxid: 900_002 };
    await Promise.all(Array.from({ length: 20 }, () => outcome(fields)));
    await daftar.settle();
    expect(stepOf(daftar, chat.phone)).toBe('city');
  });

  test('minutes later, and in another dress of the same number, is still a repeat', async () => {
    const sender = nextPhone();
    const fields = { sender, message: 'DAFTAR', inboxid: 900_003, timestamp: seconds() };
    expect(await outcome(fields)).toBe('handled');
    daftar.clock.advance(15 * MINUTES);
    expect(await outcome(fields)).toBe('repeated');
    expect(await outcome({ ...fields, inboxid: '900003' })).toBe('repeated');
    expect(await outcome({ ...fields, sender: `${sender}@s.whatsapp.net` })).toBe('repeated');
    expect(await answersTo(sender)).toHaveLength(1);
  });

  test('with its inboxid is a repeat for ever, timestamp or not', async () => {
    const fields = { sender: nextPhone(), message: 'DAFTAR', inboxid: 900_006, timestamp: '' };
    expect(await outcome(fields)).toBe('handled');
    daftar.clock.advance(600 * MINUTES);
    expect(await outcome(fields)).toBe('repeated');
  });

  test('with the same inboxid from two customers is two messages', async () => {
    const [first, second] = [nextPhone(), nextPhone()];
    expect(await outcome({ sender: first, message: 'DAFTAR', inboxid: 900_004 })).toBe('handled');
    expect(await outcome({ sender: second, message: 'DAFTAR', inboxid: 900_004 })).toBe('handled');
  });

  test('as JSON and as a form is the same message', async () => {
    const sender = nextPhone();
    const fields = {
      device: DEVICE,
      sender,
      message: 'DAFTAR',
      inboxid: '900005',
      timestamp: String(seconds()),
    };
    expect(await outcome(fields)).toBe('handled');
    const form = await daftar.request('POST', `/webhooks/fonnte/messages?token=${WEBHOOK_TOKEN}`, {
      body: new URLSearchParams(fields),
    });
    expect(form.body).toMatchObject({ success: true, data: { outcome: 'repeated' } });
  });
});

describe.each([[0], ['0'], [''], [null], [-5], [1.5], ['abc'], [undefined]])(
  'an inboxid of %j',
  (inboxid) => {
    test('identifies nothing: two texts are two messages, the same again is one', async () => {
      const sender = nextPhone();
      const timestamp = seconds();
      expect(await outcome({ sender, inboxid, timestamp, message: 'DAFTAR' })).toBe('handled');
      expect(await outcome({ sender, inboxid, timestamp, message: 'DAFTAR' })).toBe('repeated');
      expect(await outcome({ sender, inboxid, timestamp, message: 'Budi Santoso' })).toBe('handled');
      const answers = await answersTo(sender);
      expect(answers).toHaveLength(3);
      expect(answers.at(-1)).toContain(asks('otp'));
    });
  },
);

describe('without an inboxid', () => {
  test('each part of a message tells it from another', async () => {
    const base = { sender: nextPhone(), inboxid: 0, timestamp: seconds(), message: 'Halo' };
    const others = [
      { timestamp: seconds() + 1 },
      { message: 'Halo!' },
      { location: '-6.9,107.6' },
      { text: 'tombol' },
      { choices: 'A' },
      { url: 'https://fonnte.com/a.jpg' },
      { sender: nextPhone() },
    ];
    expect(await outcome(base)).toBe('handled');
    for (const other of others) {
      expect(await outcome({ ...base, ...other })).toBe('handled');
      expect(await outcome({ ...base, ...other })).toBe('repeated');
    }
  });

  test('a repeat is known for as long as the gateway may repeat', async () => {
    const fields = { sender: nextPhone(), inboxid: 0, timestamp: seconds(), message: 'Halo' };
    expect(await outcome(fields)).toBe('handled');
    daftar.clock.advance(19 * MINUTES);
    expect(await outcome(fields)).toBe('repeated');
  });

  test.each([[''], [null], ['besok'], [undefined], [0]])(
    'nor a timestamp (%j): the same words count once in 20 minutes, and again after that',
    async (timestamp) => {
      const sender = nextPhone();
      const fields = { sender, inboxid: 0, timestamp, message: 'STATUS' };
      expect(await outcome(fields)).toBe('handled');
      daftar.clock.advance(19 * MINUTES);
      expect(await outcome(fields)).toBe('repeated');
      daftar.clock.advance(2 * MINUTES);
      expect(await outcome(fields)).toBe('handled');
      expect(await outcome(fields)).toBe('repeated');
      daftar.clock.advance(21 * MINUTES);
      expect(await outcome(fields)).toBe('handled');
      expect(await answersTo(sender)).toHaveLength(3);
    },
  );

  test('nothing that was typed can be guessed back from the key that is kept', async () => {
    const sender = nextPhone();
    const identity = [DEVICE, sender, '', String(seconds()), 'Rahasia', '', '', '', ''];
    await outcome({ sender, inboxid: 0, timestamp: seconds(), message: 'Rahasia' });
    const { createHash } = await import('node:crypto');
    const guess = createHash('sha256').update(JSON.stringify(identity)).digest('base64url');
    const [row] = rows<{ dedupe_key: string }>(
      daftar.service,
      'SELECT dedupe_key FROM inbound_messages WHERE phone = ?',
      sender,
    );
    expect(row?.dedupe_key).toEqual(expect.any(String));
    expect(row?.dedupe_key).not.toContain(guess);
  });
});

describe('a timestamp in milliseconds', () => {
  test('is as good as one in seconds', async () => {
    const sender = nextPhone();
    expect(await outcome({ sender, message: 'DAFTAR', timestamp: daftar.clock.now() })).toBe('handled');
    expect(await outcome({ sender, message: 'STATUS', timestamp: String(daftar.clock.now()) })).toBe(
      'handled',
    );
    expect(await outcome({ sender, message: 'MENU', timestamp: daftar.clock.now() - 21 * MINUTES })).toBe(
      'ignored',
    );
    expect(await answersTo(sender)).toHaveLength(2);
  });
});

describe('two customers at once', () => {
  test('each have their own chat, whatever comes between', async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => chatAt(daftar, 'otp', nextPhone())));
    daftar.clock.advance(10_000);
    await Promise.all(all.map((chat) => chat.sends({ message: chat.lastCode() })));
    expect(all.map(({ phone }) => stepOf(daftar, phone))).toEqual(['email', 'email', 'email', 'email']);
    const [first, second] = [all[0]!, all[1]!];
    await says(daftar, first, 'pertama@contoh.id');
    await says(daftar, second, 'BATAL');
    expect(stepOf(daftar, first.phone)).toBe('address');
    expect(stepOf(daftar, second.phone)).toBe('idle');
  });

  test('a code is good only in the chat it was sent to', async () => {
    const mine = await chatAt(daftar, 'otp', nextPhone());
    const theirs = await chatAt(daftar, 'otp', nextPhone());
    expect(await says(daftar, mine, theirs.lastCode())).toContain('Kode itu salah');
    expect(await says(daftar, mine, mine.lastCode())).toContain(asks('email'));
    expect(await says(daftar, theirs, theirs.lastCode())).toContain(asks('email'));
  });
});

test('messages of one customer that come together are all answered, in order', async () => {
  const sender = nextPhone();
  const texts = ['DAFTAR', 'Budi Santoso', 'MENU', 'STATUS'];
  await Promise.all(texts.map((message) => outcome({ sender, message })));
  const answers = await answersTo(sender);
  expect(answers.filter((answer) => !answer.startsWith('Halo Budi'))).toHaveLength(texts.length);
});
