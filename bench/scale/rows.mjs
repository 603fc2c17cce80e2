// The same work in a file with a million registrations and in an empty one, in turn.
import Database from 'better-sqlite3';
import { MESSAGES, PACED, startDaftar } from '../support/daftar.mjs';
import { cpuMs } from '../support/process.mjs';
import { drainOutbox, fillOutbox } from '../support/outbox.mjs';
import { median, middle } from '../support/stats.mjs';

const CONNECTIONS = 64;
const PHONES = 5_000;
const AIM = '≤ 1.2';
const SIDES = ['empty', 'big'];

/** `results.big` and `results.empty` of so many rounds, in turn; the first, cold round is not counted. */
async function inTurn(rounds, once) {
  const results = { big: [], empty: [] };
  for (let round = 0; round <= rounds; round += 1) {
    for (const side of SIDES) results[side].push(await once(side));
  }
  return { big: results.big.slice(1), empty: results.empty.slice(1) };
}

const compare = (results, field) => ({
  ours: middle(results.big, field),
  bare: middle(results.empty, field),
});

/** What waits is what a load left behind; the next row starts from none. */
function forgetWaiting(file) {
  const db = new Database(file);
  db.exec(`UPDATE messages SET state = 'expired' WHERE state IN ('queued', 'sending')`);
  db.close();
}

export async function turns(bench) {
  const { port: gatewayPort } = await bench.otherSide.ask('gateway');
  const programs = {};
  for (const side of SIDES) programs[side] = await startDaftar(bench.files[side], gatewayPort, PACED);
  const results = await inTurn(bench.rounds, async (side) => {
    const program = programs[side];
    const before = cpuMs(program);
    const { failed, count, per_second } = await bench.otherSide.ask('closedTurns', {
      port: program.port,
      path: MESSAGES,
      connections: CONNECTIONS,
      seconds: bench.seconds,
      firstChat: bench.newChats(),
    });
    if (failed > 0) throw new Error(`${failed} turns were not answered 200`);
    return { per_second, msEach: 1000 / per_second, cpuEach: ((cpuMs(program) - before) * 1000) / count };
  });
  for (const side of SIDES) {
    await programs[side].stop();
    forgetWaiting(bench.files[side]);
  }
  return [
    { row: 'ms per chat turn, on disk', ...compare(results, 'msEach'), aim: AIM },
    { row: '  CPU µs per turn', ...compare(results, 'cpuEach'), aim: AIM },
  ];
}

export async function drain(bench) {
  const results = await inTurn(Math.min(2, bench.rounds), async (side) => {
    const file = bench.files[side];
    await fillOutbox(bench, file, PHONES);
    const { per_second, cpuEach } = await drainOutbox(bench, file);
    return { msEach: 1000 / per_second, cpuEach };
  });
  return [
    { row: 'ms per message sent, gateway instant', ...compare(results, 'msEach'), aim: AIM },
    { row: '  CPU µs per message', ...compare(results, 'cpuEach'), aim: AIM },
  ];
}

export async function start(bench) {
  const took = { big: [], empty: [] };
  for (let round = 0; round < bench.rounds; round += 1) {
    for (const side of SIDES) {
      const program = await startDaftar(bench.files[side], 9);
      took[side].push(program.startMs);
      await program.stop();
    }
  }
  return [{ row: 'start until it listens, ms', ours: median(took.big), bare: median(took.empty), aim: AIM }];
}
