/**
 * What must stay between the customer and us: after everything that can happen to a code in the chat, the tables, the
 * bytes of the database's files, the logs and the metrics are searched for it, and the logs for full phone numbers.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { questions } from '../../src/messages/id/chat';
import { startDaftar, type Daftar } from '../support/daftar';
import { distinctCodes, wrongCode } from '../support/web-form';
import { chatAt, finish, phones, placesOf, says, stepOf, type Chat } from '../support/chat-journey';

const STAFF = '6281100000001';
const MINUTES = 60_000;
const makePhone = phones(90);
const everyone = [STAFF];
const codes = new Set<string>();
let daftar: Daftar;

const nextPhone = () => {
  everyone.push(makePhone());
  return everyone.at(-1)!;
};
const codeOf = (chat: Chat) => {
  codes.add(chat.lastCode());
  return chat.lastCode();
};

beforeAll(async () => {
  const random = distinctCodes();
  // The first one, 000007, would be found in many a number.
  random.integer(1_000_000);
  daftar = await startDaftar({ random, env: { ADMIN_PHONES: STAFF } });
  await everythingThatHappens();
});
afterAll(() => daftar.close());

async function everythingThatHappens() {
  // The ordinary way, the code in each of its forms, and typed again where nobody asked for it.
  const forms = [
    (code: string) => code,
    (code: string) => `Kode OTP saya *${code}* ya kak, tolong dicek`,
    (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`,
    (code: string) => [...code].join(' - '),
  ];
  for (const form of forms) {
    const chat = await chatAt(daftar, 'otp', nextPhone());
    await says(daftar, chat, form(codeOf(chat)));
    if (stepOf(daftar, chat.phone) !== 'email') throw new Error('The code was not taken');
    await says(daftar, chat, `kodenya ${codeOf(chat)} sudah benar?`);
    await finish(daftar, chat);
    await says(daftar, chat, `Kode saya tadi ${codeOf(chat)}, masih berlaku?`);
  }

  // Wrong, replaced, too old; forwarded whole; without an inboxid.
  const clumsy = await chatAt(daftar, 'otp', nextPhone());
  const first = codeOf(clumsy);
  const wrong = wrongCode(first);
  codes.add(wrong);
  await says(daftar, clumsy, wrong);
  daftar.clock.advance(MINUTES);
  await says(daftar, clumsy, 'KIRIM ULANG');
  await says(daftar, clumsy, first);
  codeOf(clumsy);
  daftar.clock.advance(5 * MINUTES);
  await says(
    daftar,
    clumsy,
    clumsy.received().findLast((message) => message.includes('Kode OTP Anda'))!,
  );
  await says(daftar, clumsy, 'KIRIM ULANG');
  await clumsy.sends({ message: codeOf(clumsy), inboxid: 0 });

  // To a person of ours, to the loop guard, to a bug of ours, into a form then given up.
  const calling = await chatAt(daftar, 'otp', nextPhone());
  await says(daftar, calling, 'CS');
  await calling.sends({ message: `Tolong, kode saya ${codeOf(calling)} tidak bisa` });
  const looping = await chatAt(daftar, 'otp', nextPhone());
  for (let times = 0; times < 7; times += 1) await looping.sends({ message: `ini ${codeOf(looping)}` });
  const unlucky = await chatAt(daftar, 'otp', nextPhone());
  const bug = jest.spyOn(questions, 'email').mockImplementationOnce(() => {
    throw new Error('a bug of ours');
  });
  await unlucky.sends({ message: `ini kode saya ya: ${codeOf(unlucky)}` });
  bug.mockRestore();
  const leaving = await chatAt(daftar, 'otp', nextPhone());
  await says(daftar, leaving, `salah nomor, kode ${codeOf(leaving)}`);
  await says(daftar, leaving, 'BATAL');

  // A gateway that refuses, cannot be reached, or holds the code back.
  const refused = await chatAt(daftar, 'name', nextPhone());
  daftar.fonnte.behave({ refuse: `target invalid ${refused.phone}` }, refused.phone);
  await refused.sends({ message: 'Budi Santoso' });
  const waiting = await chatAt(daftar, 'name', nextPhone());
  daftar.fonnte.behave('cut_after_reading', waiting.phone);
  await waiting.sends({ message: 'Budi Santoso' });
  for (const { fields } of daftar.fonnte.requests) {
    const [, code] = /\*(\d{6})\*/.exec(String(fields.message)) ?? [];
    if (code) codes.add(code);
  }
}

test('there were codes of every kind', () => {
  expect(codes.size).toBeGreaterThanOrEqual(12);
  expect(daftar.fonnte.sent.some(({ message }) => [...codes].some((code) => message.includes(code)))).toBe(
    true,
  );
});

test('no table holds a code', () => {
  for (const code of codes) expect(placesOf(daftar, code)).toEqual([]);
});

test('no byte of the database’s files does, the log it is written to included', () => {
  const folder = dirname(daftar.databasePath);
  const files = readdirSync(folder).filter((name) => name.startsWith('daftar.db'));
  expect(files).toEqual(expect.arrayContaining(['daftar.db', 'daftar.db-wal', 'daftar.db-shm']));
  for (const name of files) {
    const bytes = readFileSync(join(folder, name));
    for (const code of codes)
      for (const encoding of ['utf8', 'utf16le'] as const) {
        const found = bytes.includes(Buffer.from(code, encoding));
        expect(found ? `${name} holds ${code}` : '').toBe('');
      }
  }
});

test('no log line holds a code, a full phone, or what was typed', () => {
  const log = daftar.logs.join('\n');
  expect(daftar.logs.length).toBeGreaterThan(100);
  for (const code of codes) expect(log.includes(code) ? code : '').toBe('');
  for (const phone of everyone) {
    expect(log.includes(phone) ? phone : '').toBe('');
    expect(log.includes(phone.slice(2)) ? phone : '').toBe('');
  }
  expect(log).toContain(`62812****${everyone[1]!.slice(-4)}`);
  for (const typed of ['Budi Santoso', 'Jl. Mawar', 'contoh.id', 'tidak bisa'])
    expect(log).not.toContain(typed);
});

test('nor do the metrics', async () => {
  const shown = await daftar.service.metrics.registry.metrics();
  for (const secret of [...codes, ...everyone]) expect(shown).not.toContain(secret);
});

test('the log of events names nobody', () => {
  for (const phone of everyone)
    expect(placesOf(daftar, phone).filter((place) => place.startsWith('events.'))).toEqual([]);
});
