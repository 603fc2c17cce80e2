/** The third step: a package, and when the customer would like it installed. */
import { fieldProblems } from '../../messages/id/fields';
import { type Package } from '../../registration/packages';
import { rupiah } from '../shared/document';
import { Choice, Problem, TextArea, TextField } from './fields';

export const PackageView = ({ packages, today }: { packages: readonly Package[]; today: string }) => (
  <form class="view" data-view="package" data-step="package" noValidate hidden>
    <h1 tabIndex={-1}>Pilih paket</h1>
    <p class="lead">Semua harga per bulan.</p>
    <fieldset
      class="packages"
      id="package_id"
      tabIndex={-1}
      data-required={fieldProblems.package}
      aria-describedby="package_id-problem"
    >
      <legend class="unseen">Paket</legend>
      {packages.length === 0 && <p>Belum ada paket yang tersedia. Silakan hubungi admin kami.</p>}
      {packages.map((one) => (
        <PackageCard key={one.id} package={one} />
      ))}
      <Problem name="package_id" />
    </fieldset>
    <div class="pair">
      <TextField name="preferred_installation_date" label="Tanggal pemasangan" type="date" min={today} />
      <Choice name="preferred_time_slot" label="Waktu">
        <option value="">Kapan saja</option>
        <option value="morning">Pagi</option>
        <option value="afternoon">Siang</option>
        <option value="evening">Sore</option>
      </Choice>
    </div>
    <TextArea name="notes" rows={2} maxLength={500} placeholder="Ada yang perlu kami ketahui?" />
    <TextField name="referral_code" maxLength={100} autocomplete="off" autocapitalize="characters" />
    <p class="alert" data-alert="package" role="alert" hidden></p>
    <div class="actions">
      <button>Lanjut</button>
      <button type="button" class="quiet" data-go="address">
        Kembali
      </button>
    </div>
  </form>
);

const PackageCard = ({ package: { id, name, speed_mbps, price, description } }: { package: Package }) => (
  <label class="package">
    <input
      type="radio"
      name="package_id"
      value={String(id)}
      data-field
      data-name={name}
      data-price={`${rupiah(price)}/bulan`}
    />
    <span class="package-body">
      <span class="package-name">{name}</span>
      <span class="package-price">
        <strong>{rupiah(price)}</strong>/bulan
      </span>
      <span class="package-speed">{speed_mbps} Mbps</span>
      {description && <span class="package-text">{description}</span>}
    </span>
  </label>
);
