/**
 * The gateway when WhatsApp is disabled: every message is recorded in the outbox as `recorded` and nothing leaves.
 * It keeps the newest texts in memory, so that the simulator can show codes, which are nowhere else in the clear.
 */
import { type Gateway } from './gateway';

export interface Recorder extends Gateway {
  /** The text of a recorded message, unless it is too long ago. */
  textOf(message_id: number): string | null;
}

const KEPT = 500;

export function createRecorder(): Recorder {
  const texts = new Map<number, string>();
  return {
    name: 'recorder',
    send(_phone, text, message_id) {
      texts.set(message_id, text);
      const [oldest] = texts.keys();
      if (texts.size > KEPT && oldest !== undefined) texts.delete(oldest);
      return Promise.resolve({ kind: 'recorded' });
    },
    textOf: (message_id) => texts.get(message_id) ?? null,
    close: () => Promise.resolve(),
  };
}
