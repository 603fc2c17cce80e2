/** Several processes of the built program at one file. */
import BetterSqlite3 from 'better-sqlite3';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { migrations } from '../../migrations';
import { startFakeFonnte, type FakeFonnte } from '../support/fake-fonnte';
import { postJson, startMigration, startProgram, stopPrograms } from '../support/process';
import { temporaryFolder, type Folder } from '../support/store';

const TOKEN = 'api-token-for-process-tests';
const BUDI = '6281200000001';
const SITI = '6281200000002';
let folder: Folder;
let fonnte: FakeFonnte;
beforeEach(async () => {
  folder = temporaryFolder();
  fonnte = await startFakeFonnte({ token: TOKEN });
});
afterEach(async () => {
  await stopPrograms();
  await fonnte.close();
  folder.erase();
});

const four = <T>(make: () => T): T[] => Array.from({ length: 4 }, make);

/** One value, or a column of them, from the file. */
function look(sql: string): unknown[] {
  const file = new BetterSqlite3(join(folder.path, 'data/daftar.db'), { readonly: true });
  const found = file.prepare(sql).pluck().all();
  file.close();
  return found;
}

describe('npm run migrate', () => {
  test('says what it did, and the second time that there was nothing to do', async () => {
    const first = startMigration({ folder: folder.path });
    expect((await first.exit).code).toBe(0);
    expect(first.stdout()).toBe(`Migrated: ${migrations.map(({ name }) => name).join(', ')}\n`);

    const second = startMigration({ folder: folder.path });
    expect((await second.exit).code).toBe(0);
    expect(second.stdout()).toBe('The database is up to date.\n');
  });

  test('four at once on a new file: all succeed, one does the work', async () => {
    const programs = four(() => startMigration({ folder: folder.path }));
    for (const program of programs) expect((await program.exit).code).toBe(0);
    const told = programs.map((program) => program.stdout().split(':')[0]!.trim()).sort();
    expect(told).toEqual(['Migrated', ...Array<string>(3).fill('The database is up to date.')]);
    expect(look('SELECT COUNT(*) FROM migrations')).toEqual([migrations.length]);
    expect(look('SELECT COUNT(*) FROM packages')).toEqual([3]);
  });

  test('refuses a bad configuration as the service does', async () => {
    const program = startMigration({ folder: folder.path, env: { DATABASE_URL: 'postgres://x' } });
    expect((await program.exit).code).toBe(78);
    expect(program.stderr()).toContain('  - DATABASE_URL ');
  });
});

test('four first starts at once: one secret, one admin, one password told, and all of them work', async () => {
  const programs = four(() => startProgram({ folder: folder.path }));
  const urls = await Promise.all(programs.map((program) => program.listens()));
  await Promise.all(programs.map((program) => program.prints(/running in development mode/)));

  expect(programs.filter((program) => program.stdout().includes('admin /'))).toHaveLength(1);
  expect(look('SELECT username FROM admins')).toEqual(['admin']);
  expect(look('SELECT COUNT(*) FROM migrations')).toEqual([migrations.length]);
  expect(readdirSync(join(folder.path, 'data')).filter((name) => name.startsWith('app-secret'))).toEqual([
    'app-secret',
  ]);
  const secret = readFileSync(join(folder.path, 'data/app-secret'), 'utf8').trim();
  expect(secret.length).toBeGreaterThanOrEqual(32);

  // Each makes a code that the next one understands: they hash with the same secret.
  for (const [n, url] of urls.entries()) {
    const phone = `62812000000${10 + n}`;
    const asked = await postJson(`${url}/api/registrations/public/request-otp`, {
      phone,
      full_name: 'Budi Santoso',
    });
    const { otp } = asked.body.data;
    const other = urls[(n + 1) % 4]!;
    expect((await postJson(`${other}/api/registrations/public/verify-otp`, { phone, otp })).status).toBe(200);
  }
});

describe('two processes at one file', () => {
  test('what a customer begins at one goes on at the other: web form and chat', async () => {
    const env = { WHATSAPP_ENABLED: 'true', WHATSAPP_API_TOKEN: TOKEN, WHATSAPP_API_URL: fonnte.url };
    const [one, two] = await Promise.all(
      [1, 2].map(() => startProgram({ folder: folder.path, env }).listens()),
    );
    const api = (url: string) => `${url}/api/registrations/public`;

    expect(
      (await postJson(`${api(one!)}/request-otp`, { phone: BUDI, full_name: 'Budi Santoso' })).status,
    ).toBe(200);
    const again = await postJson(`${api(two!)}/request-otp`, { phone: BUDI, full_name: 'Budi Santoso' });
    expect(again).toMatchObject({ status: 429, body: { code: 'OTP_COOLDOWN' } });
    const otp = fonnte.lastCodeTo(BUDI);
    expect((await postJson(`${api(two!)}/verify-otp`, { phone: BUDI, otp })).status).toBe(200);

    const says = async (url: string, message: string, inboxid: number) => {
      const before = fonnte.messagesTo(SITI).length;
      const webhook = { device: '6280000000000', sender: SITI, message, inboxid };
      expect((await postJson(`${url}/webhooks/fonnte/messages`, webhook)).status).toBe(200);
      return fonnte.waitFor(() => fonnte.messagesTo(SITI)[before]);
    };
    expect(await says(one!, 'DAFTAR', 1)).toContain('nama lengkap');
    expect(await says(two!, 'Siti Aminah', 2)).toContain('Halo Siti Aminah');
    await fonnte.waitFor(() => fonnte.messagesTo(SITI).some((text) => text.includes('kode OTP')));
    expect(await says(one!, fonnte.lastCodeTo(SITI)!, 3)).toContain('email');
  });

  test('a rush over both: every customer is answered exactly once', async () => {
    const env = {
      WHATSAPP_ENABLED: 'true',
      WHATSAPP_API_TOKEN: TOKEN,
      WHATSAPP_API_URL: fonnte.url,
      SEND_PER_MINUTE: '0',
    };
    const programs = [1, 2].map(() => startProgram({ folder: folder.path, env }));
    const urls = await Promise.all(programs.map((program) => program.listens()));
    const phones = Array.from({ length: 60 }, (_, n) => `62812000${1000 + n}`);

    // The gateway repeats itself: each message comes to both.
    const answers = await Promise.all(
      phones.flatMap((sender, n) =>
        urls.map((url) =>
          postJson(`${url}/webhooks/fonnte/messages`, {
            device: '6280000000000',
            sender,
            message: 'Halo',
            inboxid: n + 1,
          }),
        ),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await fonnte.waitFor(() => fonnte.sent.length >= phones.length, 15_000);
    for (const program of programs) program.signal('SIGTERM');
    for (const program of programs) expect((await program.exit).code).toBe(0);
    expect(fonnte.sent.map(({ target }) => target).sort()).toEqual(phones);
    expect(look(`SELECT COUNT(*) FROM inbound_messages WHERE outcome = 'handled'`)).toEqual([60]);
    expect(look(`SELECT COUNT(*) FROM messages WHERE state = 'accepted'`)).toEqual([60]);
  });
});
