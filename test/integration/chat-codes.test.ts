/** Codes in the chat: wrong, old, locked, asked for again; and a web form that can do the chat no harm. */
import { startDaftar, type Daftar } from '../support/daftar';
import { asks, chatAt, finish, phones, says, stepOf, type Chat } from '../support/chat-journey';

const nextPhone = phones(60);
const MINUTES = 60_000;
const HOURS = 60 * MINUTES;
let daftar: Daftar;

beforeAll(async () => {
  daftar = await startDaftar();
});
afterAll(() => daftar.close());

const wrongFor = (chat: Chat) => String((Number(chat.lastCode()) + 1) % 1_000_000).padStart(6, '0');
const codesTo = (chat: Chat) => chat.received().filter((message) => message.includes('Kode OTP Anda')).length;

describe('a code', () => {
  test.each([
    ['in a sentence', (code: string) => `Kode saya ${code}, kak`],
    ['in bold', (code: string) => `*${code}*`],
    ['with a blank', (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`],
    [
      'as the whole message it came in',
      (code: string) => `Kode OTP Anda adalah:\n\n*${code}*\n\nberlaku 5 menit`,
    ],
  ])('is taken %s', async (_how, typed) => {
    const chat = await chatAt(daftar, 'otp', nextPhone());
    expect(await says(daftar, chat, typed(chat.lastCode()))).toContain(asks('email'));
  });

  test('comes with a question that says where to type it, and that nobody asks for it', async () => {
    const chat = await chatAt(daftar, 'name', nextPhone());
    const question = await says(daftar, chat, 'Budi Santoso');
    expect(question).toContain(asks('otp'));
    expect(question).toContain('hanya untuk diketik di chat ini');
    expect(question).toContain('tidak pernah memintanya');
    expect(chat.received().at(-2)).toContain('Kode OTP Anda');
  });

  test('that is wrong counts down; after the fifth not even the right one is taken', async () => {
    const chat = await chatAt(daftar, 'otp', nextPhone());
    const [right, wrong] = [chat.lastCode(), wrongFor(chat)];
    for (const left of [4, 3, 2, 1])
      expect(await says(daftar, chat, wrong)).toContain(`Sisa percobaan: ${left}.`);
    daftar.clock.advance(2 * MINUTES);
    expect(await says(daftar, chat, wrong)).toContain('percobaannya habis');
    const locked = await says(daftar, chat, right);
    expect(locked).toContain('Terlalu banyak percobaan');
    expect(locked).toContain('*KIRIM ULANG*');
    expect(locked).toContain(asks('otp'));

    expect(await says(daftar, chat, 'KIRIM ULANG')).toContain('Kode baru sudah kami kirim');
    expect(await says(daftar, chat, chat.lastCode())).toContain(asks('email'));
  });

  test('that was typed wrong costs no other answer', async () => {
    const chat = await chatAt(daftar, 'otp', nextPhone());
    await says(daftar, chat, wrongFor(chat));
    await says(daftar, chat, chat.lastCode());
    await says(daftar, chat, 'salah@contoh.id');
    expect(await finish(daftar, chat)).toContain('Terima kasih, Budi Santoso');
  });

  test('too old is said to be so, and another one helps', async () => {
    const chat = await chatAt(daftar, 'otp', nextPhone());
    const old = chat.lastCode();
    daftar.clock.advance(5 * MINUTES);
    expect(await says(daftar, chat, old)).toContain('kedaluwarsa');
    await says(daftar, chat, 'KIRIM ULANG');
    expect(await says(daftar, chat, chat.lastCode())).toContain(asks('email'));
  });

  test('replaces the one before at once', async () => {
    const chat = await chatAt(daftar, 'otp', nextPhone());
    const old = chat.lastCode();
    daftar.clock.advance(60_000);
    expect(await says(daftar, chat, 'kirim ulang')).toContain('sebelumnya tidak berlaku lagi');
    expect(codesTo(chat)).toBe(2);
    expect(await says(daftar, chat, old)).toContain('sudah diganti');
    expect(await says(daftar, chat, chat.lastCode())).toContain(asks('email'));
  });

  test('is good once', async () => {
    const chat = await chatAt(daftar, 'email', nextPhone());
    const used = chat.lastCode();
    await says(daftar, chat, 'BATAL');
    await says(daftar, chat, 'DAFTAR');
    await says(daftar, chat, 'Budi Santoso');
    expect(chat.received().at(-1)).toContain('bila belum terpakai');
    expect(stepOf(daftar, chat.phone)).toBe('otp');
    expect(await says(daftar, chat, used)).toContain('Belum ada kode yang berlaku');
  });

  test('asked for too soon: the seconds to wait are told, and the first stays good', async () => {
    const chat = await chatAt(daftar, 'otp', nextPhone());
    const early = await says(daftar, chat, 'KIRIM ULANG');
    expect(early).toContain('dalam 50 detik');
    expect(early).toContain('tetap bisa dipakai');
    daftar.clock.advance(39_000);
    expect(await says(daftar, chat, 'KIRIM ULANG')).toContain('dalam 1 detik');
    expect(codesTo(chat)).toBe(1);
    expect(await says(daftar, chat, chat.lastCode())).toContain(asks('email'));
  });

  test('another name after KEMBALI needs no other code while the first is fresh', async () => {
    const chat = await chatAt(daftar, 'otp', nextPhone());
    await says(daftar, chat, 'KEMBALI');
    expect(await says(daftar, chat, 'Siti Aminah')).toContain('tetap bisa dipakai');
    await says(daftar, chat, chat.lastCode());
    expect(await finish(daftar, chat)).toContain('Terima kasih, Siti Aminah');
  });

  test('asked for more than five times an hour: how long to wait is told, and then it goes on', async () => {
    const chat = await chatAt(daftar, 'otp', nextPhone());
    for (let codes = 2; codes <= 5; codes += 1) {
      daftar.clock.advance(61_000);
      await says(daftar, chat, 'KIRIM ULANG');
      expect(codesTo(chat)).toBe(codes);
    }
    daftar.clock.advance(61_000);
    const refused = await says(daftar, chat, 'KIRIM ULANG');
    expect(refused).toContain('terlalu banyak');
    expect(refused).toMatch(/dalam 5\d menit/);
    expect(refused).toContain(asks('otp'));
    expect(codesTo(chat)).toBe(5);
    // The last code is good all the same.
    daftar.clock.advance(HOURS);
    expect(await says(daftar, chat, 'KIRIM ULANG')).toContain('Kode baru sudah kami kirim');
    expect(await finish(daftar, chat)).toContain('REG-');
  });

  test('after ten wrong tries in a day nothing is tried any more, until the oldest is a day old', async () => {
    const chat = await chatAt(daftar, 'otp', nextPhone());
    for (let tries = 0; tries < 10; tries += 1) {
      if (tries === 5) {
        daftar.clock.advance(61_000);
        await says(daftar, chat, 'KIRIM ULANG');
      }
      daftar.clock.advance(20_000);
      await says(daftar, chat, wrongFor(chat));
    }
    daftar.clock.advance(61_000);
    expect(await says(daftar, chat, 'KIRIM ULANG')).toMatch(/terlalu banyak.*24 jam/s);
    expect(await says(daftar, chat, chat.lastCode())).toMatch(/Terlalu banyak percobaan.*24 jam/s);
    daftar.clock.advance(12 * HOURS);
    await says(daftar, chat, 'MENU');
    daftar.clock.advance(12 * HOURS);
    expect(await says(daftar, chat, 'KIRIM ULANG')).toContain('Kode baru sudah kami kirim');
    expect(await says(daftar, chat, chat.lastCode())).toContain(asks('email'));
  });
});

describe('a web form that is abused with a customer’s phone', () => {
  const ask = (phone: string) =>
    daftar.post('/api/registrations/public/request-otp', { phone, full_name: 'Orang Jahat' });
  const tryCode = (phone: string, otp: string) =>
    daftar.post('/api/registrations/public/verify-otp', { phone, otp });

  test('neither its codes, its limits nor its wrong tries reach the chat', async () => {
    const phone = nextPhone();
    const chat = await chatAt(daftar, 'name', phone);
    const statuses: number[] = [];
    for (let asked = 0; asked < 7; asked += 1) {
      statuses.push((await ask(phone)).status);
      const wrong = wrongFor(chat);
      for (let tries = 0; tries < 3; tries += 1) statuses.push((await tryCode(phone, wrong)).status);
      daftar.clock.advance(61_000);
    }
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(5);
    expect((await ask(phone)).body).toMatchObject({ code: 'OTP_LIMIT' });
    expect((await tryCode(phone, '000000')).body).toMatchObject({ code: 'OTP_LOCKED' });

    expect(await says(daftar, chat, 'Budi Santoso')).toContain(asks('otp'));
    expect(await says(daftar, chat, chat.lastCode())).toContain(asks('email'));
    expect(await finish(daftar, chat)).toContain('Terima kasih, Budi Santoso');
  });

  test('a web code is no chat code, and the chat’s stays good beside it', async () => {
    const chat = await chatAt(daftar, 'otp', nextPhone());
    const inChat = chat.lastCode();
    expect((await ask(chat.phone)).status).toBe(200);
    expect((await tryCode(chat.phone, inChat)).body).toMatchObject({ success: false });
    expect(await says(daftar, chat, inChat)).toContain(asks('email'));
  });

  test('nor does the ceiling of all web codes in a day', async () => {
    const own = await startDaftar({ env: { OTP_MAX_PER_DAY: '2' } });
    for (const expected of [200, 200, 429]) {
      const { status } = await own.post('/api/registrations/public/request-otp', {
        phone: nextPhone(),
        full_name: 'Orang Jahat',
      });
      expect(status).toBe(expected);
    }
    const chat = await chatAt(own, 'otp', nextPhone());
    expect(await finish(own, chat)).toContain('REG-');
    await own.close();
  });
});
