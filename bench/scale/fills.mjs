// One INSERT a table; :registrations rows (or so many each), spread evenly over the 300 days before :now. The n-th
// phone is phoneOf(n) of support/phones.mjs, so that a load's phones fall between these.
const PHONE = `'62812' || printf('%08d', (n * 48271) % 99999989)`;
const DAYS = 300;
const PER_DAY = `(:registrations / ${DAYS} + 1)`;
const AT = `(:now - ${DAYS} * 86400000 + (n / ${PER_DAY}) * 86400000 + (n % ${PER_DAY}) * (86400000 / ${PER_DAY}))`;
const DAY = `date((:now - ${DAYS} * 86400000 + (n / ${PER_DAY}) * 86400000) / 1000, 'unixepoch')`;
const CHANNEL = `CASE WHEN n % 10 < 7 THEN 'chat' ELSE 'web' END`;
const CHAT_ID = `CASE WHEN n % 10 < 7 THEN n / 10 * 7 + n % 10 + 1 END`;
/** As long as a hash or a token in base64url. */
const HASH = `substr(hex(randomblob(22)), 1, 43)`;
const NAME = `'Pelanggan ' || char(65 + n % 26, 97 + n / 26 % 26, 97 + n / 676 % 26) || ' Santoso'`;
/** Texts are kept for 90 days. */
const TEXT = (text) => `CASE WHEN ${AT} > :now - 90 * 86400000 THEN ${text} END`;
const REPLY = `'Terima kasih. Siapa *nama lengkap* Anda? (sesuai KTP)' || char(10) || 'Tulis minimal 3 karakter, nomor ' || n`;
const GATEWAY_ID = `'g' || (500000000 + n)`;
const STATE_ID = `'3EB0' || printf('%016X', n)`;

const N = `WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n + 1 < :registrations)`;
const times = (count) => `${N}, k(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM k WHERE k + 1 < ${count})`;
const one = (table, columns) =>
  `INSERT INTO ${table} (${Object.keys(columns).join()}) ${N} SELECT ${Object.values(columns).join()} FROM n`;
const many = (table, count, columns) =>
  `INSERT INTO ${table} (${Object.keys(columns).join()}) ${times(count)}
   SELECT ${Object.values(columns).join()} FROM n CROSS JOIN k`;
const pick = (by, ...values) =>
  `CASE ${by} ${values.map((value, n) => `WHEN ${n} THEN '${value}'`).join(' ')} END`;

