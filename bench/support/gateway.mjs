// A gateway that takes everything, at once or after a while; remembers the last code sent to each phone.
import { listen } from './wire.mjs';

export async function startGateway() {
  let id = 100_000_000;
  let delayMs = 0;
  let held = null;
  const codes = new Map();
  const { port } = await listen((body, send) => {
    const { target, message } = body.startsWith('{"target"') ? JSON.parse(body) : { message: '' };
    const code = /^\*(\d{6})\*$/m.exec(message)?.[1];
    if (code) codes.set(target, code);
    id += 1;
    const answer =
      `{"detail":"success! message in queue","id":["${id}"],"process":"pending","requestid":${id},` +
      `"status":true,"target":["${target}"]}`;
    if (held) held.push(() => send(answer));
    else if (delayMs > 0) setTimeout(send, delayMs, answer);
    else send(answer);
  });
  return {
    port,
    /** The code just sent to this phone, once. */
    takeCode(phone) {
      const code = codes.get(phone);
      codes.delete(phone);
      return code;
    },
    answerAfter: (ms) => void (delayMs = ms),
    /** Leaves everybody without an answer until release(). */
    hold: () => void (held = []),
    heldCount: () => held?.length ?? 0,
    release() {
      const waiting = held ?? [];
      held = null;
      for (const answer of waiting) answer();
    },
  };
}
