// Chat webhooks. A chat says these six things, each of them once, so that the mix stays the same at any speed and the
// loop guard has nothing to say; 500 chats take turns.
import { percentile } from './stats.mjs';
import { phoneOf } from './phones.mjs';
import { connect } from './wire.mjs';

export const WORDS = ['DAFTAR', 'x', 'BANTUAN', 'y', 'KEMBALI', 'z'];
const TOGETHER = 500;
const DEVICE = '6280000000000';

/** The n-th message of a load whose first chat is `firstChat`; each chat says the first `words` of WORDS. */
function messageOf(n, { firstChat, words = WORDS.length }, inbox) {
  const lap = Math.floor(n / TOGETHER);
  const chat = firstChat + Math.floor(lap / words) * TOGETHER + (n % TOGETHER);
  return webhook(phoneOf(chat), WORDS[lap % words], inbox + n);
}

export const webhook = (sender, message, inboxid) => ({
  device: DEVICE,
  sender,
  message,
  inboxid,
  timestamp: Math.floor(Date.now() / 1000),
  name: 'Bench',
});

/** Larger in every run, and a number that JSON can carry. */
export const newInbox = () => Date.now() * 1000;

/** Every connection sends as soon as it is answered, for `seconds` or until so many messages are `sent`. */
export async function closedTurns(options) {
  const { port, path, connections, seconds = Infinity, messages = Infinity } = options;
  const inbox = newInbox();
  const began = performance.now();
  const end = began + seconds * 1000;
  let sent = 0;
  let failed = 0;
  const loop = async () => {
    const connection = connect(port);
    while (sent < messages && performance.now() < end) {
      const { status } = await connection.post(path, messageOf(sent++, options, inbox));
      if (status !== 200) failed += 1;
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: connections }, loop));
  return { count: sent, failed, per_second: sent / ((performance.now() - began) / 1000) };
}

/**
 * `rate` a second, whatever the answers do. A latency counts from when its message was due, waiting for a free
 * connection and for a late timer included: else a stalled server would be asked less, and look better for it.
 */
export async function steadyTurns(options) {
  const { port, path, connections, seconds, rate } = options;
  const inbox = newInbox();
  const free = Array.from({ length: connections }, () => connect(port));
  const waiting = [];
  const latencies = [];
  const total = rate * seconds;
  let failed = 0;
  let sent = 0;
  const began = performance.now();
  const dueAt = (n) => began + (n * 1000) / rate;
  const serve = async (connection) => {
    for (let n = waiting.shift(); n !== undefined; n = waiting.shift()) {
      const { status } = await connection.post(path, messageOf(n, options, inbox));
      if (status !== 200) failed += 1;
      latencies.push(performance.now() - dueAt(n));
    }
    free.push(connection);
  };
  const working = [];
  while (sent < total) {
    for (; sent < total && dueAt(sent) <= performance.now(); sent += 1) {
      waiting.push(sent);
      const connection = free.shift();
      if (connection) working.push(serve(connection));
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(working);
  for (const connection of free) connection.close();
  latencies.sort((a, b) => a - b);
  const [p50, p99] = [percentile(latencies, 0.5), percentile(latencies, 0.99)];
  return { count: latencies.length, failed, p50, p99, worst: latencies.at(-1) };
}
