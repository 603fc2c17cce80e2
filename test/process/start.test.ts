/** The built program starts, or says why it does not. */
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startFakeFonnte } from '../support/fake-fonnte';
import { postJson, startProgram, stopPrograms } from '../support/process';
import { temporaryFolder, type Folder } from '../support/store';

let folder: Folder;
const closers: (() => Promise<unknown>)[] = [];
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await stopPrograms();
  for (const close of closers.splice(0)) await close();
  folder.erase();
});

const start = (env: Record<string, string> = {}) => startProgram({ folder: folder.path, env });
const file = (name: string) => join(folder.path, name);

const SECRETS = {
  APP_SECRET: 'app-secret-for-the-process-tests-0001',
  WEBHOOK_TOKEN: 'webhook-token-for-process-tests',
  ADMIN_PASSWORD: 'admin-password-for-process-tests',
  WHATSAPP_API_TOKEN: 'api-token-for-process-tests',
  METRICS_TOKEN: 'metrics-token-for-process-tests',
};
/** All that production demands. */
const PRODUCTION = {
  ...SECRETS,
  NODE_ENV: 'production',
  WHATSAPP_ENABLED: 'true',
  WHATSAPP_API_URL: 'http://127.0.0.1:9/send',
  WHATSAPP_DEVICE: '6280000000000',
};

describe('a first start on a developer’s machine, with no configuration', () => {
  test('works from any folder: it listens, makes its data there, and tells the admin’s password once', async () => {
    const first = start();
    const url = await first.listens();
    const [, password] = await first.prints(/admin \/ (\S+)/);
    expect(password!.length).toBeGreaterThanOrEqual(12);
    expect(first.stdout()).toContain('WHATSAPP IS DISABLED');
    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);

    expect(readdirSync(folder.path)).toEqual(['data']);
    expect((statSync(file('data/app-secret')).mode & 0o777).toString(8)).toBe('600');
    expect((statSync(file('data/daftar.db')).mode & 0o777).toString(8)).toBe('600');
    const secret = readFileSync(file('data/app-secret'), 'utf8').trim();
    expect(first.stdout() + first.stderr()).not.toContain(secret);
    first.signal('SIGTERM');
    expect(await first.exit).toEqual({ code: 0, signal: null });

    const second = start();
    await second.listens();
    await second.prints(/Daftar is running in development mode/);
    expect(second.stdout()).not.toContain('admin /');
    expect(second.stdout()).not.toContain(password);
    expect(readFileSync(file('data/app-secret'), 'utf8').trim()).toBe(secret);
  });

  test('config.env in the working folder is read, and the environment wins over it', async () => {
    writeFileSync(file('config.env'), 'DATABASE_URL=sqlite:elsewhere/own.db\nLOG_LEVEL=warn\n');
    const program = start({ LOG_LEVEL: 'info' });
    await program.listens();
    expect(existsSync(file('elsewhere/own.db'))).toBe(true);
    expect(existsSync(file('data'))).toBe(false);
  });
});

