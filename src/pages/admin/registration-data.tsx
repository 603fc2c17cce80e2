/** What the customer told us. NIK and ID-card photo only when asked for. */
import { type ComponentChildren } from 'preact';
import { fieldLabels } from '../../messages/id/fields';
import { slotLabels } from '../../messages/id/admin-pages';
import { type RegistrationDetails } from '../../registration/review-read';
import { type Calendar } from '../../platform/calendar';
import { CsrfField } from './layout';
import { localPhone } from './parts';
import { type Asked, type RegistrationView } from './registration-view';
import { type Frame } from './site';

export function RegistrationData({ found, calendar, asked, frame }: RegistrationView) {
  const { registration } = found;
  const { phone, email, package_name, survey_scheduled_date, rejection_reason } = registration;
  return (
    <section class="panel" aria-labelledby="data-title">
      <h2 id="data-title">Data pelanggan</h2>
      <dl class="facts">
        <Fact label="WhatsApp">
          {localPhone(phone)}{' '}
          <a class="action" href={`https://wa.me/${phone}`} target="_blank" rel="noopener noreferrer">
            Balas di WhatsApp
          </a>
        </Fact>
        <Fact label={fieldLabels.email}>{email}</Fact>
        <Fact label={fieldLabels.package_id}>{package_name}</Fact>
        <Fact label={fieldLabels.address}>
          <Address of={registration} />
        </Fact>
        <Fact label="Lokasi">{location(registration)}</Fact>
        <Fact label="Pemasangan">{wish(registration, calendar)}</Fact>
        <Fact label={fieldLabels.notes}>{registration.notes}</Fact>
        <Fact label="Asal">{origin(registration)}</Fact>
        {survey_scheduled_date && <Fact label="Survei">{calendar.longDate(survey_scheduled_date)}</Fact>}
        {rejection_reason && <Fact label="Alasan penolakan">{rejection_reason}</Fact>}
        <Sealed registration={registration} asked={asked} frame={frame} />
      </dl>
    </section>
  );
}

const Fact = ({ label, children }: { label: string; children: ComponentChildren }) =>
  children === null ? null : (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );

function Address({ of }: { of: RegistrationDetails }) {
  const neighbourhood = [of.rt && `RT ${of.rt}`, of.rw && `RW ${of.rw}`].filter(Boolean).join(' / ');
  const area = [neighbourhood, of.kelurahan, of.kecamatan].filter(Boolean).join(', ');
  const city = [of.city, of.postal_code].filter(Boolean).join(' ');
  return (
    <>
      {[of.address, area, city].filter(Boolean).map((line) => (
        <span class="line" key={line}>
          {line}
        </span>
      ))}
      {of.address_notes && <span class="line muted">{of.address_notes}</span>}
    </>
  );
}

/** Maps are other sites: opened on a click, and not told where it comes from. */
function location({ latitude, longitude }: RegistrationDetails) {
  if (latitude === null || longitude === null) return null;
  const openStreetMap = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`;
  const google = `https://www.google.com/maps?q=${latitude},${longitude}`;
  return (
    <>
      {latitude}, {longitude}{' '}
      <a class="action" href={openStreetMap} target="_blank" rel="noopener noreferrer">
        OpenStreetMap
      </a>{' '}
      <a class="action" href={google} target="_blank" rel="noopener noreferrer">
        Google Maps
      </a>
    </>
  );
}

function wish(registration: RegistrationDetails, calendar: Calendar): string | null {
  const { preferred_installation_date: date, preferred_time_slot: slot } = registration;
  if (date === null && slot === null) return null;
  return [date && calendar.longDate(date), slot && (slotLabels[slot] ?? slot)].filter(Boolean).join(', ');
}

function origin({ referral_code, utm_source, utm_medium, utm_campaign }: RegistrationDetails): string | null {
  const campaign = [utm_source, utm_medium, utm_campaign].filter(Boolean).join(' / ');
  const referral = referral_code === null ? '' : `Referral ${referral_code}`;
  return [referral, campaign].filter(Boolean).join(' · ') || null;
}

function Sealed(props: { registration: RegistrationDetails; asked: Asked; frame: Frame }) {
  const { registration, asked, frame } = props;
  const base = `/admin/registrations/${registration.id}`;
  return (
    <>
      {registration.id_card_number !== null && (
        <Fact label={fieldLabels.id_card_number}>
          {asked.id_card_number ? (
            <strong class="nik" tabIndex={-1} autofocus>
              {asked.id_card_number}
            </strong>
          ) : (
            <form class="inline" method="post" action={`${base}/id-card-number`}>
              <CsrfField frame={frame} />
              <span aria-hidden="true">•••• •••• •••• ••••</span>{' '}
              <button class="quiet small">
                Tampilkan<span class="unseen"> NIK</span>
              </button>
            </form>
          )}
        </Fact>
      )}
      {registration.has_id_card_photo && (
        <Fact label={fieldLabels.id_card_photo}>
          {asked.showsPhoto ? (
            <img
              class="id-card"
              src={`/api/registrations/${registration.id}/id-card-photo`}
              alt={`Foto KTP ${registration.full_name}`}
              tabIndex={-1}
              autofocus
            />
          ) : (
            <form class="inline" method="post" action={`${base}/id-card-photo`}>
              <CsrfField frame={frame} />
              <button class="quiet small">
                Tampilkan<span class="unseen"> foto KTP</span>
              </button>
            </form>
          )}
        </Fact>
      )}
      {(registration.id_card_number !== null || registration.has_id_card_photo) && (
        <p class="hint">Setiap kali NIK atau foto KTP ditampilkan, hal itu dicatat dalam riwayat.</p>
      )}
    </>
  );
}
