/** Decisions: who moved which registration where, told to the customer in the same transaction, and logged. */
import { z } from 'zod';
import { fieldLabels, fieldProblems, listProblems } from '../messages/id/fields';
import { decisionNotices } from '../messages/id/notices';
import { type Calendar, isDate } from '../platform/calendar';
import { type Clock } from '../platform/clock';
import { type Outbox } from '../delivery/outbox';
import { decisionNotes } from '../store/tables/decision-notes';
import { type RegistrationRow } from '../store/tables/registrations';
import { type Tx } from '../store/unit-of-work';
import { recordEvent } from './events';
import { isAbsent, lines } from './field-readers';
import { type FieldError } from './form';
import { movesFrom, STATUSES, type Status } from './lifecycle';
import { refuse, type AdminRefusal } from './refusals';
import { fieldErrors } from './review-query';

export interface Decision {
  status: Status;
  /** Of the registration as the admin saw it; left out, it is not held against anything. */
  version?: number;
  notes?: string;
  rejection_reason?: string;
  /** `YYYY-MM-DD` */
  survey_scheduled_date?: string;
}

const TEXT_MAX = 500;
const optional = <T extends z.ZodType>(type: T) =>
  z.preprocess((value) => (isAbsent(value) ? undefined : value), type.optional());

const shape = z.object({
  status: z.enum(STATUSES, { error: listProblems.status }),
  version: optional(
    z.union(
      [
        z.int(),
        z
          .string()
          .regex(/^[0-9]{1,9}$/)
          .transform(Number),
      ],
      { error: listProblems.version },
    ),
  ),
  notes: optional(lines(fieldLabels.notes, 1, TEXT_MAX)),
  rejection_reason: optional(lines('Alasan penolakan', 1, TEXT_MAX)),
  survey_scheduled_date: optional(
    z.string({ error: listProblems.date }).refine(isDate, { error: listProblems.date }),
  ),
});

/** Refuses VALIDATION_ERROR with one entry per bad field. */
export function parseDecision(input: unknown): { ok: true; decision: Decision } | AdminRefusal {
  const read = shape.safeParse(input);
  if (read.success) return { ok: true, decision: read.data };
  return refuse('VALIDATION_ERROR', { errors: fieldErrors(read.error) });
}

export type Decided = { ok: true; registration: RegistrationRow };

export function createDecide(deps: {
  clock: Clock;
  calendar: Calendar;
  outbox: Outbox;
  brandName: string;
  trackingUrl: (registration_number: string) => string;
}) {
  const { clock, calendar, outbox } = deps;

  /** Refuses NOT_FOUND, CONFLICT (stale version), INVALID_TRANSITION, VALIDATION_ERROR (reason or date missing). */
  return function decide(tx: Tx, id: number, admin_id: number, decision: Decision): Decided | AdminRefusal {
    const now = clock.now();
    const before = tx.get<RegistrationRow>('SELECT * FROM registrations WHERE id = ?', id);
    if (!before) return refuse('NOT_FOUND');
    const { status, version } = decision;
    if (version !== undefined && version !== before.version) return refuse('CONFLICT');
    if (!movesFrom(before.status as Status).includes(status)) return refuse('INVALID_TRANSITION');
    const missing = missingFor(decision, calendar.date(now));
    if (missing) return refuse('VALIDATION_ERROR', { errors: [missing] });

    const rejection_reason = status === 'rejected' ? decision.rejection_reason! : before.rejection_reason;
    const survey_scheduled_date =
      status === 'survey_scheduled' ? decision.survey_scheduled_date! : before.survey_scheduled_date;
    const change = { status, rejection_reason, survey_scheduled_date, version: before.version + 1 };
    tx.run(
      `UPDATE registrations SET status = ?, rejection_reason = ?, survey_scheduled_date = ?, version = ?, updated_at = ?
       WHERE id = ?`,
      ...Object.values(change),
      now,
      id,
    );
    const registration = { ...before, ...change, updated_at: now };
    log(tx, before, registration, admin_id, decision.notes);
    tell(tx, registration);
    return { ok: true, registration };
  };

  function log(tx: Tx, before: RegistrationRow, after: RegistrationRow, admin_id: number, notes?: string) {
    const { id: registration_id, survey_scheduled_date } = after;
    const status = after.status as Exclude<Status, 'pending_verification'>;
    const event_id = recordEvent(tx, {
      type: `registration_${status}`,
      at: after.updated_at,
      actor: `admin:${admin_id}`,
      registration_id,
      details: {
        from: before.status,
        version: after.version,
        ...(status === 'survey_scheduled' ? { survey_scheduled_date } : {}),
      },
    });
    if (notes !== undefined) tx.insert(decisionNotes, { event_id, registration_id, notes });
  }

  function tell(tx: Tx, registration: RegistrationRow): void {
    const { id: registration_id, phone, full_name, registration_number, status } = registration;
    const notice = (decisionNotices as Partial<typeof decisionNotices>)[
      status as keyof typeof decisionNotices
    ];
    if (!notice) return;
    const date = registration.survey_scheduled_date;
    const text = notice({
      full_name,
      registration_number,
      brand: deps.brandName,
      tracking_url: deps.trackingUrl(registration_number),
      survey_date: date === null ? '' : calendar.longDate(date),
      reason: registration.rejection_reason ?? '',
    });
    outbox.enqueue(tx, { phone, kind: 'notice', registration_id, text });
  }
}

function missingFor(decision: Decision, today: string): FieldError | null {
  const { status, rejection_reason, survey_scheduled_date: date } = decision;
  if (status === 'rejected' && rejection_reason === undefined)
    return { field: 'rejection_reason', message: fieldProblems.required('Alasan penolakan') };
  if (status !== 'survey_scheduled') return null;
  if (date === undefined)
    return { field: 'survey_scheduled_date', message: fieldProblems.required('Tanggal survei') };
  return date < today ? { field: 'survey_scheduled_date', message: listProblems.datePast } : null;
}
