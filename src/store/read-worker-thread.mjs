// The thread behind read-worker.ts: one read-only connection, one query at a time. Plain JavaScript, so that the
// same file runs beside the sources under test and beside the compiled program.
import BetterSqlite3 from 'better-sqlite3';
import { parentPort, workerData } from 'node:worker_threads';

const connection = new BetterSqlite3(workerData.path, { readonly: true, timeout: 1_000 });
const statements = new Map();

// SQLite's own LIKE knows capitals of ASCII only, and takes % and _ for more than they are.
connection.function('contains', { deterministic: true }, (text, part) =>
  text.toLowerCase().includes(part.toLowerCase()) ? 1 : 0,
);

function prepared(sql) {
  if (!statements.has(sql)) statements.set(sql, connection.prepare(sql));
  return statements.get(sql);
}

parentPort.on('message', ({ id, sql, values }) => {
  try {
    parentPort.postMessage({ id, rows: prepared(sql).all(...values) });
  } catch ({ name, message, code }) {
    parentPort.postMessage({ id, error: { name, message, code } });
  }
});
