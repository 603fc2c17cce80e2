/** Indexes that every chat turn paid for and a rarer question can do without. */
import { type MigrationInterface, type QueryRunner } from 'typeorm';

export class LeanerIndexes1764100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // A turn moves `updated_at`, never `form_since`, which is always the earlier of the two.
    await runner.query('DROP INDEX chats_unfinished');
    await runner.query('CREATE INDEX chats_unfinished ON chats (form_since) WHERE form_since IS NOT NULL');
    // The newest message is the one with the highest id.
    await runner.query('DROP INDEX inbound_by_time');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX chats_unfinished');
    await runner.query('CREATE INDEX chats_unfinished ON chats (updated_at) WHERE form_since IS NOT NULL');
    await runner.query('CREATE INDEX inbound_by_time ON inbound_messages (received_at)');
  }
}
