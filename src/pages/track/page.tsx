/** The tracking page: which steps a registration has behind it, and what its customer may read besides. */
import { type ComponentChildren } from 'preact';
import { statusLabels } from '../../messages/id/web';
import { type Calendar } from '../../platform/calendar';
import { type Status } from '../../registration/lifecycle';
import { type PublicStatus } from '../../registration/public-status';
import { ChatLink, Document } from '../shared/document';

interface Frame {
  brand: string;
  device: string | null;
  calendar: Calendar;
}

/** In the order of a registration that goes well; what each means for the customer. */
const WAY: [Status, string][] = [
  ['pending_verification', 'Kami memeriksa data yang Anda kirim.'],
  ['verified', 'Data Anda lengkap. Kami menyiapkan jadwal survei.'],
  ['survey_scheduled', 'Teknisi datang memeriksa lokasi pemasangan.'],
  ['survey_completed', 'Lokasi sudah diperiksa. Kami menyiapkan persetujuan.'],
  ['approved', 'Pendaftaran disetujui. Kami menghubungi Anda untuk pemasangan.'],
  ['customer_created', 'Selamat, Anda sudah menjadi pelanggan kami.'],
];

const CLOSED: Partial<Record<Status, string>> = {
  rejected: 'Mohon maaf, pendaftaran ini tidak dapat kami lanjutkan.',
  cancelled: 'Pendaftaran ini sudah dibatalkan.',
};

const Page = ({ brand, title, children }: { brand: string; title: string; children: ComponentChildren }) => (
  <Document title={title} brand={brand} class="track" styles={['/track/assets/track.css']}>
    <main id="main" class="container narrow" tabIndex={-1}>
      {children}
    </main>
  </Document>
);

export function LookUpPage(props: Frame & { number?: string; problem?: string }) {
  const { brand, number, problem } = props;
  return (
    <Page brand={brand} title="Cek status pendaftaran">
      <div class="card">
        <h1>Cek status pendaftaran</h1>
        <p class="lead">Nomor pendaftaran ada di pesan WhatsApp dari kami.</p>
        <form method="get" action="/track">
          <label for="number">Nomor pendaftaran</label>
          <input
            id="number"
            name="number"
            type="text"
            value={number}
            placeholder="REG-20261125-0001"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            maxLength={40}
            required
            {...problemAttributes('number', problem)}
          />
          {problem && <Problem id="number" text={problem} />}
          <button>Lihat status</button>
        </form>
      </div>
      <Help {...props} />
    </Page>
  );
}

const problemAttributes = (id: string, problem: string | null | undefined) =>
  problem ? { 'aria-invalid': 'true' as const, 'aria-describedby': `${id}-problem`, autofocus: true } : {};

const Problem = ({ id, text }: { id: string; text: string }) => (
  <small id={`${id}-problem`} class="problem" role="alert">
    {text}
  </small>
);

export function StatusPage(props: Frame & { found: PublicStatus; problem: string | null }) {
  const { brand, calendar, found, problem } = props;
  const { registration_number, status, full_name, created_at, details } = found;
  return (
    <Page brand={brand} title={`Status ${registration_number}`}>
      <div class="card">
        <p class="over">Pendaftaran {registration_number}</p>
        <h1>{statusLabels[status]}</h1>
        <p class="lead">
          {full_name} · didaftarkan{' '}
          <time dateTime={new Date(created_at).toISOString()}>{calendar.moment(created_at)}</time>
        </p>
        {CLOSED[status] ? <p class={`closed is-${status}`}>{CLOSED[status]}</p> : <Way status={status} />}
        {details ? (
          <Details details={details} calendar={calendar} />
        ) : (
          <Last4Form number={registration_number} problem={problem} />
        )}
      </div>
      <Help {...props} number={registration_number} />
    </Page>
  );
}

function Way({ status }: { status: Status }) {
  const at = WAY.findIndex(([one]) => one === status);
  return (
    <ol class="way">
      {WAY.map(([one, meaning], index) => (
        <li
          key={one}
          class={index < at ? 'past' : index === at ? 'now' : 'ahead'}
          aria-current={index === at ? 'step' : undefined}
        >
          <span class="mark" aria-hidden="true">
            {index < at || status === 'customer_created' ? '✓' : index + 1}
          </span>
          <div>
            <strong>{statusLabels[one]}</strong>
            {index < at && <span class="unseen"> (selesai)</span>}
            {index === at && <p>{meaning}</p>}
          </div>
        </li>
      ))}
    </ol>
  );
}

function Details({
  details,
  calendar,
}: {
  details: NonNullable<PublicStatus['details']>;
  calendar: Calendar;
}) {
  const { package_name, survey_scheduled_date, rejection_reason } = details;
  const lines: [string, string | null][] = [
    ['Paket', package_name],
    ['Jadwal survei', survey_scheduled_date && calendar.longDate(survey_scheduled_date)],
    ['Alasan', rejection_reason],
  ];
  return (
    <section class="details" aria-label="Rincian">
      <h2>Rincian</h2>
      <dl class="facts">
        {lines.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}

const Last4Form = ({ number, problem }: { number: string; problem: string | null }) => (
  <form class="last4" method="post" action={`/track/${number}`}>
    <label for="phone_last4">4 angka terakhir nomor WhatsApp Anda</label>
    <div class="row">
      <input
        id="phone_last4"
        name="phone_last4"
        type="text"
        inputMode="numeric"
        pattern="[0-9]{4}"
        maxLength={4}
        placeholder="0000"
        autocomplete="off"
        required
        {...problemAttributes('phone_last4', problem)}
      />
      <button>Lihat rincian</button>
    </div>
    {problem ? (
      <Problem id="phone_last4" text={problem} />
    ) : (
      <small>Untuk melihat paket, jadwal survei, dan keterangan lain.</small>
    )}
  </form>
);

const Help = ({ device, number }: { device: string | null; number?: string }) => (
  <p class="help">
    {device && (
      <>
        Ada pertanyaan?{' '}
        <ChatLink device={device} text="STATUS">
          Tanya lewat WhatsApp
        </ChatLink>{' '}
        ·{' '}
      </>
    )}
    {number ? <a href="/track">Cek nomor lain</a> : <a href="/register">Daftar baru</a>}
  </p>
);
