/** `npm run chat`: the whole conversation in a terminal, on a database of its own. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const PROGRAM = join(__dirname, '../../dist/src/cli/chat.js');

const converse = (lines: string[], ...args: string[]) =>
  spawnSync(process.execPath, [PROGRAM, ...args], {
    input: `${lines.join('\n')}\n`,
    encoding: 'utf8',
    timeout: 30_000,
    env: { ...process.env, BRAND_NAME: 'Nusantara Net', NO_COLOR: '1' },
  });

test('answers what is typed, shows the code, and what the bot remembers', () => {
  const { status, stdout } = converse(
    ['DAFTAR', 'Budi Santoso', '/state', '/photo', '/quit'],
    '081200000042',
  );
  expect(status).toBe(0);
  expect(stdout).toContain('You are 6281200000042');
  expect(stdout).toContain('Nusantara Net');
  expect(stdout).toMatch(/\b\d{6}\b/);
  expect(stdout).toContain('"full_name": "Budi Santoso"');
  expect(stdout).toContain('teks saja');
});

test('shows the text of a web form, and answers such texts', () => {
  const { status, stdout } = converse(['/verify 1', '/verify Budi Santoso', 'VERIFIKASI CDFH-2345', '/quit']);
  expect(status).toBe(0);
  expect(stdout).toContain('Nama lengkap terlalu pendek');
  expect(stdout).toMatch(/VERIFIKASI [2-9A-Z]{4}-[2-9A-Z]{4}/);
  expect(stdout).toContain('teks verifikasi itu tidak berlaku');
});

test('a phone it cannot use is said so', () => {
  const { status, stderr } = converse([], '12345');
  expect(status).toBe(1);
  expect(stderr).toContain('give a phone like 081200000001');
});
