/**
 * Logging in. A try is counted, on disk, before the password is looked at, and forgiven when it was right: however
 * many are made at once, and in however many processes, no more than allowed are ever judged. Names that do not exist
 * take as long as those that do.
 */
import { type Clock, MINUTE } from '../platform/clock';
import { NO_PASSWORD, verifyPassword } from '../platform/passwords';
import { refuse, wholeSeconds, type AdminRefusal } from '../registration/refusals';
import { type Throttle } from '../store/throttle';
import { type Tx, type UnitOfWork } from '../store/unit-of-work';
import { findAdmin } from './accounts';
import { createQueue } from './queue';
import { type Sessions } from './sessions';

export interface LoggedIn {
  ok: true;
  username: string;
  token: string;
  csrf_token: string;
}

/** Wrong logins: for one name from one address, and for all names from it. A name alone is never locked. */
const BY_NAME = { scope: 'login_name', limit: 5, window: 15 * MINUTE };
const BY_ADDRESS = { scope: 'login_address', limit: 50, window: 15 * MINUTE };
/** Each password tried takes 128 MiB and a thread of the pool that DNS and files need too. */
const AT_ONCE = 2;
const MOST_WAITING = 100;
const BUSY_SECONDS = 5;

export type Login = ReturnType<typeof createLogin>;

export function createLogin(deps: {
  unitOfWork: UnitOfWork;
  throttle: Throttle;
  sessions: Sessions;
  clock: Clock;
}) {
  const { unitOfWork, throttle, sessions, clock } = deps;
  const queue = createQueue(AT_ONCE, MOST_WAITING);

  /** Refuses LOGIN_FAILED, and TOO_MANY_REQUESTS after too many wrong ones. `address`: the client's. */
  return async function login(
    username: string,
    password: string,
    address: string,
  ): Promise<LoggedIn | AdminRefusal> {
    const judged = await queue.run(() => judge(username, password, address));
    return judged ?? refuse('TOO_MANY_REQUESTS', { retry_after: BUSY_SECONDS });
  };

  async function judge(
    username: string,
    password: string,
    address: string,
  ): Promise<LoggedIn | AdminRefusal> {
    const counted = await unitOfWork.run((tx) => count(tx, username, address));
    if ('ok' in counted) return counted;
    const { admin, addressHit } = counted;
    const isRight = await verifyPassword(password, admin?.password_hash ?? NO_PASSWORD);
    if (!isRight || !admin) return refuse('LOGIN_FAILED');
    return unitOfWork.run((tx) => {
      // It may have been disabled, or given another password, while this one was tried.
      const now = findAdmin(tx, username);
      if (now?.disabled_at !== null || now.password_hash !== admin.password_hash)
        return refuse('LOGIN_FAILED');
      throttle.clear(tx, BY_NAME, nameKey(username, address));
      throttle.takeBack(tx, addressHit);
      return { ok: true, username, ...sessions.start(tx, now.id) };
    });
  }

  function count(tx: Tx, username: string, address: string) {
    const now = clock.now();
    const key = nameKey(username, address);
    const wait = Math.max(
      throttle.blockedFor(tx, BY_NAME, key, now),
      throttle.blockedFor(tx, BY_ADDRESS, address, now),
    );
    if (wait > 0) return refuse('TOO_MANY_REQUESTS', { retry_after: wholeSeconds(wait) });
    throttle.hit(tx, BY_NAME, key, now);
    return { admin: findAdmin(tx, username), addressHit: throttle.hit(tx, BY_ADDRESS, address, now) };
  }
}

const nameKey = (username: string, address: string) => JSON.stringify([username, address]);
