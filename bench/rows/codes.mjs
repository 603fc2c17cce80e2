// request-otp and verify-otp for the web form: a code made, taken by the gateway (instant here), typed in, verified.
import { migrate, startDaftar, UNPACED } from '../support/daftar.mjs';
import { cpuMs, start } from '../support/process.mjs';
import { middle } from '../support/stats.mjs';
import { bareProgram } from '../support/turn-servers.mjs';

const CONNECTIONS = 64;

async function loadOnce(bench, program) {
  const before = cpuMs(program);
  const options = { connections: CONNECTIONS, seconds: bench.seconds, firstChat: bench.newChats() };
  const result = await bench.otherSide.ask('codes', { port: program.port, ...options });
  return { ...result, cpuEach: ((cpuMs(program) - before) * 1000) / result.count };
}

export async function codes(bench) {
  const { port } = await bench.otherSide.ask('gateway');
  const ours = await startDaftar(bench.newFile(), port, UNPACED);
  const bareFile = bench.newFile();
  await migrate(bareFile);
  const bare = await start([bareProgram('codes'), bareFile, `http://127.0.0.1:${port}/send`]);
  const rounds = { ours: [], bare: [] };
  for (let round = 0; round <= bench.rounds; round += 1) {
    rounds.bare.push(await loadOnce(bench, bare));
    rounds.ours.push(await loadOnce(bench, ours));
  }
  await Promise.all([ours.stop(), bare.stop()]);
  const of = (field) => ({
    ours: middle(rounds.ours.slice(1), field),
    bare: middle(rounds.bare.slice(1), field),
  });
  const row = `codes requested and verified/s, ${CONNECTIONS} connections`;
  return [
    { row, ...of('per_second'), aim: '' },
    { row: '  CPU µs per pair', ...of('cpuEach') },
  ];
}
