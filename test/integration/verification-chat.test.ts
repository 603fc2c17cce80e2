/** Verification by sending, as the customer sees it: a text, a question that names whose form it is, a YA. */
import { MINUTE, SECOND } from '../../src/platform/clock';
import { rows, startDaftar, type Daftar } from '../support/daftar';
import { asks, chatAt, finish, phones, QUESTIONS, says, stepOf, type Chat } from '../support/chat-journey';
import { verificationsOf } from '../support/verification';
import { FORM, webForm, wrongCode } from '../support/web-form';

const STAFF = '6281100000001';
const ASKED = 'Balas *YA* hanya bila Anda sendiri';
const DONE = 'sudah terverifikasi';
const UNKNOWN = 'tidak berlaku';
const nextPhone = phones(95);
let daftar: Daftar;
let form: ReturnType<typeof webForm>;
let verifications: ReturnType<typeof verificationsOf>;

beforeAll(async () => {
  daftar = await startDaftar({
    env: { ADMIN_PHONES: STAFF, BRAND_NAME: 'Nusantara Net', OTP_MAX_PER_IP_PER_HOUR: '0' },
  });
  form = webForm(daftar);
  verifications = verificationsOf(daftar);
});
afterEach(() => daftar.clock.advance(61 * MINUTE));
afterAll(() => daftar.close());

const newChat = () => daftar.chatWith(nextPhone());
const stateOf = async (id: string) => (await verifications.read(id)).state;
const stored = (chat: Chat) =>
  rows<{ state: string; form_since: number | null }>(
    daftar.service,
    'SELECT state, form_since FROM chats WHERE phone = ?',
    chat.phone,
  );

/** A web form asks for a code for this phone; returns what it reads by and the code. */
async function webCode(phone: string, full_name = 'Siti Aminah') {
  const { status, body } = await form.requestOtp(phone, full_name);
  if (status !== 200) throw new Error(`No code: ${status}`);
  return { id: body.data.request_id, code: daftar.fonnte.lastCodeTo(phone)! };
}

