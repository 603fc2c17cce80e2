/** Answers given, skipped, refused and changed: from the first question to the number of the registration. */
import { rows, startDaftar, type Daftar } from '../support/daftar';
import {
  asks,
  chatAt,
  finish,
  goOnTo,
  ordinaryAnswer,
  phones,
  QUESTIONS,
  says,
  stepOf,
  type Chat,
  type Question,
} from '../support/chat-journey';

const nextPhone = phones(50);
const STAFF = ['6281100000001', '6281100000002'];
const HOURS = 3_600_000;
let daftar: Daftar;

beforeAll(async () => {
  daftar = await startDaftar({
    env: { ADMIN_PHONES: STAFF.join(','), PUBLIC_URL: 'https://daftar.contoh.id' },
  });
});
afterAll(() => daftar.close());

const registrationOf = (phone: string) =>
  rows<Record<string, unknown>>(
    daftar.service,
    'SELECT * FROM registrations WHERE phone = ? ORDER BY id DESC LIMIT 1',
    phone,
  )[0];
const write = (sql: string, ...values: (string | number)[]) =>
  daftar.service.database.unitOfWork.run((tx) => tx.run(sql, ...values));

describe('a wrong answer', () => {
  const wrong: [Question, string, string][] = [
    ['name', 'Al', 'terlalu pendek'],
    ['name', '12345', 'dua huruf'],
    ['name', 'B'.repeat(101), 'terlalu panjang'],
    ['name', 'Budi\nSantoso', 'satu baris'],
    ['name', 'LEWATI', 'wajib'],
    ['name', 'ok', 'masih memerlukan'],
    ['otp', '12345', '6 angka'],
    ['otp', 'LEWATI', '6 angka'],
    ['email', 'budi', 'Email belum benar'],
    ['email', 'budi@', 'Email belum benar'],
    ['email', 'LEWATI', 'wajib'],
    ['address', 'Jl. A', 'terlalu pendek'],
    ['address', 'x'.repeat(501), 'terlalu panjang'],
    ['address', 'LEWATI', 'wajib'],
    ['city', 'B', 'terlalu pendek'],
    ['city', 'skip', 'wajib'],
    ['location', 'dekat masjid', 'titiknya'],
    ['location', 'https://maps.app.goo.gl/AbCdEf', 'tidak memuat koordinat'],
    ['location', '51.5,-0.12', 'luar Indonesia'],
    ['package', '9', 'tidak ada di daftar'],
    ['package', 'LEWATI', 'wajib'],
    ['schedule', 'kapan-kapan', 'belum mengerti tanggalnya'],
    ['schedule', '1/1/2030', '30 hari'],
    ['confirm', 'tidak', '*YA*'],
    ['confirm', '8', '*1–7*'],
    ['confirm', 'ok', '*YA*'],
    ['confirm', 'LEWATI', '*YA*'],
  ];

  test.each(QUESTIONS)(
    'at %s gets a specific word and the question again, and costs nothing',
    async (question) => {
      const chat = await chatAt(daftar, question, nextPhone());
      for (const [, text, told] of wrong.filter(([at]) => at === question)) {
        const answer = await says(daftar, chat, text);
        expect(answer).toContain(told);
        expect(answer).toContain(asks(question));
      }
      daftar.clock.advance(10_000);
      const [photo] = await chat.sends({
        message: 'https://fonnte.com/v.oga',
        url: 'https://fonnte.com/v.oga',
      });
      expect(photo).toContain('teks saja');
      expect(photo).toContain(asks(question));
      if (question !== 'location') {
        daftar.clock.advance(10_000);
        const [place] = await chat.sends({ message: '', location: '-6.9,107.6' });
        expect(place).toContain(asks(question));
      }
      expect(stepOf(daftar, chat.phone)).toBe(question);
      expect(await finish(daftar, chat)).toContain('REG-');
    },
  );
});

