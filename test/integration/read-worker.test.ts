/** The thread for long reads: what it sees, what it refuses, and that it comes back when it has died. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { createReadWorker } from '../../src/store/read-worker';
import { longestStallDuring, openStore, temporaryFolder, type Store } from '../support/store';

let store: Store;
beforeEach(async () => {
  store = await openStore();
});
afterEach(() => store.close());

const COUNT_FAR =
  'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT MAX(i) AS last FROM n';

test('reads what has been committed, with values bound', async () => {
  await store.unitOfWork.run((tx) => tx.run("UPDATE packages SET price = 7 WHERE name = 'Rumah 20'"));
  const rows = await store.slowReads.all('SELECT name, price FROM packages WHERE price = ?', 7);
  expect(rows).toEqual([{ name: 'Rumah 20', price: 7 }]);
});

test('says what was wrong with a statement, writes nothing, and goes on', async () => {
  await expect(store.slowReads.all('SELECT nonsense')).rejects.toThrow('no such column: nonsense');
  await expect(store.slowReads.all('DELETE FROM packages')).rejects.toThrow();
  expect(await store.slowReads.all('SELECT COUNT(*) AS count FROM packages')).toEqual([{ count: 3 }]);
});

test('works while the process does other things', async () => {
  await store.slowReads.all('SELECT 1');
  let took = 0;
  const stall = await longestStallDuring(async () => {
    const began = performance.now();
    await store.slowReads.all(COUNT_FAR, 2_000_000);
    took = performance.now() - began;
  });
  expect(took).toBeGreaterThan(100);
  expect(stall).toBeLessThan(took / 2);
});

test('rejects what it had in hand when it dies, and starts again with the next read', async () => {
  const folder = temporaryFolder();
  const path = join(folder.path, 'later', 'daftar.db');
  const reader = createReadWorker(path);
  for (let n = 0; n < 2; n++) {
    const lost = [reader.all('SELECT 1'), reader.all('SELECT 2')];
    for (const one of lost) await expect(one).rejects.toMatchObject({ name: 'StoreUnavailableError' });
  }
  mkdirSync(dirname(path));
  new BetterSqlite3(path).exec('CREATE TABLE t (x)').close();
  expect(await reader.all('SELECT COUNT(*) AS count FROM t')).toEqual([{ count: 0 }]);
  await reader.close();
  folder.erase();
});

test('refuses to read once it is closed, and drops what is still in hand', async () => {
  await store.slowReads.all('SELECT 1');
  const reader = createReadWorker(store.path);
  await reader.all('SELECT 1');
  const long = reader.all(COUNT_FAR, 500_000);
  const [closed] = await Promise.all([reader.close(), long.catch(() => undefined)]);
  expect(closed).toBeUndefined();
  await expect(reader.all('SELECT 1')).rejects.toMatchObject({ name: 'StoreUnavailableError' });
});
