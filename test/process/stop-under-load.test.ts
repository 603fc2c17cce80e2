/** SIGTERM in the middle of a rush: who has been let in gets an answer, what is being sent is settled, nothing is lost. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { type Program } from '../support/process';
import { audit, drained, expectNothingLost, repeats, startRush } from '../support/rush';
import { figures, seeded, size } from '../support/soak';
import { says, setStage } from '../support/stage';

const STOPS = size(3, 20);
const STOP_LIMIT_MS = 10_000;
const ENV = {
  SEND_PER_MINUTE: '0',
  SEND_TIMEOUT_MS: '2000',
  OTP_MAX_PER_DAY: '0',
  OTP_MAX_PER_IP_PER_HOUR: '0',
};
const stage = setStage();

/** Answered requests as the program counts them: each line is one whole answer. */
const answersOf = (program: Program) => program.stdout().match(/"msg":"request"/g)?.length ?? 0;

test(`${STOPS} times: it leaves with 0 in time, and nothing is cut, left unsettled or sent twice`, () =>
  seeded(async (dice) => {
    stage.fonnte.behave({ delayMs: 80 });
    let program: Program;
    let up = Promise.resolve('');
    const start = () => {
      program = stage.start(ENV);
      up = program.listens();
    };
    start();
    const rush = startRush({ dice, fonnte: stage.fonnte, url: () => up, chatting: 16, onTheWeb: 4 });
    const took: number[] = [];
    let answered = 0;
    for (let stop = 1; stop <= STOPS; stop++) {
      await up;
      await new Promise((resolve) => setTimeout(resolve, 200 + dice.below(800)));
      const began = performance.now();
      program!.signal('SIGTERM');
      expect(await program!.exit).toEqual({ code: 0, signal: null });
      took.push(performance.now() - began);
      expect(program!.stdout()).toContain('"msg":"stopped"');
      expectNothingLost(stage, rush);
      expect(stage.rows(`SELECT id, kind FROM messages WHERE state = 'sending'`)).toEqual([]);
      answered += answersOf(program!);
      start();
    }
    await rush.stop();
    await drained(stage, 20_000);
    audit(stage, rush);
    expect([...repeats(stage)]).toEqual([]);
    expect(Math.max(...took)).toBeLessThan(STOP_LIMIT_MS);
    // What the programs have answered, their clients have read: no answer was cut off on its way.
    expect(rush.answers()).toBe(answered + answersOf(program!));
    figures('SIGTERM in a rush', {
      stops: STOPS,
      messages: rush.ledger.length,
      answers: JSON.stringify(rush.statuses()),
      longest_stop_ms: Math.round(Math.max(...took)),
      typical_stop_ms: Math.round(took.sort((a, b) => a - b)[STOPS >> 1]!),
    });
  }));

test('a client that sends half a request and then nothing holds up nobody, and no send is left unsettled', async () => {
  stage.fonnte.behave({ delayMs: 300 });
  const { program, url } = await stage.startUp({ ...ENV, SEND_WAIT_MS: '200' });
  const hanging = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
  const head = ['POST /webhooks/fonnte/messages HTTP/1.1', 'host: x', 'content-type: application/json'];
  hanging.write(`${head.join('\r\n')}\r\ncontent-length: 500\r\n\r\n{"device":`);
  await once(hanging, 'connect');
  expect((await says(url, '6281200000001', 'DAFTAR', 1)).status).toBe(200);
  await stage.fonnte.waitFor(() => stage.fonnte.count() > 0);

  const began = performance.now();
  program.signal('SIGTERM');
  expect(await program.exit).toEqual({ code: 0, signal: null });
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(program.stdout()).toContain('"msg":"stopped"');
  expect(stage.column('SELECT state FROM messages')).toEqual(['accepted']);
  hanging.destroy();
});
