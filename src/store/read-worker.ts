/**
 * Reads that may take long (lists, search, statistics, export) run in a thread of their own, on a read-only connection:
 * better-sqlite3 is synchronous, and in the main thread each would hold up the chat. The thread starts with the first
 * read, and again with the next one should it die; what it had in hand is rejected.
 */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { asStoreError, StoreUnavailableError } from './errors';
import { type SqlValue } from './statements';

export interface SlowReader {
  /**
   * Texts of statements must be constants: each stays prepared. They may use `contains(text, part)`, which regards
   * capitals in no script. Blobs come as Uint8Array.
   */
  all<Row>(sql: string, ...values: SqlValue[]): Promise<Row[]>;
}

export interface ReadWorker extends SlowReader {
  close(): Promise<void>;
}

interface Waiting {
  resolve: (rows: unknown[]) => void;
  reject: (reason: unknown) => void;
}

type Answer = { id: number; rows: unknown[] } | { id: number; error: { name: string; message: string } };

const THREAD = join(__dirname, 'read-worker-thread.mjs');

export function createReadWorker(path: string): ReadWorker {
  let running: { thread: Worker; waiting: Map<number, Waiting> } | null = null;
  let closed = false;
  let lastId = 0;

  function start() {
    const thread = new Worker(THREAD, { workerData: { path } });
    const waiting = new Map<number, Waiting>();
    const own = { thread, waiting };
    const lose = (reason: string) => {
      if (running === own) running = null;
      for (const { reject } of waiting.values()) reject(new StoreUnavailableError(reason));
      waiting.clear();
    };
    thread.on('message', (answer: Answer) => {
      const asked = waiting.get(answer.id);
      waiting.delete(answer.id);
      if (waiting.size === 0) thread.unref();
      if ('rows' in answer) asked?.resolve(answer.rows);
      else asked?.reject(asStoreError(Object.assign(new Error(), answer.error)));
    });
    thread.on('error', () => lose('the reading thread failed'));
    thread.on('exit', () => lose('the reading thread ended'));
    return own;
  }

  return {
    all<Row>(sql: string, ...values: SqlValue[]): Promise<Row[]> {
      if (closed) return Promise.reject(new StoreUnavailableError('closed'));
      const { thread, waiting } = (running ??= start());
      const id = ++lastId;
      return new Promise<unknown[]>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        // It keeps the process alive while somebody waits, and no longer.
        thread.ref();
        thread.postMessage({ id, sql, values });
      }) as Promise<Row[]>;
    },
    async close() {
      closed = true;
      await running?.thread.terminate();
    },
  };
}