describe('a text', () => {
  test('is answered with brand and full name and a question; YA verifies, once', async () => {
    const chat = newChat();
    const { id, text } = await verifications.offer("Ma'ruf Al-Amin, S.T.");
    const question = await chat.says(text);
    expect(question).toContain('*Nusantara Net*');
    expect(question).toContain("*Ma'ruf Al-Amin, S.T.*");
    expect(question).toContain(ASKED);
    expect(await stateOf(id)).toBe('confirming');
    expect(await chat.says(' iya! ')).toContain(DONE);
    expect(await verifications.read(id)).toMatchObject({ state: 'verified', phone: chat.phone });

    expect(await chat.says('YA')).not.toContain(DONE);
    expect(await chat.says(text)).toContain(UNKNOWN);
    expect(rows(daftar.service, 'SELECT id FROM verifications WHERE phone = ?', chat.phone)).toHaveLength(1);
  });

  test('what was typed as the name cannot dress itself up', async () => {
    const { text } = await verifications.offer('*Bank* {name} _Anda_\u202E Budi');
    const question = await newChat().says(text);
    expect(question).toContain('atas nama *∗Bank∗ (name) ˍAndaˍ Budi*');
  });

  test.each<[string, (text: string) => string]>([
    ['in small letters', (text) => text.toLowerCase()],
    ['without its hyphen', (text) => text.replace('-', '')],
    ['with a blank for a hyphen', (text) => text.replace('-', ' ')],
    ['with blanks and dashes', (text) => `  ${text.replace('-', ' – ').replace(' ', '   ')}\n`],
    ['without any blank', (text) => text.replace(' ', '')],
    ['among words', (text) => `Halo kak, saya mau ${text} ya, terima kasih`],
    ['behind other words', (text) => text.replace(' ', ' nomor saya, kodenya: ')],
    ['bold, with emoji', (text) => `👉 *${text}* 🙏`],
    ['bold inside', (text) => text.replace(/ (.*)/, ' *$1*')],
    [
      'in full-width letters',
      (text) => text.replace(/[!-~]/g, (c) => String.fromCodePoint(c.codePointAt(0)! + 0xfee0)),
    ],
    ['with what cannot be seen', (text) => [...text].join('\u200B')],
    ['over two lines', (text) => text.replace(' ', '\n')],
    ['misspelled', (text) => text.replace('VERIFIKASI', 'Verivikasi')],
    ['twice', (text) => `${text} ${text}`],
  ])('is understood %s, and kept without its code', async (_how, dressed) => {
    const chat = newChat();
    const { id, text } = await verifications.offer();
    expect(await chat.says(dressed(text))).toContain(ASKED);
    expect(await chat.says('ya')).toContain(DONE);
    expect(await stateOf(id)).toBe('verified');
    const kept = rows(daftar.service, 'SELECT text FROM inbound_messages WHERE phone = ?', chat.phone);
    const bare = JSON.stringify(kept)
      .replace(/[^A-Z0-9]/gi, '')
      .toUpperCase();
    expect(bare).not.toContain(text.slice(-9).replace('-', ''));
  });

  test('two different codes are none, and said so', async () => {
    const [one, other] = [await verifications.offer(), await verifications.offer()];
    expect(await newChat().says(`${one.text} ${other.text}`)).toContain(UNKNOWN);
  });

  test.each([
    'VERIFIKASI',
    'verifikasi akun kamu gimana ya',
    'Verifikasi data saya 0812 3456 7890',
    'CDFH-JKMN',
    'verifikasi CDFH-JKMNP',
    `${'verif'.repeat(12_000)} CDFH-JKM`,
  ])('%j is none: the chat answers it as ever', async (said) => {
    expect(await newChat().says(said)).toContain('Selamat datang');
  });

  test.each(['VERIFIKASI ABCD-0123', 'Verifikasi: *oils-10bg*', 'VERIFIKASI CDFH-JKMN'])(
    '%j, which nobody was given, is no answer to the question in hand either',
    async (said) => {
      const chat = await chatAt(daftar, 'name', nextPhone());
      expect(await says(daftar, chat, said)).toContain(UNKNOWN);
      expect(stepOf(daftar, chat.phone)).toBe('name');
    },
  );

  test('is for the first who sends it', async () => {
    const [first, second] = [newChat(), newChat()];
    const { id, text } = await verifications.offer();
    await first.says(text);
    expect(await second.says(text)).toContain(UNKNOWN);
    expect(await second.says('YA')).not.toContain(DONE);
    expect(await first.says('YA')).toContain(DONE);
    expect(await verifications.read(id)).toMatchObject({ phone: first.phone });
  });

  test('two senders at the same moment: one of them', async () => {
    const chats = [newChat(), newChat()];
    const { id, text } = await verifications.offer();
    await Promise.all(chats.map((chat) => daftar.webhook({ sender: chat.phone, message: text })));
    await Promise.all(chats.map((chat) => daftar.webhook({ sender: chat.phone, message: 'YA' })));
    await daftar.settle();
    const told = chats.filter((chat) => chat.received().some((one) => one.includes(DONE)));
    expect(told).toHaveLength(1);
    expect(await verifications.read(id)).toMatchObject({ state: 'verified', phone: told[0]!.phone });
  });

  test('of a form that named its phone counts from that phone only; others learn nothing', async () => {
    const [owner, other] = [newChat(), newChat()];
    const { id, text } = await verifications.offer('Budi Santoso', `0${owner.phone.slice(2)}`);
    const refused = await other.says(text);
    expect(refused).not.toContain('Budi');
    expect(refused).toBe(await other.says('VERIFIKASI CDFH-2345'));
    expect(await stateOf(id)).toBe('waiting');
    expect(await owner.says(text)).toContain(ASKED);
    expect(await owner.says('YA')).toContain(DONE);
  });
});

