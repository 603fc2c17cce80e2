// The least that keeps the same promise: a file with the service's own schema, the same pragmas, prepared statements,
// and group commit (who waits at the same moment shares one fsync).
import Database from 'better-sqlite3';

export function openStore(file) {
  const db = new Database(file, { timeout: 0 });
  for (const pragma of [
    'journal_mode = WAL',
    'synchronous = FULL',
    'foreign_keys = ON',
    'secure_delete = ON',
    'recursive_triggers = ON',
    'temp_store = MEMORY',
  ]) {
    db.pragma(pragma);
  }
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  let waiting = [];

  function drain() {
    const batch = waiting;
    waiting = [];
    begin.run();
    for (const one of batch) one.value = one.work();
    commit.run();
    for (const { value, then } of batch) then(value);
  }

  return {
    db,
    /** An INSERT of these columns, values in their order. */
    insert: (table, columns) =>
      db.prepare(`INSERT INTO ${table} (${columns}) VALUES (${columns.split(',').map(() => '?')})`),
    /** `then(value)` is called once what `work` wrote is on disk. */
    write(work, then) {
      waiting.push({ work, then, value: undefined });
      if (waiting.length === 1) setImmediate(drain);
    },
  };
}
