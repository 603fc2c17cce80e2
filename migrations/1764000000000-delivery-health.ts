/** Delivery's memory: the circuit, receipts of what the gateway did with a message, alerts, periodic checks. */
import {
  type MigrationInterface,
  type QueryRunner,
  Table,
  TableColumn,
  type TableColumnOptions,
} from 'typeorm';

const id: TableColumnOptions = { name: 'id', type: 'integer', isPrimary: true };
const text = (name: string): TableColumnOptions => ({ name, type: 'text' });
const integer = (name: string): TableColumnOptions => ({ name, type: 'integer' });
const optional = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isNullable: true });
const withDefault = (column: TableColumnOptions, value: number): TableColumnOptions => ({
  ...column,
  default: value,
});

const CIRCUIT: TableColumnOptions[] = [
  withDefault(integer('failures_in_row'), 0),
  optional(integer('opened_at')),
  optional(text('opened_because')),
  withDefault(integer('probe_at'), 0),
  withDefault(integer('probe_wait_ms'), 0),
];

const TABLES: Record<string, TableColumnOptions[]> = {
  receipts: [
    id,
    optional(text('gateway_id')),
    optional(text('state_id')),
    optional(text('state')),
    optional(text('reason')),
    integer('at'),
  ],
  alerts: [id, text('cause'), text('message'), integer('raised_at'), optional(integer('cleared_at'))],
  alert_posts: [
    id,
    text('body'),
    withDefault(integer('tries'), 0),
    integer('next_try_at'),
    integer('created_at'),
  ],
  checks: [{ ...text('name'), isPrimary: true }, integer('next_at')],
};

const INDEXES = [
  'CREATE INDEX receipts_by_gateway_id ON receipts (gateway_id) WHERE gateway_id IS NOT NULL',
  'CREATE INDEX receipts_by_state_id ON receipts (state_id) WHERE state_id IS NOT NULL',
  'CREATE INDEX receipts_by_time ON receipts (at)',
  'CREATE INDEX messages_by_gateway_id ON messages (gateway_id) WHERE gateway_id IS NOT NULL',
  "CREATE INDEX messages_codes ON messages (created_at) WHERE kind = 'code'",
  'CREATE UNIQUE INDEX alerts_open ON alerts (cause) WHERE cleared_at IS NULL',
  "CREATE INDEX messages_expiring ON messages (expires_at) WHERE state = 'queued'",
  "CREATE INDEX inbound_failed ON inbound_messages (received_at) WHERE outcome = 'failed'",
  'CREATE INDEX inbound_by_time ON inbound_messages (received_at)',
];

export class DeliveryHealth1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns(
      'gateway_state',
      CIRCUIT.map((column) => new TableColumn(column)),
    );
    for (const [name, columns] of Object.entries(TABLES))
      await runner.createTable(new Table({ name, columns }));
    for (const statement of INDEXES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of Object.keys(TABLES).reverse()) await runner.dropTable(name);
    for (const { name } of CIRCUIT) await runner.dropColumn('gateway_state', name);
  }
}
