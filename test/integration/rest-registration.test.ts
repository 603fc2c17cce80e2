/** A customer registers at the web form: ask for a code, verify, send the form. */
import { randomBytes } from 'node:crypto';
import { HOUR, MINUTE, SECOND } from '../../src/platform/clock';
import { phoneProblems } from '../../src/messages/id/fields';
import { normalisePhone } from '../../src/registration/phone';
import { rows, startDaftar, type Daftar } from '../support/daftar';
import { FORM, gist, moreDaftars, newPhones, webForm } from '../support/web-form';

const newPhone = newPhones();
const another = moreDaftars();
let daftar: Daftar;
let form: ReturnType<typeof webForm>;

beforeAll(async () => {
  daftar = await startDaftar({ env: { OTP_MAX_PER_IP_PER_HOUR: '0' } });
  form = webForm(daftar);
});
afterAll(() => daftar.close());

/** A good form of this phone's, under an email of its own. */
const formOf = (phone: string, more: object = {}) => ({
  ...FORM,
  email: `p${phone}@example.com`,
  phone,
  ...more,
});

const registrationsOf = (phone: string) =>
  rows<Record<string, unknown>>(
    daftar.service,
    'SELECT * FROM registrations WHERE phone = ? ORDER BY id',
    phone,
  );

const setStatus = (email: string, status: string) =>
  daftar.service.database.unitOfWork.run((tx) =>
    tx.run('UPDATE registrations SET status = ? WHERE email = ?', status, email),
  );

describe('from the first click to the registration number', () => {
  test('each answer is as agreed', async () => {
    const phone = newPhone();

    const asked = await form.requestOtp('0812' + phone.slice(5));
    expect(asked.status).toBe(200);
    expect(asked.body).toEqual({
      success: true,
      message: 'Kode OTP telah dikirim ke WhatsApp Anda',
      data: { phone, expires_in: 300, resend_in: 60, request_id: asked.body.data.request_id },
    });
    expect(asked.body.data.request_id).toMatch(/^[\w-]{22,}$/);

    const code = daftar.fonnte.lastCodeTo(phone)!;
    expect(daftar.fonnte.messagesTo(phone)).toEqual([
      `Halo Budi Santoso,

Kode OTP Anda untuk verifikasi pendaftaran ISP Technician Management adalah:

*${code}*

Kode ini berlaku selama 5 menit.
Jangan berikan kode ini kepada siapapun.

Terima kasih!`,
    ]);
    expect(daftar.logs.join('')).toContain(`WhatsApp sent to 62812****${phone.slice(-4)} via fonnte`);

    const verified = await form.verifyOtp('+' + phone, code);
    expect(verified.status).toBe(200);
    const { verification_token } = verified.body.data;
    expect(verified.body).toEqual({
      success: true,
      message: 'Nomor WhatsApp berhasil diverifikasi',
      data: { verification_token, expires_in: 1800 },
    });
    expect(verification_token).toMatch(/^[\w-]{22,}$/);

    const registered = await form.register({ ...FORM, phone, verification_token });
    expect(registered.status).toBe(201);
    expect(registered.body).toEqual({
      success: true,
      message: 'Pendaftaran berhasil! Kami akan menghubungi Anda segera.',
      data: {
        id: 1,
        registration_number: 'REG-20261125-0001',
        status: 'pending_verification',
        tracking_url: `http://localhost:${new URL(daftar.url).port}/track/REG-20261125-0001`,
      },
    });

    expect(registrationsOf(phone)).toMatchObject([
      { ...FORM, channel: 'web', status: 'pending_verification', consent_at: daftar.clock.now() },
    ]);
    await daftar.settle();
    const [, confirmation, ...more] = daftar.fonnte.messagesTo(phone);
    expect(confirmation).toContain('*REG-20261125-0001*');
    expect(confirmation).toContain('/track/REG-20261125-0001');
    expect(more).toEqual([]);
  });

  test('who has registered before is answered as anyone else is', async () => {
    const [stranger, customer] = [newPhone(), newPhone()];
    await form.register(formOf(customer, { verification_token: await form.tokenFor(customer) }));
    daftar.clock.advance(MINUTE);

    const [one, other] = [await form.requestOtp(stranger), await form.requestOtp(customer)];
    const withoutWho = ({ status, body }: typeof one) => ({
      status,
      ...body,
      data: { ...body.data, phone: '', request_id: '' },
    });
    expect(withoutWho(one)).toEqual(withoutWho(other));
  });

  test('one phone registers several installations, each with a verification of its own', async () => {
    const phone = newPhone();
    for (const email of ['rumah@example.com', 'kantor@example.com']) {
      const verification_token = await form.tokenFor(phone);
      const answer = await form.register(formOf(phone, { email, verification_token }));
      expect(answer.status).toBe(201);
      daftar.clock.advance(MINUTE);
    }
    expect(registrationsOf(phone)).toHaveLength(2);
  });
});

