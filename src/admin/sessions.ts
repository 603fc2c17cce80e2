/**
 * Logged-in admins. A session ends 30 minutes after it was last used and 12 hours after its login, whatever comes
 * first; the database holds hashes of tokens only, so that a copy of it opens nothing.
 */
import { type Clock, HOUR, MINUTE } from '../platform/clock';
import { type Vault } from '../platform/crypto';
import { type Random } from '../platform/random';
import { type Reader } from '../store/statements';
import { adminSessions, type AdminSessionRow } from '../store/tables/admin-sessions';
import { type Tx, type UnitOfWork } from '../store/unit-of-work';

export interface Session {
  id: number;
  admin: { id: number; username: string };
  /** Proves that a change comes from our own page, where the session's cookie is sent by the browser itself. */
  csrf_token: string;
}

export const SESSION_HOURS = 12;
const IDLE_MS = 30 * MINUTE;
const LIFE_MS = SESSION_HOURS * HOUR;
/** A write for every request would be waste: the idle time is kept to the minute. */
const TOUCH_MS = MINUTE;

type Found = AdminSessionRow & { username: string };

export type Sessions = ReturnType<typeof createSessions>;

export function createSessions(deps: {
  reads: Reader;
  unitOfWork: UnitOfWork;
  clock: Clock;
  random: Random;
  vault: Vault;
}) {
  const { reads, unitOfWork, clock, random, vault } = deps;

  const csrfToken = (token: string) => vault.hash('csrf', token);

  /** Begins a session under a new token, and forgets those that have ended. */
  function start(tx: Tx, admin_id: number): { token: string; csrf_token: string } {
    const now = clock.now();
    tx.run(
      'DELETE FROM admin_sessions WHERE last_seen_at <= ? OR created_at <= ?',
      now - IDLE_MS,
      now - LIFE_MS,
    );
    const token = random.token();
    const token_hash = vault.hash('admin_session', token);
    tx.insert(adminSessions, { token_hash, admin_id, created_at: now, last_seen_at: now });
    return { token, csrf_token: csrfToken(token) };
  }

  /** The session of a token, while it lasts; being asked for is being used. */
  async function find(token: string): Promise<Session | null> {
    const now = clock.now();
    const row = lookUp(token);
    if (!row || row.last_seen_at <= now - IDLE_MS || row.created_at <= now - LIFE_MS) return null;
    if (row.last_seen_at <= now - TOUCH_MS) {
      await unitOfWork.run((tx) =>
        tx.run('UPDATE admin_sessions SET last_seen_at = ? WHERE id = ?', now, row.id),
      );
    }
    const admin = { id: row.admin_id, username: row.username };
    return { id: row.id, admin, csrf_token: csrfToken(token) };
  }

  function lookUp(token: string): Found | undefined {
    for (const hash of vault.hashes('admin_session', token)) {
      const row = reads.get<Found>(
        `SELECT s.*, a.username FROM admin_sessions s JOIN admins a ON a.id = s.admin_id
         WHERE s.token_hash = ? AND a.disabled_at IS NULL`,
        hash,
      );
      if (row) return row;
    }
    return undefined;
  }

  const end = (session: Session): Promise<unknown> =>
    unitOfWork.run((tx) => tx.run('DELETE FROM admin_sessions WHERE id = ?', session.id));

  return { start, find, end };
}
