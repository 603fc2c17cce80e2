/** What a first start makes by itself: the secret of a development machine, and the first admin. */
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { developmentSecret, ensureAdmin, onceStorable } from '../../src/first-start';
import { createLogger } from '../../src/platform/logger';
import { verifyPassword } from '../../src/platform/passwords';
import { systemRandom } from '../../src/platform/random';
import { openDatabase } from '../../src/store/database';
import { StoreUnavailableError } from '../../src/store/errors';
import { type AdminRow } from '../../src/store/tables/admins';
import { type UnitOfWork } from '../../src/store/unit-of-work';
import { createTestClock } from '../support/daftar';
import { openStore, temporaryFolder, type Folder, type Store } from '../support/store';

describe('the secret of a development machine', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.erase());

  const databasePath = () => join(folder.path, 'data', 'daftar.db');
  const secretPath = () => join(folder.path, 'data', 'app-secret');
  const secret = () => developmentSecret(databasePath(), systemRandom);

  test('is made once, long enough, beside the database, and stays', () => {
    const made = secret();
    expect(made.length).toBeGreaterThanOrEqual(32);
    expect(readFileSync(secretPath(), 'utf8').trim()).toBe(made);
    expect(secret()).toBe(made);
  });

  test('is for the own user alone, also when somebody loosened it', () => {
    secret();
    const mode = () => (statSync(secretPath()).mode & 0o777).toString(8);
    expect(mode()).toBe('600');
    chmodSync(secretPath(), 0o644);
    secret();
    expect(mode()).toBe('600');
  });

  test('leaves no drafts lying about', () => {
    secret();
    secret();
    expect(readdirSync(join(folder.path, 'data'))).toEqual(['app-secret']);
  });

  test('is another one for another database', () => {
    const other = developmentSecret(join(folder.path, 'other', 'daftar.db'), systemRandom);
    expect(other).not.toBe(secret());
  });

  test('that somebody emptied or cut is refused, not worked with', () => {
    secret();
    for (const broken of ['', '\n', 'short\n']) {
      writeFileSync(secretPath(), broken);
      expect(secret).toThrow(/app-secret.*at least 32 characters/);
      expect(existsSync(secretPath())).toBe(true);
    }
  });
});

describe('the first admin', () => {
  let store: Store;
  beforeEach(async () => {
    store = await openStore();
  });
  afterEach(() => store.close());

  const clock = createTestClock();
  const ensure = (password: string | null = null, unitOfWork: UnitOfWork = store.unitOfWork) =>
    ensureAdmin({ unitOfWork, clock, random: systemRandom, username: 'admin', password });
  const admins = () => store.reads.all<AdminRow>('SELECT * FROM admins');

  test('gets a password made here, told once, with which one can log in', async () => {
    const { madePassword } = await ensure();
    expect(madePassword!.length).toBeGreaterThanOrEqual(12);
    expect(admins()).toMatchObject([{ username: 'admin', disabled_at: null, created_at: clock.now() }]);
    expect(await verifyPassword(madePassword!, admins()[0]!.password_hash)).toBe(true);

    expect(await ensure()).toEqual({ madePassword: null });
    expect(admins()).toHaveLength(1);
  });

  test('gets the password from the configuration, which is never told; a later one changes nothing', async () => {
    expect(await ensure('a password from the configuration')).toEqual({ madePassword: null });
    const [made] = admins();
    expect(await verifyPassword('a password from the configuration', made!.password_hash)).toBe(true);
    expect(await ensure('quite another password')).toEqual({ madePassword: null });
    expect(admins()).toEqual([made]);
  });

  test('is one, whoever comes first, when processes start at the same time', async () => {
    const other = await openDatabase(store.path);
    const told = await Promise.all([ensure(), ensure(null, other.unitOfWork)]);
    await other.close();
    const passwords = told.map(({ madePassword }) => madePassword).filter((made) => made !== null);
    expect(passwords).toHaveLength(1);
    expect(admins()).toHaveLength(1);
    expect(await verifyPassword(passwords[0]!, admins()[0]!.password_hash)).toBe(true);
  });
});

describe('an outage of the database just after the start', () => {
  const logger = createLogger({ level: 'silent', pretty: false });

  test('is waited out; a bug is not', async () => {
    let tries = 0;
    const work = () => {
      tries += 1;
      return tries === 1 ? Promise.reject(new StoreUnavailableError('SQLITE_FULL')) : Promise.resolve('made');
    };
    expect(await onceStorable(logger, work)).toBe('made');
    expect(tries).toBe(2);
    const bug = () => Promise.reject(new TypeError('a bug of ours'));
    await expect(onceStorable(logger, bug)).rejects.toThrow('a bug of ours');
  });
});