describe('the message with the code', () => {
  const BODY = (code: string, brand: string, life: string) => `,

Kode OTP Anda untuk verifikasi pendaftaran ${brand} adalah:

*${code}*

Kode ini berlaku selama ${life}.
Jangan berikan kode ini kepada siapapun.

Terima kasih!`;

  test.each([
    ['45', '45 detik'],
    ['59', '59 detik'],
    ['60', '1 menit'],
    ['179', '2 menit'],
    ['3600', '60 menit'],
  ])('of a life of %s seconds says %s', async (OTP_TTL_SECONDS, life) => {
    const brief = await another({ env: { OTP_TTL_SECONDS, BRAND_NAME: 'Warnet Jaya' } });
    const phone = newPhone();
    const { body } = await webForm(brief).requestOtp(phone);
    expect(body.data).toMatchObject({ expires_in: Number(OTP_TTL_SECONDS) });
    const code = brief.fonnte.lastCodeTo(phone)!;
    expect(brief.fonnte.messagesTo(phone)).toEqual([`Halo Budi Santoso${BODY(code, 'Warnet Jaya', life)}`]);
  });

  test.each([
    ['  Siti   Nur Aisyah ', 'Siti Nur Aisyah'],
    ["Ma'ruf Al-Amin, S.T.", "Ma'ruf Al-Amin, S. T."],
    ['José 李小龙', 'José 李小龙'],
    ['Budi 081234567890', 'Budi'],
    ['Hadiah Rp10jt klik https://evil.example/x?y', 'Hadiah Rp jt klik evil. example x y'],
    ['www.evil.example Budi', 'evil. example Budi'],
    ['*Budi* _Santoso_ ~x~ `y`', 'Budi Santoso x y'],
    ['{name} Budi {var1}', 'name Budi var'],
    ['Budi <b>Santoso</b>', 'Budi b Santoso b'],
    ['Bu\u200bdi San\u202Etoso', 'Budi Santoso'],
    [`${'Raden '.repeat(16)}`, 'Raden Raden Raden Raden Raden Raden Rade'],
  ])('greets %j as %j', async (name, greeted) => {
    const phone = newPhone();
    expect((await form.requestOtp(phone, name)).status).toBe(200);
    const [message] = daftar.fonnte.messagesTo(phone);
    const code = daftar.fonnte.lastCodeTo(phone)!;
    expect(message).toBe(`Halo ${greeted}${BODY(code, 'ISP Technician Management', '5 menit')}`);
  });
});

