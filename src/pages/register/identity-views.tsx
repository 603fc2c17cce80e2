/** The first step: who applies, and the proof that the WhatsApp number is theirs, by a code or by sending a text. */
import { Problem, TextField } from './fields';

export const DataView = ({ brand }: { brand: string }) => (
  <form class="view" data-view="data" data-step="data" noValidate hidden>
    <h1 tabIndex={-1}>Daftar internet {brand}</h1>
    <p class="lead">
      Mulai dengan data diri Anda. Kami mengirim kode ke WhatsApp untuk memastikan nomornya benar.
    </p>
    <TextField
      name="full_name"
      minLength={3}
      maxLength={100}
      autocomplete="name"
      autocapitalize="words"
      required
    />
    <TextField
      name="phone"
      type="tel"
      inputMode="tel"
      autocomplete="tel"
      placeholder="081234567890"
      hint="Kode verifikasi dan kabar pendaftaran dikirim ke nomor ini."
      required
    />
    <p class="proven" id="proven" hidden>
      <span>
        <span aria-hidden="true">✓</span> <strong id="proven-phone"></strong> sudah terverifikasi
      </span>
      <button type="button" class="link" id="change-phone">
        Ganti nomor
      </button>
    </p>
    <TextField
      name="email"
      type="email"
      inputMode="email"
      autocomplete="email"
      autocapitalize="none"
      spellcheck={false}
      placeholder="nama@contoh.com"
      required
    />
    <p class="alert" data-alert="data" role="alert" hidden></p>
    <WayOut id="data-way-out" summary="Kirim kode bermasalah? Ada cara lain" />
    <div class="actions">
      <button id="request-code" data-busy="Mengirim kode…">
        Kirim kode ke WhatsApp
      </button>
    </div>
  </form>
);

export const CodeView = () => (
  <form class="view" data-view="code" data-step="data" noValidate hidden>
    <h1 tabIndex={-1}>Masukkan kode</h1>
    <p class="lead">
      Kode 6 angka untuk WhatsApp <strong id="code-phone"></strong>.{' '}
      <button type="button" class="link" data-go="data">
        Ubah nomor
      </button>
    </p>
    <p class="delivery" id="delivery" role="status"></p>
    <p class="notice" id="shown-code" hidden>
      Kode uji: <strong id="shown-code-value"></strong>
    </p>
    <div class="field">
      <label for="otp">Kode OTP</label>
      <input
        id="otp"
        name="otp"
        class="otp"
        type="text"
        inputMode="numeric"
        autocomplete="one-time-code"
        pattern="[0-9 ]*"
        maxLength={7}
        placeholder="••••••"
        aria-describedby="otp-problem otp-hint"
      />
      <Problem name="otp" />
      <small id="otp-hint" class="hint">
        Jangan berikan kode ini kepada siapa pun. Petugas kami tidak pernah memintanya.
      </small>
    </div>
    <p class="alert" data-alert="code" role="alert" hidden></p>
    <div class="actions">
      <button id="check-code" data-busy="Memeriksa…">
        Verifikasi
      </button>
      <button type="button" class="quiet" id="resend" disabled>
        Kirim ulang kode
      </button>
    </div>
    <WayOut id="code-way-out" summary="Kode belum sampai?" />
  </form>
);

/** Checks a customer can make, and the other way to verify. */
const WayOut = ({ id, summary }: { id: string; summary: string }) => (
  <details class="way-out" id={id} data-way-out hidden={id === 'data-way-out'}>
    <summary>{summary}</summary>
    <p>Periksa dahulu:</p>
    <ul>
      <li>WhatsApp aktif di nomor ini, dan ponsel terhubung ke internet.</li>
      <li>
        Nomornya benar: <strong data-typed-phone></strong>
      </li>
      <li>Chat kami tidak ada di Arsip dan nomor kami tidak diblokir.</li>
    </ul>
    <p>Atau balik arahnya: Anda yang mengirim satu pesan kepada kami. Tanpa menunggu kode.</p>
    <button type="button" class="whatsapp" data-send-instead data-busy="Menyiapkan…">
      Verifikasi dengan mengirim pesan
    </button>
    <Problem name={`${id}-offer`} />
  </details>
);

export const SendingView = () => (
  <form class="view" data-view="sending" data-step="data" noValidate hidden>
    <h1 tabIndex={-1}>Kirim satu pesan WhatsApp</h1>
    <p class="lead">Kirim teks ini dari nomor WhatsApp yang ingin Anda daftarkan, lalu balas YA.</p>
    <p class="delivery" id="sending-state" role="status"></p>
    <p class="send-text">
      <strong id="send-text"></strong>
      <button type="button" class="link" id="copy-text">
        Salin
      </button>
    </p>
    <div class="qr-box" id="qr-box">
      <div id="qr" role="img" aria-label="Kode QR yang membuka WhatsApp dengan teks ini"></div>
      <p>Pindai dengan kamera ponsel: WhatsApp terbuka dengan teks yang sudah siap.</p>
    </div>
    <a class="button whatsapp" id="open-whatsapp" target="_blank" rel="noopener noreferrer" href="#sending">
      Buka WhatsApp
    </a>
    <p class="hint">
      Tidak terbuka? Ketik sendiri teks itu ke nomor <strong id="send-to"></strong>.
    </p>
    <p class="alert" data-alert="sending" role="alert" hidden></p>
    <div class="actions">
      <button type="button" class="quiet" data-go="code">
        Kembali
      </button>
      <button type="button" id="new-text" data-send-instead data-busy="Menyiapkan…" hidden>
        Buat teks baru
      </button>
    </div>
  </form>
);
