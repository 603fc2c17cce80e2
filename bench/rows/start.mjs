// From the process's start until it listens, on a file whose schema is up to date.
import { migrate, startDaftar } from '../support/daftar.mjs';
import { start as startProgram } from '../support/process.mjs';
import { median } from '../support/stats.mjs';
import { bareProgram } from '../support/turn-servers.mjs';

export async function start(bench) {
  const file = bench.newFile();
  await migrate(file);
  const took = { ours: [], bare: [] };
  for (let round = 0; round <= bench.rounds; round += 1) {
    for (const side of ['bare', 'ours']) {
      const program = await (side === 'ours'
        ? startDaftar(file, 9)
        : startProgram([bareProgram('start'), file]));
      took[side].push(program.startMs);
      await program.stop();
    }
  }
  return [{ row: 'start until it listens, ms', ours: median(took.ours), bare: median(took.bare) }];
}
