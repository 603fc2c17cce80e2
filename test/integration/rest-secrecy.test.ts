/**
 * What must be nowhere but with the customer: after a run through everything that can happen, the database file, its
 * companions, every table, the logs and the metrics are searched for each secret that was about.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MINUTE } from '../../src/platform/clock';
import { API_TOKEN, APP_SECRET, rows, startDaftar, WEBHOOK_TOKEN, type Daftar } from '../support/daftar';
import { BASE, distinctCodes, FORM, newPhones, webForm, wrongCode } from '../support/web-form';

const NIK = '3273010101900001';
const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from('a face and a name')]);
const newPhone = newPhones();
const secrets = new Set<string>([API_TOKEN, WEBHOOK_TOKEN, APP_SECRET]);
const phones: string[] = [];
let daftar: Daftar;

beforeAll(async () => {
  // The first one, 000007, would be found in many a number.
  const random = distinctCodes();
  random.integer(1_000_000);
  daftar = await startDaftar({ random, env: { SEND_WAIT_MS: '10000', ADMIN_PHONES: '081299999999' } });
  await everythingThatHappens();
});
afterAll(() => daftar.close());

const phone = () => {
  const one = newPhone();
  phones.push(one);
  return one;
};

async function everythingThatHappens() {
  const form = webForm(daftar);
  const keep = (...found: (string | undefined)[]) => found.forEach((one) => one && secrets.add(one));
  const ask = async (who: string) => {
    const { body } = await form.requestOtp(who);
    keep(body.data.request_id);
    return daftar.fonnte.lastCodeTo(who)!;
  };

  // A registration with everything in it; wrong tries, the proof used twice.
  const budi = phone();
  const code = await ask(budi);
  await form.verifyOtp(budi, wrongCode(code));
  const { body } = await form.verifyOtp(budi, code);
  const { verification_token } = body.data;
  keep(verification_token);
  const full = { ...FORM, phone: budi, id_card_number: NIK };
  const photo = { id_card_photo: `data:image/jpeg;base64,${JPEG.toString('base64')}` };
  await form.register({ ...full, ...photo, email: 'nonsense', verification_token });
  await form.register({ ...full, ...photo, verification_token });
  await form.register({ ...full, ...photo }, { authorization: `Bearer ${verification_token}` });
  await form.get(`${BASE}/status/REG-20261125-0001?phone_last4=${budi.slice(-4)}`);

  // A code locked, one replaced, one that ran out, one never used.
  const locked = phone();
  const lockedCode = await ask(locked);
  for (let n = 1; n <= 6; n += 1) await form.verifyOtp(locked, wrongCode(lockedCode, n));
  await ask(phone());
  daftar.clock.advance(MINUTE);
  await ask(locked);
  daftar.clock.advance(5 * MINUTE);
  await form.verifyOtp(locked, lockedCode);

  // A gateway that fails, then repeats in its refusal all that it was sent, the token included.
  const unlucky = phone();
  daftar.fonnte.behave({ http: 500, body: 'no' }, unlucky);
  const refused = form.requestOtp(unlucky);
  await daftar.fonnte.waitFor(() => daftar.fonnte.requests.at(-1)?.fields.target === unlucky);
  const message = String(daftar.fonnte.requests.at(-1)!.fields.message);
  await daftar.settle();
  daftar.fonnte.behave({ refuse: `${API_TOKEN} ${unlucky} computer says no: ${message}` }, unlucky);
  daftar.clock.advance(MINUTE);
  expect((await refused).status).toBe(503);

  // A registration in the chat, with a wrong code and the code in a sentence.
  const chat = daftar.chatWith(phone());
  for (const text of ['DAFTAR', 'Siti Aminah']) await chat.says(text);
  const chatCode = chat.lastCode();
  for (const text of [wrongCode(chatCode), `kodenya *${chatCode.slice(0, 3)} ${chatCode.slice(3)}* ya`])
    await chat.says(text);
  for (const text of ['siti@example.com', 'Jl. Melati No. 7', 'Bandung', 'LEWATI', '1', 'LEWATI', 'YA'])
    await chat.says(text);

  // Requests that fail, with secrets where they do not belong.
  await daftar.get(`/nowhere/${verification_token}?token=${WEBHOOK_TOKEN}&phone=${budi}`);
  await daftar.post(`/webhooks/fonnte/messages?token=${WEBHOOK_TOKEN}x`, { sender: budi, message: code });
  await daftar.post(`/webhooks/fonnte/messages?token=${WEBHOOK_TOKEN}`, `{"message":"${code}`);
  await form.post(`${BASE}/verify-otp`, `{"phone":"${budi}","otp":"${code}"`);
  await daftar.service.database.unitOfWork.run((tx) =>
    tx.run(`CREATE TRIGGER fails BEFORE INSERT ON otps BEGIN SELECT RAISE(ABORT, 'made to fail'); END`),
  );
  await form.requestOtp(phone());
  await daftar.service.database.unitOfWork.run((tx) => tx.run('DROP TRIGGER fails'));
  await daftar.settle();
  for (const { fields } of daftar.fonnte.requests) keep(/\*(\d{6})\*/.exec(String(fields.message))?.[1]);
}

