// `npm run bench`: what the service costs, each row as a ratio against a bare baseline that does the same work with
// nothing around it, in turn with it on the same machine. Ratios carry from machine to machine; numbers do not.
// `npm run bench -- turns drain` runs only these rows. BENCH_ROUNDS and BENCH_SECONDS (of each round) shorten it.
import { codes } from './rows/codes.mjs';
import { disk } from './rows/disk.mjs';
import { drain, drainSlow } from './rows/drain.mjs';
import { memory } from './rows/memory.mjs';
import { start } from './rows/start.mjs';
import { latency, turns } from './rows/turns.mjs';
import { runRows } from './support/table.mjs';

const ROWS = { turns, latency, codes, drain, 'drain-200ms': drainSlow, start, memory, disk };

await runRows(ROWS, process.argv.slice(2));