describe('the optional questions', () => {
  test('may both be skipped', async () => {
    const chat = await chatAt(daftar, 'location', nextPhone());
    await says(daftar, chat, 'lewati');
    await says(daftar, chat, '1');
    const summary = await says(daftar, chat, '*LEWATI*');
    expect(summary).toContain('5. Lokasi: -');
    expect(summary).toContain('7. Jadwal: bebas');
    await says(daftar, chat, 'ya');
    expect(registrationOf(chat.phone)).toMatchObject({
      latitude: null,
      longitude: null,
      preferred_installation_date: null,
      preferred_time_slot: null,
    });
  });

  test('take a link, and a day without a part of it', async () => {
    const chat = await chatAt(daftar, 'location', nextPhone());
    await says(daftar, chat, 'https://maps.google.com/?q=-6.914744,107.60981');
    await says(daftar, chat, 'bisnis');
    await says(daftar, chat, 'lusa');
    await says(daftar, chat, 'YA');
    expect(registrationOf(chat.phone)).toMatchObject({
      latitude: -6.914744,
      longitude: 107.60981,
      preferred_installation_date: '2026-11-27',
      preferred_time_slot: null,
    });
  });
});

describe('from the summary', () => {
  const changes: [number, Question, string, string, Record<string, unknown>][] = [
    [1, 'name', 'Siti Aminah', '1. Nama: Siti Aminah', { full_name: 'Siti Aminah' }],
    [2, 'email', 'siti@contoh.id', '2. Email: siti@contoh.id', { email: 'siti@contoh.id' }],
    [3, 'address', 'Jl. Melati No. 7', '3. Alamat: Jl. Melati No. 7', { address: 'Jl. Melati No. 7' }],
    [4, 'city', 'Cimahi', '4. Kota: Cimahi', { city: 'Cimahi' }],
    [5, 'location', '-6.5,107.1', 'q=-6.5,107.1', { latitude: -6.5, longitude: 107.1 }],
    [6, 'package', '3', '6. Paket: Bisnis 100', { package_id: 3 }],
    [
      7,
      'schedule',
      'besok sore',
      '7. Jadwal: Kamis, 26 November 2026 (sore)',
      { preferred_installation_date: '2026-11-26', preferred_time_slot: 'evening' },
    ],
  ];

  test.each(changes)('%d changes %s and comes back', async (number, question, text, shown, saved) => {
    const chat = await chatAt(daftar, 'confirm', nextPhone());
    expect(await says(daftar, chat, String(number))).toContain(asks(question));
    expect(await says(daftar, chat, 'DAFTAR')).toContain(asks(question));
    const summary = await says(daftar, chat, text);
    expect(summary).toContain(asks('confirm'));
    expect(summary).toContain(shown);
    expect(await says(daftar, chat, 'YA')).toContain('REG-');
    expect(registrationOf(chat.phone)).toMatchObject(saved);
  });

  test('KEMBALI leaves the answer as it was; a wrong one is asked for again', async () => {
    const chat = await chatAt(daftar, 'confirm', nextPhone());
    for (const [number, question] of changes) {
      expect(await says(daftar, chat, `*${number}*`)).toContain(asks(question));
      daftar.clock.advance(10_000);
      const [photo] = await chat.sends({ message: '', url: 'https://fonnte.com/a.jpg' });
      expect(photo).toContain(asks(question));
      const summary = await says(daftar, chat, 'KEMBALI');
      expect(summary).toContain('1. Nama: Budi Santoso');
      expect(summary).toContain('4. Kota: Bandung');
      expect(summary).toContain('6. Paket: Keluarga 50');
    }
  });

  test('an optional answer can be taken out again', async () => {
    const chat = await chatAt(daftar, 'confirm', nextPhone(), { location: '-6.9,107.6', schedule: 'besok' });
    await says(daftar, chat, '5');
    expect(await says(daftar, chat, 'LEWATI')).toContain('5. Lokasi: -');
    await says(daftar, chat, '7');
    expect(await says(daftar, chat, 'LEWATI')).toContain('7. Jadwal: bebas');
  });

  test('the name can be changed without a new code', async () => {
    const chat = await chatAt(daftar, 'confirm', nextPhone());
    const codes = chat.received().filter((message) => message.includes('Kode OTP Anda')).length;
    await says(daftar, chat, '1');
    expect(await says(daftar, chat, 'Siti Aminah')).toContain(asks('confirm'));
    expect(chat.received().filter((message) => message.includes('Kode OTP Anda'))).toHaveLength(codes);
  });
});

