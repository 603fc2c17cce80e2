// What the service writes for each word of the load, read from its own database: the bare baseline writes the same.
import { writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { newInbox, WORDS, webhook } from './load-turns.mjs';
import { phoneOf } from './phones.mjs';
import { connect } from './wire.mjs';

export async function observeTurns({ port, path, file, firstChat, into }) {
  const db = new Database(file, { readonly: true });
  const connection = connect(port);
  const phone = phoneOf(firstChat);
  const read = (sql, ...values) => db.prepare(sql).all(...values);
  const newest = (table) => read(`SELECT COALESCE(MAX(id), 0) AS id FROM ${table}`)[0].id;
  const inbox = newInbox();
  const seen = {};
  for (const [n, word] of WORDS.entries()) {
    const before = { messages: newest('messages'), events: newest('events') };
    await connection.post(path, webhook(phone, word, inbox + n));
    const [chat] = read('SELECT * FROM chats WHERE phone = ?', phone);
    const [inbound] = read('SELECT * FROM inbound_messages WHERE phone = ? ORDER BY id DESC LIMIT 1', phone);
    const replies = read('SELECT text FROM messages WHERE id > ? AND phone = ?', before.messages, phone);
    const events = read('SELECT type FROM events WHERE id > ? AND chat_id = ?', before.events, chat.id);
    seen[word] = {
      state: chat.state,
      in_form: chat.form_since !== null,
      text_hash: inbound.text_hash ?? null,
      replies: replies.map(({ text }) => text),
      events: events.map(({ type }) => type),
    };
  }
  connection.close();
  db.close();
  writeFileSync(into, JSON.stringify(seen));
}
