/**
 * What a first start makes by itself: outside production the APP_SECRET, kept beside the database for the service's
 * user alone; anywhere the first admin. Several processes may start at once: one makes it, all use it.
 */
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MINIMUM } from './config/schema';
import { type Clock, SECOND } from './platform/clock';
import { type Logger } from './platform/logger';
import { hashPassword } from './platform/passwords';
import { type Random } from './platform/random';
import { StoreUnavailableError } from './store/errors';
import { admins } from './store/tables/admins';
import { type UnitOfWork } from './store/unit-of-work';

/** The secret kept beside the database; made now if there is none. */
export function developmentSecret(databasePath: string, random: Random): string {
  const path = join(dirname(databasePath), 'app-secret');
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${random.token().slice(0, 12)}`;
  try {
    writeFileSync(draft, `${random.token()}\n`, { mode: 0o600 });
    // A link appears whole or not at all, and fails if another process was first.
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  chmodSync(path, 0o600);
  const secret = readFileSync(path, 'utf8').trim();
  if (secret.length < MINIMUM.appSecret) {
    throw new Error(
      `${path} must hold at least ${MINIMUM.appSecret} characters: restore it, or remove it and all codes and proofs in use are void`,
    );
  }
  return secret;
}

/**
 * Makes the first admin while there is none; returns the password when it was made here (outside production,
 * where none need be given), for the operator to see once.
 */
export async function ensureAdmin(deps: {
  unitOfWork: UnitOfWork;
  clock: Clock;
  random: Random;
  username: string;
  password: string | null;
}): Promise<{ madePassword: string | null }> {
  const { unitOfWork, clock, username } = deps;
  const exists = await unitOfWork.run((tx) => tx.get('SELECT 1 FROM admins LIMIT 1') !== undefined);
  if (exists) return { madePassword: null };
  const password = deps.password ?? deps.random.token().slice(0, 16);
  const password_hash = await hashPassword(password);
  const isMadeHere = await unitOfWork.run((tx) => {
    if (tx.get('SELECT 1 FROM admins LIMIT 1')) return false;
    tx.insert(admins, { username, password_hash, created_at: clock.now() });
    return true;
  });
  return { madePassword: isMadeHere && deps.password === null ? password : null };
}

/** An outage of the database must not end a service that already answers customers. */
export async function onceStorable<T>(logger: Logger, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      logger.error({ reason: error.reason }, 'the first admin could not be looked for; trying again');
      await sleep(SECOND);
    }
  }
}
