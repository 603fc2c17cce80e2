// A file as it is after years: made by the service's own migrations, then filled by SQL with the indexes and triggers
// taken away for as long as that takes. What is in it, per registration: 1 code, 1 proof, 10 log entries, 1 message
// sent with 3 entries of its history and 2 receipts, 1 message received; 7 of 10 came by chat and have a chat row.
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { migrate } from '../support/daftar.mjs';
import { fills } from './fills.mjs';

const PRAGMAS = [
  'journal_mode = OFF',
  'synchronous = OFF',
  'locking_mode = EXCLUSIVE',
  'cache_size = -1000000',
  'temp_store = MEMORY',
];

/** Makes `file` with so many registrations, unless it is there from an earlier run. */
export async function generate(file, registrations) {
  if (existsSync(file)) return;
  const began = performance.now();
  const part = `${file}.part`;
  for (const name of [part, `${part}-wal`, `${part}-shm`]) rmSync(name, { force: true });
  await migrate(part);
  const db = new Database(part);
  for (const pragma of PRAGMAS) db.pragma(pragma);
  const extras = db
    .prepare(
      `SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL`,
    )
    .all();
  for (const { type, name } of extras) db.exec(`DROP ${type} ${name}`);
  for (const [table, sql] of Object.entries(fills)) {
    // Whole numbers: a plain number would be bound as REAL, and divided as one.
    db.prepare(sql).run({ registrations: BigInt(registrations), now: BigInt(Date.now()) });
    tell(began, `${table} filled`);
  }
  for (const { sql } of extras) db.exec(sql);
  db.pragma('locking_mode = NORMAL');
  db.pragma('journal_mode = WAL');
  db.close();
  renameSync(part, file);
  rmSync(`${part}.lock`, { force: true });
  tell(began, `indexes made: ${(statSync(file).size / 1e9).toFixed(1)} GB`);
}

const tell = (began, what) =>
  process.stderr.write(`  ${((performance.now() - began) / 1000).toFixed(0)} s: ${what}\n`);
