/**
 * Looks, every so often and in one process only, for trouble that no single message shows: a device gone, little
 * quota, codes that fail or do not go out, webhooks that have stopped coming, a daily ceiling reached.
 */
import { type Clock, DAY, HOUR, MINUTE, SECOND } from '../platform/clock';
import { type Logger } from '../platform/logger';
import { bringBackTimes } from '../store/clock-steps';
import { type Reader } from '../store/statements';
import { type Tx, type UnitOfWork } from '../store/unit-of-work';
import { CLOCK_TOLERANCE_MS } from '../store/windows';
import { type AlertPoster } from './alert-poster';
import { type AlertCause, type Alerts } from './alerts';
import { type Circuit } from './circuit';
import { type CheckDevice } from './fonnte-device';

const LOCAL_EVERY = 30 * SECOND;
const DEVICE_EVERY = 10 * MINUTE;
const LOW_QUOTA = 100;
const FAILED_IN_ROW = 5;
const SENT_STATES = `('accepted', 'sent', 'delivered', 'read')`;

export type Monitor = ReturnType<typeof createMonitor>;

export function createMonitor(deps: {
  unitOfWork: UnitOfWork;
  clock: Clock;
  logger: Logger;
  alerts: Alerts;
  circuit: Circuit;
  checkDevice: CheckDevice;
  poster: AlertPoster;
  /** Codes per channel and day; 0 = no ceiling. */
  dailyCeiling: number;
}) {
  const { unitOfWork, clock, logger, alerts, circuit } = deps;
  let timer: NodeJS.Timeout | null = null;
  let running = Promise.resolve();

  /** Does the checks that are due; of several processes, whichever comes first. */
  async function runOnce(): Promise<void> {
    await unitOfWork.run((tx) => {
      const now = clock.now();
      if (isAhead(tx, 'local', LOCAL_EVERY, now)) {
        bringBackTimes(tx, now);
        tx.afterCommit(() => logger.warn('the clock was set back; what waited for later times goes on now'));
      }
      if (isDue(tx, 'local', LOCAL_EVERY, now)) checkLocally(tx, now);
    });
    const askNow = await unitOfWork.run((tx) => isDue(tx, 'device', DEVICE_EVERY, clock.now()));
    if (askNow) await askDevice();
    await deps.poster.run();
  }

  const nextAt = (reads: Reader, name: string): number =>
    reads.get<{ next_at: number }>('SELECT next_at FROM checks WHERE name = ?', name)?.next_at ?? 0;

  /** Later than it can ever be set: from before the clock was set back. */
  const isAhead = (reads: Reader, name: string, every: number, now: number): boolean =>
    nextAt(reads, name) > now + every;

  /** Takes the check for this process, and sets when it is due again. */
  function isDue(tx: Tx, name: string, every: number, now: number): boolean {
    if (nextAt(tx, name) > now && !isAhead(tx, name, every, now)) return false;
    tx.run(
      'INSERT INTO checks (name, next_at) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET next_at = excluded.next_at',
      name,
      now + every,
    );
    return true;
  }

  async function askDevice(): Promise<void> {
    const status = await deps.checkDevice();
    if (!status) return;
    await unitOfWork.run((tx) => {
      const now = clock.now();
      const wasGone = alerts.isOpen(tx, 'device_disconnected');
      if (status.connected === wasGone) circuit.onDevice(tx, status.connected, null, now);
      const { quota } = status;
      const isLow = quota !== null && quota < LOW_QUOTA;
      decide(tx, 'quota_low', isLow && `Only ${quota} messages are left at the gateway. Top up soon.`, now);
    });
  }

  function checkLocally(tx: Tx, now: number): void {
    decide(tx, 'codes_failing', fiveCodesFailed(tx, now) && 'The last five codes all failed to go out.', now);
    decide(
      tx,
      'no_code_sent',
      noCodeSent(tx, now) && 'Codes were asked for, and none was sent for an hour.',
      now,
    );
    decide(
      tx,
      'no_webhook',
      noWebhook(tx, now) && "No webhook for 24 hours: check the device's autoread and the webhook URLs.",
      now,
    );
    const full = fullChannel(tx, now);
    decide(tx, 'daily_ceiling', full && `The daily ceiling of codes is reached (${full}).`, now);
    if (!hasRecentFailure(tx, now)) alerts.clear(tx, 'message_failed', now);
    // Told again every hour for as long as it goes on.
    if (!isYoung(tx, 'request_refused', now)) alerts.clear(tx, 'request_refused', now);
  }

  const isYoung = (reads: Reader, cause: AlertCause, now: number): boolean =>
    alerts
      .open(reads)
      .some((one) => one.cause === cause && one.raised_at > now - HOUR && one.raised_at <= now + SECOND);

  function decide(tx: Tx, cause: AlertCause, message: string | false | null, now: number): void {
    if (message) alerts.raise(tx, cause, message, now);
    else alerts.clear(tx, cause, now);
  }

  function fiveCodesFailed(reads: Reader, now: number): boolean {
    const newest = reads.all<{ state: string }>(
      `SELECT state FROM messages WHERE kind = 'code' AND state NOT IN ('queued', 'sending')
         AND created_at <= ? ORDER BY created_at DESC LIMIT ?`,
      now + CLOCK_TOLERANCE_MS,
      FAILED_IN_ROW,
    );
    return (
      newest.length === FAILED_IN_ROW &&
      newest.every(({ state }) => state === 'failed' || state === 'expired')
    );
  }

  /** Some code waited in vain for an hour, and no other has gone out since it was asked for. */
  function noCodeSent(reads: Reader, now: number): boolean {
    const sent = reads.get<{ at: number | null }>(
      `SELECT MAX(created_at) AS at FROM messages
       WHERE kind = 'code' AND created_at > ? AND created_at <= ? AND state IN ${SENT_STATES}`,
      now - DAY,
      now + CLOCK_TOLERANCE_MS,
    )!.at;
    const asked = reads.get<{ first: number | null; last: number | null }>(
      `SELECT MIN(created_at) AS first, MAX(created_at) AS last FROM messages
       WHERE kind = 'code' AND created_at > ? AND created_at <= ?`,
      sent ?? now - DAY,
      now + CLOCK_TOLERANCE_MS,
    )!;
    return asked.first !== null && asked.first <= now - HOUR && asked.last! > now - 2 * HOUR;
  }

  function noWebhook(tx: Tx, now: number): boolean {
    const newest = tx.get<{ at: number | null }>(
      `SELECT MAX(at) AS at FROM (
         SELECT (SELECT received_at FROM inbound_messages WHERE received_at <= ? ORDER BY id DESC LIMIT 1) AS at
         UNION ALL SELECT MAX(at) FROM receipts WHERE at <= ?)`,
      now + CLOCK_TOLERANCE_MS,
      now + CLOCK_TOLERANCE_MS,
    )!.at;
    return now - (newest ?? watchedSince(tx, now)) > DAY;
  }

  /** When this database was first watched: nothing can be missed before. */
  function watchedSince(tx: Tx, now: number): number {
    tx.run(`INSERT INTO checks (name, next_at) VALUES ('watched_since', ?) ON CONFLICT DO NOTHING`, now);
    return tx.get<{ next_at: number }>(`SELECT next_at FROM checks WHERE name = 'watched_since'`)!.next_at;
  }

  function fullChannel(reads: Reader, now: number): string | null {
    if (deps.dailyCeiling === 0) return null;
    const full = ['web', 'chat'].filter((channel) => {
      const { total } = reads.get<{ total: number }>(
        'SELECT COUNT(*) AS total FROM otps WHERE channel = ? AND created_at > ? AND created_at <= ?',
        channel,
        now - DAY,
        now + CLOCK_TOLERANCE_MS,
      )!;
      return total >= deps.dailyCeiling;
    });
    return full.length > 0 ? full.join(', ') : null;
  }

  const hasRecentFailure = (reads: Reader, now: number): boolean =>
    Boolean(
      reads.get(
        `SELECT 1 FROM inbound_messages WHERE outcome = 'failed' AND received_at > ? LIMIT 1`,
        now - DAY,
      ),
    );

  return {
    runOnce,
    start() {
      timer = setInterval(() => {
        running = runOnce().catch((error: unknown) =>
          logger.error({ err: error }, 'the monitor could not look'),
        );
      }, LOCAL_EVERY);
    },
    async stop() {
      if (timer) clearInterval(timer);
      await running;
    },
  };
}