describe('a start that is refused', () => {
  test('production with WhatsApp switched off: exit 78, with variable, problem and source', async () => {
    const { WHATSAPP_ENABLED: _, ...rest } = PRODUCTION;
    writeFileSync(file('config.env'), 'WHATSAPP_ENABLED=false\n');
    const program = start(rest);
    expect(await program.exit).toEqual({ code: 78, signal: null });
    expect(program.stderr()).toMatch(
      /- WHATSAPP_ENABLED is false in production .*no customer would ever get a code.*\[from: config\.env\]/,
    );
    expect(program.stderr()).toContain('one problem');
    expect(program.stdout()).toBe('');
    expect(existsSync(file('data'))).toBe(false);
  });

  test('lists every problem at once, each with where its value came from, and shows no value', async () => {
    writeFileSync(file('config.env'), 'OTP_TTL_SECONDS=five\nADMIN_PASSWORD=hunter2\n');
    const values = {
      APP_SECRET: 'too-short-secret',
      PORT: '99999',
      DATABASE_URL: 'mysql://root:rootpw@localhost/x',
      WEBHOOK_TOKEN: 'tiny-token',
    };
    const program = start({ NODE_ENV: 'production', WHATSAPP_ENABLED: 'true', ...values });
    expect((await program.exit).code).toBe(78);

    const told = program.stderr();
    const problems = [
      ...Object.keys(values).map((name) => [name, 'environment']),
      ['WHATSAPP_API_TOKEN', 'default (not set)'],
      ['WHATSAPP_DEVICE', 'default (not set)'],
      ['OTP_TTL_SECONDS', 'config.env'],
      ['ADMIN_PASSWORD', 'config.env'],
    ];
    expect(told).toContain(`${problems.length} problems`);
    for (const [name, source] of problems) {
      const line = told.split('\n').find((one) => one.startsWith(`  - ${name} `));
      expect(line).toContain(`[from: ${source}]`);
    }
    for (const value of [...Object.values(values), 'hunter2', 'rootpw', 'five']) {
      expect(told).not.toContain(value);
    }
    expect(program.stdout()).toBe('');
  });

  test('the port is taken: exit 1 and one clear line', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise((resolve) => other.close(resolve)));
    const { port } = other.address() as AddressInfo;
    const program = start({ PORT: String(port) });
    expect(await program.exit).toEqual({ code: 1, signal: null });
    expect(program.stderr()).toMatch(
      new RegExp(`^Daftar cannot run: port ${port} on 127\\.0\\.0\\.1 is in use.* PORT.*\\n$`),
    );
    expect(program.stdout()).not.toContain('listening');
  });

  test('the database is none: exit 1 and one line that names the file', async () => {
    writeFileSync(
      file('broken.db'),
      'this is no database, but long enough to be looked at as one'.repeat(99),
    );
    const program = start({ DATABASE_URL: 'sqlite:broken.db' });
    expect(await program.exit).toEqual({ code: 1, signal: null });
    expect(program.stderr()).toMatch(/^Daftar cannot run: .*broken\.db.*not a database.*\n$/);
  });
});

test('in production, whatever happens, nothing secret and nobody’s data is ever printed', async () => {
  const fonnte = await startFakeFonnte({ token: PRODUCTION.WHATSAPP_API_TOKEN });
  closers.push(() => fonnte.close());
  const program = start({ ...PRODUCTION, WHATSAPP_API_URL: fonnte.url, LOG_LEVEL: 'trace' });
  const url = await program.listens();
  const api = `${url}/api/registrations/public`;
  const webhook = `${url}/webhooks/fonnte/messages?token=${PRODUCTION.WEBHOOK_TOKEN}`;
  const phone = '6281234567890';
  const full_name = 'Kartika Wulandari';

  const asked = await postJson(`${api}/request-otp`, { phone, full_name });
  expect(asked.status).toBe(200);
  const otp = fonnte.lastCodeTo(phone)!;
  const wrong = otp === '000000' ? '000001' : '000000';
  expect((await postJson(`${api}/verify-otp`, { phone, otp: wrong })).status).toBe(400);
  const verified = await postJson(`${api}/verify-otp`, { phone, otp });
  expect(verified.status).toBe(200);
  const { verification_token } = verified.body.data;
  const form = {
    phone,
    full_name,
    verification_token,
    email: 'kartika@example.com',
    address: 'Jl. Kenanga No. 4711',
    city: 'Bandung',
    package_id: 1,
    id_card_number: '3201010101010001',
  };
  expect((await postJson(api, form)).status).toBe(201);
  const message = { device: PRODUCTION.WHATSAPP_DEVICE, sender: phone, message: 'DAFTAR', inboxid: 1 };
  expect((await postJson(webhook, message)).status).toBe(200);
  expect((await postJson(`${webhook}x`, message)).status).toBe(401);
  await postJson(`${api}/request-otp`, { phone: '0812-3456-7890', full_name });
  await fonnte.waitFor(() => fonnte.messagesTo(phone).length === 3);
  program.signal('SIGTERM');
  expect((await program.exit).code).toBe(0);

  const printed = program.stdout() + program.stderr();
  expect(printed).toContain('WhatsApp sent to 62812****7890 via fonnte');
  const theirs = [phone, full_name, 'Kartika', 'Kenanga', form.email, form.id_card_number, '0812-3456-7890'];
  const made = [otp, verification_token!, asked.body.data.request_id!];
  for (const secret of [...Object.values(SECRETS), ...theirs, ...made]) expect(printed).not.toContain(secret);
});
