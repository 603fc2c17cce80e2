/** Several processes of the built program at one file. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { migrations } from '../../migrations';
import { startMigration, startProgram } from '../support/process';
import { asksForCode, says as saysTo, setStage, triesCode } from '../support/stage';

const BUDI = '6281200000001';
const SITI = '6281200000002';
const stage = setStage();

const four = <T>(make: () => T): T[] => Array.from({ length: 4 }, make);

describe('npm run migrate', () => {
  test('says what it did, and the second time that there was nothing to do', async () => {
    const first = startMigration({ folder: stage.folder });
    expect((await first.exit).code).toBe(0);
    expect(first.stdout()).toBe(`Migrated: ${migrations.map(({ name }) => name).join(', ')}\n`);

    const second = startMigration({ folder: stage.folder });
    expect((await second.exit).code).toBe(0);
    expect(second.stdout()).toBe('The database is up to date.\n');
  });

  test('four at once on a new file: all succeed, one does the work', async () => {
    const programs = four(() => startMigration({ folder: stage.folder }));
    for (const program of programs) expect((await program.exit).code).toBe(0);
    const told = programs.map((program) => program.stdout().split(':')[0]!.trim()).sort();
    expect(told).toEqual(['Migrated', ...Array<string>(3).fill('The database is up to date.')]);
    expect(stage.column('SELECT COUNT(*) FROM migrations')).toEqual([migrations.length]);
    expect(stage.column('SELECT COUNT(*) FROM packages')).toEqual([3]);
  });

  test('refuses a bad configuration as the service does', async () => {
    const program = startMigration({ folder: stage.folder, env: { DATABASE_URL: 'postgres://x' } });
    expect((await program.exit).code).toBe(78);
    expect(program.stderr()).toContain('  - DATABASE_URL ');
  });
});

test('four first starts at once: one secret, one admin, one password told, and all of them work', async () => {
  const programs = four(() => startProgram({ folder: stage.folder }));
  const urls = await Promise.all(programs.map((program) => program.listens()));
  await Promise.all(programs.map((program) => program.prints(/running in development mode/)));

  expect(programs.filter((program) => program.stdout().includes('admin /'))).toHaveLength(1);
  expect(stage.column('SELECT username FROM admins')).toEqual(['admin']);
  expect(stage.column('SELECT COUNT(*) FROM migrations')).toEqual([migrations.length]);
  expect(readdirSync(join(stage.folder, 'data')).filter((name) => name.startsWith('app-secret'))).toEqual([
    'app-secret',
  ]);
  const secret = readFileSync(join(stage.folder, 'data/app-secret'), 'utf8').trim();
  expect(secret.length).toBeGreaterThanOrEqual(32);

  // Each makes a code that the next one understands: they hash with the same secret.
  for (const [n, url] of urls.entries()) {
    const phone = `62812000000${10 + n}`;
    const asked = await asksForCode(url, phone);
    const { otp } = asked.body.data;
    const other = urls[(n + 1) % 4]!;
    expect((await triesCode(other, phone, otp!)).status).toBe(200);
  }
});

describe('two processes at one file', () => {
  test('what a customer begins at one goes on at the other: web form and chat', async () => {
    const [one, two] = await Promise.all([1, 2].map(() => stage.start().listens()));
    expect((await asksForCode(one!, BUDI)).status).toBe(200);
    const again = await asksForCode(two!, BUDI);
    expect(again).toMatchObject({ status: 429, body: { code: 'OTP_COOLDOWN' } });
    expect((await triesCode(two!, BUDI, stage.fonnte.lastCodeTo(BUDI)!)).status).toBe(200);

    const says = async (url: string, message: string, inboxid: number) => {
      const before = stage.fonnte.messagesTo(SITI).length;
      expect((await saysTo(url, SITI, message, inboxid)).status).toBe(200);
      return stage.fonnte.waitFor(() => stage.fonnte.messagesTo(SITI)[before]);
    };
    expect(await says(one!, 'DAFTAR', 1)).toContain('nama lengkap');
    expect(await says(two!, 'Siti Aminah', 2)).toContain('Halo Siti Aminah');
    await stage.fonnte.waitFor(() => stage.fonnte.messagesTo(SITI).some((text) => text.includes('kode OTP')));
    expect(await says(one!, stage.fonnte.lastCodeTo(SITI)!, 3)).toContain('email');
  });

  test('a rush over both: every customer is answered exactly once', async () => {
    const programs = [1, 2].map(() => stage.start({ SEND_PER_MINUTE: '0' }));
    const urls = await Promise.all(programs.map((program) => program.listens()));
    const phones = Array.from({ length: 60 }, (_, n) => `62812000${1000 + n}`);

    // The gateway repeats itself: each message comes to both.
    const answers = await Promise.all(
      phones.flatMap((sender, n) => urls.map((url) => saysTo(url, sender, 'Halo', n + 1))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    await stage.fonnte.waitFor(() => stage.fonnte.sent.length >= phones.length, 15_000);
    for (const program of programs) program.signal('SIGTERM');
    for (const program of programs) expect((await program.exit).code).toBe(0);
    expect(stage.fonnte.sent.map(({ target }) => target).sort()).toEqual(phones);
    expect(stage.column(`SELECT COUNT(*) FROM inbound_messages WHERE outcome = 'handled'`)).toEqual([60]);
    expect(stage.column(`SELECT COUNT(*) FROM messages WHERE state = 'accepted'`)).toEqual([60]);
  });
});
