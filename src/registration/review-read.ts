/** One registration as admins see it: its fields, its log, what was sent for it. NIK and photo stay sealed. */
import { type Reader } from '../store/statements';
import { type EventRow } from '../store/tables/events';
import { type MessageHistoryRow, type MessageRow } from '../store/tables/messages';
import { type RegistrationRow } from '../store/tables/registrations';

export type RegistrationDetails = Omit<RegistrationRow, 'id_card_number_sealed'> & {
  package_name: string;
  /** All stars, when there is one: it is shown only when asked for, and the look is logged. */
  id_card_number: string | null;
  has_id_card_photo: boolean;
};

export interface LogEntry {
  type: string;
  at: number;
  /** `customer`, `system` or `admin:<id>`. */
  actor: string;
  /** The admin's name. */
  actor_name: string | null;
  details: Record<string, unknown>;
}

export type SentMessage = Pick<
  MessageRow,
  'id' | 'kind' | 'state' | 'reason' | 'created_at' | 'updated_at'
> & {
  /** Null for a code, and for what has been erased. */
  text: string | null;
  /** Each change of state since it was queued, oldest first, with the try that led there. */
  history: MessageChange[];
};

export type MessageChange = Pick<MessageHistoryRow, 'state' | 'at' | 'try' | 'reason' | 'gateway_id'>;

export interface ReviewedRegistration {
  registration: RegistrationDetails;
  events: LogEntry[];
  messages: SentMessage[];
}

const MASKED_NIK = '*'.repeat(16);
/** Far more than any registration has; a bound all the same. */
const MOST_SHOWN = 500;

type Found = RegistrationRow & { package_name: string; has_photo: number; otp_id: number | null };

export function readRegistration(reads: Reader, id: number): ReviewedRegistration | undefined {
  const row = reads.get<Found>(
    `SELECT r.*, p.name AS package_name,
       EXISTS (SELECT 1 FROM id_card_photos WHERE registration_id = r.id) AS has_photo,
       (SELECT e.otp_id FROM events e WHERE e.registration_id = r.id AND e.type = 'registration_submitted') AS otp_id
     FROM registrations r JOIN packages p ON p.id = r.package_id WHERE r.id = ?`,
    id,
  );
  if (!row) return undefined;
  const { otp_id, has_photo, id_card_number_sealed, ...fields } = row;
  const id_card_number = id_card_number_sealed === null ? null : MASKED_NIK;
  return {
    registration: { ...fields, id_card_number, has_id_card_photo: has_photo === 1 },
    events: logOf(reads, id, otp_id),
    messages: messagesOf(reads, id, row.phone, otp_id),
  };
}

/** From the code that proved its phone on. */
function logOf(reads: Reader, id: number, otp_id: number | null): LogEntry[] {
  const rows = reads.all<EventRow & { actor_name: string | null; notes: string | null }>(
    `SELECT e.*, a.username AS actor_name, n.notes FROM events e
     LEFT JOIN admins a ON a.id = CAST(substr(e.actor, 7) AS INTEGER) AND e.actor LIKE 'admin:%'
     LEFT JOIN decision_notes n ON n.event_id = e.id
     WHERE e.id IN (SELECT id FROM events WHERE registration_id = ?
                    UNION SELECT id FROM events WHERE otp_id = ?) ORDER BY e.id LIMIT ?`,
    id,
    otp_id,
    MOST_SHOWN,
  );
  return rows.map(({ type, at, actor, actor_name, details, notes }) => {
    const known = details === null ? {} : (JSON.parse(details) as Record<string, unknown>);
    return { type, at, actor, actor_name, details: notes === null ? known : { ...known, notes } };
  });
}

/** Of the code's own message only what became of it. */
function messagesOf(reads: Reader, id: number, phone: string, otp_id: number | null): SentMessage[] {
  const messages = reads.all<Omit<SentMessage, 'history'>>(
    `SELECT id, kind, state, reason, created_at, updated_at, CASE kind WHEN 'code' THEN NULL ELSE text END AS text
     FROM messages WHERE registration_id = ? OR (phone = ? AND otp_id = ?) ORDER BY id LIMIT ?`,
    id,
    phone,
    otp_id,
    MOST_SHOWN,
  );
  const changes = reads.all<MessageHistoryRow>(
    `SELECT * FROM message_history WHERE message_id IN (SELECT value FROM json_each(?)) ORDER BY id`,
    JSON.stringify(messages.map((message) => message.id)),
  );
  return messages.map((message) => ({
    ...message,
    history: changes
      .filter((change) => change.message_id === message.id)
      .map(({ state, at, try: nth, reason, gateway_id }) => ({ state, at, try: nth, reason, gateway_id })),
  }));
}
