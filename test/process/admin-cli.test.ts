/** `npm run admin`: admins are added, given passwords and disabled; passwords come in by a pipe, never as an argument. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { verifyPassword } from '../../src/platform/passwords';
import { openDatabase } from '../../src/store/database';
import { adminSessions } from '../../src/store/tables/admin-sessions';
import { type AdminRow } from '../../src/store/tables/admins';
import { temporaryFolder, type Folder } from '../support/store';

const PROGRAM = join(__dirname, '../../dist/src/cli/admin.js');
const PASSWORD = 'kata sandi yang baru';
let folder: Folder;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.erase());

const run = (args: string[], input = '') => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
    input,
    cwd: folder.path,
    encoding: 'utf8',
    timeout: 30_000,
    env: { PATH: process.env['PATH'], NODE_ENV: 'development' },
  });
  return { status, stdout, stderr };
};

async function inDatabase<T>(look: (database: Awaited<ReturnType<typeof openDatabase>>) => Promise<T> | T) {
  const database = await openDatabase(join(folder.path, 'data', 'daftar.db'));
  try {
    return await look(database);
  } finally {
    await database.close();
  }
}
const hashOf = (name: string) =>
  inDatabase(
    ({ reads }) => reads.get<AdminRow>('SELECT * FROM admins WHERE username = ?', name)?.password_hash ?? '',
  );

test('adds an admin with the password from the pipe, and shows it nowhere', async () => {
  const { status, stdout, stderr } = run(['add', 'sari'], `${PASSWORD}\n`);
  expect([status, stdout, stderr]).toEqual([0, 'sari can log in now.\n', '']);
  expect(await verifyPassword(PASSWORD, await hashOf('sari'))).toBe(true);
  expect(run(['list']).stdout).toMatch(/^sari {2}since \d{4}-\d\d-\d\d\n$/);
});

test('makes a password where none is given, and shows it once', async () => {
  const { stdout } = run(['add', 'sari'], '\n');
  const [, made] = /^Password: (\S{16}) /.exec(stdout)!;
  expect(await verifyPassword(made!, await hashOf('sari'))).toBe(true);
  expect(run(['list']).stdout).not.toContain(made);
});

test('a new password, and being disabled, end every session', async () => {
  run(['add', 'sari'], `${PASSWORD}\n`);
  const log = () =>
    inDatabase(({ unitOfWork }) =>
      unitOfWork.run((tx) =>
        tx.insert(adminSessions, { token_hash: 'h', admin_id: 1, created_at: 0, last_seen_at: 0 }),
      ),
    );
  const sessions = () => inDatabase(({ reads }) => reads.all('SELECT * FROM admin_sessions').length);

  await log();
  expect(run(['password', 'sari'], 'kata sandi lain lagi\n').stdout).toBe('sari has a new password.\n');
  expect(await sessions()).toBe(0);
  expect(await verifyPassword('kata sandi lain lagi', await hashOf('sari'))).toBe(true);

  await log();
  expect(run(['disable', 'sari']).stdout).toBe('sari is disabled.\n');
  expect(await sessions()).toBe(0);
  expect(run(['list']).stdout).toMatch(/^sari .* disabled \d{4}-\d\d-\d\d\n$/);
  expect(run(['enable', 'sari']).stdout).toBe('sari is enabled.\n');
  expect(run(['list']).stdout).not.toContain('disabled');
});

test('says what is wrong, and changes nothing', () => {
  run(['add', 'sari'], `${PASSWORD}\n`);
  const mistakes: [string[], string, RegExp][] = [
    [[], '', /^Usage: /],
    [['remove', 'sari'], '', /^Usage: /],
    [['add'], '', /^Usage: /],
    [['add', 'budi', 'rahasia'], '', /^Usage: /],
    [['add', 'budi', '--password=x'], '', /Unknown option '--password'/],
    [['add', 'budi santoso'], '', /^A name has letters/],
    [['add', 'budi'], 'pendek\n', /^A password has at least 12 characters/],
    [['add', 'sari'], `${PASSWORD}\n`, /^There is an admin sari already/],
    [['password', 'hantu'], `${PASSWORD}\n`, /^There is no admin hantu/],
  ];
  for (const [args, input, complaint] of mistakes) {
    const { status, stderr } = run(args, input);
    expect(stderr).toMatch(complaint);
    expect(status).toBe(1);
  }
  expect(run(['list']).stdout).toMatch(/^sari [^\n]+\n$/);
});
