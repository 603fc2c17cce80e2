// The load, in a process of its own: chat webhooks over kept-alive connections, closed loop or at a steady rate.
// argv: url, mode ("closed" | "steady"), connections, seconds, rate. Prints one JSON line.
import { Pool } from 'undici';

const [url, mode, connections, seconds, rate, seed = '1'] = process.argv.slice(2);
const { origin, pathname, search } = new URL(url);
const pool = new Pool(origin, { connections: Number(connections), pipelining: 1 });
const CHATS = 2_000;
const WORDS = ['DAFTAR', 'x', 'BANTUAN', 'y', 'KEMBALI', 'z'];
let sent = 0;
let failed = 0;
const latencies = [];

async function turn() {
  const number = sent++;
  const body = JSON.stringify({
    device: '6280000000000',
    sender: `62812${seed}${String(number % CHATS).padStart(6, '0')}`,
    message: `${WORDS[Math.floor(number / CHATS) % WORDS.length]}`,
    inboxid: Number(seed) * 100_000_000 + number + 1,
    timestamp: Math.floor(Date.now() / 1000),
    name: 'Bench',
  });
  const began = performance.now();
  const { statusCode, body: answer } = await pool.request({
    method: 'POST',
    path: pathname + search,
    headers: { 'content-type': 'application/json' },
    body,
  });
  await answer.dump();
  if (statusCode !== 200) failed += 1;
  latencies.push(performance.now() - began);
}

const began = performance.now();
const end = began + Number(seconds) * 1000;
if (mode === 'closed') {
  const loop = async () => {
    while (performance.now() < end) await turn();
  };
  await Promise.all(Array.from({ length: Number(connections) }, loop));
} else {
  const pending = new Set();
  for (let due = began; due < end; due += 1000 / Number(rate)) {
    const wait = due - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    const one = turn().finally(() => pending.delete(one));
    pending.add(one);
  }
  await Promise.all(pending);
}
const took = (performance.now() - began) / 1000;
latencies.sort((a, b) => a - b);
const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
process.stdout.write(
  `${JSON.stringify({ turns: latencies.length, failed, per_second: latencies.length / took, p50: at(0.5), p99: at(0.99) })}\n`,
);
await pool.close();
