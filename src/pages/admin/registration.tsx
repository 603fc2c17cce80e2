/** One registration: its data, the decisions that can be made now, the customer's conversation, what has happened. */
import { Conversation } from './conversation';
import { Decisions } from './decisions';
import { FlashMessage, Layout } from './layout';
import { ChannelTag, eventLabel, Moment, StatusBadge } from './parts';
import { RegistrationData } from './registration-data';
import { type Attempt, type RegistrationView } from './registration-view';
import { Timeline } from './timeline';

export function RegistrationPage(view: RegistrationView) {
  const { frame, calendar, found, bubbles, asked } = view;
  const { registration } = found;
  const { id, full_name, registration_number, status, channel, created_at } = registration;
  return (
    <Layout frame={frame} title={registration_number} refreshUrl={`/admin/registrations/${id}`}>
      {asked.attempt && <Refused {...view} attempt={asked.attempt} />}
      <p class="back">
        <a href="/admin/registrations">← Semua pendaftaran</a>
      </p>
      <div class="heading">
        <div>
          <h1>{full_name}</h1>
          <p class="muted">
            {registration_number} · <Moment at={created_at} calendar={calendar} /> ·{' '}
            <ChannelTag channel={channel} />
          </p>
        </div>
        <p id="state" data-refresh data-version={registration.version}>
          <StatusBadge status={status} />
        </p>
      </div>
      <p id="stale" class="flash trouble" role="alert" hidden>
        Pendaftaran ini baru saja berubah. <a href={`/admin/registrations/${id}`}>Muat ulang halaman</a>
      </p>
      <div class="columns">
        <div>
          <RegistrationData {...view} />
          <Decisions {...view} attempt={asked.attempt} />
          <Timeline found={found} calendar={calendar} />
        </div>
        <div class="beside">
          <Conversation bubbles={bubbles} phone={registration.phone} calendar={calendar} />
        </div>
      </div>
      <p class="live" id="live" role="status" hidden></p>
    </Layout>
  );
}

/** A decision that was not made: why, and what others did meanwhile. */
function Refused({ attempt, found, calendar }: RegistrationView & { attempt: Attempt }) {
  const since = found.events.filter(({ details }) => Number(details['version']) > attempt.version);
  const isConflict = attempt.code === 'CONFLICT';
  const text = isConflict
    ? 'Keputusan Anda belum disimpan: pendaftaran ini baru saja diubah oleh orang lain.'
    : attempt.message;
  return (
    <FlashMessage flash={{ text, isTrouble: true }}>
      {isConflict && since.length > 0 && (
        <>
          <ul>
            {since.map(({ type, at, actor_name }) => (
              <li key={at}>
                {actor_name ?? 'Sistem'}: <strong>{eventLabel(type)}</strong>,{' '}
                <Moment at={at} calendar={calendar} />
              </li>
            ))}
          </ul>
          <p>Periksa keadaan terbaru di bawah, lalu putuskan lagi bila masih perlu.</p>
        </>
      )}
    </FlashMessage>
  );
}
