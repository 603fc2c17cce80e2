/** Work that shares a transaction: what one piece does to the others, and when each learns of its fate. */
import BetterSqlite3 from 'better-sqlite3';
import { createUnitOfWork, type Tx } from '../../src/store/unit-of-work';
import { packages } from '../../src/store/tables/packages';
import { throttleHits } from '../../src/store/tables/throttle-hits';
import { commitsIn, openStore, type Store } from '../support/store';

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
const outcomes = (results: PromiseSettledResult<unknown>[]) => results.map(({ status }) => status);

describe('pieces of work that wait at the same moment', () => {
  test('one that throws loses its own writes, and nobody else loses anything', async () => {
    const results = await Promise.allSettled([
      store.unitOfWork.run(note('before')),
      store.unitOfWork.run((tx) => {
        note('half done')(tx);
        throw new Error('a bug');
      }),
      store.unitOfWork.run(note('after')),
    ]);

    expect(outcomes(results)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: new Error('a bug') });
    expect(notes()).toEqual(['before', 'after']);
  });

  test('a statement the database refuses takes back its own piece only', async () => {
    const results = await Promise.allSettled([
      store.unitOfWork.run(note('before')),
      store.unitOfWork.run((tx) => {
        note('half done')(tx);
        tx.run('INSERT INTO admins (username, password_hash, created_at) VALUES (NULL, NULL, NULL)');
      }),
      store.unitOfWork.run(note('after')),
    ]);

    expect(results[1]).toMatchObject({ reason: { code: 'SQLITE_CONSTRAINT_NOTNULL' } });
    expect(notes()).toEqual(['before', 'after']);
  });

  test('all share one commit, and so one write to the disk', async () => {
    await store.unitOfWork.run(note('first'));
    const before = commitsIn(store.path);

    stopTime();
    await Promise.all(Array.from({ length: 40 }, (_, n) => store.unitOfWork.run(note(`shared ${n}`))));

    expect(commitsIn(store.path) - before).toBe(1);
    expect(notes()).toHaveLength(41);
  });

  test('work that comes alone has a commit of its own', async () => {
    await store.unitOfWork.run(note('first'));
    const before = commitsIn(store.path);
    for (const key of ['one', 'two', 'three']) await store.unitOfWork.run(note(key));
    expect(commitsIn(store.path) - before).toBe(3);
  });

  test('they run in the order in which they came, each seeing what was done before it', async () => {
    const seen = await Promise.all(
      Array.from({ length: 300 }, (_, n) =>
        store.unitOfWork.run((tx) => {
          note(String(n))(tx);
          return tx.get<{ count: number }>('SELECT COUNT(*) AS count FROM throttle_hits')!.count;
        }),
      ),
    );
    expect(seen).toEqual(Array.from({ length: 300 }, (_, n) => n + 1));
  });

  test('readers see none of it before the commit', async () => {
    const results: string[][] = [];
    await store.unitOfWork.run((tx) => {
      note('uncommitted')(tx);
      results.push(notes());
      tx.afterCommit(() => results.push(notes()));
    });
    expect(results).toEqual([[], ['uncommitted']]);
  });
});

