/** `npm run migrate`: brings the database to this version's schema and says what it did. */
import { describeProblems, loadConfig } from '../config';
import { migrateDatabase } from '../store/database';

async function main(): Promise<void> {
  const loaded = loadConfig({ environment: process.env, directory: process.cwd() });
  if (!loaded.ok) {
    process.stderr.write(`${describeProblems(loaded.problems)}\n`);
    process.exit(78);
  }
  const ran = await migrateDatabase(loaded.config.databasePath);
  const told = ran.length > 0 ? `Migrated: ${ran.join(', ')}` : 'The database is up to date.';
  process.stdout.write(`${told}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`The migration failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
