/** What time does to a chat: greetings, forms left lying, a person of ours who has the word, a new version. */
import { rows, startDaftar, type Daftar } from '../support/daftar';
import { asks, chatAt, finish, phones, placesOf, says, stepOf, type Chat } from '../support/chat-journey';

const nextPhone = phones(70);
const STAFF = '6281100000001';
const MINUTES = 60_000;
const HOURS = 60 * MINUTES;
let daftar: Daftar;

beforeAll(async () => {
  daftar = await startDaftar({ env: { ADMIN_PHONES: STAFF } });
});
afterAll(() => daftar.close());

const write = (sql: string, ...values: (string | number)[]) =>
  daftar.service.database.unitOfWork.run((tx) => tx.run(sql, ...values));
const eventsOf = (chat: Chat) =>
  rows<{ type: string }>(
    daftar.service,
    'SELECT e.type FROM events e JOIN chats c ON c.id = e.chat_id WHERE c.phone = ? ORDER BY e.id',
    chat.phone,
  ).map(({ type }) => type);

describe('the greeting', () => {
  test('is long once a day, else one line that names DAFTAR', async () => {
    const chat = daftar.chatWith(nextPhone());
    const long = await says(daftar, chat, 'Halo');
    for (const told of [
      'ISP Technician Management',
      'UU PDP',
      'hanya untuk pendaftaran ini',
      '*DAFTAR*',
      'menyetujui',
    ])
      expect(long).toContain(told);

    const short = await says(daftar, chat, 'Selamat pagi');
    expect(short).toContain('*DAFTAR*');
    expect(short).not.toContain('UU PDP');
    expect(short.split('\n')).toHaveLength(1);

    // 10:00 in Jakarta and 14 hours: a new day there, still the same in Greenwich.
    daftar.clock.advance(14 * HOURS);
    expect(await says(daftar, chat, 'Halo')).toContain('UU PDP');
    expect(await says(daftar, chat, 'Halo')).not.toContain('UU PDP');
    daftar.clock.advance(10 * HOURS);
  });

  test('and the first question come in one, when the first word is DAFTAR', async () => {
    const chat = daftar.chatWith(nextPhone());
    const first = await says(daftar, chat, 'DAFTAR');
    expect(first).toContain('UU PDP');
    expect(first).toContain(asks('name'));
    await says(daftar, chat, 'BATAL');
    const second = await says(daftar, chat, 'DAFTAR');
    expect(second).not.toContain('UU PDP');
    expect(second).toContain(asks('name'));
  });

  test.each(['Terima kasih', 'makasih 🙏', '👍', 'ok'])('is not given for thanks: %s', async (thanks) => {
    const chat = daftar.chatWith(nextPhone());
    const answer = await says(daftar, chat, thanks);
    expect(answer).not.toContain('UU PDP');
    expect(answer.length).toBeLessThan(60);
  });

  test('a photo or a place out of the blue is answered too', async () => {
    const chat = daftar.chatWith(nextPhone());
    const [photo] = await chat.sends({ message: 'non-text message', url: 'https://fonnte.com/a.jpg' });
    expect(photo).toContain('teks saja');
    expect(photo).toContain('*DAFTAR*');
    const [place] = await chat.sends({ message: '', location: '-6.9,107.6' });
    expect(place).toContain('*DAFTAR*');
  });
});

