// The bare limit for chat turns: node:http, prepared better-sqlite3 statements, synchronous=FULL, group commit, and the
// same rows written as a turn of the service writes. No framework, no validation, no conversation.
import { createServer } from 'node:http';
import Database from 'better-sqlite3';

const db = new Database(process.argv[2], { timeout: 10 });
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.pragma('secure_delete = ON');
db.exec(`
  CREATE TABLE chats (id INTEGER PRIMARY KEY, phone TEXT UNIQUE, revision INTEGER, state TEXT, updated_at INTEGER);
  CREATE TABLE inbound (id INTEGER PRIMARY KEY, dedupe_key TEXT UNIQUE, phone TEXT, text TEXT, received_at INTEGER);
  CREATE INDEX inbound_by_phone ON inbound (phone, received_at);
  CREATE TABLE messages (id INTEGER PRIMARY KEY, phone TEXT, kind TEXT, text TEXT, state TEXT, available_at INTEGER,
    expires_at INTEGER, created_at INTEGER);
  CREATE INDEX messages_due ON messages (id) WHERE state = 'queued';
  CREATE INDEX messages_by_phone ON messages (phone, created_at);
`);
const sql = {
  begin: db.prepare('BEGIN IMMEDIATE'),
  commit: db.prepare('COMMIT'),
  seen: db.prepare('SELECT id FROM inbound WHERE dedupe_key = ?'),
  chat: db.prepare('SELECT * FROM chats WHERE phone = ?'),
  newChat: db.prepare('INSERT INTO chats (phone, revision, state, updated_at) VALUES (?, 0, ?, ?)'),
  inbound: db.prepare('INSERT INTO inbound (dedupe_key, phone, text, received_at) VALUES (?, ?, ?, ?)'),
  save: db.prepare('UPDATE chats SET state = ?, revision = revision + 1, updated_at = ? WHERE id = ?'),
  reply: db.prepare(
    `INSERT INTO messages (phone, kind, text, state, available_at, expires_at, created_at)
     VALUES (?, 'chat', ?, 'queued', ?, ?, ?)`,
  ),
};
const STATE = JSON.stringify({
  version: 1,
  step: 'name',
  answers: {},
  verification_id: null,
  editing: false,
});
const REPLY =
  'Nama lengkap terlalu pendek. Tulis minimal 3 karakter.\n\nSiapa *nama lengkap* Anda? (sesuai KTP)';

let waiting = [];
function drain() {
  const batch = waiting;
  waiting = [];
  sql.begin.run();
  for (const { message } of batch) turn(message);
  sql.commit.run();
  for (const { response } of batch) response.end('{"success":true}');
}
function turn({ device, sender, message, inboxid }) {
  const now = Date.now();
  const key = JSON.stringify([device, sender, inboxid]);
  if (sql.seen.get(key)) return;
  const chat = sql.chat.get(sender);
  const id = chat?.id ?? sql.newChat.run(sender, STATE, now).lastInsertRowid;
  sql.inbound.run(key, sender, message, now);
  sql.save.run(STATE, now, id);
  sql.reply.run(sender, REPLY, now, now + 3_600_000, now);
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    response.setHeader('content-type', 'application/json');
    waiting.push({ message: JSON.parse(Buffer.concat(chunks)), response });
    if (waiting.length === 1) setImmediate(drain);
  });
});
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`${JSON.stringify({ port: server.address().port })}\n`),
);
