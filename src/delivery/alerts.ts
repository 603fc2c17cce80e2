/**
 * Alerts: one per cause until it clears, wherever it is noticed. Raised inside the transaction that found the cause,
 * so none is lost; told in the log (field `alert`), to ADMIN_PHONES and, since a dead device cannot report itself by
 * WhatsApp, to ALERT_URL.
 */
import { type Logger } from '../platform/logger';
import { type Reader } from '../store/statements';
import { alertPosts, alerts as table, type AlertRow } from '../store/tables/delivery-health';
import { type Tx } from '../store/unit-of-work';

export type AlertCause =
  | 'circuit_open'
  | 'device_disconnected'
  | 'request_refused'
  | 'quota_low'
  | 'codes_failing'
  | 'no_code_sent'
  | 'no_webhook'
  | 'daily_ceiling'
  | 'message_failed';

export type Alerts = ReturnType<typeof createAlerts>;

export function createAlerts(deps: {
  logger: Logger;
  /** Queues a text for every admin's phone. */
  tellAdmins: (tx: Tx, text: string) => void;
  /** Whether ALERT_URL is set. */
  posts: boolean;
  /** Called after a commit that queued a POST. */
  onPost: () => void;
}) {
  const { logger } = deps;

  /** Does nothing while the same cause is already open. */
  function raise(tx: Tx, cause: AlertCause, message: string, now: number): void {
    if (isOpen(tx, cause)) return;
    tx.insert(table, { cause, message, raised_at: now });
    announce(tx, cause, 'raised', message, now);
    tx.afterCommit(() => logger.error({ alert: cause }, message));
  }

  function clear(tx: Tx, cause: AlertCause, now: number): void {
    const { changes } = tx.run(
      'UPDATE alerts SET cleared_at = ? WHERE cause = ? AND cleared_at IS NULL',
      now,
      cause,
    );
    if (changes === 0) return;
    announce(tx, cause, 'cleared', `Over: ${cause.replaceAll('_', ' ')}`, now);
    tx.afterCommit(() => logger.info({ alert: cause, cleared: true }, 'an alert has cleared'));
  }

  function announce(
    tx: Tx,
    cause: AlertCause,
    event: 'raised' | 'cleared',
    message: string,
    now: number,
  ): void {
    deps.tellAdmins(tx, `${event === 'raised' ? '⚠️' : '✅'} ${message}`);
    if (!deps.posts) return;
    const body = JSON.stringify({ alert: cause, event, message, at: new Date(now).toISOString() });
    tx.insert(alertPosts, { body, next_try_at: now, created_at: now });
    tx.afterCommit(deps.onPost);
  }

  const isOpen = (reads: Reader, cause: AlertCause): boolean =>
    Boolean(reads.get('SELECT 1 FROM alerts WHERE cause = ? AND cleared_at IS NULL', cause));

  const open = (reads: Reader): AlertRow[] =>
    reads.all<AlertRow>('SELECT * FROM alerts WHERE cleared_at IS NULL ORDER BY id');

  return { raise, clear, isOpen, open };
}
