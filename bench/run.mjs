// `npm run bench`: durable chat turns per second at 64 connections, as a ratio against a bare baseline that runs in
// turn with it on the same machine. Ratios carry from machine to machine; the absolute numbers do not.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const ROUNDS = Number(process.argv[2] ?? 5);
const SECONDS = 4;
const CONNECTIONS = 64;
const TOKEN = 'bench-webhook-token-000000000000';

/** Starts a program and resolves with it and the port on the first line of JSON that names one. */
function start(args, env) {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it listened`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const port = /"port":(\d+)/.exec(line)?.[1];
      if (port) resolve({ child, port });
    });
  });
}

function load(url, round) {
  const args = [join(here, 'client.mjs'), url, 'closed', CONNECTIONS, SECONDS, 0, round].map(String);
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve) =>
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line))),
  );
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const directory = mkdtempSync(join(tmpdir(), 'daftar-bench-'));
const baseline = await start([join(here, 'baseline-server.mjs'), join(directory, 'baseline.db')], {});
// The pace is one message a minute: answers are queued, on disk, and what sending them costs is another row.
const daftar = await start([join(here, '..')], {
  NODE_ENV: 'test',
  PORT: '0',
  DATABASE_URL: `sqlite:${join(directory, 'daftar.db')}`,
  WHATSAPP_ENABLED: 'true',
  WHATSAPP_API_URL: 'http://127.0.0.1:9/send',
  WHATSAPP_API_TOKEN: 'bench',
  WEBHOOK_TOKEN: TOKEN,
  SEND_PER_MINUTE: '1',
  OTP_MAX_PER_DAY: '0',
  LOG_LEVEL: 'info',
});
try {
  const results = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const bare = await load(`http://127.0.0.1:${baseline.port}/`, round);
    const ours = await load(`http://127.0.0.1:${daftar.port}/webhooks/fonnte/messages?token=${TOKEN}`, round);
    if (bare.failed + ours.failed > 0) throw new Error('a turn was not answered 200');
    results.push({ bare: bare.per_second, ours: ours.per_second, p99: ours.p99 });
  }
  const bare = median(results.map((one) => one.bare));
  const ours = median(results.map((one) => one.ours));
  process.stdout.write(
    `chat turns, durable, ${CONNECTIONS} connections: ratio ${(ours / bare).toFixed(2)}` +
      ` (${Math.round(ours)}/s against ${Math.round(bare)}/s; median of ${ROUNDS} rounds of ${SECONDS} s)\n`,
  );
} finally {
  for (const { child } of [baseline, daftar]) {
    child.removeAllListeners('exit');
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
  }
  rmSync(directory, { recursive: true, force: true });
}
