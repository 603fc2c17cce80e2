/** `kill -9` again and again, at any moment of a rush: what was answered 200 acts once, and nothing is lost. */
import { type Program } from '../support/process';
import {
  audit,
  drained,
  expectNothingLost,
  historyOf,
  inFlight,
  repeats,
  startRush,
  unclearTries,
} from '../support/rush';
import { figures, seeded, size } from '../support/soak';
import { setStage } from '../support/stage';

const MOST_IN_FLIGHT = 16;
const KILLS = size(4, 200);
const ENV = {
  SEND_PER_MINUTE: '0',
  // A lost send is free again this much and 5 s later. Long enough for a start on a busy machine: a first send that
  // is given up as unanswered would be another reason to repeat it.
  SEND_TIMEOUT_MS: String(size(1_500, 4_000)),
  OTP_MAX_PER_DAY: '0',
  OTP_MAX_PER_IP_PER_HOUR: '0',
};
const stage = setStage();

test(`${KILLS} times: each message acts exactly once; only what was being sent at a kill may go out twice`, () =>
  seeded(async (dice) => {
    // The gateway has the message at once and says so later: a kill in between leaves it unclear.
    stage.fonnte.behave({ delayMs: 40 });
    let program: Program;
    let up = Promise.resolve('');
    const start = () => {
      program = stage.start(ENV);
      up = program.listens();
    };
    start();
    const rush = startRush({ dice, fonnte: stage.fonnte, url: () => up, chatting: 24, onTheWeb: 4 });

    const mayRepeat = new Map<string, number>();
    const claims = new Set<string>();
    let unacknowledged = 0;
    for (let kill = 1; kill <= KILLS; kill++) {
      await up;
      await new Promise((resolve) => setTimeout(resolve, dice.below(800)));
      await program!.kill();
      expectNothingLost(stage, rush);
      unacknowledged += rush.ledger.filter((one) => !one.acknowledged).length;
      const lost = [...inFlight(stage)].filter(([claim]) => !claims.has(claim));
      expect(lost.length).toBeLessThanOrEqual(MOST_IN_FLIGHT);
      for (const [claim, message] of lost) {
        claims.add(claim);
        mayRepeat.set(message, (mayRepeat.get(message) ?? 0) + 1);
      }
      start();
    }
    await rush.stop();
    await drained(stage, size(20_000, 120_000));
    audit(stage, rush);

    const repeated = repeats(stage);
    const late = unclearTries(stage);
    const unexplained = [...repeated]
      .map(([message, times]) => ({
        message,
        times,
        in_flight_at_kills: mayRepeat.get(message) ?? 0,
        late_answers: late.get(message) ?? 0,
      }))
      .filter((one) => one.times > one.in_flight_at_kills + one.late_answers)
      .map((one) => ({ ...one, history: historyOf(stage, one.message.split(' ')[0]!) }));
    expect(unexplained).toEqual([]);
    const twice = [...repeated.values()].reduce((sum, times) => sum + times, 0);
    figures('kill -9 in a rush', {
      kills: KILLS,
      messages: rush.ledger.length,
      answers: JSON.stringify(rush.statuses()),
      unacknowledged_at_kills: unacknowledged,
      in_flight_at_kills: claims.size,
      sent_twice: twice,
      late_answers: [...late.values()].reduce((sum, times) => sum + times, 0),
      lost: 0,
    });
  }));
