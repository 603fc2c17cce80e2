/**
 * The only way to write. Work that waits at the same moment shares one transaction and so one fsync (group
 * commit); each piece stands in its own savepoint, so that one failing does not hurt the others. A promise
 * resolves only after COMMIT; when the transaction itself is lost, every piece of it is rejected.
 *
 * Work is synchronous: better-sqlite3 is, and what awaits nothing cannot interleave with another's transaction.
 */
import type BetterSqlite3 from 'better-sqlite3';
import { type EntitySchema } from 'typeorm';
import { asOutage, asStoreError, isBusy, StoreUnavailableError } from './errors';
import { createStatements, type Reader, type SqlValue } from './statements';

export interface Tx extends Reader {
  /** Runs one statement; `changes` is the number of rows it touched. */
  run(sql: string, ...values: SqlValue[]): { changes: number; id: number };
  /** Inserts a row and returns its id. Columns left out take the table's defaults. */
  insert<Row extends object>(table: EntitySchema<Row>, row: Partial<Row>): number;
  /**
   * Called after COMMIT, before the promise of the work resolves; once, however many pieces of work of the same
   * commit ask for this very function.
   */
  afterCommit(effect: () => void): void;
}

export interface UnitOfWork {
  run<T>(work: (tx: Tx) => T): Promise<T>;
  /** Resolves when nothing waits any more; refuses what comes later. */
  close(): Promise<void>;
}

interface Waiting {
  work: (tx: Tx) => unknown;
  since: number;
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
}

const BATCH_SIZE = 128;
const BATCH_MS = 10;
const BUSY_RETRY_MS = 5;
/** How long work may wait for another process to let go of the file. */
const BUSY_LIMIT_MS = 10_000;

export interface UnitOfWorkOptions {
  busyLimitMs?: number;
  /** Asked before each transaction; throws StoreUnavailableError when what is written now would not be found again. */
  assertUsable?: () => void;
  /** Told of an effect that threw: a bug, though its work was kept. Left out: it ends the process like any bug. */
  onBrokenEffect?: (error: unknown) => void;
}

export function createUnitOfWork(
  connection: BetterSqlite3.Database,
  {
    busyLimitMs = BUSY_LIMIT_MS,
    assertUsable = () => undefined,
    onBrokenEffect = throwLater,
  }: UnitOfWorkOptions = {},
): UnitOfWork {
  const queue: Waiting[] = [];
  let asked: (() => void)[] = [];
  const tx: Tx = { ...createStatements(connection), afterCommit: (effect) => void asked.push(effect) };
  const sql = {
    begin: connection.prepare('BEGIN IMMEDIATE'),
    commit: connection.prepare('COMMIT'),
    rollback: connection.prepare('ROLLBACK'),
    savepoint: connection.prepare('SAVEPOINT work'),
    release: connection.prepare('RELEASE work'),
    undo: connection.prepare('ROLLBACK TO work'),
  };
  let scheduled = false;
  let closed = false;
  let idle: Promise<void> | null = null;
  let onIdle: (() => void) | null = null;

  function schedule(delayMs = 0): void {
    if (scheduled) return;
    scheduled = true;
    const start = () => {
      scheduled = false;
      drain();
    };
    if (delayMs > 0) setTimeout(start, delayMs);
    else setImmediate(start);
  }

  function drain(): void {
    if (queue.length > 0 && begin()) commit(...workThrough());
    if (queue.length > 0) schedule();
    else onIdle?.();
  }

  /** Takes the file's write lock, or comes back later: waiting here would freeze the whole process. */
  function begin(): boolean {
    try {
      assertUsable();
      sql.begin.run();
      return true;
    } catch (error) {
      const now = performance.now();
      const stuck = isBusy(error) ? queue.filter((one) => now - one.since > busyLimitMs) : [...queue];
      for (const one of stuck) {
        queue.splice(queue.indexOf(one), 1);
        one.reject(asStoreError(error));
      }
      if (queue.length > 0) schedule(BUSY_RETRY_MS * (1 + Math.random()));
      return false;
    }
  }

  /** Runs waiting work until the batch is full or takes too long; leaves the transaction open. */
  function workThrough(): [settle: (() => void)[], effects: Set<() => void>, batch: Waiting[]] {
    const settle: (() => void)[] = [];
    const effects = new Set<() => void>();
    const batch: Waiting[] = [];
    const started = performance.now();
    while (queue.length > 0 && batch.length < BATCH_SIZE && performance.now() - started < BATCH_MS) {
      const one = queue.shift()!;
      batch.push(one);
      asked = [];
      try {
        sql.savepoint.run();
        const value = one.work(tx);
        if (value instanceof Promise) {
          value.catch(() => undefined);
          throw new Error('Work must not be asynchronous');
        }
        if (!connection.inTransaction) throw new StoreUnavailableError('transaction lost');
        sql.release.run();
        for (const effect of asked) effects.add(effect);
        settle.push(() => one.resolve(value));
      } catch (error) {
        if (!undone()) {
          for (const lost of batch) lost.reject(asOutage(error));
          return [[], new Set(), []];
        }
        settle.push(() => one.reject(asStoreError(error)));
      }
    }
    return [settle, effects, batch];
  }

  /**
   * Takes back one piece of work. SQLITE_FULL and its like have by then ended the whole transaction, savepoints
   * included (and COMMIT of what came before would be half a batch): false, nothing of it stands.
   */
  function undone(): boolean {
    if (!connection.inTransaction) return false;
    try {
      sql.undo.run();
      sql.release.run();
      return true;
    } catch {
      if (connection.inTransaction) sql.rollback.run();
      return false;
    }
  }

  function commit(settle: (() => void)[], effects: Set<() => void>, batch: Waiting[]): void {
    if (!connection.inTransaction) return;
    try {
      sql.commit.run();
    } catch (error) {
      if (connection.inTransaction) sql.rollback.run();
      for (const lost of batch) lost.reject(asOutage(error));
      return;
    }
    for (const effect of effects) {
      try {
        effect();
      } catch (error) {
        onBrokenEffect(error);
      }
    }
    for (const done of settle) done();
  }

  return {
    run(work) {
      if (closed) return Promise.reject(new StoreUnavailableError('closed'));
      return new Promise((resolve, reject) => {
        queue.push({ work, since: performance.now(), resolve: resolve as (value: unknown) => void, reject });
        schedule();
      });
    },
    async close() {
      closed = true;
      if (queue.length > 0) await (idle ??= new Promise((resolve) => (onIdle = resolve)));
    },
  };
}

function throwLater(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
