/**
 * One turn of a conversation inside the caller's unit of work: load the state, step the machine, run its commands
 * (which answer with events), save. Replies go into the outbox in the same transaction, so a turn acts once.
 */
import { type Calendar } from '../platform/calendar';
import { type Clock, MINUTE } from '../platform/clock';
import { type Outbox } from '../delivery/outbox';
import { slotNames } from '../messages/id/chat';
import { helpWantedForAdmins } from '../messages/id/notices';
import { statusLabels } from '../messages/id/web';
import { recordEvent } from '../registration/events';
import { type Status } from '../registration/lifecycle';
import { listPackages, type Package } from '../registration/packages';
import { hasOpenRegistration, type Registrations } from '../registration/registrations';
import { chats, type ChatRow } from '../store/tables/chats';
import { type VerificationRow } from '../store/tables/verifications';
import { type Tx } from '../store/unit-of-work';
import { type Confirmation } from './confirmation';
import { step, type ChatEvent, type Command, type Facts, type RegistrationLine } from './machine';
import { type Input } from './parsers';
import { newChat, readState, type Answers, type ChatState } from './state';

export interface LoadedChat {
  row: ChatRow;
  state: ChatState;
  /** When its message was received (epoch ms). */
  received_at: number;
  /** The registration this turn made: what is said of it belongs to it. */
  registration_id: number | null;
}

export type Chat = ReturnType<typeof createChat>;

/** How many registrations `STATUS` shows, newest first. */
const STATUS_LINES = 3;

