// `npm run bench:scale`: what the service costs in a large file, as a ratio against an empty one, and how long admins
// wait for what they ask of it. The file (about 3 GB for a million registrations) is made in BENCH_DIR, or under the
// system's folder for temporary files, and removed afterwards; with --keep (or BENCH_KEEP=true) it stays and is used
// again. BENCH_REGISTRATIONS makes a smaller one. `npm run bench:scale -- turns admins` runs only these rows.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { admins, exporting } from './scale/admins.mjs';
import { generate } from './scale/generate.mjs';
import { drain, start, turns } from './scale/rows.mjs';
import { migrate } from './support/daftar.mjs';
import { runRows } from './support/table.mjs';

const ROWS = { start, turns, drain, admins, export: exporting };

const registrations = Number(process.env.BENCH_REGISTRATIONS ?? 1_000_000);
const folder = process.env.BENCH_DIR ?? tmpdir();
mkdirSync(folder, { recursive: true });
const keeps = process.argv.includes('--keep') || process.env.BENCH_KEEP === 'true';
const wanted = process.argv.slice(2).filter((name) => name !== '--keep');

const home = mkdtempSync(join(folder, 'daftar-scale-'));
const big = join(keeps ? folder : home, `daftar-${registrations}.db`);
const empty = join(home, 'empty.db');
try {
  await generate(big, registrations);
  await migrate(big);
  await migrate(empty);
  await runRows(ROWS, wanted, { columns: ['big', 'empty'], files: { big, empty } });
} finally {
  rmSync(home, { recursive: true, force: true });
}
