// A full outbox, made by the service itself: one answer each to many phones, queued while the pace is one a minute.
import Database from 'better-sqlite3';
import { MESSAGES, PACED, startDaftar, UNPACED } from './daftar.mjs';
import { cpuMs } from './process.mjs';

/** Leaves `file` with one queued message to each of so many phones (but for the few that the pace lets go). */
export async function fillOutbox(bench, file, phones) {
  const { port } = await bench.otherSide.ask('gateway');
  const program = await startDaftar(file, port, PACED);
  const greetings = { messages: phones, words: 1, firstChat: bench.newChats() };
  const options = { port: program.port, path: MESSAGES, connections: 64 };
  await bench.otherSide.ask('closedTurns', { ...options, ...greetings });
  await program.stop();
}

/** Starts the service on a full outbox and times it from its first call to the gateway until nothing waits. */
export async function drainOutbox(bench, file, delayMs = 0) {
  const db = new Database(file, { readonly: true });
  const waiting = db.prepare(
    `SELECT COUNT(*) AS count, MIN(id) AS first FROM messages WHERE state IN ('queued', 'sending')`,
  );
  const any = db.prepare(`SELECT 1 FROM messages WHERE state IN ('queued', 'sending') LIMIT 1`);
  const { count, first } = waiting.get();
  const { port } = await bench.otherSide.ask('gateway', { delayMs, hold: true });
  const program = await startDaftar(file, port, UNPACED);
  const cpu = cpuMs(program);
  await bench.otherSide.ask('release');
  const began = performance.now();
  while (any.get()) await new Promise((resolve) => setTimeout(resolve, 10));
  const seconds = (performance.now() - began) / 1000;
  const cpuEach = ((cpuMs(program) - cpu) * 1000) / count;
  await program.stop();
  const accepted = db
    .prepare(`SELECT COUNT(*) AS n FROM messages WHERE id >= ? AND state = 'accepted'`)
    .get(first).n;
  db.close();
  if (accepted < count) throw new Error(`only ${accepted} of ${count} messages were accepted`);
  return { count, per_second: count / seconds, cpuEach };
}
