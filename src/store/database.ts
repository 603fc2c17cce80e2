/**
 * Opens the SQLite file: migrated, in WAL mode, every commit synced to disk (`synchronous=FULL`), deleted content
 * overwritten (`secure_delete`). One connection writes, through the unit of work alone; a second, read-only
 * connection reads, so that a read can neither see uncommitted work nor write by mistake.
 */
import type BetterSqlite3 from 'better-sqlite3';
import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataSource } from 'typeorm';
import { migrations } from '../../migrations';
import { StoreUnavailableError } from './errors';
import { withMigrationLock } from './migration-lock';
import { createReadWorker, type SlowReader } from './read-worker';
import { createReader, type Reader } from './statements';
import { tables } from './tables';
import { createUnitOfWork, type UnitOfWork, type UnitOfWorkOptions } from './unit-of-work';

export interface Database {
  readonly reads: Reader;
  /** In a thread of its own: for what may take more than a few milliseconds. */
  readonly slowReads: SlowReader;
  readonly unitOfWork: UnitOfWork;
  /** Resolves once something was really written and synced: on a full disk reading goes on, and so does BEGIN. */
  readonly checkWritable: () => Promise<void>;
  close(): Promise<void>;
}

/** A synchronous wait for the file's lock freezes the process: a writer does not wait, its retries are asynchronous. */
const BUSY_TIMEOUT_MS = 0;
const READER_BUSY_TIMEOUT_MS = 10;
const MIGRATION_BUSY_TIMEOUT_MS = 30_000;

const PRAGMAS = {
  journal_mode: 'wal',
  synchronous: 2,
  foreign_keys: 1,
  secure_delete: 1,
  recursive_triggers: 1,
  temp_store: 2,
} as const;

export async function openDatabase(path: string, options: UnitOfWorkOptions = {}): Promise<Database> {
  const { writer, reader } = await explained(path, async () => {
    createPrivateFile(path);
    const writer = await withMigrationLock(path, () => connectAndMigrate(path));
    return { writer, reader: await connect(path, { readonly: true }) };
  });
  const unitOfWork = createUnitOfWork(writer.connection, { ...options, assertUsable: sameFile(path) });
  const slowReads = createReadWorker(path);
  return {
    reads: createReader(reader.connection),
    slowReads,
    unitOfWork,
    // Nobody reads this number; setting it writes the file's first page, whatever it was before.
    checkWritable: () => unitOfWork.run((tx) => void tx.run('PRAGMA user_version = 0')),
    async close() {
      await unitOfWork.close();
      await slowReads.close();
      await reader.source.destroy();
      await writer.source.destroy();
    },
  };
}

/** Brings the file to the newest schema and closes it again; returns the names of the migrations run. */
export async function migrateDatabase(path: string): Promise<string[]> {
  return explained(path, () => {
    createPrivateFile(path);
    return withMigrationLock(path, async () => {
      const { source, ran } = await connectAndMigrate(path);
      await source.destroy();
      return ran;
    });
  });
}

/** Whatever keeps the file from being opened is said with its name. */
async function explained<T>(path: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the database ${path} cannot be used: ${reason}`, { cause: error });
  }
}

async function connectAndMigrate(path: string) {
  const { source, connection } = await connect(path, {});
  connection.pragma(`busy_timeout = ${MIGRATION_BUSY_TIMEOUT_MS}`);
  connection.pragma('journal_mode = WAL');
  const ran = (await source.runMigrations({ transaction: 'each' })).map((migration) => migration.name);
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  connection.pragma('secure_delete = ON');
  // Else REPLACE INTO would remove entries of the log without asking its trigger.
  connection.pragma('recursive_triggers = ON');
  // What a savepoint would put back is kept in memory: a temporary file for it doubled the cost of every turn.
  connection.pragma('temp_store = MEMORY');
  // Fewer, larger checkpoints: in a large file a turn's pages lie far apart, and most are written again soon.
  connection.pragma('wal_autocheckpoint = 4000');
  connection.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  for (const [name, expected] of Object.entries(PRAGMAS)) {
    const actual = connection.pragma(name, { simple: true });
    if (actual !== expected) throw new Error(`SQLite did not take ${name}: ${String(actual)}`);
  }
  return { source, connection, ran };
}

async function connect(path: string, options: { readonly?: boolean }) {
  let connection!: BetterSqlite3.Database;
  const source = new DataSource({
    type: 'better-sqlite3',
    database: path,
    entities: tables,
    migrations,
    timeout: options.readonly ? READER_BUSY_TIMEOUT_MS : BUSY_TIMEOUT_MS,
    readonly: options.readonly,
    prepareDatabase: (opened: BetterSqlite3.Database) => {
      connection = opened;
    },
  });
  await source.initialize();
  return { source, connection };
}

/** Customers' data: readable by the service's own user only. */
function createPrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  closeSync(openSync(path, 'a', 0o600));
}

/** A file removed or replaced under us still takes our commits, and nobody will ever find them again. */
function sameFile(path: string): () => void {
  const opened = statSync(path);
  return () => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.ino !== opened.ino || found.dev !== opened.dev)
      throw new StoreUnavailableError('the file was removed or replaced: put it back, or restart');
  };
}
