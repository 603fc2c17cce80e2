/** Verification by sending, as the web form sees it: a text to send, its state, and the proof. */
import { HOUR, MINUTE, SECOND } from '../../src/platform/clock';
import { APP_SECRET, DEVICE, rows, type Daftar } from '../support/daftar';
import { BASE, FORM, gist, moreDaftars, newPhones, webForm } from '../support/web-form';
import { verificationsOf, VERIFICATIONS } from '../support/verification';
import { temporaryFolder } from '../support/store';

const newPhone = newPhones();
const start = moreDaftars();
let daftar: Daftar;
let form: ReturnType<typeof webForm>;
let verifications: ReturnType<typeof verificationsOf>;

async function fresh(env: Record<string, string> = {}) {
  daftar = await start({ env });
  form = webForm(daftar);
  verifications = verificationsOf(daftar);
}
beforeEach(() => fresh());

/** The customer sends the text and says YA. */
async function sends(phone: string, text: string) {
  const chat = daftar.chatWith(phone);
  await chat.says(text);
  await chat.says('YA');
}

describe('from the form to the registration', () => {
  test('each answer is as agreed', async () => {
    const phone = newPhone();
    const answer = await verifications.post({ full_name: 'Budi Santoso' });
    expect(answer.status).toBe(201);
    const { id, text } = answer.body.data;
    expect(answer.body.data).toEqual({
      id: expect.stringMatching(/^[\w-]{22,}$/) as string,
      text: expect.stringMatching(/^VERIFIKASI [2-9CDFHJKMNPQRTVWXY]{4}-[2-9CDFHJKMNPQRTVWXY]{4}$/) as string,
      whatsapp_url: `https://wa.me/${DEVICE}?text=${encodeURIComponent(text)}`,
      expires_in: 600,
    });

    const waiting = await verifications.get(id);
    expect(waiting.body.data).toEqual({ state: 'waiting' });
    expect(waiting.headers.get('cache-control')).toBe('no-store');
    const chat = daftar.chatWith(phone);
    await chat.says(text);
    expect(await verifications.read(id)).toEqual({ state: 'confirming' });
    await chat.says('YA');

    const verified = await verifications.get(id);
    const { verification_token } = verified.body.data;
    expect(verified.body.data).toEqual({ state: 'verified', phone, verification_token, expires_in: 1800 });
    const [cookie] = verified.headers.getSetCookie();
    expect(cookie).toMatch(
      new RegExp(
        `^daftar_verification=${verification_token}; path=/api/registrations;.*samesite=lax; httponly`,
      ),
    );

    // The phone is the sender's, as for a code.
    const registered = await form.register({ ...FORM, phone: `0${phone.slice(2)}`, verification_token });
    expect(registered.status).toBe(201);
    expect(rows(daftar.service, 'SELECT phone, channel FROM registrations')).toEqual([
      { phone, channel: 'web' },
    ]);
    expect(await verifications.read(id)).toEqual({ state: 'verified' });
    expect((await verifications.get(id)).headers.getSetCookie()).toEqual([]);
  });

  test('the proof is given on every read until it is used, counting down, and then runs out', async () => {
    const phone = newPhone();
    const { id, text } = await verifications.offer();
    await sends(phone, text);
    const first = await verifications.read(id);
    daftar.clock.advance(10 * MINUTE);
    expect(await verifications.read(id)).toEqual({ ...first, expires_in: 1200 });
    daftar.clock.advance(20 * MINUTE - 1);
    expect(await verifications.read(id)).toEqual({ ...first, expires_in: 1 });
    daftar.clock.advance(1);
    expect(await verifications.read(id)).toEqual({ state: 'expired' });
    const { verification_token } = first;
    expect(gist(await form.register({ ...FORM, phone, verification_token }))).toEqual({
      status: 403,
      code: 'NOT_VERIFIED',
    });
  });

  test('its proof is for the sender alone, and the same again makes one registration', async () => {
    const [phone, other] = [newPhone(), newPhone()];
    const { id, text } = await verifications.offer();
    await sends(phone, text);
    const { verification_token } = await verifications.read(id);
    const register = (as: string) => form.register({ ...FORM, phone: as, verification_token });
    expect(gist(await register(other))).toEqual({ status: 403, code: 'NOT_VERIFIED' });
    const answers = await Promise.all([register(phone), register(phone), register(phone)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    expect(rows(daftar.service, 'SELECT id FROM registrations')).toHaveLength(1);
  });

  test('neither the id, the code nor the token is kept or logged', async () => {
    const phone = newPhone();
    const { id, text } = await verifications.offer('Budi Santoso', phone);
    const code = text.slice(-9);
    await sends(phone, `tolong ${text.toLowerCase()} ya`);
    await daftar.chatWith(phone).says(`VERIFIKASI ${code}`);
    const { verification_token } = await verifications.read(id);
    const tables = rows<{ name: string }>(
      daftar.service,
      `SELECT name FROM sqlite_master WHERE type = 'table'`,
    );
    const stored = tables.flatMap(({ name }) => rows<object>(daftar.service, `SELECT * FROM "${name}"`));
    const everything = (JSON.stringify(stored) + daftar.logs.join('')).toUpperCase();
    for (const secret of [id, code, code.replace('-', ''), verification_token!])
      expect(everything).not.toContain(secret.toUpperCase());
    expect(everything).toContain('••••-••••');
  });
});

describe('what is refused', () => {
  test.each<[object, string, string[]]>([
    [{}, 'VALIDATION_ERROR', ['full_name']],
    [{ full_name: ' B ' }, 'VALIDATION_ERROR', ['full_name']],
    [{ full_name: 12345 }, 'VALIDATION_ERROR', ['full_name']],
    [{ full_name: 'Budi', phone: '0812-3456-7890' }, 'INVALID_PHONE', ['phone']],
    [{ full_name: 'B', phone: 6281234567890 }, 'INVALID_PHONE', ['phone', 'full_name']],
    [{ full_name: 'Budi', phone: '+15550000001' }, 'INVALID_PHONE', ['phone']],
  ])('%j: %s', async (fields, code, bad) => {
    const { status, body } = await verifications.post(fields);
    expect({ status, code: body.code }).toEqual({ status: 400, code });
    expect(body.errors?.map(({ field }) => field)).toEqual(bad);
    expect(rows(daftar.service, 'SELECT id FROM verification_texts')).toEqual([]);
  });

  test.each([null, '', undefined])('a phone of %j is none given', async (phone) => {
    expect((await verifications.post({ full_name: 'Budi', phone, other: 1 })).status).toBe(201);
  });

  test('an id nobody was given: 404, and nothing is written', async () => {
    const changes = () =>
      daftar.service.database.unitOfWork.run((tx) => tx.get('SELECT total_changes() AS changes'));
    const before = await changes();
    for (const id of ['x', '%00', 'x'.repeat(5000), "' OR 1=1 --", '../status'])
      expect((await verifications.get(id)).body).toMatchObject({ code: 'NOT_FOUND' });
    for (const raw of ['%', '%E0%A4%A', 'a%2Fb'])
      expect((await daftar.get(`${VERIFICATIONS}/${raw}`)).status).toBe(404);
    expect(await changes()).toEqual(before);
    expect(gist(await form.get(`${VERIFICATIONS}/${'A'.repeat(43)}`))).toEqual({
      status: 404,
      code: 'NOT_FOUND',
    });
  });

  test('more than sixty unfinished in an hour from one address; finished ones do not count', async () => {
    await fresh({ TRUST_PROXY: '1' });
    const from = (ip: string) => ({ 'x-forwarded-for': ip });
    const offer = (ip: string) => verifications.post({ full_name: 'Budi Santoso' }, from(ip));
    const first = (await offer('198.51.100.7')).body.data;
    daftar.clock.advance(MINUTE);
    for (let n = 2; n <= 60; n += 1) expect((await offer('198.51.100.7')).status).toBe(201);
    const refused = await offer('198.51.100.7');
    expect(refused.status).toBe(429);
    expect(refused.body.code).toBe('TOO_MANY_REQUESTS');
    expect(refused.headers.get('retry-after')).toBe(String(59 * 60));
    expect((await offer('198.51.100.8')).status).toBe(201);

    await sends(newPhone(), first.text);
    expect((await offer('198.51.100.7')).status).toBe(201);
    expect((await offer('198.51.100.7')).status).toBe(429);
    daftar.clock.advance(59 * MINUTE);
    expect((await offer('198.51.100.7')).status).toBe(429);
    daftar.clock.advance(HOUR - 59 * MINUTE);
    expect((await offer('198.51.100.7')).status).toBe(201);
  });

  test('everyone, where there is no device to send it to', async () => {
    await fresh({
      NODE_ENV: 'production',
      WHATSAPP_ENABLED: 'false',
      WHATSAPP_ALLOW_DISABLED: 'true',
      WHATSAPP_DEVICE: '',
      APP_SECRET,
      ADMIN_PASSWORD: 'a-long-test-password',
    });
    const { status, body, headers } = await verifications.post({ full_name: 'Budi Santoso' });
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'WHATSAPP_UNAVAILABLE' });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('time', () => {
  test('a text lives for 600 seconds, to the millisecond, whether sent or confirmed', async () => {
    const [early, late, slow] = [
      await verifications.offer(),
      await verifications.offer(),
      await verifications.offer(),
    ];
    const [one, other, third] = [newPhone(), newPhone(), newPhone()].map(daftar.chatWith);
    daftar.clock.advance(600 * SECOND - 1);
    expect(await one!.says(early.text)).toContain('Balas *YA*');
    expect(await third!.says(slow.text)).toContain('Balas *YA*');
    expect(await one!.says('YA')).toContain('terverifikasi');
    daftar.clock.advance(1);
    expect(await other!.says(late.text)).toContain('tidak berlaku');
    expect(await third!.says('YA')).toContain('tidak berlaku');
    for (const { id } of [late, slow]) expect(await verifications.read(id)).toEqual({ state: 'expired' });
    expect((await verifications.read(early.id)).state).toBe('verified');
  });

  test('a clock set back lengthens no life; nudged by seconds it ends none', async () => {
    const notice = () => daftar.service.delivery.monitor.runOnce();
    await notice();
    const { id, text } = await verifications.offer();
    daftar.clock.advance(-4 * SECOND);
    expect(await verifications.read(id)).toEqual({ state: 'waiting' });
    daftar.clock.advance(-HOUR);
    expect(await verifications.read(id)).toEqual({ state: 'expired' });
    const chat = daftar.chatWith(newPhone());
    expect(await chat.says(text)).toContain('tidak berlaku');
    // Nor does it keep anyone from a new one.
    const again = await verifications.offer();
    await sends(chat.phone, again.text);
    expect((await verifications.read(again.id)).state).toBe('verified');
    // And when the clock gets there again, the old one does not come back to life.
    await notice();
    daftar.clock.advance(HOUR);
    expect(await verifications.read(id)).toEqual({ state: 'expired' });
  });

  test('APP_SECRET may be changed between any two steps', async () => {
    const folder = temporaryFolder();
    const { clock } = daftar;
    const run = async (env: Record<string, string>) => {
      daftar = await start({ directory: folder.path, clock, env });
      form = webForm(daftar);
      verifications = verificationsOf(daftar);
    };
    const OLD = { APP_SECRET };
    const NEW = { APP_SECRET: 'another-secret-another-secret-0123456789', APP_SECRET_PREVIOUS: APP_SECRET };
    const [phone, earlier] = [newPhone(), newPhone()];
    await run(OLD);
    const sent = await verifications.offer();
    const done = await verifications.offer();
    await sends(earlier, done.text);
    const before = await verifications.read(done.id);

    await run(NEW);
    expect(await verifications.read(done.id)).toEqual(before);
    await sends(phone, sent.text);
    const { verification_token } = await verifications.read(sent.id);
    expect((await form.register({ ...FORM, phone, verification_token })).status).toBe(201);
    folder.erase();
  });
});

describe('the request_id of a code', () => {
  const ask = async (phone: string) => (await form.requestOtp(phone)).body.data.request_id;

  test('reads how far its message has come, and the proof once it is verified', async () => {
    const phone = newPhone();
    const id = await ask(phone);
    const code = daftar.fonnte.lastCodeTo(phone);
    expect(await verifications.read(id)).toEqual({ state: 'waiting', delivery: 'accepted' });

    const { body } = await form.verifyOtp(phone, code);
    const { verification_token } = body.data;
    expect(await verifications.read(id)).toEqual({
      state: 'verified',
      delivery: 'accepted',
      phone,
      verification_token,
      expires_in: 1800,
    });
    expect((await form.register({ ...FORM, phone, verification_token })).status).toBe(201);
    expect(await verifications.read(id)).toEqual({ state: 'verified', delivery: 'accepted' });
  });

  test.each([
    ['queued', 'queued'],
    ['sending', 'queued'],
    ['accepted', 'accepted'],
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['read', 'read'],
    ['failed', 'failed'],
    ['expired', 'failed'],
    ['recorded', undefined],
  ])('a message that is %s is shown as %s', async (state, delivery) => {
    const id = await ask(newPhone());
    await daftar.service.database.unitOfWork.run((tx) => tx.run('UPDATE messages SET state = ?', state));
    expect((await verifications.read(id)).delivery).toBe(delivery);
  });

  test('ends when the code does: too old, replaced, or its message failed', async () => {
    const [old, replaced, failing] = [newPhone(), newPhone(), newPhone()];
    const first = await ask(old);
    daftar.clock.advance(5 * MINUTE);
    expect((await verifications.read(first)).state).toBe('expired');

    const second = await ask(replaced);
    daftar.clock.advance(MINUTE);
    await ask(replaced);
    expect((await verifications.read(second)).state).toBe('expired');

    const third = await ask(failing);
    await daftar.service.database.unitOfWork.run((tx) =>
      tx.run('UPDATE otps SET voided_at = ? WHERE phone = ?', daftar.clock.now(), failing),
    );
    expect((await verifications.read(third)).state).toBe('expired');
  });
});

test('another origin may offer and read, without the cookie', async () => {
  await fresh({ CORS_ORIGINS: 'https://isp.example' });
  const preflight = await daftar.request('OPTIONS', VERIFICATIONS, {
    headers: { origin: 'https://isp.example', 'access-control-request-method': 'POST' },
  });
  expect(preflight.headers.get('access-control-allow-origin')).toBe('https://isp.example');
  expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
  expect(BASE).toBe('/api/registrations/public');
});