describe('phone numbers', () => {
  test.each<[string, (rest: string) => string]>([
    ['08…', (rest) => `0${rest}`],
    ['62…', (rest) => `62${rest}`],
    ['+62…', (rest) => `+62${rest}`],
    ['blanks around', (rest) => ` \t0${rest}\n`],
  ])('are accepted as %s, and all mean the same one', async (_form, write) => {
    const phone = newPhone();
    const written = write(phone.slice(2));
    expect((await form.requestOtp(written)).body.data).toMatchObject({ phone });
    expect((await form.verifyOtp(written, daftar.fonnte.lastCodeTo(phone))).status).toBe(200);
  });

  const REFUSED = [
    '0812-0000-0001',
    '08120000TEST',
    '0812 0000 0001',
    '0812.0000.0001',
    '(0812)00000001',
    '81200000001',
    '0215550000',
    '+15550000001',
    '081200000',
    '0812000000001234',
    '٠٨١٢٠٠٠٠٠٠٠١',
    '',
    undefined,
    null,
    6281200000001,
    ['6281200000001'],
    { toString: '6281200000001' },
    true,
  ];

  test.each(REFUSED)(
    '%j is refused with what to change, at every step, and nothing is sent',
    async (typed) => {
      const result = normalisePhone(typed);
      const message = result.ok ? 'accepted' : phoneProblems[result.problem];
      const sentBefore = daftar.fonnte.sent.length;
      const tellsWhy = { code: 'INVALID_PHONE', message, errors: [{ field: 'phone', message }] };

      expect((await form.requestOtp(typed)).body).toEqual({ success: false, ...tellsWhy });
      expect((await form.verifyOtp(typed, '123456')).body).toEqual({ success: false, ...tellsWhy });
      expect(daftar.fonnte.sent).toHaveLength(sentBefore);
    },
  );

  test('are asked for together with the name', async () => {
    const unnamed = await form.requestOtp(newPhone(), ' ');
    expect(gist(unnamed)).toEqual({ status: 400, code: 'VALIDATION_ERROR' });
    expect(unnamed.body.errors).toEqual([{ field: 'full_name', message: 'Nama lengkap wajib diisi.' }]);

    const both = await form.requestOtp('123', 'B');
    expect(gist(both)).toEqual({ status: 400, code: 'INVALID_PHONE' });
    expect(both.body.errors?.map(({ field }) => field)).toEqual(['phone', 'full_name']);
  });

  test('a code that is not six digits is no try', async () => {
    const phone = newPhone();
    const code = await form.codeFor(phone);
    for (const typed of [
      '',
      '12345',
      '1234567',
      'abcdef',
      '１２３４５６',
      Number(code),
      null,
      undefined,
      [code],
    ])
      expect(gist(await form.verifyOtp(phone, typed))).toEqual({ status: 400, code: 'VALIDATION_ERROR' });
    expect(rows(daftar.service, 'SELECT attempts FROM otps WHERE phone = ?', phone)).toEqual([
      { attempts: 0 },
    ]);

    const [first, second] = [code.slice(0, 3), code.slice(3)];
    expect((await form.verifyOtp(phone, ` ${first} ${second}\n`)).status).toBe(200);
  });
});