describe('a form left lying', () => {
  const typed = ['Zubaidah Wirakusumah', 'zubaidah.w@rahasia.example', 'Gang Kelinci Terbang 77'];
  const halfway = (phone = nextPhone()) =>
    chatAt(daftar, 'city', phone, { name: typed[0], email: typed[1], address: typed[2] });

  test('is there for a day', async () => {
    const chat = await halfway();
    daftar.clock.advance(24 * HOURS - 11_000);
    expect(await says(daftar, chat, 'Bandung')).toContain(asks('location'));
    daftar.clock.advance(24 * HOURS - 11_000);
    await daftar.service.formExpiry.runOnce();
    expect(stepOf(daftar, chat.phone)).toBe('location');
    await says(daftar, chat, 'BATAL');
  });

  test('is erased after that, when the customer comes back; and started over politely', async () => {
    const chat = await halfway();
    daftar.clock.advance(24 * HOURS);
    const answer = await chat.says('Kota Purwakencana');
    expect(answer).toContain('lama tidak dilanjutkan');
    expect(answer).toContain(asks('name'));
    for (const text of [...typed, 'Purwakencana']) expect(placesOf(daftar, text)).toEqual([]);
    expect(eventsOf(chat).slice(-2)).toEqual(['chat_expired', 'chat_started']);
    expect(await finish(daftar, chat)).toContain('REG-');
  });

  test('is erased after that, when the customer never comes back', async () => {
    const [gone, fresh] = [await halfway(), await halfway()];
    daftar.clock.advance(12 * HOURS);
    await says(daftar, fresh, 'MENU');
    daftar.clock.advance(12 * HOURS);
    const sent = daftar.fonnte.sent.length;
    await daftar.service.formExpiry.runOnce();
    await daftar.settle();
    expect(daftar.fonnte.sent).toHaveLength(sent);
    expect(stepOf(daftar, gone.phone)).toBe('idle');
    expect(stepOf(daftar, fresh.phone)).toBe('city');
    expect(eventsOf(gone).at(-1)).toBe('chat_expired');

    await says(daftar, fresh, 'BATAL');
    for (const text of typed) expect(placesOf(daftar, text)).toEqual([]);
    const back = await says(daftar, gone, 'Halo');
    expect(back).toContain('lama tidak dilanjutkan');
    expect(back).toContain(asks('name'));
    // Said once.
    await says(daftar, gone, 'BATAL');
    expect(await says(daftar, gone, 'Halo')).not.toContain('lama tidak dilanjutkan');
  });

  test('is not started over for a customer who comes back to give it up', async () => {
    const chat = await halfway();
    daftar.clock.advance(24 * HOURS);
    expect(await says(daftar, chat, 'BATAL')).toContain('Tidak ada pendaftaran');
    expect(await says(daftar, chat, 'Terima kasih')).toContain('Sama-sama');
    expect(stepOf(daftar, chat.phone)).toBe('idle');
  });

  test('is erased with hundreds of others in one go, each once', async () => {
    const state = JSON.stringify({ ...JSON.parse(await stateOfNewForm()), answers: { full_name: typed[0] } });
    const since = daftar.clock.now();
    await daftar.service.database.unitOfWork.run((tx) => {
      for (let index = 0; index < 250; index += 1)
        tx.run(
          'INSERT INTO chats (phone, revision, state, updated_at, form_since) VALUES (?, 1, ?, ?, ?)',
          nextPhone(),
          state,
          since,
          since,
        );
    });
    daftar.clock.advance(24 * HOURS);
    await Promise.all([daftar.service.formExpiry.runOnce(), daftar.service.formExpiry.runOnce()]);
    expect(placesOf(daftar, typed[0]!)).toEqual([]);
    const [expired] = rows<{ count: number }>(
      daftar.service,
      "SELECT COUNT(*) AS count FROM events WHERE type = 'chat_expired' AND at = ?",
      daftar.clock.now(),
    );
    expect(expired!.count).toBeGreaterThanOrEqual(250);
    const perChat = rows(
      daftar.service,
      "SELECT chat_id FROM events WHERE type = 'chat_expired' AND at = ? GROUP BY chat_id HAVING COUNT(*) > 1",
      daftar.clock.now(),
    );
    expect(perChat).toEqual([]);
  });

  async function stateOfNewForm(): Promise<string> {
    const chat = await chatAt(daftar, 'name', nextPhone());
    return rows<{ state: string }>(daftar.service, 'SELECT state FROM chats WHERE phone = ?', chat.phone)[0]!
      .state;
  }

  test('keeps to CHAT_EXPIRE_MINUTES, and leaves the word to a person of ours', async () => {
    const own = await startDaftar({ env: { CHAT_EXPIRE_MINUTES: '60' } });
    const chat = await chatAt(own, 'city', nextPhone());
    await says(own, chat, 'CS');
    own.clock.advance(2 * HOURS);
    await own.service.formExpiry.runOnce();
    expect(stepOf(own, chat.phone)).toBe('idle');
    expect(await chat.sends({ message: 'Halo, ada orang?' })).toEqual([]);
    expect(await says(own, chat, 'DAFTAR')).toContain(asks('name'));
    await own.close();
  });
});

