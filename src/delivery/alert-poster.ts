/** POSTs alerts to ALERT_URL: at least once, with retries over a day, by whichever process is first. */
import { request } from 'undici';
import { type Clock, DAY, MINUTE, SECOND } from '../platform/clock';
import { type Logger } from '../platform/logger';
import { type Reader } from '../store/statements';
import { type AlertPostRow } from '../store/tables/delivery-health';
import { type UnitOfWork } from '../store/unit-of-work';

const TIMEOUT_MS = 10 * SECOND;
const FIRST_RETRY = 5 * SECOND;
const LAST_RETRY = 10 * MINUTE;
const LIFE = DAY;

export type AlertPoster = ReturnType<typeof createAlertPoster>;

export function createAlertPoster(deps: {
  unitOfWork: UnitOfWork;
  reads: Reader;
  clock: Clock;
  logger: Logger;
  url: string | null;
}) {
  const { unitOfWork, reads, clock, logger, url } = deps;
  let running: Promise<void> | null = null;

  /** Posts what is due; called again while it runs, it goes on with what has come. */
  function run(): Promise<void> {
    if (url === null) return Promise.resolve();
    running ??= drain(url).finally(() => (running = null));
    return running;
  }

  async function drain(to: string): Promise<void> {
    for (let due = next(); due; due = next()) {
      const claimed = await claim(due);
      if (claimed && (await post(to, due))) {
        const { id } = due;
        await unitOfWork.run((tx) => tx.run('DELETE FROM alert_posts WHERE id = ?', id));
      }
    }
  }

  const next = (): AlertPostRow | undefined =>
    reads.get<AlertPostRow>(
      'SELECT * FROM alert_posts WHERE next_try_at <= ? ORDER BY id LIMIT 1',
      clock.now(),
    );

  /** Sets the next try before this one is made: a crash in between repeats it, another process does not. */
  function claim({ id, tries, created_at }: AlertPostRow): Promise<boolean> {
    const now = clock.now();
    return unitOfWork.run((tx) => {
      if (now - created_at > LIFE) {
        tx.run('DELETE FROM alert_posts WHERE id = ?', id);
        return false;
      }
      const wait = Math.max(TIMEOUT_MS * 2, Math.min(LAST_RETRY, FIRST_RETRY * 2 ** tries));
      const { changes } = tx.run(
        'UPDATE alert_posts SET tries = tries + 1, next_try_at = ? WHERE id = ? AND tries = ?',
        now + wait,
        id,
        tries,
      );
      return changes === 1;
    });
  }

  async function post(to: string, { body }: AlertPostRow): Promise<boolean> {
    try {
      const response = await request(to, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.body.dump();
      if (response.statusCode < 300) return true;
      logger.warn({ status: response.statusCode }, 'ALERT_URL did not take an alert; trying again');
    } catch (error) {
      logger.warn(
        { reason: error instanceof Error ? error.name : 'unknown' },
        'ALERT_URL could not be reached',
      );
    }
    return false;
  }

  return { run, settled: () => running ?? Promise.resolve() };
}
