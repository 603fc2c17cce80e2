/** The first schema: packages, codes, proofs, registrations, chats, the outbox, the log. */
import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';

const id: TableColumnOptions = { name: 'id', type: 'integer', isPrimary: true };
const text = (name: string): TableColumnOptions => ({ name, type: 'text' });
const integer = (name: string): TableColumnOptions => ({ name, type: 'integer' });
const real = (name: string): TableColumnOptions => ({ name, type: 'real' });
const blob = (name: string): TableColumnOptions => ({ name, type: 'blob' });
const optional = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isNullable: true });
const or = (column: TableColumnOptions, value: number): TableColumnOptions => ({ ...column, default: value });
const optionalTexts = (...names: string[]) => names.map((name) => optional(text(name)));

const TABLES: Record<string, TableColumnOptions[]> = {
  packages: [
    id,
    text('name'),
    text('type'),
    integer('speed_mbps'),
    integer('price'),
    optional(text('description')),
    integer('is_active'),
    integer('created_at'),
    integer('updated_at'),
  ],
  otps: [
    id,
    text('phone'),
    text('channel'),
    text('full_name'),
    text('challenge'),
    text('code_hash'),
    optional(text('request_id_hash')),
    or(integer('attempts'), 0),
    integer('created_at'),
    integer('expires_at'),
    optional(integer('used_at')),
    optional(integer('voided_at')),
  ],
  otp_wrong_tries: [id, integer('otp_id'), text('phone'), text('channel'), integer('at')],
  verifications: [
    id,
    text('phone'),
    text('channel'),
    optional(text('token_hash')),
    optional(integer('otp_id')),
    integer('verified_at'),
    optional(integer('expires_at')),
    optional(integer('registration_id')),
  ],
  registrations: [
    id,
    text('registration_number'),
    text('channel'),
    text('status'),
    or(integer('version'), 1),
    text('phone'),
    text('full_name'),
    { ...text('email'), collation: 'NOCASE' },
    text('address'),
    text('city'),
    integer('package_id'),
    optional(blob('id_card_number_sealed')),
    ...optionalTexts('rt', 'rw', 'kelurahan', 'kecamatan', 'postal_code'),
    optional(real('latitude')),
    optional(real('longitude')),
    ...optionalTexts('address_notes', 'notes', 'preferred_installation_date', 'preferred_time_slot'),
    ...optionalTexts('referral_code', 'utm_source', 'utm_medium', 'utm_campaign'),
    text('consent_version'),
    integer('consent_at'),
    ...optionalTexts('rejection_reason', 'survey_scheduled_date'),
    integer('created_at'),
    integer('updated_at'),
  ],
  id_card_photos: [{ ...integer('registration_id'), isPrimary: true }, text('mime'), blob('sealed')],
  registration_counters: [{ ...text('day'), isPrimary: true }, integer('last')],
  chats: [
    id,
    text('phone'),
    or(integer('revision'), 0),
    text('state'),
    integer('updated_at'),
    optional(integer('form_since')),
    optional(integer('guarded_until')),
  ],
  inbound_messages: [
    id,
    optional(text('dedupe_key')),
    optional(text('phone')),
    text('kind'),
    ...optionalTexts('text', 'text_hash'),
    integer('received_at'),
    text('outcome'),
    optional(text('reason')),
  ],
  messages: [
    id,
    text('phone'),
    text('kind'),
    integer('priority'),
    text('lane'),
    optional(text('text')),
    optional(blob('sealed')),
    or(integer('wipe'), 0),
    text('state'),
    ...optionalTexts('reason', 'trouble'),
    or(integer('tries'), 0),
    integer('available_at'),
    integer('expires_at'),
    optional(text('claim')),
    optional(integer('claimed_at')),
    optional(integer('lease_until')),
    optional(text('gateway_id')),
    optional(integer('otp_id')),
    optional(integer('registration_id')),
    integer('created_at'),
    integer('updated_at'),
  ],
  message_history: [
    id,
    integer('message_id'),
    text('state'),
    integer('at'),
    optional(integer('started_at')),
    optional(integer('try')),
    ...optionalTexts('reason', 'gateway_id'),
  ],
  gateway_state: [id, real('pace_tokens'), integer('pace_at')],
  events: [
    id,
    text('type'),
    integer('at'),
    text('actor'),
    optional(integer('registration_id')),
    optional(integer('chat_id')),
    optional(integer('otp_id')),
    optional(text('details')),
  ],
  throttle_hits: [id, text('scope'), text('key'), integer('at')],
  admins: [
    id,
    text('username'),
    text('password_hash'),
    optional(integer('disabled_at')),
    integer('created_at'),
  ],
};

