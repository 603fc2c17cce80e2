/** The built program is told to stop: what is in hand is finished, what is not is kept. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { startFakeFonnte, type FakeFonnte } from '../support/fake-fonnte';
import { postJson, startProgram, stopPrograms, type Program } from '../support/process';
import { temporaryFolder, type Folder } from '../support/store';

const TOKEN = 'api-token-for-process-tests';
const BUDI = '6281200000001';
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

const start = (env: Record<string, string> = {}) =>
  startProgram({
    folder: folder.path,
    env: { WHATSAPP_ENABLED: 'true', WHATSAPP_API_TOKEN: TOKEN, WHATSAPP_API_URL: fonnte.url, ...env },
  });

/** Asks for a code, and resolves with the pending answer once the gateway has been called. */
async function askForCode(program: Program) {
  const url = await program.listens();
  const answer = postJson(`${url}/api/registrations/public/request-otp`, {
    phone: BUDI,
    full_name: 'Budi Santoso',
  });
  await fonnte.waitFor(() => fonnte.count() > 0);
  return { url, answer };
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s with nothing to do: it leaves at once, with 0',
  async (signal) => {
    const program = start();
    const url = await program.listens();
    // A browser keeps its connection open, and opens another in reserve: nothing to wait for.
    const reserve = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
    await once(reserve, 'connect');
    await fetch(`${url}/health`);
    const began = performance.now();
    program.signal(signal);
    expect(await program.exit).toEqual({ code: 0, signal: null });
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(program.stdout()).toContain('"msg":"stopped"');
  },
);

test('a customer who waits for a code still gets the answer; nobody new is let in', async () => {
  fonnte.behave({ delayMs: 700 });
  const program = start();
  const { url, answer } = await askForCode(program);
  program.signal('SIGTERM');
  await program.prints(/"msg":"stopping"/);
  await expect(fetch(`${url}/health`)).rejects.toThrow();

  expect(await answer).toMatchObject({
    status: 200,
    body: { success: true, message: 'Kode OTP telah dikirim ke WhatsApp Anda' },
  });
  const answered = performance.now();
  expect(await program.exit).toEqual({ code: 0, signal: null });
  expect(performance.now() - answered).toBeLessThan(4_000);
});

test('a gateway that never answers holds up nobody: the customer is told, the message is sent at the next start', async () => {
  fonnte.behave('stall');
  const program = start({ SEND_WAIT_MS: '400', SEND_TIMEOUT_MS: '1200' });
  const { answer } = await askForCode(program);
  program.signal('SIGTERM');
  expect(await answer).toMatchObject({
    status: 202,
    body: { success: true, message: 'Kode OTP sedang dikirim ke WhatsApp Anda' },
  });
  expect(await program.exit).toEqual({ code: 0, signal: null });
  expect(fonnte.messagesTo(BUDI)).toEqual([]);

  fonnte.behave('accept');
  const next = start();
  await next.listens();
  await fonnte.waitFor(() => fonnte.lastCodeTo(BUDI), 10_000);
});

test('a second signal means now', async () => {
  fonnte.behave('stall');
  const program = start();
  const { answer } = await askForCode(program);
  const lost = expect(answer).rejects.toThrow();
  program.signal('SIGINT');
  await program.prints(/"msg":"stopping"/);
  program.signal('SIGINT');
  expect(await program.exit).toEqual({ code: 1, signal: null });
  await lost;
});
