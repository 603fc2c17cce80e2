// Bytes the file grows by for one finished registration, everything that led to it included, after a checkpoint.
import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { MESSAGES, migrate, startDaftar, UNPACED } from '../support/daftar.mjs';

const COUNT = 300;

async function bytesEach(bench, task) {
  const { port } = await bench.otherSide.ask('gateway');
  const file = bench.newFile();
  await migrate(file);
  const empty = statSync(file).size;
  const program = await startDaftar(file, port, UNPACED);
  await bench.otherSide.ask(task, {
    port: program.port,
    path: MESSAGES,
    count: COUNT,
    firstChat: bench.newChats(),
  });
  await program.stop();
  const db = new Database(file);
  db.pragma('wal_checkpoint(TRUNCATE)');
  const { n } = db.prepare('SELECT COUNT(*) AS n FROM registrations').get();
  db.close();
  if (n !== COUNT) throw new Error(`${n} of ${COUNT} registrations were made`);
  return (statSync(file).size - empty) / COUNT;
}

export async function disk(bench) {
  return [
    { row: 'bytes on disk per registration in the chat', ours: await bytesEach(bench, 'registerInChat') },
    { row: 'bytes on disk per registration on the web', ours: await bytesEach(bench, 'registerOnWeb') },
  ];
}
