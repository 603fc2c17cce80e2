/** Tells an outage of the database (try again later) from a bug in our own statement (it will fail again). */
/** The database cannot be used now; nothing of the work was kept. HTTP answers 503. */
export class StoreUnavailableError extends Error {
  constructor(readonly reason: string) {
    super(`Database unavailable: ${reason}`);
    this.name = 'StoreUnavailableError';
  }
}

const OUTAGES = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CORRUPT|NOTADB|CANTOPEN|NOMEM|PERM|AUTH|PROTOCOL)/;

/** SQLite's code of an error, or an empty text. Not by class: the driver's addon keeps the first one it was given. */
function codeOf(error: unknown): string {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
  return name === 'SqliteError' && typeof code === 'string' ? code : '';
}

export const isBusy = (error: unknown): boolean => codeOf(error).startsWith('SQLITE_BUSY');

/** The error as callers should see it: outages by their code alone, everything else untouched. */
export function asStoreError(error: unknown): unknown {
  const code = codeOf(error);
  return OUTAGES.test(code) ? new StoreUnavailableError(code) : error;
}

/** What work is told whose transaction was lost, whoever lost it: nothing of it was kept, trying again can help. */
export function asOutage(error: unknown): StoreUnavailableError {
  const known = asStoreError(error);
  return known instanceof StoreUnavailableError ? known : new StoreUnavailableError('transaction lost');
}