describe('an email already in an open registration', () => {
  const register = async (email: string): Promise<Chat> => {
    const chat = await chatAt(daftar, 'confirm', nextPhone(), { email });
    await says(daftar, chat, 'YA');
    return chat;
  };

  test('is refused at the question, in any case of its letters', async () => {
    await register('sudah.ada@contoh.id');
    const chat = await chatAt(daftar, 'email', nextPhone());
    const answer = await says(daftar, chat, 'Sudah.Ada@Contoh.ID');
    expect(answer).toContain('sudah dipakai');
    expect(answer).toContain('*CS*');
    expect(answer).toContain(asks('email'));
    expect(await says(daftar, chat, 'lain.lagi@contoh.id')).toContain(asks('address'));
  });

  test('is refused at YA when someone took it in between, and nothing else is lost', async () => {
    const chat = await chatAt(daftar, 'confirm', nextPhone(), { email: 'berebut@contoh.id', city: 'Garut' });
    await register('BEREBUT@contoh.id');
    const refused = await says(daftar, chat, 'YA');
    expect(refused).toContain('sudah dipakai');
    expect(refused).toContain(asks('email'));
    expect(registrationOf(chat.phone)).toBeUndefined();
    const summary = await says(daftar, chat, 'menang@contoh.id');
    expect(summary).toContain('2. Email: menang@contoh.id');
    expect(summary).toContain('4. Kota: Garut');
    expect(await says(daftar, chat, 'YA')).toContain('REG-');
  });

  test('two who say YA at the same moment: one gets it', async () => {
    const rivals = await Promise.all(
      [1, 2].map(() => chatAt(daftar, 'confirm', nextPhone(), { email: 'serentak@contoh.id' })),
    );
    const answers = await Promise.all(rivals.map((chat) => chat.says('YA')));
    expect(answers.filter((answer) => answer.includes('REG-'))).toHaveLength(1);
    expect(answers.filter((answer) => answer.includes(asks('email')))).toHaveLength(1);
  });

  test('is free again once that registration is closed', async () => {
    const first = await register('bebas.lagi@contoh.id');
    await write("UPDATE registrations SET status = 'cancelled' WHERE phone = ?", first.phone);
    const chat = await chatAt(daftar, 'email', nextPhone());
    expect(await says(daftar, chat, 'bebas.lagi@contoh.id')).toContain(asks('address'));
  });
});

