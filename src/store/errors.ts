/** Tells an outage of the database (try again later) from a bug in our own statement (it will fail again). */
import { SqliteError } from 'better-sqlite3';

/** The database cannot be used now; nothing of the work was kept. HTTP answers 503. */
export class StoreUnavailableError extends Error {
  constructor(readonly reason: string) {
    super(`Database unavailable: ${reason}`);
    this.name = 'StoreUnavailableError';
  }
}

const OUTAGES = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CORRUPT|NOTADB|CANTOPEN|NOMEM|PERM|AUTH|PROTOCOL)/;

export function isBusy(error: unknown): boolean {
  return error instanceof SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/** The error as callers should see it: outages by their code alone, everything else untouched. */
export function asStoreError(error: unknown): unknown {
  return error instanceof SqliteError && OUTAGES.test(error.code)
    ? new StoreUnavailableError(error.code)
    : error;
}
