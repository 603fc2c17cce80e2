// Runs rows one after the other and prints each as soon as it is known.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOtherSide } from './other-side.mjs';
import { stopAll } from './process.mjs';
import { short } from './stats.mjs';

/** Enough for any round: loads do not meet each other's customers, nor those of another run in a file that is kept. */
const CHATS_PER_LOAD = 200_000;
/** The first phones are those of a large file's customers. */
const FIRST_CHAT = 10_000_000;

const WIDTHS = [46, 10, 10, 7, 14];
const line = (...cells) =>
  `${cells.map((cell, n) => (n === 0 ? cell.padEnd(WIDTHS[0]) : cell.padStart(WIDTHS[n] ?? 0))).join(' ')}\n`;

function show({ row, ours, bare, aim = '', note = '' }) {
  const shown = (value) => (value === undefined ? '' : String(short(value)));
  const ratio = bare === undefined ? '' : (ours / bare).toFixed(2);
  process.stdout.write(line(row, shown(ours), shown(bare), ratio, aim, note && ` ${note}`).trimEnd() + '\n');
}

export async function runRows(rows, wanted, { columns = ['ours', 'bare'], files: given } = {}) {
  const unknown = wanted.filter((name) => !(name in rows));
  if (unknown.length > 0) throw new Error(`no such row: ${unknown}; there are ${Object.keys(rows)}`);
  const home = mkdtempSync(join(tmpdir(), 'daftar-bench-'));
  const otherSide = startOtherSide();
  let files = 0;
  let chats = FIRST_CHAT + CHATS_PER_LOAD * Math.floor(Math.random() * 300);
  const bench = {
    rounds: Number(process.env.BENCH_ROUNDS ?? 5),
    seconds: Number(process.env.BENCH_SECONDS ?? 3),
    otherSide,
    files: given,
    newFile: () => join(home, `${(files += 1)}.db`),
    newChats: () => (chats += CHATS_PER_LOAD),
  };
  process.stdout.write(line('', ...columns, 'ratio', 'aim'));
  try {
    for (const name of wanted.length > 0 ? wanted : Object.keys(rows)) {
      for (const result of await rows[name](bench)) show(result);
    }
  } finally {
    await stopAll();
    otherSide.stop();
    rmSync(home, { recursive: true, force: true });
  }
}
