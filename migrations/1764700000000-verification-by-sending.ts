/** Verification by sending: the texts that web forms offer, and the question a chat has open about one. */
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

const TEXTS: TableColumnOptions[] = [
  id,
  text('id_hash'),
  text('code_hash'),
  text('address_hash'),
  text('full_name'),
  optional(text('wanted_phone')),
  integer('created_at'),
  integer('expires_at'),
  optional(text('bound_phone')),
  optional(integer('used_at')),
];

const QUESTIONS: TableColumnOptions[] = [
  optional(integer('confirming_text_id')),
  optional(integer('confirming_otp_id')),
];

const INDEXES = [
  'CREATE UNIQUE INDEX verification_texts_by_id ON verification_texts (id_hash)',
  'CREATE UNIQUE INDEX verification_texts_by_code ON verification_texts (code_hash)',
  `CREATE INDEX verification_texts_unfinished ON verification_texts (address_hash, created_at)
     WHERE used_at IS NULL`,
  'CREATE INDEX messages_by_otp ON messages (otp_id) WHERE otp_id IS NOT NULL',
];

export class VerificationBySending1764700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(new Table({ name: 'verification_texts', columns: TEXTS }));
    await runner.addColumns(
      'chats',
      QUESTIONS.map((column) => new TableColumn(column)),
    );
    for (const statement of INDEXES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX messages_by_otp');
    for (const { name } of QUESTIONS) await runner.dropColumn('chats', name);
    await runner.dropTable('verification_texts');
  }
}