describe('the question', () => {
  test.each(['tidak', 'ya dong', 'BATAL', 'halo', '123456'])(
    'is cancelled by %j, and YA is too late',
    async (said) => {
      const chat = newChat();
      const { id, text } = await verifications.offer();
      await chat.says(text);
      expect(await chat.says(said)).not.toContain(UNKNOWN);
      expect(await stateOf(id)).toBe('waiting');
      expect(await chat.says('YA')).not.toContain(DONE);
      expect(await stateOf(id)).toBe('waiting');

      // Who only strayed may send the text again, and nobody else.
      expect(await newChat().says(text)).toContain(UNKNOWN);
      expect(await chat.says(text)).toContain(ASKED);
      expect(await chat.says('YA')).toContain(DONE);
    },
  );

  test('is cancelled by a photo and by a place, too', async () => {
    const chat = newChat();
    const { id, text } = await verifications.offer();
    await chat.says(text);
    await chat.sends({ message: 'non-text message', url: 'https://x.fonnte.com/a.jpg' });
    expect(await chat.says('YA')).not.toContain(DONE);
    await chat.says(text);
    await chat.sends({ message: 'non-text message', location: '-6.2,106.8' });
    expect(await chat.says('YA')).not.toContain(DONE);
    expect(await stateOf(id)).toBe('waiting');
  });

  test('is about the last text sent', async () => {
    const chat = newChat();
    const [one, other] = [await verifications.offer('Budi'), await verifications.offer('Siti')];
    await chat.says(one.text);
    expect(await chat.says(other.text)).toContain('*Siti*');
    await chat.says('YA');
    expect(await stateOf(one.id)).toBe('waiting');
    expect(await stateOf(other.id)).toBe('verified');
  });

  test('takes one of two YA that come together; the other goes to the chat', async () => {
    const chat = newChat();
    const { id, text } = await verifications.offer();
    await chat.says(text);
    const before = chat.received().length;
    const yes = () => daftar.webhook({ sender: chat.phone, message: 'YA' });
    await Promise.all([yes(), yes()]);
    await daftar.settle();
    const answers = chat.received().slice(before);
    expect(answers).toHaveLength(2);
    expect(answers.filter((one) => one.includes(DONE))).toHaveLength(1);
    expect(await stateOf(id)).toBe('verified');
    expect(rows(daftar.service, 'SELECT id FROM verifications WHERE phone = ?', chat.phone)).toHaveLength(1);
  });

  test('a repeated webhook acts once', async () => {
    const chat = newChat();
    const { text } = await verifications.offer();
    await chat.sends({ message: text, inboxid: 777_001 });
    expect(await chat.sends({ message: text, inboxid: 777_001 })).toEqual([]);
    expect(await chat.says('YA')).toContain(DONE);
  });
});

describe('where the chat was, it stays', () => {
  test.each(QUESTIONS)('at %s', async (question) => {
    const chat = await chatAt(daftar, question, nextPhone());
    const before = stored(chat);
    const { id, text } = await verifications.offer();
    expect(await says(daftar, chat, text)).toContain(ASKED);
    expect(await says(daftar, chat, 'YA')).toContain(DONE);
    expect(await stateOf(id)).toBe('verified');
    expect(stored(chat)).toEqual(before);
    expect(await finish(daftar, chat)).toContain('Nomor pendaftaran');
  });

  test('at the summary, a YA after another word sends the form, not the proof', async () => {
    const chat = await chatAt(daftar, 'confirm', nextPhone());
    const { id, text } = await verifications.offer();
    await says(daftar, chat, text);
    expect(await says(daftar, chat, 'bukan saya')).toContain(asks('confirm'));
    expect(await says(daftar, chat, 'YA')).toContain('Nomor pendaftaran');
    expect(await stateOf(id)).toBe('waiting');
  });

  test('with a person of ours, who keeps the word', async () => {
    const chat = newChat();
    await chat.says('CS');
    const { id, text } = await verifications.offer();
    expect(await chat.says(text)).toContain(ASKED);
    expect(await chat.says('YA')).toContain(DONE);
    expect(await stateOf(id)).toBe('verified');
    expect(await chat.sends({ message: 'Halo CS?' })).toEqual([]);
    const again = await verifications.offer();
    expect(await chat.says(again.text)).toContain(ASKED);
    expect(await chat.sends({ message: 'apa ini?' })).toEqual([]);
    expect(await chat.sends({ message: 'YA' })).toEqual([]);
    expect(await stateOf(again.id)).toBe('waiting');
  });

  test('a form that ran out of time is not brought back to life by it', async () => {
    const chat = await chatAt(daftar, 'city', nextPhone());
    daftar.clock.advance(24 * 60 * MINUTE);
    const { text } = await verifications.offer();
    await says(daftar, chat, text);
    await says(daftar, chat, 'YA');
    expect(stepOf(daftar, chat.phone)).toBe('idle');
    expect(await says(daftar, chat, 'Bandung')).toContain(asks('name'));
  });
});