export function createChat(deps: {
  clock: Clock;
  calendar: Calendar;
  outbox: Outbox;
  registrations: Registrations;
  confirmation: Confirmation;
  brandName: string;
  adminPhones: readonly string[];
  expireMinutes: number;
}) {
  const { clock, calendar, outbox, registrations, confirmation } = deps;
  const expireMs = deps.expireMinutes * MINUTE;

  function load(tx: Tx, phone: string, received_at: number): LoadedChat {
    const row =
      tx.get<ChatRow>('SELECT * FROM chats WHERE phone = ?', phone) ?? create(tx, phone, received_at);
    return { row, state: readState(row.state), received_at, registration_id: null };
  }

  function create(tx: Tx, phone: string, updated_at: number): ChatRow {
    const fresh = { phone, revision: 0, state: JSON.stringify(newChat), updated_at };
    const unset = {
      form_since: null,
      guarded_until: null,
      confirming_text_id: null,
      confirming_otp_id: null,
    };
    return { id: tx.insert(chats, fresh), ...fresh, ...unset };
  }

  /** Lets the machine (or, where it is for a web form, the confirmation) answer one message and keeps what came of it. */
  function turn(tx: Tx, chat: LoadedChat, input: Input): void {
    const { row, received_at } = chat;
    // Should the clock have been set back, what is typed now belongs to the form as well, and is erased with it.
    if (row.form_since !== null) row.form_since = Math.min(row.form_since, received_at);
    endLostForm(tx, chat);
    const isTaken = confirmation.takes(tx, row, input);
    if (!isTaken) drive(tx, chat, { type: 'message', input });
    keep(tx, chat);
  }

  /** Steps the machine with an event, and with every event that its commands lead to. */
  function drive(tx: Tx, chat: LoadedChat, first: ChatEvent): void {
    const facts = factsNow(tx);
    const waiting: ChatEvent[] = [first];
    for (let event = waiting.shift(); event; event = waiting.shift()) {
      const { state, commands } = step(chat.state, event, facts);
      chat.state = state;
      for (const command of commands) {
        const answer = run(tx, chat, command);
        if (answer) waiting.push(answer);
      }
    }
  }

  function run(tx: Tx, chat: LoadedChat, command: Command): ChatEvent | null {
    const { row, registration_id } = chat;
    const { phone } = row;
    switch (command.type) {
      case 'say':
        outbox.enqueue(tx, {
          phone,
          kind: 'chat',
          text: command.text,
          registration_id: registration_id ?? undefined,
        });
        return null;
      case 'askOtp': {
        const request = { phone, channel: 'chat' as const, full_name: command.full_name, address: null };
        const asked = registrations.requestOtp(tx, request, row.id);
        return asked.ok ? { type: 'otpIssued' } : { type: 'refused', refusal: asked };
      }
      case 'checkOtp': {
        const judged = registrations.verifyOtp(tx, phone, 'chat', command.code, row.id);
        if (!judged.ok) return { type: 'refused', refusal: judged };
        return { type: 'otpJudged', verification_id: judged.verification_id };
      }
      case 'checkEmail':
        return { type: 'emailChecked', email: command.email, taken: hasOpenRegistration(tx, command.email) };
      case 'submit':
        return submit(tx, chat, command.verification_id, command.answers);
      case 'findStatus':
        return { type: 'statusFound', registrations: newestRegistrations(tx, phone) };
      case 'callStaff':
        return callStaff(tx, row);
      case 'begin':
        row.form_since = chat.received_at;
        recordEvent(tx, { type: 'chat_started', at: clock.now(), actor: 'customer', chat_id: row.id });
        return null;
      case 'end':
        return forget(tx, row, command.reason);
    }
  }

  function submit(tx: Tx, chat: LoadedChat, verification_id: number, answers: Answers): ChatEvent {
    const proof = tx.get<VerificationRow>('SELECT * FROM verifications WHERE id = ?', verification_id);
    const { location, schedule, ...rest } = answers;
    const form = {
      ...rest,
      latitude: location?.latitude,
      longitude: location?.longitude,
      preferred_installation_date: schedule?.date,
      preferred_time_slot: schedule?.slot,
    };
    const completed = registrations.complete(tx, proof, form, chat.row.id);
    if (!completed.ok) return { type: 'refused', refusal: completed };
    chat.row.form_since = null;
    chat.registration_id = completed.registration.id;
    const { full_name, registration_number } = completed.registration;
    const tracking_url = registrations.trackingUrl(registration_number);
    return { type: 'saved', full_name, registration_number, tracking_url };
  }

  function newestRegistrations(tx: Tx, phone: string): RegistrationLine[] {
    return tx
      .all<{ registration_number: string; status: Status; created_at: number }>(
        `SELECT registration_number, status, created_at FROM registrations WHERE phone = ? ORDER BY id DESC LIMIT ?`,
        phone,
        STATUS_LINES,
      )
      .map(({ registration_number, status, created_at }) => ({
        registration_number,
        label: statusLabels[status],
        date: calendar.longDate(calendar.date(created_at)),
      }));
  }

  function callStaff(tx: Tx, { id, phone }: ChatRow): null {
    const text = helpWantedForAdmins(phone);
    for (const admin of deps.adminPhones) outbox.enqueue(tx, { phone: admin, kind: 'notice', text });
    recordEvent(tx, { type: 'chat_handed_over', at: clock.now(), actor: 'customer', chat_id: id });
    return null;
  }

  /** Erases what was typed into a form that is given up, the messages it came in and our answers included. */
  function forget(tx: Tx, row: ChatRow, reason: 'cancelled' | 'expired'): null {
    const since = row.form_since ?? clock.now();
    tx.run(
      'UPDATE inbound_messages SET text = NULL, text_hash = NULL WHERE phone = ? AND received_at >= ?',
      row.phone,
      since,
    );
    tx.run(
      `UPDATE otps SET full_name = '' WHERE phone = ? AND channel = 'chat' AND created_at >= ?`,
      row.phone,
      since,
    );
    outbox.eraseTalk(tx, row.phone, since);
    row.form_since = null;
    const actor = reason === 'cancelled' ? 'customer' : 'system';
    recordEvent(tx, { type: `chat_${reason}`, at: clock.now(), actor, chat_id: row.id });
    return null;
  }

  /** A form is lost after a long silence, or when this version cannot read its state: erased, and begun again. */
  function endLostForm(tx: Tx, chat: LoadedChat): void {
    const { form_since, updated_at } = chat.row;
    const isUnreadable = chat.state.step === 'idle';
    if (form_since === null || (!isUnreadable && clock.now() - updated_at < expireMs)) return;
    drive(tx, chat, { type: 'expired' });
  }

  /** Ends up to `most` forms whose customers have gone silent; returns how many it found. */
  function expireSilent(tx: Tx, most: number): number {
    const before = clock.now() - expireMs;
    const silent = tx.all<ChatRow>(
      'SELECT * FROM chats WHERE form_since <= ? AND updated_at <= ? LIMIT ?',
      before,
      before,
      most,
    );
    for (const row of silent) {
      const chat = { row, state: readState(row.state), received_at: clock.now(), registration_id: null };
      drive(tx, chat, { type: 'expired' });
      keep(tx, chat, row.updated_at);
    }
    return silent.length;
  }

  function keep(tx: Tx, { row, state }: LoadedChat, updated_at = clock.now()): void {
    tx.run(
      `UPDATE chats SET state = ?, revision = revision + 1, updated_at = ?, form_since = ?, guarded_until = ?,
         confirming_text_id = ?, confirming_otp_id = ? WHERE id = ?`,
      JSON.stringify(state),
      updated_at,
      row.form_since,
      row.guarded_until,
      row.confirming_text_id,
      row.confirming_otp_id,
      row.id,
    );
  }

  function factsNow(tx: Tx): Facts {
    const now = clock.now();
    let packages: Package[] | undefined;
    return {
      now,
      today: calendar.date(now),
      brand: deps.brandName,
      /** Read when a question first shows them. */
      get packages() {
        return (packages ??= listPackages(tx));
      },
      scheduleText: ({ date, slot }) => calendar.longDate(date) + (slot ? ` (${slotNames[slot]})` : ''),
    };
  }

  return { load, turn, keep, expireSilent };
}
