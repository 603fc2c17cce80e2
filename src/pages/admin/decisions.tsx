/** The moves that are allowed now, each a form with what it asks for. */
import { CSRF_FIELD } from '../../http/middleware/admin';
import { moveLabels } from '../../messages/id/admin-pages';
import { decisionNotices } from '../../messages/id/notices';
import { movesFrom, type Status } from '../../registration/lifecycle';
import { Field } from './parts';
import { type Attempt, type RegistrationView } from './registration-view';

type Move = Exclude<Status, 'pending_verification'>;

const ENDINGS: readonly Move[] = ['rejected', 'cancelled'];

export function Decisions({
  found,
  frame,
  today,
  attempt,
}: RegistrationView & { attempt: Attempt | undefined }) {
  const { registration } = found;
  const moves = movesFrom(registration.status as Status) as readonly Move[];
  const isTried = moves.some((move) => move === attempt?.status);
  return (
    <section class="panel" id="decisions" aria-labelledby="decisions-title">
      <h2 id="decisions-title">Keputusan</h2>
      {moves.length === 0 && <p class="muted">Pendaftaran ini sudah selesai; tidak ada langkah lagi.</p>}
      {moves.map((move, index) => (
        <details class="move" key={move} name="moves" open={isTried ? move === attempt!.status : index === 0}>
          <summary>{moveLabels[move]}</summary>
          <form method="post" action={`/admin/registrations/${registration.id}/decision`}>
            <input type="hidden" name={CSRF_FIELD} value={frame.csrf} />
            <input type="hidden" name="status" value={move} />
            <input type="hidden" name="version" value={registration.version} />
            <MoveFields move={move} today={today} attempt={move === attempt?.status ? attempt : undefined} />
            <div class="actions">
              <button class={ENDINGS.includes(move) ? 'danger' : undefined}>{moveLabels[move]}</button>
              <small class="muted">
                {move in decisionNotices
                  ? 'Pelanggan diberi tahu lewat WhatsApp.'
                  : 'Pelanggan tidak diberi tahu.'}
              </small>
            </div>
          </form>
        </details>
      ))}
    </section>
  );
}

function MoveFields({ move, today, attempt }: { move: Move; today: string; attempt: Attempt | undefined }) {
  const errors = attempt?.errors ?? [];
  const typed = attempt?.typed ?? {};
  return (
    <>
      {move === 'survey_scheduled' && (
        <Field id={`${move}-date`} name="survey_scheduled_date" label="Tanggal survei" errors={errors}>
          {(attributes) => (
            <input
              {...attributes}
              type="date"
              min={today}
              required
              value={typed['survey_scheduled_date'] ?? ''}
            />
          )}
        </Field>
      )}
      {move === 'rejected' && (
        <Field
          id={`${move}-reason`}
          name="rejection_reason"
          label="Alasan penolakan"
          errors={errors}
          hint="Alasan ini dikirim kepada pelanggan."
        >
          {(attributes) => (
            <textarea {...attributes} rows={2} maxLength={500} required>
              {typed['rejection_reason'] ?? ''}
            </textarea>
          )}
        </Field>
      )}
      <Field
        id={`${move}-notes`}
        name="notes"
        label="Catatan (opsional)"
        errors={errors}
        hint="Hanya untuk petugas."
      >
        {(attributes) => (
          <textarea {...attributes} rows={1} maxLength={500}>
            {typed['notes'] ?? ''}
          </textarea>
        )}
      </Field>
    </>
  );
}
