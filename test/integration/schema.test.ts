/** The migrated file against what the code believes about it, and what the database itself guards. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource, EntitySchema } from 'typeorm';
import { migrations } from '../../migrations';
import { DAY } from '../../src/platform/clock';
import { migrateDatabase, openDatabase } from '../../src/store/database';
import { admins } from '../../src/store/tables/admins';
import { text } from '../../src/store/tables/columns';
import { events } from '../../src/store/tables/events';
import { tables } from '../../src/store/tables';
import { openStore, temporaryFolder, type Store } from '../support/store';

let store: Store;
beforeEach(async () => {
  store = await openStore();
});
afterEach(() => store.close());

/** What TypeORM would change to bring the file in line with the entities. */
async function differences(entities: EntitySchema[]): Promise<string[]> {
  const source = new DataSource({ type: 'better-sqlite3', database: store.path, entities });
  await source.initialize();
  const log = await source.driver.createSchemaBuilder().log();
  await source.destroy();
  // Indexes are written by hand in the migrations, since TypeORM knows no partial ones; the entities name none,
  // so it would drop them all. Tables and columns, their types, nullability and defaults, must match exactly.
  return log.upQueries.map(({ query }) => query).filter((query) => !/^DROP INDEX /.test(query));
}

describe('the schema', () => {
  test('has exactly the tables and columns that the code believes in', async () => {
    expect(await differences(tables)).toEqual([]);
  });

  test('would be found wanting if the code believed in one column more', async () => {
    const { options } = admins;
    const wider = new EntitySchema<object>({ ...options, columns: { ...options.columns, nickname: text() } });
    const others = tables.filter((table) => table !== admins);
    expect((await differences([wider, ...others])).join('\n')).toContain('nickname');
  });

  test('has no table that the code does not know', () => {
    const names = (type: string) =>
      store.reads
        .all<{ name: string }>(
          `SELECT name FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite_%' ORDER BY name`,
          type,
        )
        .map(({ name }) => name);
    // The search index, and the tables in which FTS5 keeps it.
    const search = ['', '_config', '_data', '_docsize', '_idx'].map((part) => `registration_search${part}`);
    const known = [...tables.map((table) => table.options.tableName!), 'migrations', ...search];
    expect(names('table')).toEqual(known.sort());
  });

  test('migrating twice is a no-op', async () => {
    const folder = temporaryFolder();
    const path = join(folder.path, 'new', 'daftar.db');
    expect(await migrateDatabase(path)).toEqual(migrations.map(({ name }) => name));
    expect(await migrateDatabase(path)).toEqual([]);

    const database = await openDatabase(path);
    expect(database.reads.all('SELECT name FROM packages')).toHaveLength(3);
    expect(database.reads.all('SELECT name FROM migrations')).toHaveLength(migrations.length);
    await database.close();
    folder.erase();
  });

  test('migrations can be taken back', async () => {
    const folder = temporaryFolder();
    const source = new DataSource({
      type: 'better-sqlite3',
      database: join(folder.path, 'daftar.db'),
      migrations,
    });
    await source.initialize();
    await source.runMigrations({ transaction: 'each' });
    for (const _ of migrations) await source.undoLastMigration({ transaction: 'each' });
    const left: { name: string }[] = await source.query(
      `SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'`,
    );
    await source.destroy();
    folder.erase();
    expect(left).toEqual([{ name: 'migrations' }]);
  });
});

describe('the file', () => {
  test('keeps the promises made at start: every commit synced, deleted content overwritten', async () => {
    const pragma = (name: string) =>
      store.unitOfWork.run((tx) => Object.values(tx.get<object>(`PRAGMA ${name}`)!)[0] as unknown);
    expect(await pragma('journal_mode')).toBe('wal');
    expect(await pragma('synchronous')).toBe(2);
    expect(await pragma('foreign_keys')).toBe(1);
    expect(await pragma('secure_delete')).toBe(1);
    expect(await pragma('busy_timeout')).toBeLessThanOrEqual(20);
  });

  test('and what SQLite keeps beside it are for the own user alone', async () => {
    await store.unitOfWork.run((tx) => tx.run('UPDATE packages SET price = 1'));
    for (const file of ['', '-wal', '-shm']) {
      expect((statSync(store.path + file).mode & 0o777).toString(8)).toBe('600');
    }
  });
});

describe('the log of events', () => {
  const entry = (id: number, daysAgo: number) =>
    store.unitOfWork.run((tx) =>
      tx.insert(events, { id, type: 'otp_requested', at: Date.now() - daysAgo * DAY, actor: 'customer' }),
    );
  const run = (sql: string) => store.unitOfWork.run((tx) => tx.run(sql).changes);
  const types = () => store.reads.all('SELECT id, type FROM events');

  test('refuses every change, even of old entries', async () => {
    await entry(1, 0);
    await entry(2, 1000);
    for (const id of [1, 2]) {
      await expect(run(`UPDATE events SET type = 'forged' WHERE id = ${id}`)).rejects.toMatchObject({
        message: expect.stringContaining('append-only') as string,
      });
    }
    expect(types()).toEqual([
      { id: 1, type: 'otp_requested' },
      { id: 2, type: 'otp_requested' },
    ]);
  });

  test('refuses to lose an entry before 400 days, and lets it go then', async () => {
    await entry(1, 399.99);
    await entry(2, 400.01);
    await expect(run('DELETE FROM events WHERE id = 1')).rejects.toMatchObject({
      message: expect.stringContaining('kept for 400 days') as string,
    });
    await expect(run('DELETE FROM events')).rejects.toMatchObject({
      message: expect.stringContaining('kept for 400 days') as string,
    });
    expect(types()).toHaveLength(2);
    expect(await run('DELETE FROM events WHERE id = 2')).toBe(1);
  });

  test('refuses to have an entry replaced by another', async () => {
    await entry(1, 0);
    const forged = `VALUES (1, 'forged', 0, 'customer')`;
    await expect(run(`REPLACE INTO events (id, type, at, actor) ${forged}`)).rejects.toMatchObject({
      message: expect.stringContaining('append-only') as string,
    });
    await expect(
      run(`INSERT INTO events (id, type, at, actor) ${forged} ON CONFLICT DO UPDATE SET type = 'forged'`),
    ).rejects.toMatchObject({ message: expect.stringContaining('append-only') as string });
    expect(types()).toEqual([{ id: 1, type: 'otp_requested' }]);
  });

  test('refuses it from a connection too that does not ask triggers for what REPLACE deletes', async () => {
    await entry(1, 0);
    const outsider = store.outsider();
    expect(outsider.pragma('recursive_triggers', { simple: true })).toBe(0);
    for (const verb of ['REPLACE', 'INSERT OR REPLACE', 'INSERT OR IGNORE']) {
      const forge = () =>
        outsider.exec(`${verb} INTO events (id, type, at, actor) VALUES (1, 'forged', 0, 'customer')`);
      expect(forge).toThrow('append-only');
    }
    outsider.exec(`INSERT INTO events (type, at, actor) VALUES ('otp_wrong', 0, 'customer')`);
    expect(types()).toEqual([
      { id: 1, type: 'otp_requested' },
      { id: 2, type: 'otp_wrong' },
    ]);
  });
});
