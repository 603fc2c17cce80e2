/** The examples, run as they are against the service. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { rows, startDaftar, type Daftar } from '../support/daftar';
import { until } from '../support/until';

const EXAMPLES = join(__dirname, '../../examples');
const PHONE = '6281200000001';
let daftar: Daftar;

beforeEach(async () => {
  daftar = await startDaftar();
});
afterEach(() => daftar.close());

/** Runs an example to its end; `type` gives what is typed once it asks for the code. */
async function run(command: string, file: string, env: Record<string, string>, type?: () => string) {
  const child = spawn(command, [join(EXAMPLES, file)], {
    env: {
      PATH: process.env['PATH'],
      API: daftar.url,
      PHONE: '081200000001',
      EMAIL: 'budi@example.com',
      ...env,
    },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  if (type) {
    await until('the question for the code', () => stderr.includes('Kode OTP: ') || child.exitCode !== null);
    child.stdin.write(`${type()}\n`);
  }
  child.stdin.end();
  return { code: await ended, stdout, stderr };
}

describe.each([
  ['sh', 'register.sh'],
  [process.execPath, 'register.mjs'],
])('%s examples/%s', (command, file) => {
  const NAME = `Ma'ruf "Budi" \\ Santoso`;

  test('registers with the code from standard input', async () => {
    const { code, stdout, stderr } = await run(command, file, { NAME }, () =>
      daftar.fonnte.lastCodeTo(PHONE)!,
    );
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'REG-20261125-0001\n',
      stderr: 'Kode OTP: ',
    });
    expect(rows(daftar.service, 'SELECT phone, full_name, email FROM registrations')).toEqual([
      { phone: PHONE, full_name: NAME, email: 'budi@example.com' },
    ]);
  });

  test('takes a code that was asked for before from OTP', async () => {
    await daftar.post('/api/registrations/public/request-otp', { phone: PHONE, full_name: NAME });
    const OTP = daftar.fonnte.lastCodeTo(PHONE)!;
    expect(await run(command, file, { NAME, OTP })).toMatchObject({ code: 0, stdout: 'REG-20261125-0001\n' });
    expect(daftar.fonnte.messagesTo(PHONE).filter((one) => one.includes('Kode OTP Anda'))).toHaveLength(1);
  });

  test('shows what is refused, and fails', async () => {
    const wrong = await run(command, file, { NAME }, () => '000000');
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('OTP_INVALID');
    const badPhone = await run(command, file, { NAME, PHONE: '0812-3456' });
    expect(badPhone.code).toBe(1);
    expect(badPhone.stderr).toContain('INVALID_PHONE');
    expect(rows(daftar.service, 'SELECT id FROM registrations')).toEqual([]);
  });
});
