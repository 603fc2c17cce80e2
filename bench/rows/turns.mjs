// Chat turns: acknowledged, that is on disk, per second; and their latency at a steady 1,000 a second.
import { cpuMs } from '../support/process.mjs';
import { middle, short } from '../support/stats.mjs';
import { startTurnServers } from '../support/turn-servers.mjs';

const CONNECTIONS = 64;
const STEADY_PER_SECOND = 1_000;

async function loadOnce(bench, { program, path }, task, options) {
  const before = cpuMs(program);
  const result = await bench.otherSide.ask(task, {
    port: program.port,
    path,
    connections: CONNECTIONS,
    firstChat: bench.newChats(),
    seconds: bench.seconds,
    ...options,
  });
  if (result.failed > 0) throw new Error(`${result.failed} turns were not answered 200`);
  return { ...result, cpuEach: ((cpuMs(program) - before) * 1000) / result.count };
}

/** Both sides in turn, so that what else the machine does meets both; the first, cold round is not counted. */
async function interleave(bench, task, options) {
  const { bare, ours } = await startTurnServers(bench);
  const rounds = { bare: [], ours: [] };
  for (let round = 0; round <= bench.rounds; round += 1) {
    rounds.bare.push(await loadOnce(bench, bare, task, options));
    rounds.ours.push(await loadOnce(bench, ours, task, options));
  }
  await Promise.all([bare.program.stop(), ours.program.stop()]);
  return { bare: rounds.bare.slice(1), ours: rounds.ours.slice(1) };
}

export async function turns(bench) {
  const { bare, ours } = await interleave(bench, 'closedTurns');
  const row = `chat turns/s, on disk, ${CONNECTIONS} connections`;
  const speed = { row, ours: middle(ours, 'per_second'), bare: middle(bare, 'per_second'), aim: '≥ 0.6' };
  const cost = { row: '  CPU µs per turn', ours: middle(ours, 'cpuEach'), bare: middle(bare, 'cpuEach') };
  return [speed, cost];
}

export async function latency(bench) {
  const { bare, ours } = await interleave(bench, 'steadyTurns', { rate: STEADY_PER_SECOND });
  const worst = `worst ${short(middle(ours, 'worst'))} and ${short(middle(bare, 'worst'))}`;
  return ['p50', 'p99'].map((share) => ({
    row: `${share} ms at a steady ${STEADY_PER_SECOND} turns/s`,
    ours: middle(ours, share),
    bare: middle(bare, share),
    ...(share === 'p99' && { aim: 'ours ≤ 25 ms', note: worst }),
  }));
}