describe('guessing', () => {
  test('ten texts in vain an hour, then not even a right one is looked at', async () => {
    const chat = newChat();
    const { id, text } = await verifications.offer('Budi Santoso', chat.phone);
    for (let n = 0; n < 10; n += 1) {
      daftar.clock.advance(10 * SECOND);
      expect(await chat.says(`VERIFIKASI CDFH-JKM${'23456789XY'[n]}`)).toContain(UNKNOWN);
    }
    expect(await chat.says(text)).toContain('Terlalu banyak teks verifikasi');
    expect(await stateOf(id)).toBe('waiting');
    // Everyone else, and everything else in this chat, goes on.
    expect(await newChat().says((await verifications.offer()).text)).toContain(ASKED);
    expect(await chat.says('DAFTAR')).toContain(asks('name'));
    daftar.clock.advance(60 * MINUTE);
    expect(await chat.says((await verifications.offer()).text)).toContain(ASKED);
  });

  test('the loop guard holds for texts too, also while a person of ours has the word', async () => {
    const chat = newChat();
    await chat.says('CS');
    const { text } = await verifications.offer();
    for (let n = 0; n < 4; n += 1) await chat.says(text);
    expect(await chat.says(text)).toContain('terlalu cepat atau berulang');
    expect(await chat.sends({ message: text })).toEqual([]);
  });
});

