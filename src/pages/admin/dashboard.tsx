/** How it goes: the funnel, day by day, whether codes arrive, whether messages go out. */
import type Router from '@koa/router';
import { type ComponentChildren } from 'preact';
import { type AlertCause } from '../../delivery/alerts';
import { alertCauses, gatewayStates } from '../../messages/id/admin-pages';
import { waitText } from '../../messages/id/refusals';
import { whatsappState } from '../../http/routes/health';
import { type CodesOfDay, type FunnelOfDay, type Statistics } from '../../registration/statistics';
import { type Calendar } from '../../platform/calendar';
import { type AlertRow } from '../../store/tables/delivery-health';
import { CodesTable, DaysTable } from './dashboard-tables';
import { BarChart } from './chart';
import { Funnel } from './funnel';
import { Layout } from './layout';
import { Moment, whole } from './parts';
import { sendPage } from './render';
import { type Frame, type Site } from './site';

const PATH = '/admin/dashboard';
const PERIODS = [14, 30];
const DAYS_OF_CODES = 7;

interface DashboardView {
  frame: Frame;
  calendar: Calendar;
  period: number;
  statistics: Statistics;
  days: readonly FunnelOfDay[];
  codes: readonly CodesOfDay[];
  gateway: ReturnType<typeof whatsappState>;
  queue: { pending: number; oldest_seconds: number };
  alerts: readonly AlertRow[];
}

export function dashboardRoutes(router: Router, { services, authorised, calendar, frame }: Site): void {
  const { review, delivery, reads, clock } = services;
  const { statistics } = review;

  router.get(PATH, authorised, async (ctx) => {
    const period = PERIODS.find((days) => String(days) === ctx.query['days']) ?? PERIODS[0]!;
    const [totals, days, codes] = await Promise.all([
      statistics.registrations(),
      statistics.funnelByDay(period),
      statistics.codes(DAYS_OF_CODES),
    ]);
    const gateway = whatsappState(services);
    const queue = delivery.outbox.depth(clock.now());
    const alerts = delivery.alerts.open(reads);
    const view = { calendar, period, statistics: totals, days, codes, gateway, queue, alerts };
    sendPage(ctx, <DashboardPage {...view} frame={frame(ctx, 'dashboard')} />);
  });
}

function DashboardPage(view: DashboardView) {
  const { frame, period, statistics, days, codes } = view;
  return (
    <Layout frame={frame} title="Ringkasan" refreshUrl={`${PATH}?days=${period}`}>
      <h1>Ringkasan</h1>
      <div id="state" data-refresh>
        <Alerts {...view} />
        <Tiles {...view} />
      </div>
      <section class="panel" aria-labelledby="days-title">
        <div class="heading">
          <h2 id="days-title">{period} hari terakhir</h2>
          <nav class="tabs" aria-label="Rentang waktu">
            {PERIODS.map((one) => (
              <a key={one} href={`${PATH}?days=${one}`} aria-current={one === period ? 'true' : undefined}>
                {one} hari
              </a>
            ))}
          </nav>
        </div>
        <div id="days" data-refresh>
          <p class="legend">
            <span class="key first" /> Pendaftaran masuk <span class="key second" /> Disetujui
          </p>
          <div class="wide" tabIndex={0} role="region" aria-label="Grafik per hari" data-scroll="end">
            <BarChart
              days={days.map(({ date, submitted, approved }) => ({
                date,
                first: submitted,
                second: approved,
              }))}
              label={`${sum(days, 'submitted')} pendaftaran masuk dan ${sum(days, 'approved')} disetujui dalam ${period} hari; angka per hari ada di tabel.`}
            />
          </div>
        </div>
        <details>
          <summary>Tabel per hari</summary>
          <DaysTable days={days} />
        </details>
      </section>
      <div class="columns even">
        <section class="panel" aria-labelledby="funnel-title">
          <h2 id="funnel-title">Dari kode sampai disetujui</h2>
          <div id="funnel" data-refresh>
            <Funnel today={statistics.funnel_today} all={statistics.funnel} />
          </div>
        </section>
        <section class="panel" aria-labelledby="codes-title">
          <h2 id="codes-title">Apakah kode OTP sampai?</h2>
          <div id="codes" data-refresh>
            <CodesTable codes={codes} />
          </div>
        </section>
      </div>
      <p class="live" id="live" role="status" hidden></p>
    </Layout>
  );
}

const sum = (days: readonly FunnelOfDay[], step: 'submitted' | 'approved') =>
  whole(days.reduce((total, day) => total + day[step], 0));

/** A cause without words here does not compile. */
const CAUSES: Record<AlertCause, string> = alertCauses;

function Alerts({ alerts, calendar }: DashboardView) {
  if (alerts.length === 0) return null;
  return (
    <section class="flash trouble" aria-label="Peringatan">
      <ul>
        {alerts.map(({ id, cause, message, raised_at }) => (
          <li key={id}>
            <strong>{CAUSES[cause as AlertCause] ?? cause}</strong> sejak{' '}
            <Moment at={raised_at} calendar={calendar} />
            <span class="line muted" lang="en">
              {message}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Tiles({ statistics, codes, gateway, queue }: DashboardView) {
  const { today, funnel_today, by_status } = statistics;
  const codesToday = codes.at(-1)!;
  const arrived = codesToday.accepted === 0 ? null : codesToday.delivered / codesToday.accepted;
  return (
    <div class="tiles">
      <Tile label="Masuk hari ini" value={whole(today)} note={`${whole(funnel_today.approved)} disetujui`} />
      <Tile
        label="Menunggu pemeriksaan"
        value={whole(by_status.pending_verification)}
        note={<a href="/admin/registrations?status=pending_verification">Periksa sekarang</a>}
      />
      <Tile
        label="Kode sampai hari ini"
        value={arrived === null ? '–' : `${Math.round(arrived * 100)}%`}
        note={`${whole(codesToday.delivered)} dari ${whole(codesToday.accepted)} yang diterima gateway`}
      />
      <Tile
        label="Gateway WhatsApp"
        value={<span class={`lamp is-${gateway.state}`}>{gatewayStates[gateway.state]}</span>}
        note={[gateway.reason, queueNote(queue)].filter(Boolean).join(' · ')}
      />
    </div>
  );
}

const queueNote = ({ pending, oldest_seconds }: DashboardView['queue']) =>
  pending === 0
    ? 'Antrean kosong'
    : `${whole(pending)} pesan menunggu, terlama ${waitText(Math.max(1, oldest_seconds))}`;

const Tile = (props: { label: string; value: ComponentChildren; note: ComponentChildren }) => (
  <div class="tile">
    <p class="muted">{props.label}</p>
    <p class="value">{props.value}</p>
    <p class="muted">{props.note}</p>
  </div>
);
