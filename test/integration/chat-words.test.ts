/** The words that mean something at any time, said at every question. */
import { rows, startDaftar, type Daftar } from '../support/daftar';
import {
  asks,
  chatAt,
  placesOf,
  finish,
  ordinaryAnswer,
  phones,
  QUESTIONS,
  says,
  stepOf,
  type Question,
} from '../support/chat-journey';

const nextPhone = phones(10);
const STAFF = '6281100000001';
let daftar: Daftar;

beforeAll(async () => {
  daftar = await startDaftar({ env: { ADMIN_PHONES: STAFF } });
});
afterAll(() => daftar.close());

describe.each(QUESTIONS)('at the question %s', (question) => {
  test('DAFTAR, MENU, STATUS and nonsense leave the customer where he is', async () => {
    const chat = await chatAt(daftar, question, nextPhone());
    const staysAt = async (word: string, ...told: string[]) => {
      const answer = await says(daftar, chat, word);
      for (const text of [...told, asks(question)]) expect(answer).toContain(text);
      expect(stepOf(daftar, chat.phone)).toBe(question);
    };

    await staysAt('DAFTAR', 'sedang berjalan');
    await staysAt('mulai!', 'sedang berjalan');
    await staysAt('MENU', '*KEMBALI*');
    await staysAt('Bantuan 🙏', '*KEMBALI*');
    await staysAt('*help*', '*KEMBALI*');
    await staysAt('status', 'Belum ada pendaftaran');
    await staysAt('?');
    daftar.clock.advance(10_000);
    const [photo] = await chat.sends({
      message: 'non-text message',
      url: 'https://fonnte.com/a.jpg',
      extension: 'jpg',
    });
    expect(photo).toContain('teks saja');
    expect(photo).toContain(asks(question));
    daftar.clock.advance(10_000);
    const [sticker] = await chat.sends({ message: '' });
    expect(sticker).toContain('teks saja');

    expect(await finish(daftar, chat)).toContain('REG-');
  });

  test('KEMBALI goes one question back, and one answer leads on again', async () => {
    const before: Record<Question, Question> = {
      name: 'name',
      otp: 'name',
      // The number stays verified.
      email: 'name',
      address: 'email',
      city: 'address',
      location: 'city',
      package: 'location',
      schedule: 'package',
      confirm: 'schedule',
    };
    const chat = await chatAt(daftar, question, nextPhone());
    const answer = await says(daftar, chat, 'Kembali');
    expect(answer).toContain(asks(before[question]));
    if (question === 'name') expect(answer).toContain('pertanyaan pertama');

    daftar.clock.advance(60_000);
    const next = QUESTIONS.indexOf(before[question]) + 1;
    const expected = question === 'email' ? 'email' : QUESTIONS[next]!;
    expect(await says(daftar, chat, ordinaryAnswer(before[question], chat))).toContain(asks(expected));
  });

  test('KIRIM ULANG tells of codes; CS calls a person of ours, and MENU comes back to the question', async () => {
    const chat = await chatAt(daftar, question, nextPhone());
    const codes = () => chat.received().filter((message) => message.includes('Kode OTP Anda')).length;
    const before = codes();
    const resent = await says(daftar, chat, 'kirim ulang');
    expect(resent).toContain(asks(question));
    if (question === 'name') expect(resent).toContain('Kode kami kirim setelah');
    else if (question === 'otp') expect(resent).toContain('dalam 50 detik');
    else expect(resent).toContain('sudah terverifikasi');
    expect(codes()).toBe(before);

    expect(await says(daftar, chat, 'CS')).toContain('petugas');
    expect(daftar.fonnte.messagesTo(STAFF).at(-1)).toContain(`https://wa.me/${chat.phone}`);
    expect(await chat.sends({ message: 'Bandung' })).toEqual([]);
    expect(await chat.sends({ message: 'BATAL' })).toEqual([]);
    expect(await says(daftar, chat, 'MENU')).toContain(asks(question));
    expect(stepOf(daftar, chat.phone)).toBe(question);
  });

  test('BATAL ends it, and nothing that was typed is kept', async () => {
    const phone = nextPhone();
    const secrets = {
      name: 'Zubaidah Wirakusumah',
      email: `zubaidah${phone}@rahasia.example`,
      address: 'Gang Kelinci Terbang 77',
      city: 'Purwakencana',
      location: '-6.123457,106.765431',
      schedule: '26/11 siang',
    };
    const chat = await chatAt(daftar, question, phone, secrets);
    await says(daftar, chat, 'Kucing Belang Tiga');
    await says(daftar, chat, 'CS');
    await says(daftar, chat, 'MENU');
    expect(placesOf(daftar, 'Kucing Belang Tiga')).not.toEqual([]);

    const cancelled = await says(daftar, chat, 'BATAL');
    expect(cancelled).toContain('dibatalkan');
    expect(stepOf(daftar, phone)).toBe('idle');

    for (const typed of [...Object.values(secrets), 'Zubaidah', 'Kucing Belang Tiga', '106.765431'])
      expect(placesOf(daftar, typed)).toEqual([]);
    expect(await says(daftar, chat, 'BATAL')).toContain('Tidak ada pendaftaran');
  });
});

