/** Wakes whoever waits, in this process, for a message's state to change; the row itself is the truth. */
import { EventEmitter } from 'node:events';

export interface Changes {
  announce(message_id: number): void;
  /** Resolves at the next change announced here, or after `ms`. */
  waitFor(message_id: number, ms: number): Promise<void>;
}

export function createChanges(): Changes {
  const emitter = new EventEmitter().setMaxListeners(0);
  return {
    announce: (message_id) => void emitter.emit(String(message_id)),
    waitFor: (message_id, ms) =>
      new Promise((resolve) => {
        const name = String(message_id);
        const done = () => {
          clearTimeout(timer);
          emitter.off(name, done);
          resolve();
        };
        const timer = setTimeout(done, ms);
        emitter.once(name, done);
      }),
  };
}
