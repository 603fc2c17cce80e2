// The bare limit of sending: undici, 16 calls in flight, nothing else. With a database (a copy of the service's
// full outbox) also what the service writes of a message sent, on disk, by group commit.
// argv: URL of the gateway, how many, the text; or URL, "outbox", database.
import { Pool } from 'undici';
import { openStore } from './store.mjs';

const IN_FLIGHT = 16;
const [url, count, given] = process.argv.slice(2);
const { origin, pathname } = new URL(url);
const pool = new Pool(origin, { connections: IN_FLIGHT, pipelining: 1 });

async function send({ phone, text }) {
  const { body } = await pool.request({
    method: 'POST',
    path: pathname,
    headers: { authorization: 'bench', 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ target: phone, message: text, countryCode: '62' }),
  });
  return (await body.json()).id[0];
}

function openOutbox(file) {
  const { db, insert, write } = openStore(file);
  const accepted = db.prepare(
    `UPDATE messages SET state = 'accepted', gateway_id = ?, claimed_at = ?, updated_at = ? WHERE id = ?`,
  );
  const history = insert('message_history', 'message_id,state,at,started_at,try,gateway_id');
  const settle = ({ id }, started, gateway_id) =>
    new Promise((resolve) =>
      write(() => {
        const now = Date.now();
        accepted.run(gateway_id, started, now, id);
        history.run(id, 'accepted', now, started, 1, gateway_id);
      }, resolve),
    );
  const messages = db.prepare(`SELECT * FROM messages WHERE state = 'queued' ORDER BY priority, id`).all();
  return { messages, settle };
}

const { messages, settle } =
  count === 'outbox'
    ? openOutbox(given)
    : {
        messages: Array.from({ length: Number(count) }, () => ({ phone: '6281200000001', text: given })),
        settle: null,
      };
let next = 0;
const loop = async () => {
  while (next < messages.length) {
    const message = messages[next++];
    const started = Date.now();
    const gateway_id = await send(message);
    if (settle) await settle(message, started, gateway_id);
  }
};
const cpu = process.cpuUsage();
const began = performance.now();
await Promise.all(Array.from({ length: IN_FLIGHT }, loop));
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(cpu);
const cpuEach = (user + system) / messages.length;
process.stdout.write(`${JSON.stringify({ per_second: messages.length / seconds, cpuEach })}\n`);
await pool.close();
