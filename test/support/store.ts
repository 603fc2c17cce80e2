/** A real database file for a test, and ways to look at it from outside, as another process would. */
import BetterSqlite3 from 'better-sqlite3';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openDatabase, type Database } from '../../src/store/database';

export interface Folder {
  path: string;
  erase(): void;
}

export function temporaryFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'daftar-test-'));
  return { path, erase: () => rmSync(path, { recursive: true, force: true }) };
}

export interface Store extends Database {
  path: string;
  /** A connection of somebody else's: another process, or an operator with the sqlite3 shell. */
  outsider(): BetterSqlite3.Database;
}

/** A migrated database in a folder of its own; close() removes it. */
export async function openStore(): Promise<Store> {
  const folder = temporaryFolder();
  const path = join(folder.path, 'daftar.db');
  const database = await openDatabase(path);
  const outsiders: BetterSqlite3.Database[] = [];
  return {
    ...database,
    path,
    outsider() {
      const connection = new BetterSqlite3(path, { timeout: 0 });
      outsiders.push(connection);
      return connection;
    },
    async close() {
      for (const connection of outsiders) connection.close();
      await database.close();
      folder.erase();
    },
  };
}

const WAL_HEADER = 32;
const FRAME_HEADER = 24;

/** How many transactions the write-ahead log holds: the frames that end one carry the file's size, all others 0. */
export function commitsIn(databasePath: string): number {
  const wal = readFileSync(`${databasePath}-wal`);
  const frame = FRAME_HEADER + wal.readUInt32BE(8);
  const salt = wal.subarray(16, 24);
  let commits = 0;
  for (let at = WAL_HEADER; at + frame <= wal.length; at += frame) {
    if (!wal.subarray(at + 8, at + 16).equals(salt)) break;
    if (wal.readUInt32BE(at + 4) !== 0) commits += 1;
  }
  return commits;
}

/** The longest time, in ms, for which nothing else could run while the work went on. */
export async function longestStallDuring(work: () => Promise<unknown>): Promise<number> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  await work();
  delays.disable();
  return delays.max / 1e6;
}