describe('a web code typed into the chat', () => {
  test('verifies the form that asked for it, after its name and a YA', async () => {
    const chat = newChat();
    const { id, code } = await webCode(chat.phone);
    const question = await chat.says(`kodenya *${code.slice(0, 3)} ${code.slice(3)}* ya`);
    expect(question).toContain('*Nusantara Net*');
    expect(question).toContain('*Siti Aminah*');
    expect(await stateOf(id)).toBe('confirming');
    expect(await chat.says('YA')).toContain(DONE);

    const { verification_token, ...rest } = await verifications.read(id);
    expect(rest).toMatchObject({ state: 'verified', phone: chat.phone, expires_in: 1800 });
    const fields = { ...FORM, email: `p${chat.phone}@example.com`, phone: chat.phone };
    expect((await form.register({ ...fields, verification_token })).status).toBe(201);
    expect((await form.verifyOtp(chat.phone, code)).body.code).toBe('OTP_NOT_FOUND');
  });

  test('at the chat’s own code question: whichever of the two it is', async () => {
    const chat = await chatAt(daftar, 'otp', nextPhone());
    const own = chat.lastCode();
    const { id, code } = await webCode(chat.phone);
    expect(await says(daftar, chat, code)).toContain('*Siti Aminah*');
    expect(await says(daftar, chat, 'YA')).toContain(DONE);
    expect(await stateOf(id)).toBe('verified');
    expect(stepOf(daftar, chat.phone)).toBe('otp');
    expect(rows(daftar.service, `SELECT attempts FROM otps WHERE phone = ? ORDER BY id`, chat.phone)).toEqual(
      [{ attempts: 0 }, { attempts: 0 }],
    );
    expect(await says(daftar, chat, own)).toContain(asks('email'));
  });

  test('by chance the same as the chat’s own: it is the chat’s', async () => {
    const chat = await chatAt(daftar, 'otp', nextPhone());
    const { id } = await webCode(chat.phone);
    const both = await sameCodes(chat.phone);
    expect(await says(daftar, chat, both)).toContain(asks('email'));
    expect(await stateOf(id)).toBe('waiting');
  });

  test('wrong digits in the chat cost the web form no try, and the web form’s cost the chat none', async () => {
    const chat = await chatAt(daftar, 'otp', nextPhone());
    const own = chat.lastCode();
    const { code } = await webCode(chat.phone);
    const wrong = (n: number) =>
      [1, 2, 3, 4, 5, 6, 7].map((by) => wrongCode(code, by)).filter((one) => one !== own)[n]!;
    for (let n = 0; n < 5; n += 1) expect(await says(daftar, chat, wrong(n))).toContain(asks('otp'));
    expect(await says(daftar, chat, own)).toContain('Terlalu banyak percobaan');
    expect((await form.verifyOtp(chat.phone, wrong(5))).body.attemptsLeft).toBe(4);
    expect((await form.verifyOtp(chat.phone, code)).status).toBe(200);

    // The other way round: locked on the web, the sender is still known in the chat.
    const other = newChat();
    const asked = await webCode(other.phone);
    for (let n = 1; n <= 6; n += 1) await form.verifyOtp(other.phone, wrongCode(asked.code, n));
    expect((await form.verifyOtp(other.phone, asked.code)).body.code).toBe('OTP_LOCKED');
    expect(await other.says(asked.code)).toContain(ASKED);
    expect(await other.says('YA')).toContain(DONE);
    expect(await stateOf(asked.id)).toBe('verified');
  });

  test('of another phone is nothing here: a forwarded code verifies nobody', async () => {
    const [victim, other] = [newChat(), newChat()];
    const { id, code } = await webCode(victim.phone);
    expect(await other.says(code)).not.toContain(ASKED);
    expect(await other.says('YA')).not.toContain(DONE);
    expect(await stateOf(id)).toBe('waiting');
    // And who is talked into typing a code reads whose form it is for.
    expect(await victim.says(code)).toContain('atas nama *Siti Aminah*');
    await victim.says('bukan saya');
    expect(await stateOf(id)).toBe('waiting');
  });

  test('too old, used or replaced is nothing; also when that happens before the YA', async () => {
    const [late, used, replaced] = [newChat(), newChat(), newChat()];
    const [one, two, three] = [
      await webCode(late.phone),
      await webCode(used.phone),
      await webCode(replaced.phone),
    ];
    for (const [chat, { code }] of [
      [late, one],
      [used, two],
      [replaced, three],
    ] as const)
      expect(await chat.says(code)).toContain(ASKED);
    expect((await form.verifyOtp(used.phone, two.code)).status).toBe(200);
    expect(await used.says('YA')).toContain(UNKNOWN);
    expect(await stateOf(two.id)).toBe('verified');
    daftar.clock.advance(MINUTE);
    await webCode(replaced.phone);
    expect(await replaced.says('YA')).toContain(UNKNOWN);
    daftar.clock.advance(4 * MINUTE);
    expect(await late.says('YA')).toContain(UNKNOWN);
    for (const [chat, { code }] of [
      [late, one],
      [used, two],
      [replaced, three],
    ] as const)
      expect(await chat.says(code)).not.toContain(ASKED);
  });

  test('is masked where the message is kept', async () => {
    const chat = newChat();
    const { code } = await webCode(chat.phone);
    await chat.says(code);
    expect(rows(daftar.service, 'SELECT text FROM inbound_messages WHERE phone = ?', chat.phone)).toEqual([
      { text: '••••••' },
    ]);
  });
});

/** Makes the phone's two codes the same, as one in a million is; returns it. */
async function sameCodes(phone: string): Promise<string> {
  await daftar.service.database.unitOfWork.run((tx) => {
    const other = `(SELECT * FROM otps WHERE phone = ? AND channel = 'chat')`;
    tx.run(
      `UPDATE otps SET challenge = (SELECT challenge FROM ${other}), code_hash = (SELECT code_hash FROM ${other})
       WHERE phone = ? AND channel = 'web'`,
      phone,
      phone,
      phone,
    );
  });
  const codes = daftar
    .chatWith(phone)
    .received()
    .flatMap((one) => /\*(\d{6})\*/.exec(one)?.[1] ?? []);
  return codes[0]!;
}

test('in the simulator it is a chat like any other', async () => {
  const phone = nextPhone();
  const { id, text } = await verifications.offer();
  const say = async (said: string) => {
    const path = `/simulator/api/chats/${phone}/messages`;
    const answer = await daftar.post(path, { kind: 'text', text: said });
    return (answer.body as { data: { messages: { text: string }[] } }).data.messages.map((one) => one.text);
  };
  const shown = await say(text);
  expect(shown[0]).toBe('VERIFIKASI ••••-••••');
  expect(shown.at(-1)).toContain(ASKED);
  expect((await say('YA')).at(-1)).toContain(DONE);
  expect(await verifications.read(id)).toMatchObject({ state: 'verified', phone });
});
