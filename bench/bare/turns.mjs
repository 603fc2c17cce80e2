// The bare limit of chat turns: no framework, no validation, no conversation. It writes what the service was seen to
// write for the same words (argv: database, JSON file of these), so that rows and bytes are the same.
import { readFileSync } from 'node:fs';
import { openStore } from './store.mjs';
import { serve } from './server.mjs';

const [file, seenFile] = process.argv.slice(2);
const seen = JSON.parse(readFileSync(seenFile, 'utf8'));
const { db, insert, write } = openStore(file);
const sql = {
  repeat: db.prepare('SELECT id FROM inbound_messages WHERE dedupe_key = ?'),
  chat: db.prepare('SELECT * FROM chats WHERE phone = ?'),
  newChat: insert('chats', 'phone,revision,state,updated_at'),
  inbound: insert('inbound_messages', 'dedupe_key,phone,kind,text,text_hash,received_at,outcome'),
  saveChat: db.prepare(
    'UPDATE chats SET state = ?, revision = revision + 1, updated_at = ?, form_since = ? WHERE id = ?',
  ),
  reply: insert(
    'messages',
    'phone,kind,priority,lane,text,wipe,state,available_at,expires_at,created_at,updated_at',
  ),
  event: insert('events', 'type,at,actor,chat_id'),
};
const HOUR = 3_600_000;

function turn({ device, sender, message, inboxid }) {
  const now = Date.now();
  const key = JSON.stringify([String(inboxid), sender, device]);
  if (sql.repeat.get(key)) return;
  const { state, in_form, text_hash, replies, events } = seen[message];
  const known = sql.chat.get(sender);
  const chat = known?.id ?? sql.newChat.run(sender, 0, state, now).lastInsertRowid;
  sql.inbound.run(key, sender, 'text', message, text_hash, now, 'handled');
  for (const text of replies) {
    sql.reply.run(sender, 'chat', 1, 'talk', text, 0, 'queued', now, now + HOUR, now, now);
  }
  for (const type of events) sql.event.run(type, now, 'customer', chat);
  sql.saveChat.run(state, now, in_form ? now : null, chat);
}

serve((_url, message, send) =>
  write(
    () => turn(message),
    () => send('{"success":true}'),
  ),
);
