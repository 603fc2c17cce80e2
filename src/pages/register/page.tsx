/** The form's page: its views, one shown at a time, and beside them what has been chosen and where help is. */
import { type Package } from '../../registration/packages';
import { ChatLink, Document } from '../shared/document';
import { AddressView } from './address-view';
import { ConfirmView, DoneView } from './confirm-view';
import { CodeView, DataView, SendingView } from './identity-views';
import { PackageView } from './package-view';

export const STEPS: [view: string, label: string][] = [
  ['data', 'Data diri'],
  ['address', 'Alamat'],
  ['package', 'Paket'],
  ['confirm', 'Konfirmasi'],
];

const STYLES = ['layout', 'form', 'proof', 'parts'].map((name) => `/register/assets/${name}.css`);

export interface RegisterPageProps {
  brand: string;
  /** Our own number; null where there is none. */
  device: string | null;
  /** Messages are recorded, never sent. */
  isDisabled: boolean;
  packages: readonly Package[];
  /** `YYYY-MM-DD` in TIME_ZONE. */
  today: string;
}

export function RegisterPage({ brand, device, isDisabled, packages, today }: RegisterPageProps) {
  return (
    <Document
      title="Pendaftaran"
      brand={brand}
      class="register"
      styles={STYLES}
      script="/register/assets/main.js"
      isPublic
    >
      <main id="main" class="container layout" tabIndex={-1}>
        <WithoutScript device={device} />
        <div class="form-side" id="form-side" hidden>
          <Progress />
          <p class="notice" id="disabled" role="status" hidden={!isDisabled}>
            <strong>WhatsApp sedang dinonaktifkan.</strong> Pesan dan kode hanya dicatat, tidak dikirim.
          </p>
          <p class="notice" id="notice" role="status" hidden></p>
          <div class="card">
            <DataView brand={brand} />
            <CodeView />
            <SendingView />
            <AddressView />
            <PackageView packages={packages} today={today} />
            <ConfirmView brand={brand} />
            <DoneView />
          </div>
        </div>
        <Aside device={device} />
      </main>
    </Document>
  );
}

const Progress = () => (
  <nav class="progress" id="progress" aria-label="Langkah pendaftaran">
    <ol>
      {STEPS.map(([view, label], index) => (
        <li key={view} data-step={view}>
          <span class="dot" aria-hidden="true">
            {index + 1}
          </span>
          <span class="label">{label}</span>
        </li>
      ))}
    </ol>
  </nav>
);

/** Seen where scripts are off, and where they cannot be loaded; the form takes its place as soon as it runs. */
const WithoutScript = ({ device }: { device: string | null }) => (
  <div class="without-script" id="without-script">
    <div class="card">
      <h1>Pendaftaran</h1>
      <p>
        Formulir ini memerlukan JavaScript, yang tidak aktif atau gagal dimuat di peramban Anda. Aktifkan,
        lalu muat ulang halaman.
      </p>
      {device && (
        <>
          <p>Atau daftar langsung lewat WhatsApp: kirim kata DAFTAR, dan kami pandu langkah demi langkah.</p>
          <ChatLink class="button whatsapp" device={device} text="DAFTAR">
            Daftar lewat WhatsApp
          </ChatLink>
        </>
      )}
    </div>
  </div>
);

const Aside = ({ device }: { device: string | null }) => (
  <aside class="beside" aria-label="Ringkasan dan bantuan">
    <section class="chosen" id="chosen" hidden>
      <h2>Paket pilihan Anda</h2>
      <p class="chosen-name" id="chosen-name"></p>
      <p class="chosen-price" id="chosen-price"></p>
    </section>
    <section>
      <h2>Cara kerjanya</h2>
      <ol class="how">
        <li>Isi formulir ini, beberapa menit saja.</li>
        <li>Kami memeriksa data dan menjadwalkan survei.</li>
        <li>Teknisi memasang, internet Anda aktif.</li>
      </ol>
    </section>
    {device && (
      <section>
        <h2>Lebih suka lewat chat?</h2>
        <p>Pendaftaran yang sama dapat diselesaikan di WhatsApp.</p>
        <ChatLink device={device} text="DAFTAR">
          Daftar lewat WhatsApp
        </ChatLink>
      </section>
    )}
    <p class="safe">Data Anda hanya dipakai untuk pendaftaran ini, sesuai UU PDP.</p>
  </aside>
);
