/** `npm run chat`: the whole conversation in a terminal, on a database of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { until } from '../support/until';

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

test('a number proves itself with the text of a web form', async () => {
  const child = spawn(process.execPath, [PROGRAM], { env: { ...process.env, NO_COLOR: '1' } });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const says = (line: string) => child.stdin.write(`${line}\n`);
  says('/verify 1');
  says('/verify Budi Santoso');
  const [text] = await until('the text', () => /VERIFIKASI \S{4}-\S{4}/.exec(printed), 20_000);
  expect(printed).toContain('Nama lengkap terlalu pendek');
  says(text);
  await until('the question', () => /atas nama .*Budi Santoso/.test(printed));
  says('ya');
  await until('the thanks', () => printed.includes('sudah terverifikasi'));
  says('/quit');
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
});

test('a phone it cannot use is said so', () => {
  const { status, stderr } = converse([], '12345');
  expect(status).toBe(1);
  expect(stderr).toContain('give a phone like 081200000001');
});
