/**
 * What nobody should write, to every question and in every field of the webhook. Promise: 200 and at most one answer;
 * nothing is executed; nothing typed becomes markup, a `{variable}` or an unseen character in what we send; and the
 * chat can be brought to its end afterwards.
 */
import { DEVICE, rows, startDaftar, WEBHOOK_TOKEN, type Daftar } from '../support/daftar';
import {
  chatAt,
  finish,
  goOnTo,
  phones,
  QUESTIONS,
  says,
  stepOf,
  type Chat,
  type Question,
} from '../support/chat-journey';

const nextPhone = phones(99);
const STAFF = '6281100000001';
let daftar: Daftar;
let schemaBefore: unknown;

const TEXTS = [
  `Robert'); DROP TABLE registrations;--`,
  `x' OR '1'='1' UNION SELECT password_hash FROM admins --`,
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '{name} {var1} {{constructor}} ${process.exit(1)} %s %n',
  '*tebal* _miring_ ~coret~ `kode` ```blok```',
  '*tebal sekali*\n_miring_\n> kutipan\n- daftar\n1. satu',
  '_*~gabung~*_',
  'Budi* Santoso*',
  'https://evil.example/?a=b&c=d bit.ly/x',
  'NUL \u0000 di tengah',
  '\u0000',
  '\u001b[2J\u0007 escape',
  '\ud800 sendiri \udfff',
  '\u202Eterbalik \u2066isolat\u2069 \u200Ftanda',
  'Budi \u200B\u200C\u200D\u2060\uFEFF Santoso',
  'Zalgo ' + '\u0301'.repeat(80),
  'José 李小龙 محمد Олег 👩\u200D👩\u200D👧 🇮🇩',
  '😀'.repeat(200),
  '__proto__',
  'constructor',
  'besok constructor',
  'undefined',
  'NaN,NaN',
  '-1',
  '1e9',
  '99999999999999999999',
  '1,2,3,4',
  '"; echo pwned; `id` $(id) | cat /etc/passwd',
  '=HYPERLINK("http://evil.example","x")',
  'a@b.c@d.e',
  '"<b>x</b>"@contoh.id',
  '%00%0d%0aSet-Cookie:x=1',
  'https://maps.google.com/?q=%E0%A4%A,{name}',
  'https://' + 'a.'.repeat(4_000),
  'x'.repeat(9_999),
  ' \n\t '.repeat(500) + 'x',
  'Ibu\r\nSiti\r\nAminah',
];

beforeAll(async () => {
  daftar = await startDaftar({
    env: {
      ADMIN_PHONES: STAFF,
      OTP_TTL_SECONDS: '86400',
      OTP_RESEND_SECONDS: '1',
      OTP_MAX_PER_HOUR: '1000',
      OTP_MAX_PER_PHONE_PER_DAY: '1000',
      OTP_MAX_ATTEMPTS: '1000',
    },
  });
  schemaBefore = schema();
});
afterAll(() => daftar.close());

const schema = () => rows(daftar.service, 'SELECT type, name, sql FROM sqlite_master ORDER BY name');