export const fills = {
  chats: `${one('chats', {
    phone: PHONE,
    revision: 9,
    state: `'{"version":1,"step":"idle","answers":{},"verification_id":null,"editing":false}'`,
    updated_at: AT,
  })} WHERE n % 10 < 7`,

  otps: one('otps', {
    phone: PHONE,
    channel: CHANNEL,
    full_name: NAME,
    challenge: HASH,
    code_hash: HASH,
    request_id_hash: `CASE WHEN n % 10 >= 7 THEN ${HASH} END`,
    attempts: 1,
    created_at: AT,
    expires_at: `${AT} + 300000`,
    used_at: `${AT} + 20000`,
  }),

  verifications: one('verifications', {
    phone: PHONE,
    channel: CHANNEL,
    token_hash: `CASE WHEN n % 10 >= 7 THEN ${HASH} END`,
    otp_id: 'n + 1',
    verified_at: AT,
    registration_id: 'n + 1',
  }),

  registrations: one('registrations', {
    registration_number: `'REG-' || replace(${DAY}, '-', '') || '-' || printf('%04d', n % ${PER_DAY} + 1)`,
    channel: CHANNEL,
    status: pick(
      'n % 10',
      ...['customer_created', 'customer_created', 'customer_created', 'customer_created', 'customer_created'],
      ...['rejected', 'cancelled', 'approved', 'verified', 'pending_verification'],
    ),
    version: '1 + n % 5',
    phone: PHONE,
    full_name: NAME,
    email: `'pelanggan' || n || '@contoh.id'`,
    address: `'Jl. Mawar No. ' || n % 200 || ' RT 01/02, Kelurahan Sukajadi'`,
    city: pick('n % 5', 'Bandung', 'Jakarta', 'Surabaya', 'Medan', 'Semarang'),
    package_id: '1 + n % 3',
    latitude: '-6.9 + (n % 1000) / 10000.0',
    longitude: '107.6 + (n % 1000) / 10000.0',
    id_card_number_sealed: 'randomblob(44)',
    consent_version: `'2026-01'`,
    consent_at: AT,
    created_at: AT,
    updated_at: `${AT} + 3600000`,
  }),

  registration_counters: `INSERT INTO registration_counters (day, last) ${N}
    SELECT ${DAY}, ${PER_DAY} FROM n WHERE n % ${PER_DAY} = 0`,

  events: many('events', 10, {
    type: pick(
      'k',
      ...['chat_started', 'otp_requested', 'otp_verified', 'registration_submitted', 'registration_verified'],
      ...['registration_survey_scheduled', 'registration_survey_completed', 'registration_approved'],
      ...['registration_customer_created', 'id_card_number_viewed'],
    ),
    at: `${AT} + k * 60000`,
    actor: `CASE WHEN k < 4 THEN 'customer' ELSE 'admin:1' END`,
    registration_id: 'CASE WHEN k > 2 THEN n + 1 END',
    chat_id: `CASE WHEN k < 4 THEN ${CHAT_ID} END`,
    otp_id: 'CASE WHEN k IN (1, 2) THEN n + 1 END',
    details: `CASE WHEN k > 3 THEN '{"from":"pending_verification","version":' || (k - 2) || '}' END`,
  }),

  decision_notes: `${one('decision_notes', {
    event_id: 'n * 10 + 5',
    registration_id: 'n + 1',
    notes: `'Ditelepon, data cocok'`,
  })} WHERE n % 10 = 5`,

  messages: one('messages', {
    phone: PHONE,
    kind: pick('n % 10', ...Array(6).fill('chat'), 'code', 'notice', 'notice', 'notice'),
    priority: 'CASE WHEN n % 10 = 6 THEN 0 WHEN n % 10 < 6 THEN 1 ELSE 2 END',
    lane: `CASE WHEN n % 10 < 7 THEN 'talk' ELSE 'notice' END`,
    text: TEXT(`CASE WHEN n % 10 <> 6 THEN ${REPLY} END`),
    wipe: 'n % 10 = 6',
    state: pick('n % 4', 'delivered', 'read', 'sent', 'accepted'),
    available_at: AT,
    expires_at: `${AT} + 3600000`,
    claimed_at: `${AT} + 500`,
    gateway_id: GATEWAY_ID,
    otp_id: 'CASE WHEN n % 10 = 6 THEN n + 1 END',
    registration_id: 'CASE WHEN n % 10 > 6 THEN n + 1 END',
    created_at: AT,
    updated_at: `${AT} + 1000`,
  }),

  message_history: many('message_history', 3, {
    message_id: 'n + 1',
    state: pick('k', 'accepted', 'sent', 'delivered'),
    at: `${AT} + k * 1000`,
    started_at: `CASE k WHEN 0 THEN ${AT} END`,
    try: 'CASE k WHEN 0 THEN 1 END',
    gateway_id: GATEWAY_ID,
  }),

  receipts: many('receipts', 2, {
    gateway_id: `CASE k WHEN 0 THEN ${GATEWAY_ID} END`,
    state_id: STATE_ID,
    state: pick('k', 'sent', 'delivered'),
    at: `${AT} + k * 1000`,
  }),

  inbound_messages: one('inbound_messages', {
    dedupe_key: `'["' || (100000000 + n) || '","' || ${PHONE} || '","6280000000000"]'`,
    phone: PHONE,
    kind: `'text'`,
    text: TEXT(`'Pesan pelanggan nomor ' || n`),
    received_at: AT,
    outcome: `'handled'`,
  }),

  // What triggers would have kept of all this.
  registration_totals: `INSERT INTO registration_totals (status, channel, count)
    SELECT status, channel, COUNT(*) FROM registrations GROUP BY status, channel`,
  hourly_counts: `INSERT INTO hourly_counts (hour, type, count) SELECT at / 3600000, type, COUNT(*) FROM events
    WHERE type IN ('otp_requested', 'otp_verified', 'registration_submitted', 'registration_approved') GROUP BY 1, 2`,
  registration_search: `INSERT INTO registration_search (registration_search) VALUES ('rebuild')`,
};