const INDEXES = [
  'CREATE INDEX otps_by_phone ON otps (phone, channel, created_at)',
  'CREATE INDEX otps_by_channel ON otps (channel, created_at)',
  'CREATE UNIQUE INDEX otps_by_request ON otps (request_id_hash) WHERE request_id_hash IS NOT NULL',
  'CREATE INDEX otp_wrong_tries_by_phone ON otp_wrong_tries (phone, channel, at)',
  'CREATE UNIQUE INDEX verifications_by_token ON verifications (token_hash) WHERE token_hash IS NOT NULL',
  'CREATE UNIQUE INDEX registrations_by_number ON registrations (registration_number)',
  'CREATE INDEX registrations_by_phone ON registrations (phone, id)',
  'CREATE INDEX registrations_by_time ON registrations (created_at)',
  // One open registration per email, upper or lower case, kept so by the database itself.
  `CREATE UNIQUE INDEX registrations_open_email ON registrations (email)
     WHERE status NOT IN ('rejected', 'cancelled', 'customer_created')`,
  'CREATE UNIQUE INDEX chats_by_phone ON chats (phone)',
  'CREATE INDEX chats_unfinished ON chats (updated_at) WHERE form_since IS NOT NULL',
  'CREATE UNIQUE INDEX inbound_by_dedupe_key ON inbound_messages (dedupe_key) WHERE dedupe_key IS NOT NULL',
  'CREATE INDEX inbound_by_phone ON inbound_messages (phone, received_at)',
  "CREATE INDEX messages_due ON messages (priority, id) WHERE state = 'queued'",
  "CREATE INDEX messages_open_by_phone ON messages (phone, lane, id) WHERE state IN ('queued', 'sending')",
  "CREATE INDEX messages_leased ON messages (lease_until) WHERE state = 'sending'",
  'CREATE INDEX messages_by_phone ON messages (phone, created_at)',
  'CREATE INDEX messages_by_registration ON messages (registration_id) WHERE registration_id IS NOT NULL',
  'CREATE INDEX message_history_by_message ON message_history (message_id)',
  'CREATE INDEX events_by_registration ON events (registration_id) WHERE registration_id IS NOT NULL',
  'CREATE INDEX events_by_chat ON events (chat_id) WHERE chat_id IS NOT NULL',
  'CREATE INDEX events_by_otp ON events (otp_id) WHERE otp_id IS NOT NULL',
  'CREATE INDEX throttle_hits_by_key ON throttle_hits (scope, key, at)',
  'CREATE UNIQUE INDEX admins_by_username ON admins (username)',
];

const TRIGGERS = [
  `CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
     BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END`,
  `CREATE TRIGGER events_are_kept_400_days BEFORE DELETE ON events
     WHEN OLD.at > (unixepoch('now') - 400 * 86400) * 1000
     BEGIN SELECT RAISE(ABORT, 'the log is kept for 400 days'); END`,
];

const SAMPLE_PACKAGES = [
  ['Rumah 20', 'broadband', 20, 199_000, 'Cocok untuk 1–3 perangkat: belajar, rapat daring, dan hiburan.'],
  ['Keluarga 50', 'broadband', 50, 299_000, 'Untuk keluarga: streaming HD di beberapa perangkat sekaligus.'],
  ['Bisnis 100', 'business', 100, 599_000, 'Untuk usaha dan kantor kecil: stabil sepanjang hari.'],
] as const;

export class InitialSchema1760400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [name, columns] of Object.entries(TABLES)) {
      await runner.createTable(new Table({ name, columns }));
    }
    for (const statement of [...INDEXES, ...TRIGGERS]) await runner.query(statement);
    const now = Date.now();
    await runner.query('INSERT INTO gateway_state (id, pace_tokens, pace_at) VALUES (1, 0, 0)');
    for (const [name, type, speed, price, description] of SAMPLE_PACKAGES) {
      await runner.query(
        `INSERT INTO packages (name, type, speed_mbps, price, description, is_active, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, 1, ?, ?)`,
        [name, type, speed, price, description, now, now],
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of Object.keys(TABLES).reverse()) await runner.dropTable(name);
  }
}