/** Every file beside the database, as it lies on the disk while the service runs. */
const files = () =>
  readdirSync(daftar.directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

test('the run did what it was meant to', () => {
  const codes = [...secrets].filter((secret) => /^\d{6}$/.test(secret));
  expect(codes).toHaveLength(6);
  // Four ids of requests, one proof, three of ours.
  expect(secrets.size).toBe(6 + 4 + 1 + 3);
  expect(rows(daftar.service, 'SELECT id FROM registrations')).toHaveLength(2);
  expect(files().map((file) => file.replace(/^.*daftar\.db/, 'db'))).toEqual(
    expect.arrayContaining(['db', 'db-wal', 'db-shm']),
  );
});

test('no secret lies in a file of the database', () => {
  for (const file of files()) {
    const bytes = readFileSync(file);
    for (const secret of [...secrets, NIK, JPEG.toString('base64'), JPEG.toString('latin1')])
      expect([file, secret, bytes.includes(secret, 0, 'latin1')]).toEqual([file, secret, false]);
  }
});

test('no secret stands in a table', () => {
  const tables = rows<{ name: string }>(
    daftar.service,
    `SELECT name FROM sqlite_master WHERE type = 'table'`,
  );
  expect(tables.length).toBeGreaterThan(10);
  for (const { name } of tables) {
    const cells = rows<Record<string, unknown>>(daftar.service, `SELECT * FROM "${name}"`).flatMap(
      Object.values,
    );
    const text = cells
      .map((cell) => (Buffer.isBuffer(cell) ? cell.toString('latin1') : String(cell)))
      .join('\n');
    for (const secret of [...secrets, NIK])
      expect([name, secret, text.includes(secret)]).toEqual([name, secret, false]);
  }
});

test('a message that carried a code is empty once it is settled', () => {
  const left = rows(
    daftar.service,
    `SELECT state, text, sealed FROM messages WHERE kind = 'code' AND state NOT IN ('queued', 'sending')
       AND (text IS NOT NULL OR sealed IS NOT NULL)`,
  );
  expect(left).toEqual([]);
});

test('no secret, no full phone and no name stands in the log', () => {
  expect(daftar.logs.length).toBeGreaterThan(50);
  for (const line of daftar.logs) {
    // Ids of requests are chance: any six digits may turn up in them.
    const { request_id: _chance, ...entry } = JSON.parse(line) as Record<string, unknown>;
    const text = JSON.stringify(entry);
    for (const secret of [...secrets, NIK, ...phones, FORM.full_name, FORM.email, 'Mawar'])
      expect([text, secret, text.includes(secret)]).toEqual([text, secret, false]);
    expect(text).not.toMatch(/62812\d{8}|0812\d{8}/);
  }
  expect(daftar.logs.join('')).toContain('made to fail');
});

test('nor in the metrics, the packages or the answers about health', async () => {
  for (const path of ['/metrics', '/health/ready', '/api/packages']) {
    const answer = await daftar.get(path);
    expect(answer.status).toBe(200);
    const text = JSON.stringify(answer.body);
    for (const secret of [...secrets, ...phones])
      expect([path, text.includes(secret)]).toEqual([path, false]);
  }
});
