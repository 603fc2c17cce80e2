/** Bots meet bots: whoever writes too fast, or the same again and again, is told once and then not answered. */
import { DEVICE, rows, startDaftar, type Daftar } from '../support/daftar';
import { asks, chatAt, phones, says } from '../support/chat-journey';

const nextPhone = phones(80);
const STAFF = '6281100000001';
const SECONDS = 1_000;
const MINUTES = 60 * SECONDS;
const TOLD = 'terlalu cepat atau berulang';
let daftar: Daftar;

beforeAll(async () => {
  daftar = await startDaftar({ env: { ADMIN_PHONES: STAFF } });
});
afterEach(() => daftar.clock.advance(20 * MINUTES));
afterAll(() => daftar.close());

const storedOf = (phone: string) =>
  rows<{ text: string | null; outcome: string }>(
    daftar.service,
    'SELECT text, outcome FROM inbound_messages WHERE phone = ? ORDER BY id',
    phone,
  );

test('the 21st message in a minute is told so, once; after ten minutes all is as before', async () => {
  const chat = await chatAt(daftar, 'city', nextPhone());
  daftar.clock.advance(2 * MINUTES);
  for (let sent = 1; sent <= 20; sent += 1) {
    daftar.clock.advance(2 * SECONDS);
    expect(await chat.says(`?${sent}`)).toContain('*');
  }
  expect(await chat.says('Bandung 1')).toContain(TOLD);
  const stored = storedOf(chat.phone).length;
  for (let sent = 1; sent <= 9; sent += 1) {
    daftar.clock.advance(MINUTES);
    expect(await chat.sends({ message: sent === 5 ? 'DAFTAR' : `Bandung ${sent}` })).toEqual([]);
  }
  expect(storedOf(chat.phone)).toHaveLength(stored + 9);
  expect(storedOf(chat.phone).at(-1)).toEqual({ text: 'Bandung 9', outcome: 'handled' });
  daftar.clock.advance(MINUTES);
  expect(await chat.says('DAFTAR')).toMatch(/sedang berjalan/);
});

test('twenty in a minute are all answered, minute after minute', async () => {
  const chat = daftar.chatWith(nextPhone());
  for (let sent = 0; sent < 45; sent += 1) {
    expect(await chat.says(`pertanyaan ${sent}`)).not.toContain(TOLD);
    daftar.clock.advance(3 * SECONDS);
  }
});

test('the same text for the fifth time within two minutes is told so, however it is dressed', async () => {
  const chat = daftar.chatWith(nextPhone());
  for (const text of ['Halo', 'halo!', ' HALO ', '*halo* 👋']) {
    expect(await chat.says(text)).not.toContain(TOLD);
    daftar.clock.advance(20 * SECONDS);
  }
  expect(await chat.says('halo')).toContain(TOLD);
  expect(await chat.sends({ message: 'apa saja' })).toEqual([]);
  daftar.clock.advance(10 * MINUTES);
  expect(await chat.says('halo')).not.toContain(TOLD);
});

test('the same text five times in a longer while is no loop', async () => {
  const chat = daftar.chatWith(nextPhone());
  for (let sent = 0; sent < 8; sent += 1) {
    expect(await chat.says('STATUS')).not.toContain(TOLD);
    daftar.clock.advance(31 * SECONDS);
  }
});

test('two bots that go on and on are told once in ten minutes', async () => {
  const chat = daftar.chatWith(nextPhone());
  let told = 0;
  for (let sent = 0; sent < 400; sent += 1) {
    const answers = await chat.sends({ message: 'Pesan otomatis: kami sedang tutup.' });
    told += answers.filter((answer) => answer.includes(TOLD)).length;
    daftar.clock.advance(4 * SECONDS);
  }
  // 400 × 4 s are 27 minutes.
  expect(told).toBe(3);
  expect(chat.received().length).toBeLessThan(3 * 5 + 1);
});

test('repeats of one webhook count as one message', async () => {
  const chat = daftar.chatWith(nextPhone());
  const fields = { sender: chat.phone, message: 'DAFTAR', inboxid: 960_001 };
  await Promise.all(Array.from({ length: 30 }, () => daftar.webhook(fields)));
  await daftar.settle();
  expect(chat.received()).toHaveLength(1);
  expect(await chat.says('Budi Santoso')).toContain(asks('otp'));
});

test('a backlog that is ignored for its age does not count', async () => {
  const chat = daftar.chatWith(nextPhone());
  const timestamp = Math.floor(daftar.clock.now() / 1000) - 3_600;
  for (let late = 0; late < 25; late += 1)
    await daftar.webhook({ device: DEVICE, sender: chat.phone, message: `terlambat ${late}`, timestamp });
  expect(await chat.says('DAFTAR')).toContain(asks('name'));
});

test('one customer’s loop does not silence another', async () => {
  const [loud, calm] = [daftar.chatWith(nextPhone()), daftar.chatWith(nextPhone())];
  for (let sent = 0; sent < 6; sent += 1) await loud.sends({ message: 'halo' });
  expect(await loud.sends({ message: 'apa' })).toEqual([]);
  expect(await calm.says('halo')).toContain('UU PDP');
});

test('while a person of ours has the word nobody is told off', async () => {
  const chat = daftar.chatWith(nextPhone());
  await says(daftar, chat, 'CS');
  for (let sent = 0; sent < 25; sent += 1) expect(await chat.sends({ message: 'halo?' })).toEqual([]);
  daftar.clock.advance(3 * MINUTES);
  expect(await says(daftar, chat, 'MENU')).toContain('*DAFTAR*');
});