describe('outside a form', () => {
  test('words that need one say how to begin, and leave nothing behind', async () => {
    const chat = daftar.chatWith(nextPhone());
    expect(await says(daftar, chat, 'BATAL')).toContain('*DAFTAR*');
    expect(await says(daftar, chat, 'KEMBALI')).toContain('*DAFTAR*');
    expect(await says(daftar, chat, 'KIRIM ULANG')).toContain('*DAFTAR*');
    expect(await says(daftar, chat, 'STATUS')).toContain('*DAFTAR*');
    expect(await says(daftar, chat, 'MENU')).toContain('*DAFTAR*');
    expect(await says(daftar, chat, 'YA')).toContain('*DAFTAR*');
    expect(await says(daftar, chat, 'LEWATI')).toContain('*DAFTAR*');
    expect(stepOf(daftar, chat.phone)).toBe('idle');
  });

  test('BATAL of one form leaves a finished one, and what others typed, alone', async () => {
    const neighbour = await chatAt(daftar, 'city', nextPhone(), { address: 'Jalan Tetangga Nomor 5' });
    const chat = await chatAt(daftar, 'confirm', nextPhone(), { address: 'Jalan Pendaftar Nomor 9' });
    await says(daftar, chat, 'YA');
    await says(daftar, chat, 'DAFTAR');
    await says(daftar, chat, 'BATAL');

    expect(placesOf(daftar, 'Jalan Tetangga Nomor 5')).not.toEqual([]);
    expect(placesOf(daftar, 'Jalan Pendaftar Nomor 9')).not.toEqual([]);
    expect(await says(daftar, neighbour, 'DAFTAR')).toContain(asks('city'));
    expect(await says(daftar, chat, 'STATUS')).toContain('REG-');
  });

  test('what was typed is not sent late with the form: a reply still waiting is erased once it is gone', async () => {
    const chat = await chatAt(daftar, 'email', nextPhone(), { name: 'Gatotkaca Perkasa' });
    daftar.fonnte.behave({ refuse: 'request invalid on disconnected device' }, chat.phone);
    expect(await chat.sends({ message: 'KEMBALI' })).toEqual([]);
    expect(await chat.sends({ message: 'Gatotkaca Sentosa' })).toEqual([]);
    expect(await chat.sends({ message: 'BATAL' })).toEqual([]);
    daftar.fonnte.behave('accept', chat.phone);
    daftar.clock.advance(31_000);
    await daftar.settle();
    expect(chat.received().at(-1)).toContain('dibatalkan');
    expect(placesOf(daftar, 'Gatotkaca')).toEqual([]);
  });
});

test('the log tells of all this by numbers only', () => {
  const events = rows<{ details: string | null; type: string; chat_id: number }>(
    daftar.service,
    "SELECT * FROM events WHERE type LIKE 'chat_%'",
  );
  expect(new Set(events.map(({ type }) => type))).toEqual(
    new Set(['chat_started', 'chat_cancelled', 'chat_handed_over']),
  );
  for (const { chat_id, details } of events) {
    expect(chat_id).toBeGreaterThan(0);
    expect(details).toBeNull();
  }
});