describe('effects after the commit', () => {
  test('come when the work is on disk, and before its promise resolves', async () => {
    const story: string[] = [];
    const done = store.unitOfWork.run((tx) => {
      note('kept')(tx);
      tx.afterCommit(() => story.push(`effect, ${commitsIn(store.path) > 0 ? 'on disk' : 'not on disk'}`));
      story.push('work');
    });
    await done.then(() => story.push('resolved'));
    expect(story).toEqual(['work', 'effect, on disk', 'resolved']);
  });

  test('do not come for a piece that failed', async () => {
    const effects: string[] = [];
    await Promise.allSettled([
      store.unitOfWork.run((tx) => tx.afterCommit(() => effects.push('good'))),
      store.unitOfWork.run((tx) => {
        tx.afterCommit(() => effects.push('bad'));
        throw new Error('a bug');
      }),
    ]);
    expect(effects).toEqual(['good']);
  });

  test('one that throws is told as the bug it is; the work was done, and nobody waits for ever', async () => {
    const connection = new BetterSqlite3(store.path);
    const bugs: unknown[] = [];
    const unitOfWork = createUnitOfWork(connection, { onBrokenEffect: (error) => bugs.push(error) });
    const effects: string[] = [];

    const answers = await Promise.all([
      unitOfWork.run((tx) => {
        tx.afterCommit(() => {
          throw new Error('a broken effect');
        });
        return note('first')(tx);
      }),
      unitOfWork.run((tx) => {
        tx.afterCommit(() => effects.push('second'));
        return note('second')(tx);
      }),
    ]);
    connection.close();

    expect(answers).toEqual([1, 2]);
    expect(effects).toEqual(['second']);
    expect(bugs).toEqual([new Error('a broken effect')]);
  });
});

describe('what work may not do', () => {
  test('asynchronous work is refused, and what it wrote is taken back', async () => {
    const result = store.unitOfWork.run(async (tx) => {
      note('written before waiting')(tx);
      await Promise.resolve();
    });
    await expect(result).rejects.toThrow('must not be asynchronous');
    expect(notes()).toEqual([]);
  });

  test('asynchronous work that goes on all the same can write nothing any more', async () => {
    let later: Promise<void> | undefined;
    const result = store.unitOfWork.run((tx) => {
      later = Promise.resolve().then(() => void note('too late')(tx));
      return later;
    });
    await expect(result).rejects.toThrow('must not be asynchronous');
    await expect(later).rejects.toThrow();
    expect(notes()).toEqual([]);
  });

  test('a transaction kept longer than its work is worth nothing', async () => {
    const kept: Tx[] = [];
    await store.unitOfWork.run((tx) => void kept.push(tx));
    expect(() => kept[0]!.run('DELETE FROM packages')).toThrow();
    expect(store.reads.all('SELECT * FROM packages')).toHaveLength(3);
  });

  test('what reads cannot write', () => {
    expect(() => store.reads.get('DELETE FROM packages RETURNING id')).toThrow('SQLITE_READONLY');
    expect(store.reads.all('SELECT * FROM packages')).toHaveLength(3);
  });
});

describe('statements', () => {
  test('insert() gives the id, and leaves what is not named to the defaults', async () => {
    const row = { name: 'Uji', type: 'broadband', speed_mbps: 10, price: 1, is_active: 1 };
    const id = await store.unitOfWork.run((tx) =>
      tx.insert(packages, { ...row, created_at: 1, updated_at: 2 }),
    );
    expect(store.reads.get('SELECT * FROM packages WHERE id = ?', id)).toEqual({
      ...row,
      id,
      description: null,
      created_at: 1,
      updated_at: 2,
    });
  });

  test('run() tells how many rows it touched', async () => {
    const touched = await store.unitOfWork.run((tx) => [
      tx.run('UPDATE packages SET price = price + 1').changes,
      tx.run('UPDATE packages SET price = 1 WHERE id = ?', 4711).changes,
    ]);
    expect(touched).toEqual([3, 0]);
  });

  test('values are bound, never spliced in', async () => {
    const nasty = "x'); DELETE FROM packages; --";
    await store.unitOfWork.run(note(nasty));
    expect(notes()).toEqual([nasty]);
    expect(store.reads.all('SELECT * FROM packages')).toHaveLength(3);
  });
});

describe('closing', () => {
  test('finishes what waits, refuses what comes later, and may be asked for twice', async () => {
    const waiting = [1, 2, 3].map((n) => store.unitOfWork.run(note(`waiting ${n}`)));
    const closed = [store.unitOfWork.close(), store.unitOfWork.close()];
    await expect(store.unitOfWork.run(note('late'))).rejects.toThrow('Database unavailable: closed');
    await Promise.all([...closed, ...waiting]);
    expect(notes()).toEqual(['waiting 1', 'waiting 2', 'waiting 3']);
  });
});
