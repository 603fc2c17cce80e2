import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MESSAGES, migrate, PACED, startDaftar } from './daftar.mjs';
import { start } from './process.mjs';
import { observeTurns } from './seen.mjs';

const BARE = fileURLToPath(new URL('../bare/', import.meta.url));
export const bareProgram = (name) => join(BARE, `${name}.mjs`);

/** The service, paced so that answers are queued only, and the baseline that writes the same rows. */
export async function startTurnServers(bench) {
  const file = bench.newFile();
  const { port: gatewayPort } = await bench.otherSide.ask('gateway');
  const ours = { program: await startDaftar(file, gatewayPort, PACED), path: MESSAGES };
  const into = `${file}.seen.json`;
  await observeTurns({ port: ours.program.port, path: MESSAGES, file, firstChat: bench.newChats(), into });
  const bareFile = bench.newFile();
  await migrate(bareFile);
  const bare = { program: await start([bareProgram('turns'), bareFile, into]), path: '/' };
  return { bare, ours };
}
