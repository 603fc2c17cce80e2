/** The built program is told to stop: what is in hand is finished, what is not is kept. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { type Program } from '../support/process';
import { asksForCode, setStage } from '../support/stage';

const BUDI = '6281200000001';
const stage = setStage();

/** Asks for a code, and resolves with the pending answer once the gateway has been called. */
async function askForCode(program: Program) {
  const url = await program.listens();
  const answer = asksForCode(url, BUDI);
  await stage.fonnte.waitFor(() => stage.fonnte.count() > 0);
  return { url, answer };
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s with nothing to do: it leaves at once, with 0',
  async (signal) => {
    const program = stage.start();
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
  stage.fonnte.behave({ delayMs: 700 });
  const program = stage.start();
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
  stage.fonnte.behave('stall');
  const program = stage.start({ SEND_WAIT_MS: '400', SEND_TIMEOUT_MS: '1200' });
  const { answer } = await askForCode(program);
  program.signal('SIGTERM');
  expect(await answer).toMatchObject({
    status: 202,
    body: { success: true, message: 'Kode OTP sedang dikirim ke WhatsApp Anda' },
  });
  expect(await program.exit).toEqual({ code: 0, signal: null });
  expect(stage.fonnte.messagesTo(BUDI)).toEqual([]);

  stage.fonnte.behave('accept');
  const next = stage.start();
  await next.listens();
  await stage.fonnte.waitFor(() => stage.fonnte.lastCodeTo(BUDI), 10_000);
});

test('a second signal means now', async () => {
  stage.fonnte.behave('stall');
  const program = stage.start();
  const { answer } = await askForCode(program);
  const lost = expect(answer).rejects.toThrow();
  program.signal('SIGINT');
  await program.prints(/"msg":"stopping"/);
  program.signal('SIGINT');
  expect(await program.exit).toEqual({ code: 1, signal: null });
  await lost;
});