/** After each test the house stands, and everything that ever went out was harmless. */
afterEach(async () => {
  await daftar.settle();
  expect(schema()).toEqual(schemaBefore);
  expect(rows(daftar.service, 'SELECT id FROM packages WHERE is_active = 1')).toHaveLength(3);
  expect(rows(daftar.service, "SELECT reason FROM inbound_messages WHERE outcome = 'failed'")).toEqual([]);
  expect(daftar.logs.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([]);
  expect(Object.keys(Object.prototype)).toEqual([]);
  const harmful = daftar.fonnte.sent.map(({ message }) => harmIn(message)).filter(Boolean);
  expect(harmful.slice(0, 3)).toEqual([]);
});

/** Everything that we ourselves set in bold. */
const OURS =
  /^(nama lengkap|kode OTP|email|alamat|kota|lokasi|paket|jadwal|ringkasan|DAFTAR|BANTUAN|KEMBALI|KIRIM ULANG|STATUS|BATAL|CS|MENU|YA|LEWATI|1–7|besok|besok pagi|25\/11 siang|25\/11 pagi|Rumah 20|Keluarga 50|Bisnis 100|ISP Technician Management|REG-\d{8}-\d{4,}|\d{6})$/;

/** Unseen but for the joiner of emoji, which quote() keeps there only. */
const UNSEEN = /(?!\n|\u200D)[\p{Cc}\p{Cf}]/u;

function harmIn(message: string): string | null {
  if (/[{}`]/.test(message)) return `a variable or code: ${message}`;
  if (UNSEEN.test(message) || /\p{Surrogate}/u.test(message))
    return `something unseen: ${JSON.stringify(message)}`;
  // As WhatsApp pairs them: at the edges of words, within a line.
  for (const [, bold] of message.matchAll(/(?<![\p{L}\p{N}])\*(\S(?:[^*\n]*\S)?)\*(?![\p{L}\p{N}])/gu))
    if (!OURS.test(bold!)) return `bold that is not ours (${bold}): ${message}`;
  if (/(?<![\p{L}\p{N}])([_~])\S(?:(?!\1|\n).)*(?<!\s)\1(?![\p{L}\p{N}])/u.test(message))
    return `markup that is not ours: ${message}`;
  if (/^(>|- )/m.test(message)) return `a quotation or list that is not ours: ${message}`;
  return null;
}

test('the search for harm finds it', () => {
  for (const bad of [
    'Hai *tebal*',
    'Hai _miring_',
    '~coret~ ya',
    'Hai {name}',
    '> kutipan',
    'a\u202Eb',
    '`x`',
  ])
    expect(harmIn(bad)).not.toBeNull();
  for (const fine of ['Ketik *DAFTAR*', 'budi_santoso_baru@contoh.id', '2 * 3 * 4', '👩\u200D👩\u200D👧'])
    expect(harmIn(fine)).toBeNull();
});

/** To this question again, when the text was good enough an answer to go on. */
async function backTo(question: Question, chat: Chat): Promise<void> {
  for (let tries = 0; stepOf(daftar, chat.phone) !== question; tries += 1) {
    if (tries > 3) throw new Error(`No way back to ${question} from ${stepOf(daftar, chat.phone)}`);
    const isBehind = QUESTIONS.indexOf(stepOf(daftar, chat.phone) as Question) < QUESTIONS.indexOf(question);
    if (isBehind) await goOnTo(daftar, chat, question);
    else await says(daftar, chat, 'KEMBALI');
  }
}

describe.each(QUESTIONS)('at the question %s', (question) => {
  test('each is answered once, and the chat goes on to its end', async () => {
    const chat = await chatAt(daftar, question, nextPhone());
    for (const text of TEXTS) {
      daftar.clock.advance(60_000);
      const answers = (await chat.sends({ message: text })).filter((one) => !one.includes('Kode OTP Anda'));
      expect([text.slice(0, 80), answers.length]).toEqual([text.slice(0, 80), 1]);
      expect(stepOf(daftar, chat.phone)).not.toBe('idle');
      await backTo(question, chat);
    }
    expect(await finish(daftar, chat)).toContain('REG-');
  });
});

test('before any question, each is answered once and nothing begins', async () => {
  for (const text of TEXTS) {
    const chat = daftar.chatWith(nextPhone());
    expect(await chat.sends({ message: text })).toHaveLength(1);
    expect(stepOf(daftar, chat.phone)).toBe('idle');
  }
});

test('what passes for an answer is kept as it was typed', async () => {
  const typed = {
    name: `Robert'); DROP TABLE registrations;--`,
    email: 'budi_santoso_baru@contoh.id',
    address: 'Jl. *Mawar* {name} <b>12</b> _RT_ 01/02',
    city: '~Bandung~',
  };
  const chat = await chatAt(daftar, 'confirm', nextPhone(), typed);
  const summary = chat.received().at(-1);
  expect(summary).toContain('budi_santoso_baru@contoh.id');
  expect(summary).toContain(`Robert'); DROP TABLE registrations;--`);
  await says(daftar, chat, 'YA');
  const [saved] = rows(daftar.service, 'SELECT * FROM registrations WHERE phone = ?', chat.phone);
  expect(saved).toMatchObject({
    full_name: typed.name,
    email: typed.email,
    address: typed.address,
    city: typed.city,
  });
});

test('every message with a code greeted a name of letters only, and short', () => {
  const codes = daftar.fonnte.sent.filter(({ message }) => message.includes('Kode OTP Anda'));
  expect(codes.length).toBeGreaterThan(20);
  for (const { message } of codes) {
    const [, name] = /^Halo (.*),$/m.exec(message) ?? [];
    expect(name).toMatch(/^[\p{L}\p{M} .'’,-]{1,40}$/u);
    expect(name).not.toMatch(/https?|www|\p{L}\.\p{L}/u);
    expect(message.split('\n')).toHaveLength(10);
  }
});

describe('in the fields of the webhook', () => {
  const VALUES: unknown[] = [
    ...TEXTS,
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e308,
    Number.MAX_SAFE_INTEGER + 2,
    [],
    [[]],
    ['DAFTAR', 'BATAL'],
    {},
    { $gt: '' },
    { toString: 'x', length: 5 },
    { constructor: { prototype: { polluted: true } } },
    'z'.repeat(8_000),
  ];
  const FIELDS = [
    ['device'],
    ['sender'],
    ['member'],
    ['message'],
    ['text'],
    ['location'],
    ['choices'],
    ['timestamp'],
    ['inboxid'],
    ['url'],
    ['isgroup', 'fromMe'],
    ['name', 'pollname', 'filename', 'extension'],
  ];

  test.each(FIELDS)('%s: always 200, at most one answer', async (...fields) => {
    const before = daftar.fonnte.sent.length;
    const senders = VALUES.map(() => nextPhone());
    const statuses = await Promise.all(
      VALUES.map(async (value, index) => {
        const odd = Object.fromEntries(fields.map((field) => [field, value]));
        const message = { sender: senders[index], message: 'DAFTAR', ...odd };
        return (await daftar.webhook(message)).status;
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    await daftar.settle();
    const targets = daftar.fonnte.sent.slice(before).map(({ target }) => target);
    expect(new Set(targets).size).toBe(targets.length);
    // What went out went to those who wrote, nobody else.
    expect(targets.filter((target) => !senders.includes(target))).toEqual([]);
  });

  const post = (type: string, body: string) =>
    daftar.request('POST', `/webhooks/fonnte/messages?token=${WEBHOOK_TOKEN}`, {
      headers: { 'content-type': type },
      body,
    });

  test('prototypes are not polluted, by JSON or by a form', async () => {
    const sender = nextPhone();
    const json = `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"sender":"${sender}","message":"DAFTAR","inboxid":0}`;
    expect((await post('application/json', json)).status).toBe(200);
    const form = `sender=${nextPhone()}&message=DAFTAR&__proto__[polluted]=1&constructor[prototype][polluted]=1&a[__proto__][polluted]=1`;
    expect((await post('application/x-www-form-urlencoded', form)).status).toBe(200);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    await daftar.settle();
    expect(daftar.fonnte.messagesTo(sender).length).toBeLessThanOrEqual(1);
  });

  test('doubled and nested form fields are no error', async () => {
    for (const form of [
      `sender=${nextPhone()}&sender=${nextPhone()}&message=DAFTAR`,
      `sender=${nextPhone()}&message=DAFTAR&message=BATAL`,
      `sender[]=${nextPhone()}&message[a]=DAFTAR`,
      `${'a[b]'.repeat(500)}=1&sender=${nextPhone()}`,
      `${'x=1&'.repeat(5_000)}sender=${nextPhone()}&message=DAFTAR`,
    ])
      expect((await post('application/x-www-form-urlencoded', form)).status).toBe(200);
  });

  test('a message just below the limit is answered once, one above not at all', async () => {
    const [below, above] = [nextPhone(), nextPhone()];
    const of = (sender: string, length: number) =>
      JSON.stringify({ device: DEVICE, sender, inboxid: 0, message: 'é'.repeat(length) });
    expect((await post('application/json', of(below, 32_000))).status).toBe(200);
    expect((await post('application/json', of(above, 33_000))).status).toBe(413);
    await daftar.settle();
    expect(daftar.fonnte.messagesTo(below)).toHaveLength(1);
    expect(daftar.fonnte.messagesTo(above)).toHaveLength(0);
  });
});