describe('proof', () => {
  const NOT_VERIFIED = { status: 403, code: 'NOT_VERIFIED' };

  test('without it nothing is registered, whatever the form claims', async () => {
    const phone = newPhone();
    await form.codeFor(phone);
    const claims = [
      {},
      { whatsapp_verified: true },
      { whatsapp_verified: 'true' },
      { verification_token: '' },
      { verification_token: null },
      { verification_token: true },
      { verification_token: { $ne: '' } },
      { verification_token: randomBytes(32).toString('base64url') },
      { verification_token: 'x'.repeat(10_000) },
    ];
    for (const claim of claims) expect(gist(await form.register(formOf(phone, claim)))).toEqual(NOT_VERIFIED);
    for (const authorization of ['Bearer', 'Bearer ', 'Bearer x', 'Basic eDp5', 'Bearer undefined'])
      expect(gist(await form.register(formOf(phone), { authorization }))).toEqual(NOT_VERIFIED);
    expect(gist(await form.register(formOf(phone), { cookie: 'daftar_verification=x' }))).toEqual(
      NOT_VERIFIED,
    );
    expect(registrationsOf(phone)).toEqual([]);
  });

  test('is asked for before the fields are looked at', async () => {
    expect(gist(await form.register({}))).toEqual(NOT_VERIFIED);
  });

  test.each([true, 'true'])('beside it whatsapp_verified: %j is ignored', async (whatsapp_verified) => {
    const phone = newPhone();
    const verification_token = await form.tokenFor(phone);
    const answer = await form.register(formOf(phone, { verification_token, whatsapp_verified }));
    expect(answer.status).toBe(201);
  });

  test.each([false, 'false'])(
    'a form that says whatsapp_verified: %j is believed',
    async (whatsapp_verified) => {
      const phone = newPhone();
      const verification_token = await form.tokenFor(phone);
      const denied = await form.register(formOf(phone, { verification_token, whatsapp_verified }));
      expect(gist(denied)).toEqual(NOT_VERIFIED);
      expect((await form.register(formOf(phone, { verification_token }))).status).toBe(201);
    },
  );

  test.each<[string, (token: string) => [object, Record<string, string>]]>([
    ['in the body', (verification_token) => [{ verification_token }, {}]],
    ['as a bearer token', (token) => [{}, { authorization: `Bearer ${token}` }]],
    ['in the cookie alone', (token) => [{}, { cookie: `a=b; daftar_verification=${token}; c=d` }]],
    [
      'in the cookie, where the others hold old ones',
      (token) => [
        { verification_token: 'old' },
        { authorization: 'Bearer older', cookie: `daftar_verification=${token}` },
      ],
    ],
  ])('may come %s', async (_where, place) => {
    const phone = newPhone();
    const [fields, headers] = place(await form.tokenFor(phone));
    expect((await form.register(formOf(phone, fields), headers)).status).toBe(201);
  });

  test('of another phone is none, and that is said before any field', async () => {
    const [owner, other] = [newPhone(), newPhone()];
    const verification_token = await form.tokenFor(owner);
    const foreign = await form.register({ phone: other, verification_token, full_name: '1', email: 'no' });
    expect(gist(foreign)).toEqual(NOT_VERIFIED);
    expect(foreign.body.errors).toBeUndefined();

    const unreadable = await form.register(formOf('0812-3456', { verification_token }));
    expect(gist(unreadable)).toEqual({ status: 400, code: 'VALIDATION_ERROR' });
    expect(unreadable.body.errors?.map(({ field }) => field)).toEqual(['phone']);
    expect((await form.register(formOf(owner, { verification_token }))).status).toBe(201);
  });

  test('lasts half an hour, to the millisecond', async () => {
    const [early, late] = [newPhone(), newPhone()];
    const [inTime, tooLate] = [await form.tokenFor(early), await form.tokenFor(late)];

    daftar.clock.advance(30 * MINUTE - 1);
    expect((await form.register(formOf(early, { verification_token: inTime }))).status).toBe(201);
    daftar.clock.advance(1);
    expect(gist(await form.register(formOf(late, { verification_token: tooLate })))).toEqual(NOT_VERIFIED);
  });
});

describe('the cookie of a verified phone', () => {
  const cookieOf = (daftarForm: typeof form, phone: string, code: string) =>
    daftarForm.verifyOtp(phone, code).then(({ headers, body }) => {
      const [cookie, ...others] = headers.getSetCookie();
      expect(others).toEqual([]);
      const [pair, ...attributes] = cookie!.split('; ');
      expect(pair).toBe(`daftar_verification=${body.data.verification_token}`);
      return attributes.map((attribute) => attribute.toLowerCase());
    });

  test('is for the server alone, for this site and this API', async () => {
    const phone = newPhone();
    const attributes = await cookieOf(form, phone, await form.codeFor(phone));
    expect(attributes).toEqual(
      expect.arrayContaining(['httponly', 'samesite=lax', 'path=/api/registrations']),
    );
    expect(attributes).not.toContain('secure');
  });

  test('is Secure where the public side is https', async () => {
    const secure = await another({ env: { PUBLIC_URL: 'https://daftar.example.net/' } });
    const secureForm = webForm(secure);
    const phone = newPhone();
    const attributes = await cookieOf(secureForm, phone, await secureForm.codeFor(phone));
    expect(attributes).toEqual(expect.arrayContaining(['httponly', 'samesite=lax', 'secure']));
  });

  test('is not set by a wrong code', async () => {
    const phone = newPhone();
    await form.codeFor(phone);
    const { headers } = await form.verifyOtp(newPhone(), '000000');
    expect(headers.getSetCookie()).toEqual([]);
  });
});

