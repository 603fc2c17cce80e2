// The bare limit of request-otp and verify-otp: the same rows in as few transactions, the same call to the gateway.
// argv: database, URL of the gateway.
import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { Pool } from 'undici';
import { openStore } from './store.mjs';
import { serve } from './server.mjs';

const [file, gatewayUrl] = process.argv.slice(2);
const { db, insert, write } = openStore(file);
const gateway = new Pool(new URL(gatewayUrl).origin, { connections: 16, pipelining: 1 });
const sql = {
  otp: insert(
    'otps',
    'phone,channel,full_name,challenge,code_hash,request_id_hash,attempts,created_at,expires_at',
  ),
  message: insert(
    'messages',
    'phone,kind,priority,lane,sealed,wipe,state,available_at,expires_at,otp_id,created_at,updated_at',
  ),
  event: insert('events', 'type,at,actor,otp_id'),
  accepted: db.prepare(
    `UPDATE messages SET state = 'accepted', sealed = NULL, gateway_id = ?, claimed_at = ?, updated_at = ? WHERE id = ?`,
  ),
  history: insert('message_history', 'message_id,state,at,started_at,try,gateway_id'),
  newest: db.prepare(
    `SELECT * FROM otps WHERE phone = ? AND channel = 'web' AND voided_at IS NULL ORDER BY id DESC LIMIT 1`,
  ),
  used: db.prepare('UPDATE otps SET attempts = attempts + 1, used_at = ? WHERE id = ?'),
  verified: insert('verifications', 'phone,channel,token_hash,otp_id,verified_at,expires_at'),
};
const token = () => randomBytes(32).toString('base64url');
const hash = (...parts) => createHmac('sha256', 'bench').update(JSON.stringify(parts)).digest('base64url');
const MINUTE = 60_000;

function textOf(full_name, code) {
  return `Halo ${full_name},

Kode OTP Anda untuk verifikasi pendaftaran ISP Technician Management adalah:

*${code}*

Kode ini berlaku selama 5 menit.
Jangan berikan kode ini kepada siapapun.

Terima kasih!`;
}

function queueCode(phone, full_name, text, code, request_id) {
  const now = Date.now();
  const until = now + 5 * MINUTE;
  const challenge = token();
  const otp = sql.otp.run(
    phone,
    'web',
    full_name,
    challenge,
    hash(phone, challenge, code),
    hash(request_id),
    0,
    now,
    until,
  ).lastInsertRowid;
  sql.event.run('otp_requested', now, 'customer', otp);
  return sql.message.run(phone, 'code', 0, 'talk', Buffer.from(text), 1, 'queued', now, until, otp, now, now)
    .lastInsertRowid;
}

async function sendByGateway(phone, text) {
  const { body } = await gateway.request({
    method: 'POST',
    path: '/send',
    headers: { authorization: 'bench', 'content-type': 'application/json' },
    body: JSON.stringify({ target: phone, message: text, countryCode: '62' }),
  });
  return (await body.json()).id[0];
}

function settle(message, started, gateway_id) {
  const now = Date.now();
  sql.accepted.run(gateway_id, started, now, message);
  sql.history.run(message, 'accepted', now, started, 1, gateway_id);
}

function requestCode({ phone, full_name }, send) {
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  const text = textOf(full_name, code);
  const request_id = token();
  const queue = () => queueCode(phone, full_name, text, code, request_id);
  write(queue, async (message) => {
    const started = Date.now();
    const gateway_id = await sendByGateway(phone, text);
    const done = JSON.stringify({ success: true, data: { phone, expires_in: 300, request_id } });
    write(
      () => settle(message, started, gateway_id),
      () => send(done),
    );
  });
}

function judge(phone, code) {
  const now = Date.now();
  const otp = sql.newest.get(phone);
  if (otp?.code_hash !== hash(phone, otp?.challenge, code)) return '{"success":false}';
  const verification_token = token();
  sql.used.run(now, otp.id);
  sql.verified.run(phone, 'web', hash(verification_token), otp.id, now, now + 30 * MINUTE);
  sql.event.run('otp_verified', now, 'customer', otp.id);
  return JSON.stringify({ success: true, data: { verification_token } });
}

serve((url, body, send) => {
  if (url.endsWith('request-otp')) requestCode(body, send);
  else write(() => judge(body.phone, body.otp), send);
});
