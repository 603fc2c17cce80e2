// The outbox emptied at no pace, by the same 16 calls in flight: against undici alone, and against undici with the rows
// a message sent leaves behind.
import { copyFileSync } from 'node:fs';
import { run } from '../support/process.mjs';
import { drainOutbox, fillOutbox } from '../support/outbox.mjs';
import { middle } from '../support/stats.mjs';
import { bareProgram } from '../support/turn-servers.mjs';

const PHONES = 10_000;
/** With a slow gateway 16 at a time make 80 a second. */
const PHONES_SLOW = 640;
const SLOW_MS = 200;
/** As long as the answers in the outbox are. */
const TEXT =
  'Nama lengkap terlalu pendek. Tulis minimal 3 karakter.\n\nSiapa *nama lengkap* Anda? (sesuai KTP)';

async function drainInTurn(bench, { rounds, phones, delayMs }) {
  const results = { ours: [], bare: [], bareRows: [] };
  for (let round = 1; round <= rounds; round += 1) {
    const file = bench.newFile();
    await fillOutbox(bench, file, phones);
    const copy = bench.newFile();
    copyFileSync(file, copy);
    const ours = await drainOutbox(bench, file, delayMs);
    const { port } = await bench.otherSide.ask('gateway', { delayMs });
    const url = `http://127.0.0.1:${port}/send`;
    results.ours.push(ours);
    results.bare.push(await run([bareProgram('sender'), url, String(ours.count), TEXT]));
    results.bareRows.push(await run([bareProgram('sender'), url, 'outbox', copy]));
  }
  return (field) => ({
    ours: middle(results.ours, field),
    bare: middle(results.bare, field),
    bareRows: middle(results.bareRows, field),
  });
}

export async function drain(bench) {
  const of = await drainInTurn(bench, { rounds: Math.min(3, bench.rounds), phones: PHONES, delayMs: 0 });
  const { ours, bare, bareRows } = of('per_second');
  const cpu = of('cpuEach');
  return [
    { row: 'outbox sent/s, gateway instant', ours, bare, aim: '≥ 0.6' },
    { row: '  against undici and the same rows', ours, bare: bareRows },
    {
      row: '  CPU µs per message',
      ours: cpu.ours,
      bare: cpu.bare,
      note: `with rows ${Math.round(cpu.bareRows)}`,
    },
  ];
}

export async function drainSlow(bench) {
  const of = await drainInTurn(bench, { rounds: 1, phones: PHONES_SLOW, delayMs: SLOW_MS });
  const { ours, bare } = of('per_second');
  return [{ row: `outbox sent/s, gateway ${SLOW_MS} ms (80 at most)`, ours, bare, aim: '≥ 0.6' }];
}
