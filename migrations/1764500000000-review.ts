/** What admins work with: their sessions, the search index, and counts kept by triggers, so that none scans a table. */
import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';

const id: TableColumnOptions = { name: 'id', type: 'integer', isPrimary: true };
const key = (name: string, type: string): TableColumnOptions => ({ name, type, isPrimary: true });
const text = (name: string): TableColumnOptions => ({ name, type: 'text' });
const integer = (name: string): TableColumnOptions => ({ name, type: 'integer' });

const TABLES: Record<string, TableColumnOptions[]> = {
  admin_sessions: [
    id,
    text('token_hash'),
    integer('admin_id'),
    integer('created_at'),
    integer('last_seen_at'),
  ],
  decision_notes: [key('event_id', 'integer'), integer('registration_id'), text('notes')],
  registration_totals: [key('status', 'text'), key('channel', 'text'), integer('count')],
  hourly_counts: [key('hour', 'integer'), key('type', 'text'), integer('count')],
};

const INDEXES = [
  'CREATE UNIQUE INDEX admin_sessions_by_token ON admin_sessions (token_hash)',
  'CREATE INDEX admin_sessions_by_admin ON admin_sessions (admin_id)',
  'CREATE INDEX decision_notes_by_registration ON decision_notes (registration_id)',
  // Each holds the order of a list, ties included, and every column that lists filter by: no row is read for either.
  'CREATE INDEX registrations_by_status ON registrations (status, created_at, id, channel)',
  'CREATE INDEX registrations_by_channel ON registrations (channel, created_at, id, status)',
  'CREATE INDEX registrations_by_name ON registrations (full_name COLLATE NOCASE, id, created_at, status, channel)',
  "CREATE INDEX messages_unsent ON messages (updated_at) WHERE state IN ('failed', 'expired')",
];

const SEARCHED = 'registration_number, full_name, phone, email';
const searched = (row: 'OLD' | 'NEW') =>
  [`${row}.id`, ...SEARCHED.split(', ').map((column) => `${row}.${column}`)].join(', ');
const INDEX_NEW = `INSERT INTO registration_search (rowid, ${SEARCHED}) VALUES (${searched('NEW')})`;
const FORGET_OLD = `INSERT INTO registration_search (registration_search, rowid, ${SEARCHED}) VALUES ('delete', ${searched('OLD')})`;

/** Any three characters in a row are a term, so that any part of a text is found; 'secure-delete' leaves no traces. */
const SEARCH = [
  `CREATE VIRTUAL TABLE registration_search USING fts5
     (${SEARCHED}, content = 'registrations', content_rowid = 'id', tokenize = 'trigram')`,
  "INSERT INTO registration_search (registration_search, rank) VALUES ('secure-delete', 1)",
  "INSERT INTO registration_search (registration_search) VALUES ('rebuild')",
  `CREATE TRIGGER registrations_enter_search AFTER INSERT ON registrations BEGIN ${INDEX_NEW}; END`,
  `CREATE TRIGGER registrations_change_search AFTER UPDATE OF ${SEARCHED} ON registrations
     BEGIN ${FORGET_OLD}; ${INDEX_NEW}; END`,
  `CREATE TRIGGER registrations_leave_search AFTER DELETE ON registrations BEGIN ${FORGET_OLD}; END`,
];

const ONE_MORE = `INSERT INTO registration_totals (status, channel, count) VALUES (NEW.status, NEW.channel, 1)
  ON CONFLICT (status, channel) DO UPDATE SET count = count + 1`;
const ONE_LESS = `UPDATE registration_totals SET count = count - 1
  WHERE status = OLD.status AND channel = OLD.channel`;

const TOTALS = [
  `INSERT INTO registration_totals (status, channel, count)
     SELECT status, channel, COUNT(*) FROM registrations GROUP BY status, channel`,
  `CREATE TRIGGER registrations_count_new AFTER INSERT ON registrations BEGIN ${ONE_MORE}; END`,
  `CREATE TRIGGER registrations_count_moves AFTER UPDATE OF status, channel ON registrations
     BEGIN ${ONE_LESS}; ${ONE_MORE}; END`,
  `CREATE TRIGGER registrations_count_gone AFTER DELETE ON registrations BEGIN ${ONE_LESS}; END`,
];

const COUNTED = "('otp_requested', 'otp_verified', 'registration_submitted', 'registration_approved')";

const FUNNEL = [
  `INSERT INTO hourly_counts (hour, type, count)
     SELECT at / 3600000, type, COUNT(*) FROM events WHERE type IN ${COUNTED} GROUP BY 1, 2`,
  `CREATE TRIGGER events_are_counted AFTER INSERT ON events WHEN NEW.type IN ${COUNTED}
     BEGIN INSERT INTO hourly_counts (hour, type, count) VALUES (NEW.at / 3600000, NEW.type, 1)
       ON CONFLICT (hour, type) DO UPDATE SET count = count + 1; END`,
];

/** REPLACE deletes without asking the trigger for deletes, unless its connection wants that: this one always asks. */
const LOG = `CREATE TRIGGER events_are_never_replaced BEFORE INSERT ON events
  WHEN NEW.id > 0 AND EXISTS (SELECT 1 FROM events WHERE id = NEW.id)
  BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END`;

const NEW_TRIGGERS = [
  ...['registrations_enter_search', 'registrations_change_search', 'registrations_leave_search'],
  ...['registrations_count_new', 'registrations_count_moves', 'registrations_count_gone'],
  ...['events_are_counted', 'events_are_never_replaced'],
];
const NEW_INDEXES = [
  ...['registrations_by_status', 'registrations_by_channel', 'registrations_by_name', 'messages_unsent'],
];

export class Review1764500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [name, columns] of Object.entries(TABLES)) {
      await runner.createTable(new Table({ name, columns }));
    }
    for (const statement of [...INDEXES, ...SEARCH, ...TOTALS, ...FUNNEL, LOG]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of NEW_TRIGGERS) await runner.query(`DROP TRIGGER ${name}`);
    for (const name of NEW_INDEXES) await runner.query(`DROP INDEX ${name}`);
    await runner.query('DROP TABLE registration_search');
    for (const name of Object.keys(TABLES).reverse()) await runner.dropTable(name);
  }
}
