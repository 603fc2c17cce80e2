/**
 * A customer's phone on the developer's desk: puts messages in exactly as a webhook would, and shows the
 * conversation as the database has it. Codes, which are nowhere in the clear, come from the recorder's memory.
 */
import { type Clock } from '../platform/clock';
import { type Random } from '../platform/random';
import { readConversation, type Bubble as Said } from '../chat/conversation';
import { type Inbound } from '../chat/inbound';
import { newChat, readState } from '../chat/state';
import { parseIncoming } from '../delivery/fonnte-webhooks';
import { type Recorder } from '../delivery/recorder';
import { type Reader } from '../store/statements';
import { type ChatRow } from '../store/tables/chats';

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
      messages: readConversation(reads, phone, SHOWN).map(bubbleOf),
    };
  }

  const packageName = (id: number | undefined): string | undefined =>
    id === undefined
      ? undefined
      : reads.get<{ name: string }>('SELECT name FROM packages WHERE id = ?', id)?.name;

  function bubbleOf({ id, from, kind, text, at, state }: Said): Bubble {
    if (from === 'customer')
      return { id: `in-${id}`, from, kind: kind === 'code' ? 'text' : kind, text, at: iso(at), state };
    const code = kind === 'code' ? (recorder?.textOf(id) ?? null) : null;
    return { id: `out-${id}`, from: 'bot', kind: 'text', text: text ?? code, at: iso(at), state };
  }

  return { send, conversation };
}

const iso = (at: number): string => new Date(at).toISOString();
