/**
 * A customer's phone on the developer's desk: puts messages in exactly as a webhook would, and shows the
 * conversation as the database has it. Codes, which are nowhere in the clear, come from the recorder's memory.
 */
import { type Clock } from '../platform/clock';
import { type Random } from '../platform/random';
import { type Inbound } from '../chat/inbound';
import { newChat, readState } from '../chat/state';
import { parseIncoming } from '../delivery/fonnte-webhooks';
import { type Recorder } from '../delivery/recorder';
import { type Reader } from '../store/statements';
import { type ChatRow, type InboundMessageRow } from '../store/tables/chats';
import { type MessageRow } from '../store/tables/messages';

export type SimulatedMessage =
  | { kind: 'text'; text: string }
  | { kind: 'location'; latitude: number; longitude: number }
  | { kind: 'media' };

export interface Bubble {
  id: string;
  from: 'customer' | 'bot';
  kind: 'text' | 'location' | 'media';
  /** null: erased, or never shown. */
  text: string | null;
  at: string;
  state: string | null;
}

export type Simulator = ReturnType<typeof createSimulator>;

const SHOWN = 200;

export function createSimulator(deps: {
  reads: Reader;
  inbound: Inbound;
  /** Null when WhatsApp is enabled: codes then go out for real and are not shown. */
  recorder: Recorder | null;
  clock: Clock;
  random: Random;
  brandName: string;
  device: string | null;
}) {
  const { reads, inbound, recorder, clock, random, brandName, device } = deps;

  /** Sends as the customer with this phone; resolves when the whole effect is on disk. */
  function send(phone: string, message: SimulatedMessage) {
    const body = {
      device,
      sender: phone,
      message: message.kind === 'text' ? message.text : 'non-text message',
      location: message.kind === 'location' ? `${message.latitude},${message.longitude}` : '',
      inboxid: random.integer(2 ** 47) + 1,
      timestamp: Math.floor(clock.now() / 1000),
    };
    return inbound.receive(parseIncoming(body));
  }

  function conversation(phone: string) {
    const row = reads.get<ChatRow>('SELECT * FROM chats WHERE phone = ?', phone);
    const state = row ? readState(row.state) : newChat;
    const { step, answers, verification_id, silent_until } = state;
    return {
      phone,
      brand_name: brandName,
      device,
      chat: {
        step,
        answers: { ...answers, package_name: packageName(answers.package_id) },
        verified: verification_id !== null,
        silent_until: silent_until === null ? null : new Date(silent_until).toISOString(),
      },
      messages: bubbles(phone),
    };
  }

  const packageName = (id: number | undefined): string | undefined =>
    id === undefined
      ? undefined
      : reads.get<{ name: string }>('SELECT name FROM packages WHERE id = ?', id)?.name;

  /** Both sides by time; at the same millisecond the customer's message stands before its answer. */
  function bubbles(phone: string): Bubble[] {
    const customer = reads.all<InboundMessageRow>(
      `SELECT * FROM inbound_messages WHERE phone = ? AND outcome <> 'ignored' ORDER BY id DESC LIMIT ?`,
      phone,
      SHOWN,
    );
    const bot = reads.all<MessageRow>(
      'SELECT * FROM messages WHERE phone = ? ORDER BY id DESC LIMIT ?',
      phone,
      SHOWN,
    );
    const all = [
      ...customer.reverse().map((row) => ({ at: row.received_at, bubble: fromCustomer(row) })),
      ...bot.reverse().map((row) => ({ at: row.created_at, bubble: fromBot(row) })),
    ];
    return all
      .sort((a, b) => a.at - b.at)
      .slice(-SHOWN)
      .map(({ bubble }) => bubble);
  }

  function fromCustomer(row: InboundMessageRow): Bubble {
    const kind = row.kind === 'unknown' ? 'text' : row.kind;
    return {
      id: `in-${row.id}`,
      from: 'customer',
      kind,
      text: row.text,
      at: iso(row.received_at),
      state: null,
    };
  }

  function fromBot(row: MessageRow): Bubble {
    const text = row.text ?? (row.kind === 'code' ? (recorder?.textOf(row.id) ?? null) : null);
    return {
      id: `out-${row.id}`,
      from: 'bot',
      kind: 'text',
      text,
      at: iso(row.created_at),
      state: row.state,
    };
  }

  return { send, conversation };
}

const iso = (at: number): string => new Date(at).toISOString();