describe('the same proof again', () => {
  test('gives the same registration, also long after, and changes nothing', async () => {
    const phone = newPhone();
    const verification_token = await form.tokenFor(phone);
    const first = await form.register(formOf(phone, { verification_token }));
    daftar.clock.advance(2 * HOUR);

    const again = await form.register(
      formOf(phone, { verification_token, email: 'other@example.com', city: '' }),
    );
    expect(again.status).toBe(200);
    expect(again.body).toEqual(first.body);
    expect(registrationsOf(phone)).toMatchObject([{ email: `p${phone}@example.com`, city: 'Bandung' }]);
  });

  test('sent ten times at once makes one registration and one confirmation', async () => {
    const phone = newPhone();
    const verification_token = await form.tokenFor(phone);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => form.register(formOf(phone, { verification_token }))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(9).fill(200), 201]);
    expect(new Set(answers.map(({ body }) => body.data.registration_number)).size).toBe(1);
    expect(registrationsOf(phone)).toHaveLength(1);
    await daftar.settle();
    expect(daftar.fonnte.messagesTo(phone)).toHaveLength(2);
  });
});

describe('an email', () => {
  const TAKEN = { status: 409, code: 'ALREADY_REGISTERED' };

  test('stands in one open registration, in whatever case', async () => {
    const [first, second] = [newPhone(), newPhone()];
    const email = 'Siti.Aminah@Example.com';
    await form.register(formOf(first, { email, verification_token: await form.tokenFor(first) }));

    const verification_token = await form.tokenFor(second);
    const again = (written: string) => form.register(formOf(second, { email: written, verification_token }));
    for (const written of [email, 'siti.aminah@example.com', ' SITI.AMINAH@EXAMPLE.COM ']) {
      const refused = await again(written);
      expect(gist(refused)).toEqual(TAKEN);
      expect(refused.body.message).toMatch(/email lain.*admin/i);
    }
    for (const open of ['verified', 'survey_scheduled', 'survey_completed', 'approved']) {
      await setStatus(email, open);
      expect(gist(await again(email))).toEqual(TAKEN);
    }
    // The proof was not used up by being refused.
    expect((await again('siti2@example.com')).status).toBe(201);
  });

  test.each(['rejected', 'cancelled', 'customer_created'])(
    'is free again once that one is %s',
    async (closed) => {
      const [first, second] = [newPhone(), newPhone()];
      const email = `${closed}@example.com`;
      await form.register(formOf(first, { email, verification_token: await form.tokenFor(first) }));
      await setStatus(email, closed);
      const answer = await form.register(
        formOf(second, { email: email.toUpperCase(), verification_token: await form.tokenFor(second) }),
      );
      expect(answer.status).toBe(201);
    },
  );
});

describe('a package', () => {
  test('that is not on offer is refused, one that is may be named by number or digits', async () => {
    const { unitOfWork } = daftar.service.database;
    await unitOfWork.run((tx) => tx.run('UPDATE packages SET is_active = 0 WHERE id = 3'));
    const phone = newPhone();
    const verification_token = await form.tokenFor(phone);
    for (const package_id of [3, '3', 4, 999_999_999, Number.MAX_SAFE_INTEGER]) {
      const refused = await form.register(formOf(phone, { verification_token, package_id }));
      expect(gist(refused)).toEqual({ status: 400, code: 'PACKAGE_NOT_AVAILABLE' });
    }
    expect((await form.register(formOf(phone, { verification_token, package_id: ' 2 ' }))).status).toBe(201);
    await unitOfWork.run((tx) => tx.run('UPDATE packages SET is_active = 1 WHERE id = 3'));
  });
});

describe('registration numbers', () => {
  test('start anew each day in TIME_ZONE, and grow a digit past 9999', async () => {
    const register = async () => {
      const phone = newPhone();
      const answer = await form.register(formOf(phone, { verification_token: await form.tokenFor(phone) }));
      return answer.body.data.registration_number;
    };
    const midnight = Date.parse('2026-11-26T00:00:00+07:00');
    daftar.clock.advance(midnight - SECOND - daftar.clock.now());
    expect(await register()).toMatch(/^REG-20261125-\d{4}$/);
    daftar.clock.advance(SECOND);
    expect(await register()).toBe('REG-20261126-0001');

    await daftar.service.database.unitOfWork.run((tx) =>
      tx.run('UPDATE registration_counters SET last = 9998 WHERE day = ?', '2026-11-26'),
    );
    expect(await register()).toBe('REG-20261126-9999');
    expect(await register()).toBe('REG-20261126-10000');
  });
});
