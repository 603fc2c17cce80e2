/** The second step: where the installation is to be. */
import { Problem, TextArea, TextField } from './fields';

const threeDigits = { inputMode: 'numeric', maxLength: 3, pattern: '[0-9]{1,3}' } as const;

export const AddressView = () => (
  <form class="view" data-view="address" data-step="address" noValidate hidden>
    <h1 tabIndex={-1}>Di mana internet dipasang?</h1>
    <p class="lead">Makin lengkap alamatnya, makin cepat teknisi kami sampai.</p>
    <TextArea
      name="address"
      label="Alamat lengkap"
      minLength={10}
      maxLength={500}
      autocomplete="street-address"
      placeholder="Jl. Mawar No. 12, Perumahan Griya Asri"
      required
    />
    <div class="pair">
      <TextField name="rt" autocomplete="off" {...threeDigits} />
      <TextField name="rw" autocomplete="off" {...threeDigits} />
    </div>
    <div class="pair">
      <TextField name="kelurahan" label="Kelurahan/desa" maxLength={100} autocomplete="address-level4" />
      <TextField name="kecamatan" maxLength={100} autocomplete="address-level3" />
    </div>
    <div class="pair uneven">
      <TextField
        name="city"
        label="Kota/kabupaten"
        minLength={2}
        maxLength={100}
        autocomplete="address-level2"
        required
      />
      <TextField
        name="postal_code"
        inputMode="numeric"
        maxLength={5}
        pattern="[0-9]{5}"
        autocomplete="postal-code"
      />
    </div>
    <TextArea
      name="address_notes"
      label="Patokan"
      rows={2}
      maxLength={500}
      placeholder="Pagar hijau, seberang masjid"
    />
    <fieldset class="place" aria-describedby="place-hint">
      <legend>
        Titik lokasi <span class="optional">opsional</span>
      </legend>
      <div class="place-row">
        <button type="button" class="quiet" id="use-place" data-busy="Mencari lokasi…">
          Gunakan lokasi saya
        </button>
        <p id="place" hidden>
          <strong id="place-value"></strong> <span id="place-accuracy"></span>
          <button type="button" class="link" id="drop-place">
            Hapus lokasi
          </button>
        </p>
      </div>
      <Problem name="latitude" />
      <small id="place-hint" class="hint">
        Pakai hanya bila Anda sedang berada di tempat pemasangan.
      </small>
    </fieldset>
    <p class="alert" data-alert="address" role="alert" hidden></p>
    <div class="actions">
      <button>Lanjut</button>
      <button type="button" class="quiet" data-go="data">
        Kembali
      </button>
    </div>
  </form>
);
