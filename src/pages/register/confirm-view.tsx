/** The last step: everything at a glance, the ID card for who has it at hand, consent; and then the number. */
import { Problem, TextField } from './fields';

export const ConfirmView = ({ brand }: { brand: string }) => (
  <form class="view" data-view="confirm" data-step="confirm" noValidate hidden>
    <h1 tabIndex={-1}>Periksa dan kirim</h1>
    <div id="summary"></div>
    <fieldset class="id-card">
      <legend>
        KTP <span class="optional">opsional</span>
      </legend>
      <p class="hint">Boleh menyusul saat survei. Disimpan terenkripsi, dibuka hanya oleh petugas.</p>
      <TextField
        name="id_card_number"
        label="NIK"
        inputMode="numeric"
        maxLength={16}
        pattern="[0-9]{16}"
        autocomplete="off"
        placeholder="16 angka"
      />
      <div class="field">
        <label for="photo">
          Foto KTP<span class="optional"> opsional</span>
        </label>
        <input
          id="photo"
          type="file"
          accept="image/jpeg,image/png,image/webp"
          aria-describedby="id_card_photo-problem photo-state"
        />
        <p id="photo-state" class="hint" role="status"></p>
        <div class="photo" id="photo-shown" hidden>
          <img id="photo-image" alt="Foto KTP yang akan dikirim" />
          <button type="button" class="link" id="photo-remove">
            Hapus foto
          </button>
        </div>
        <Problem name="id_card_photo" />
      </div>
    </fieldset>
    <div class="field consent">
      <label for="consent">
        <input
          id="consent"
          type="checkbox"
          aria-describedby="consent-problem"
          data-required="Centang persetujuan untuk melanjutkan."
        />
        <span>
          Saya setuju {brand} menyimpan dan memakai data ini untuk memproses pendaftaran saya, sesuai
          Undang-Undang Pelindungan Data Pribadi (UU PDP).
        </span>
      </label>
      <Problem name="consent" />
    </div>
    <div class="upload" id="upload" hidden>
      <label for="upload-bar" id="upload-text">
        Mengunggah foto
      </label>
      <progress id="upload-bar" max={100} value={0}></progress>
    </div>
    <p class="alert" data-alert="confirm" role="alert" hidden></p>
    <div class="actions">
      <button id="submit" data-busy="Mengirim…">
        Kirim pendaftaran
      </button>
      <button type="button" class="quiet" data-go="package">
        Kembali
      </button>
    </div>
  </form>
);

export const DoneView = () => (
  <section class="view done" data-view="done" hidden>
    <div class="tick" aria-hidden="true">
      ✓
    </div>
    <h1 tabIndex={-1}>Pendaftaran berhasil</h1>
    <p class="lead">Simpan nomor ini. Kami juga mengirimkannya ke WhatsApp Anda.</p>
    <p class="number">
      <strong id="done-number"></strong>
      <button type="button" class="link" id="copy-number">
        Salin
      </button>
    </p>
    <a class="button" id="done-track" href="/track">
      Lihat status pendaftaran
    </a>
    <p>Selanjutnya kami memeriksa data Anda dan menghubungi Anda untuk jadwal survei.</p>
    <button type="button" class="quiet" id="again">
      Buat pendaftaran lain
    </button>
  </section>
);