describe('what changed before YA', () => {
  test('a package switched off has to be chosen anew', async () => {
    const chat = await chatAt(daftar, 'confirm', nextPhone(), { package: 'keluarga 50' });
    await write("UPDATE packages SET is_active = 0 WHERE name = 'Keluarga 50'");
    const refused = await says(daftar, chat, 'YA');
    expect(refused).toContain('baru saja ditutup');
    expect(refused).toContain(asks('package'));
    expect(refused).not.toContain('Keluarga');
    const summary = await says(daftar, chat, '2');
    expect(summary).toContain('6. Paket: Bisnis 100');
    expect(await says(daftar, chat, 'YA')).toContain('REG-');
    await write('UPDATE packages SET is_active = 1');
  });

  test('without any package open the chat says so, and CS helps', async () => {
    const chat = await chatAt(daftar, 'package', nextPhone());
    await write('UPDATE packages SET is_active = 0');
    expect(await says(daftar, chat, '1')).toContain('belum ada *paket*');
    expect(await says(daftar, chat, 'CS')).toContain('petugas');
    await write('UPDATE packages SET is_active = 1');
    expect(await says(daftar, chat, 'MENU')).toContain('Rumah 20');
    expect(await finish(daftar, chat)).toContain('REG-');
  });

  test('a day that has passed has to be chosen anew', async () => {
    const chat = await chatAt(daftar, 'confirm', nextPhone(), { schedule: 'hari ini', city: 'Subang' });
    daftar.clock.advance(20 * HOURS);
    const refused = await says(daftar, chat, 'YA');
    expect(refused).toContain('sudah lewat');
    expect(refused).toContain(asks('schedule'));
    const summary = await says(daftar, chat, 'besok');
    expect(summary).toContain('4. Kota: Subang');
    expect(await says(daftar, chat, 'YA')).toContain('REG-');
  });
});

describe('a registration made', () => {
  test('is told to the customer once, with its number and link, and kept with him', async () => {
    const chat = await chatAt(daftar, 'confirm', nextPhone(), { city: 'Tasikmalaya' });
    const before = chat.received().length;
    const done = await says(daftar, chat, 'YA');
    const [number] = /REG-\d{8}-\d{4}/.exec(done) ?? [];
    expect(done).toContain(`https://daftar.contoh.id/track/${number}`);
    expect(chat.received()).toHaveLength(before + 1);
    expect(registrationOf(chat.phone)).toMatchObject({ registration_number: number, channel: 'chat' });
    expect(stepOf(daftar, chat.phone)).toBe('idle');
    expect(await says(daftar, chat, 'YA')).not.toContain('REG-');
    expect(await says(daftar, chat, 'STATUS')).toContain(number);
  });

  test('belongs with the message that told of it', async () => {
    const chat = await chatAt(daftar, 'confirm', nextPhone());
    await says(daftar, chat, 'YA');
    const messages = rows<{ text: string }>(
      daftar.service,
      'SELECT text FROM messages WHERE registration_id = ?',
      registrationOf(chat.phone)!.id as number,
    );
    expect(messages).toEqual([{ text: chat.received().at(-1) }]);
  });

  test('is told to each of ADMIN_PHONES', async () => {
    const chat = await chatAt(daftar, 'confirm', nextPhone(), { name: 'Dewi Lestari', city: 'Sumedang' });
    await says(daftar, chat, 'YA');
    const { id, registration_number } = registrationOf(chat.phone)!;
    for (const phone of STAFF) {
      const news = daftar.fonnte.messagesTo(phone).at(-1);
      expect(news).toContain(registration_number);
      expect(news).toContain('Dewi Lestari');
      expect(news).toContain('Sumedang');
      expect(news).toContain(`https://daftar.contoh.id/admin/registrations/${String(id)}`);
      expect(news).not.toContain(chat.phone);
    }
  });

  test('may be followed by another one of the same phone, verified anew', async () => {
    const chat = await chatAt(daftar, 'confirm', nextPhone());
    const first = await says(daftar, chat, 'YA');
    daftar.clock.advance(60_000);
    await says(daftar, chat, 'DAFTAR');
    await says(daftar, chat, ordinaryAnswer('name', chat));
    expect(stepOf(daftar, chat.phone)).toBe('otp');
    await goOnTo(daftar, chat, 'confirm', { email: `kedua.${chat.phone}@contoh.id` });
    const second = await says(daftar, chat, 'YA');
    expect(/REG-\S+\d{4}/.exec(second)?.[0]).not.toBe(/REG-\S+\d{4}/.exec(first)?.[0]);
    const status = await says(daftar, chat, 'STATUS');
    expect(status.match(/REG-/g)).toHaveLength(2);
  });
});
