/** Figures for admins: registrations by status and channel, the funnel, and how codes fare day by day. */
import { addDays, type Calendar } from '../platform/calendar';
import { type Clock, HOUR, SECOND } from '../platform/clock';
import { type SlowReader } from '../store/read-worker';
import { type RegistrationTotalRow } from '../store/tables/counts';
import { type Channel } from '../store/tables/otps';
import { STATUSES, type Status } from './lifecycle';

export interface Funnel {
  otp_requested: number;
  verified: number;
  submitted: number;
  approved: number;
}

export interface Statistics {
  total: number;
  by_status: Record<Status, number>;
  by_channel: Record<Channel, number>;
  /** Submitted since midnight in TIME_ZONE. */
  today: number;
  /** Ever, as far back as the log was kept. */
  funnel: Funnel;
  funnel_today: Funnel;
}

/** What happened on one day, in TIME_ZONE: each step counted on its own day. */
export interface FunnelOfDay extends Funnel {
  date: string;
}

/** One day's codes, in TIME_ZONE. */
export interface CodesOfDay {
  date: string;
  asked: number;
  /** Taken by the gateway, whatever came of them then. */
  accepted: number;
  delivered: number;
  failed: number;
  /** Median seconds from accepted to delivered over the day's last 200 codes; null when none is known to have arrived. */
  median_delivery_seconds: number | null;
}

const FUNNEL: Record<keyof Funnel, string> = {
  otp_requested: 'otp_requested',
  verified: 'otp_verified',
  submitted: 'registration_submitted',
  approved: 'registration_approved',
};
/** Enough for a median; all of a busy day would take long. */
const SAMPLE = 200;

export function createStatistics(reads: SlowReader, clock: Clock, calendar: Calendar) {
  const startOfToday = () => calendar.startOf(calendar.date(clock.now()));

  async function registrations(): Promise<Statistics> {
    const since = startOfToday();
    const [totals, [today], funnel, funnel_today] = await Promise.all([
      reads.all<RegistrationTotalRow>('SELECT * FROM registration_totals'),
      reads.all<{ count: number }>(
        'SELECT COUNT(*) AS count FROM registrations WHERE created_at >= ?',
        since,
      ),
      funnelSince(0),
      funnelSince(since),
    ]);
    const sum = (is: (row: RegistrationTotalRow) => boolean) =>
      totals.filter(is).reduce((total, { count }) => total + count, 0);
    const of = (channel: Channel) => sum((row) => row.channel === channel);
    return {
      total: sum(() => true),
      by_status: Object.fromEntries(
        STATUSES.map((status) => [status, sum((row) => row.status === status)]),
      ) as Record<Status, number>,
      by_channel: { web: of('web'), chat: of('chat') },
      today: today!.count,
      funnel,
      funnel_today,
    };
  }

  /** Counted by whole hours: a TIME_ZONE off by half an hour has its days begin that much earlier. */
  async function funnelSince(at: number): Promise<Funnel> {
    const rows = await reads.all<{ type: string; count: number }>(
      'SELECT type, SUM(count) AS count FROM hourly_counts WHERE hour >= ? GROUP BY type',
      Math.floor(at / HOUR),
    );
    const of = (step: keyof Funnel) => rows.find(({ type }) => type === FUNNEL[step])?.count ?? 0;
    return {
      otp_requested: of('otp_requested'),
      verified: of('verified'),
      submitted: of('submitted'),
      approved: of('approved'),
    };
  }

  /** The last `days` dates, today last. */
  function lastDates(days: number): string[] {
    const today = calendar.date(clock.now());
    return Array.from({ length: days }, (_none, index) => addDays(today, index - days + 1));
  }

  /** The last `days` days, today last; by whole hours as well. */
  async function funnelByDay(days: number): Promise<FunnelOfDay[]> {
    const dates = lastDates(days);
    const rows = await reads.all<{ hour: number; type: string; count: number }>(
      'SELECT hour, type, count FROM hourly_counts WHERE hour >= ?',
      Math.floor(calendar.startOf(dates[0]!) / HOUR),
    );
    const counts = new Map<string, number>();
    for (const { hour, type, count } of rows) {
      const key = `${calendar.date((hour + 1) * HOUR - 1)} ${type}`;
      counts.set(key, (counts.get(key) ?? 0) + count);
    }
    return dates.map((date) => {
      const of = (step: keyof Funnel) => counts.get(`${date} ${FUNNEL[step]}`) ?? 0;
      return {
        date,
        otp_requested: of('otp_requested'),
        verified: of('verified'),
        submitted: of('submitted'),
        approved: of('approved'),
      };
    });
  }

  /** The last `days` days, today last. */
  const codes = (days: number): Promise<CodesOfDay[]> => Promise.all(lastDates(days).map(codesOf));

  async function codesOf(date: string): Promise<CodesOfDay> {
    const period = [calendar.startOf(date), calendar.startOf(addDays(date, 1))] as const;
    const [[counted], times] = await Promise.all([
      reads.all<Omit<CodesOfDay, 'date' | 'median_delivery_seconds'>>(COUNT_CODES, ...period),
      reads.all<{ ms: number }>(DELIVERY_TIMES, ...period),
    ]);
    const median = times.length > 0 ? times[Math.floor((times.length - 1) / 2)]!.ms : null;
    return {
      date,
      ...counted!,
      median_delivery_seconds: median === null ? null : Math.round(median / SECOND),
    };
  }

  return { registrations, funnelByDay, codes };
}

const COUNT_CODES = `SELECT COUNT(*) AS asked,
  COALESCE(SUM(gateway_id IS NOT NULL OR state IN ('accepted', 'sent', 'delivered', 'read')), 0) AS accepted,
  COALESCE(SUM(state IN ('delivered', 'read')), 0) AS delivered,
  COALESCE(SUM(state IN ('failed', 'expired')), 0) AS failed
  FROM messages WHERE kind = 'code' AND created_at >= ? AND created_at < ?`;

const DELIVERY_TIMES = `SELECT MIN(d.at) - MIN(a.at) AS ms FROM
  (SELECT id FROM messages WHERE kind = 'code' AND created_at >= ? AND created_at < ?
   ORDER BY created_at DESC LIMIT ${SAMPLE}) m
  JOIN message_history a ON a.message_id = m.id AND a.state = 'accepted'
  JOIN message_history d ON d.message_id = m.id AND d.state IN ('delivered', 'read')
  GROUP BY m.id ORDER BY ms`;