describe('a person of ours', () => {
  test('is told with a link and nothing the customer typed', async () => {
    const chat = await chatAt(daftar, 'city', nextPhone(), { name: 'Zubaidah Wirakusumah' });
    await says(daftar, chat, 'CS');
    const call = daftar.fonnte.messagesTo(STAFF).at(-1);
    expect(call).toContain(`https://wa.me/${chat.phone}`);
    expect(call).not.toContain('Zubaidah');
    await says(daftar, chat, 'MENU');
  });

  test('has the word for twelve hours, however much is said', async () => {
    const chat = await chatAt(daftar, 'city', nextPhone());
    const calls = () => daftar.fonnte.messagesTo(STAFF).length;
    await says(daftar, chat, 'cs!');
    const called = calls();
    for (const text of ['Halo', 'Bandung', 'CS', 'BATAL', 'STATUS', '👍']) {
      daftar.clock.advance(HOURS);
      expect(await chat.sends({ message: text })).toEqual([]);
    }
    expect(await chat.sends({ message: '', url: 'https://fonnte.com/a.jpg' })).toEqual([]);
    expect(calls()).toBe(called);
    daftar.clock.advance(6 * HOURS - 1_000);
    expect(await chat.sends({ message: 'Bandung' })).toEqual([]);
    daftar.clock.advance(1_000);
    expect(await chat.sends({ message: 'Bandung' })).toEqual([expect.stringContaining(asks('location'))]);
  });

  test.each(['MENU', 'DAFTAR', 'menu 🙏', 'mulai'])('gives it back at %s', async (word) => {
    const chat = await chatAt(daftar, 'city', nextPhone());
    expect(await says(daftar, chat, 'CS')).toMatch(/\*MENU\*.*\*DAFTAR\*/s);
    expect(await chat.sends({ message: 'Halo' })).toEqual([]);
    expect(await says(daftar, chat, word)).toContain(asks('city'));
    expect(await says(daftar, chat, 'Bandung')).toContain(asks('location'));
  });

  test('can be called before anything else, and called again', async () => {
    const chat = daftar.chatWith(nextPhone());
    const before = daftar.fonnte.messagesTo(STAFF).length;
    await says(daftar, chat, 'CS');
    expect(await chat.sends({ message: 'Halo' })).toEqual([]);
    expect(await says(daftar, chat, 'MENU')).toContain('*DAFTAR*');
    await says(daftar, chat, 'CS');
    expect(daftar.fonnte.messagesTo(STAFF)).toHaveLength(before + 2);
    expect(await says(daftar, chat, 'DAFTAR')).toContain(asks('name'));
  });
});

describe('a chat left by another version of this program', () => {
  const leave = (chat: Chat, state: string) =>
    write('UPDATE chats SET state = ? WHERE phone = ?', state, chat.phone);

  test.each([
    ['a later version', '{"version":99,"step":"payment","wallet":{}}'],
    ['a question that is no more', '{"version":1,"step":"fax","answers":{}}'],
    ['broken JSON', '{"version":1,'],
  ])('in the middle of a form (%s) starts over, and what was typed is erased', async (_name, state) => {
    const chat = await chatAt(daftar, 'city', nextPhone(), { name: 'Gatotkaca Perkasa' });
    await leave(chat, state);
    const answer = await says(daftar, chat, 'Bandung');
    expect(answer).toContain('mulai lagi');
    expect(answer).toContain(asks('name'));
    expect(placesOf(daftar, 'Gatotkaca')).toEqual([]);
    daftar.clock.advance(MINUTES);
    expect(await finish(daftar, chat)).toContain('REG-');
  });

  test('with no form in hand is simply greeted: nothing of his was deleted', async () => {
    const chat = await chatAt(daftar, 'confirm', nextPhone());
    await says(daftar, chat, 'YA');
    await leave(chat, '{"version":99}');
    const answer = await says(daftar, chat, 'Halo');
    expect(answer).not.toContain('hapus');
    expect(answer).toContain('*DAFTAR*');
    expect(stepOf(daftar, chat.phone)).toBe('idle');
    expect(await says(daftar, chat, 'STATUS')).toContain('REG-');
  });
});
