/** The disk is full, the file is held by another process, the transaction is gone: what callers are told. */
import BetterSqlite3 from 'better-sqlite3';
import { StoreUnavailableError } from '../../src/store/errors';
import { createReader } from '../../src/store/statements';
import { createUnitOfWork, type Tx } from '../../src/store/unit-of-work';
import { throttleHits } from '../../src/store/tables/throttle-hits';
import { longestStallDuring, openStore, type Store } from '../support/store';

let store: Store;
beforeEach(async () => {
  store = await openStore();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await store.close();
});

/** A batch also ends when it has taken long; here it takes no time, however slow the machine. */
const stopTime = () => jest.spyOn(performance, 'now').mockReturnValue(0);

const note = (key: string) => (tx: Tx) => tx.insert(throttleHits, { scope: 'note', key, at: 1 });
const notes = () =>
  store.reads.all<{ key: string }>('SELECT key FROM throttle_hits ORDER BY id').map(({ key }) => key);
const reasons = (results: PromiseSettledResult<unknown>[]) =>
  results.map((result) => (result.status === 'fulfilled' ? 'done' : (result.reason as unknown)));
const isOutage = expect.any(StoreUnavailableError) as unknown;

describe('a full disk', () => {
  const tooMuch = 'x'.repeat(200_000);
  /** No page more than the file has now. */
  const fillDisk = () =>
    store.unitOfWork.run((tx) => {
      const { page_count } = tx.get<{ page_count: number }>('PRAGMA page_count')!;
      tx.get(`PRAGMA max_page_count = ${page_count + 3}`);
    });
  const makeRoom = () => store.unitOfWork.run((tx) => tx.get('PRAGMA max_page_count = 1000000'));

  test('rejects the whole batch: nothing of it stands; with room again all goes on', async () => {
    await store.unitOfWork.run(note('long ago'));
    await fillDisk();
    const effects: string[] = [];

    stopTime();
    const results = await Promise.allSettled([
      store.unitOfWork.run((tx) => {
        tx.afterCommit(() => effects.push('effect'));
        note('innocent')(tx);
      }),
      store.unitOfWork.run(note(tooMuch)),
    ]);

    expect(reasons(results)).toEqual([isOutage, isOutage]);
    expect(reasons(results)).toMatchObject([{ reason: 'SQLITE_FULL' }, { reason: 'SQLITE_FULL' }]);
    expect(notes()).toEqual(['long ago']);
    expect(effects).toEqual([]);

    await makeRoom();
    await Promise.all([store.unitOfWork.run(note('innocent')), store.unitOfWork.run(note(tooMuch))]);
    expect(notes()).toEqual(['long ago', 'innocent', tooMuch]);
  });

  test('work that swallows the error is rejected all the same, and writes nothing outside its transaction', async () => {
    await fillDisk();
    stopTime();
    const results = await Promise.allSettled([
      store.unitOfWork.run(note('innocent')),
      store.unitOfWork.run((tx) => {
        try {
          note(tooMuch)(tx);
        } catch {
          // As a catch around a chat's turn would do.
        }
        return 'all is well';
      }),
      store.unitOfWork.run(note('later')),
    ]);
    expect(reasons(results).slice(0, 2)).toEqual([isOutage, isOutage]);
    expect(notes()).toEqual(['later']);

    const goesOn = store.unitOfWork.run((tx) => {
      try {
        note(tooMuch)(tx);
      } catch {
        note('would commit by itself')(tx);
      }
    });
    await expect(goesOn).rejects.toEqual(isOutage);
    expect(notes()).toEqual(['later']);
  });
});

describe('a transaction that is lost', () => {
  test('at COMMIT: every piece is told that nothing was kept, and the next one works', async () => {
    const connection = new BetterSqlite3(':memory:');
    connection.pragma('foreign_keys = ON');
    connection.exec(`CREATE TABLE parents (id INTEGER PRIMARY KEY);
      CREATE TABLE children (parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);`);
    const unitOfWork = createUnitOfWork(connection);
    const parent = (tx: Tx) => void tx.run('INSERT INTO parents VALUES (NULL)');

    stopTime();
    const results = await Promise.allSettled([
      unitOfWork.run(parent),
      unitOfWork.run((tx) => void tx.run('INSERT INTO children VALUES (4711)')),
    ]);
    expect(reasons(results)).toEqual([isOutage, isOutage]);

    await unitOfWork.run(parent);
    expect(connection.prepare('SELECT COUNT(*) FROM parents').pluck().get()).toBe(1);
    connection.close();
  });
});

describe('a file that another process holds', () => {
  test('is waited for, and the process goes on meanwhile', async () => {
    const other = store.outsider();
    other.exec('BEGIN IMMEDIATE');
    const done = store.unitOfWork.run(note('patient'));

    let turns = 0;
    const stall = await longestStallDuring(async () => {
      while (turns < 50) await new Promise((resolve) => setTimeout(resolve, 1, (turns += 1)));
    });
    expect(notes()).toEqual([]);
    other.exec('COMMIT');

    await done;
    expect(notes()).toEqual(['patient']);
    // One try waits 10 ms; a synchronous wait would last until the lock goes, which here is never.
    expect(stall).toBeLessThan(1_000);
  });

  test('is given up after a while: unavailable, nothing kept; freed again, all goes on', async () => {
    const connection = new BetterSqlite3(store.path, { timeout: 10 });
    const unitOfWork = createUnitOfWork(connection, { busyLimitMs: 150 });
    const other = store.outsider();
    other.exec('BEGIN IMMEDIATE');

    const began = performance.now();
    const results = await Promise.allSettled([
      unitOfWork.run(note('impatient')),
      unitOfWork.run(note('impatient too')),
    ]);
    const waited = performance.now() - began;
    other.exec('COMMIT');

    expect(reasons(results)).toMatchObject([{ reason: 'SQLITE_BUSY' }, { reason: 'SQLITE_BUSY' }]);
    expect(reasons(results)).toEqual([isOutage, isOutage]);
    expect(waited).toBeGreaterThanOrEqual(150);
    expect(waited).toBeLessThan(3_000);

    await unitOfWork.run(note('later'));
    expect(notes()).toEqual(['later']);
    connection.close();
  });

  test('does not keep close() from finishing what waits', async () => {
    const other = store.outsider();
    other.exec('BEGIN IMMEDIATE');
    const done = store.unitOfWork.run(note('last'));
    const closed = store.unitOfWork.close().then(() => notes());
    await new Promise((resolve) => setImmediate(resolve));
    other.exec('COMMIT');
    await done;
    expect(await closed).toEqual(['last']);
  });

  test('two processes that write at the same time both get through, with nothing lost', async () => {
    const connection = new BetterSqlite3(store.path, { timeout: 10 });
    const other = createUnitOfWork(connection);
    const both = [store.unitOfWork, other].flatMap((unitOfWork, who) =>
      Array.from({ length: 300 }, (_, n) => unitOfWork.run(note(`${who}/${n}`))),
    );
    await Promise.all(both);
    expect(new Set(notes()).size).toBe(600);
    connection.close();
  });
});

test('a read that the database cannot serve is an outage as well, not a bug', () => {
  const path = `${store.path}.other`;
  const holder = new BetterSqlite3(path);
  holder.exec('CREATE TABLE notes (text TEXT); BEGIN EXCLUSIVE');
  const reader = new BetterSqlite3(path, { timeout: 0 });
  expect(() => createReader(reader).all('SELECT * FROM notes')).toThrow(StoreUnavailableError);
  reader.close();
  holder.close();
});
