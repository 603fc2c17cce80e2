// One conversation with the back end: polling, sending in order, and what is known right now.
// Promises: messages leave one after the other; an answer that was asked for before a newer one was
// shown is dropped, so the chat never jumps back; nothing is polled while the tab is hidden.

import { readChat, sendMessage } from './api.js';

const IDLE_MS = 1000;
const EAGER_MS = 300;
const EAGER_FOR_MS = 3000;
const SLOWEST_MS = 8000;

/**
 * Calls `onData(data, sent)` with every fresh answer (`sent`: the local message it answers, if any),
 * `onRefused(message, error)` when a message did not get through, `onTrouble(error | null)` when reading
 * stops or starts to work.
 */
export function createSession(phone, { onData, onRefused, onTrouble }) {
  let closed = false;
  let era = 0;
  let inFlight = 0;
  let lastSent = 0;
  let failures = 0;
  let timer = null;
  let queue = Promise.resolve();

  function plan() {
    clearTimeout(timer);
    if (closed || document.visibilityState === 'hidden') return;
    const eager = Date.now() - lastSent < EAGER_FOR_MS;
    const wait = failures ? Math.min(IDLE_MS * 2 ** failures, SLOWEST_MS) : eager ? EAGER_MS : IDLE_MS;
    timer = setTimeout(poll, wait);
  }

  async function poll() {
    clearTimeout(timer);
    if (closed || inFlight > 0) return plan();
    const asked = ++era;
    try {
      const data = await readChat(phone);
      if (closed) return;
      if (failures) onTrouble(null);
      failures = 0;
      if (asked === era) onData(data);
    } catch (error) {
      if (closed) return;
      failures += 1;
      onTrouble(error);
    }
    plan();
  }

  /** Sends `message.body`; the outcome arrives through the callbacks. */
  function send(message) {
    queue = queue.then(() => deliver(message));
  }

  async function deliver(message) {
    if (closed) return;
    era += 1;
    inFlight += 1;
    try {
      const data = await sendMessage(phone, message.body);
      if (closed) return;
      lastSent = Date.now();
      onData(data, message);
    } catch (error) {
      if (!closed) onRefused(message, error);
    } finally {
      inFlight -= 1;
      era += 1;
      plan();
    }
  }

  function wake() {
    if (document.visibilityState === 'visible') void poll();
    else clearTimeout(timer);
  }

  function close() {
    closed = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', wake);
  }

  document.addEventListener('visibilitychange', wake);
  void poll();
  return { send, close };
}
