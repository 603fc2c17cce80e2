/** Another process holds the file's write lock: this one waits without standing still. */
import BetterSqlite3 from 'better-sqlite3';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Program } from '../support/process';
import { figures, size } from '../support/soak';
import { asksForCode, says, setStage } from '../support/stage';
import { until } from '../support/until';

const HELD_MS = size(2_000, 8_000);
const POLL_MS = 5;
/** Far above what is measured (see docs/reliability.md): other programs share the machine. */
const LONGEST_STALL_MS = 250;
const LOOP_DELAY = join(__dirname, '../support/loop-delay.mjs');
const stage = setStage();

/** The program's longest stall since it was last asked, in ms. */
async function longestStall(program: Program): Promise<number> {
  const file = join(stage.folder, 'loop-delay');
  rmSync(file, { force: true });
  program.signal('SIGUSR2');
  await until('the program has written its longest stall', () => existsSync(file));
  return Number(readFileSync(file, 'utf8'));
}

test(`for ${HELD_MS / 1000} s: /health answers all the while, and what came in is done afterwards`, async () => {
  const { program, url } = await stage.startUp({
    NODE_OPTIONS: `--import=${LOOP_DELAY}`,
    LOOP_DELAY_FILE: join(stage.folder, 'loop-delay'),
    SEND_PER_MINUTE: '0',
    OTP_MAX_PER_IP_PER_HOUR: '0',
  });
  const phones = Array.from({ length: 40 }, (_, n) => `62812000${1000 + n}`);
  for (const phone of phones.slice(0, 10)) await says(url, phone, 'DAFTAR', 1);
  await stage.fonnte.waitFor(() => stage.fonnte.sent.length === 10);
  const busy = await longestStall(program);

  const holder = new BetterSqlite3(join(stage.folder, 'data/daftar.db'));
  holder.exec('BEGIN IMMEDIATE');
  const webhooks = phones.map((phone) => says(url, phone, 'BANTUAN', 2));
  const form = asksForCode(url, '6281200009999');
  const answered = Promise.allSettled([...webhooks, form]);
  const latencies: number[] = [];
  const end = performance.now() + HELD_MS;
  while (performance.now() < end) {
    const began = performance.now();
    expect((await fetch(`${url}/health`)).status).toBe(200);
    latencies.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const stall = await longestStall(program);
  expect(stage.fonnte.sent).toHaveLength(10);
  holder.exec('ROLLBACK');
  holder.close();

  await answered;
  for (const webhook of webhooks) expect((await webhook).status).toBe(200);
  expect([200, 202]).toContain((await form).status);
  await until('every reply has gone out', () => stage.fonnte.sent.length === 51, 10_000);
  latencies.sort((a, b) => a - b);
  const at = (share: number) => Math.round(latencies[Math.floor(latencies.length * share)]! * 10) / 10;
  figures('the write lock held by another process', {
    held_ms: HELD_MS,
    health_polls: latencies.length,
    health_p50_ms: at(0.5),
    health_p99_ms: at(0.99),
    health_max_ms: at(1 - 1e-9),
    longest_stall_ms: Math.round(stall * 10) / 10,
    longest_stall_before_ms: Math.round(busy * 10) / 10,
  });
  expect(stall).toBeLessThan(LONGEST_STALL_MS);
});
