/**
 * One process migrates, the others wait. The lock is SQLite's own lock on a small file beside the database: the
 * operating system lets go of it when its holder dies, so that no stale lock ever needs clearing by hand.
 */
import BetterSqlite3 from 'better-sqlite3';
import { setTimeout as sleep } from 'node:timers/promises';
import { isBusy, StoreUnavailableError } from './errors';

const RETRY_MS = 50;
const GIVE_UP_MS = 120_000;

export async function withMigrationLock<T>(databasePath: string, work: () => Promise<T>): Promise<T> {
  const lock = new BetterSqlite3(`${databasePath}.lock`, { timeout: 0 });
  try {
    await acquire(lock);
    return await work();
  } finally {
    lock.close();
  }
}

async function acquire(lock: BetterSqlite3.Database): Promise<void> {
  const giveUpAt = performance.now() + GIVE_UP_MS;
  for (;;) {
    try {
      lock.exec('BEGIN EXCLUSIVE');
      return;
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() > giveUpAt) throw new StoreUnavailableError('another process keeps migrating');
      await sleep(RETRY_MS);
    }
  }
}
