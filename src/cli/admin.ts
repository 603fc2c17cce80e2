/**
 * `npm run admin -- add|password|disable|enable NAME`, or `list`: who may decide. Passwords are asked for on the
 * terminal, unseen, or read as one line from a pipe; never an argument, which other users and the shell's history see.
 */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { addAdmin, findAdmin, isUsername, listAdmins, setDisabled, setPassword } from '../admin/accounts';
import { describeProblems, loadConfig } from '../config';
import { length, MINIMUM } from '../config/schema';
import { systemClock } from '../platform/clock';
import { hashPassword } from '../platform/passwords';
import { systemRandom } from '../platform/random';
import { type AdminRow } from '../store/tables/admins';
import { type Database, openDatabase } from '../store/database';

const USAGE = `Usage: npm run admin -- COMMAND

  add NAME        lets somebody in who was not
  password NAME   gives an admin another password; whoever is logged in as NAME is out
  disable NAME    keeps an admin out, now and later
  enable NAME     lets a disabled admin in again
  list            shows all admins

The password is asked for; leave it empty and one is made.`;

/** What was asked for cannot be done; told without a stack. */
class Mistake extends Error {}

async function main(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [command, name, ...rest] = positionals;
  const isComplete = command === 'list' ? name === undefined : name !== undefined && rest.length === 0;
  if (!isComplete) throw new Mistake(USAGE);
  const loaded = loadConfig({ environment: process.env, directory: process.cwd() });
  if (!loaded.ok) {
    process.stderr.write(`${describeProblems(loaded.problems)}\n`);
    process.exit(78);
  }
  const database = await openDatabase(loaded.config.databasePath);
  try {
    await run(database, command!, name ?? '');
  } finally {
    await database.close();
  }
}

async function run({ unitOfWork, reads }: Database, command: string, name: string): Promise<void> {
  const known = (): AdminRow => {
    const admin = findAdmin(reads, name);
    if (!admin) throw new Mistake(`There is no admin ${name}. \`list\` shows all.`);
    return admin;
  };
  switch (command) {
    case 'add': {
      if (!isUsername(name)) throw new Mistake('A name has letters, digits and . _ @ -, 64 at most.');
      if (findAdmin(reads, name)) throw new Mistake(`There is an admin ${name} already.`);
      const password_hash = await hashPassword(await newPassword());
      const isNew = await unitOfWork.run((tx) => addAdmin(tx, name, password_hash, systemClock.now()));
      if (!isNew) throw new Mistake(`There is an admin ${name} already.`);
      return say(`${name} can log in now.`);
    }
    case 'password': {
      const { id, disabled_at } = known();
      const password_hash = await hashPassword(await newPassword());
      await unitOfWork.run((tx) => setPassword(tx, id, password_hash));
      return say(`${name} has a new password${disabled_at === null ? '' : ' and is still disabled'}.`);
    }
    case 'disable':
    case 'enable': {
      const { id } = known();
      const at = command === 'disable' ? systemClock.now() : null;
      await unitOfWork.run((tx) => setDisabled(tx, id, at));
      return say(`${name} is ${command}d.`);
    }
    case 'list':
      return say(listAdmins(reads).map(described).join('\n') || 'There is no admin.');
    default:
      throw new Mistake(USAGE);
  }
}

function described({ username, created_at, disabled_at }: AdminRow): string {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  return `${username}  since ${day(created_at)}${disabled_at === null ? '' : `  disabled ${day(disabled_at)}`}`;
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function newPassword(): Promise<string> {
  const given = await ask('Password (empty: one is made): ');
  if (given === '') {
    const made = systemRandom.token().slice(0, 16);
    say(`Password: ${made}   (shown only this once)`);
    return made;
  }
  if (length(given) < MINIMUM.adminPassword)
    throw new Mistake(`A password has at least ${MINIMUM.adminPassword} characters.`);
  if (process.stdin.isTTY && (await ask('Once more: ')) !== given) throw new Mistake('The two differ.');
  return given;
}

/** One line; on a terminal nothing of it is shown. */
async function ask(question: string): Promise<string> {
  const { stdin, stderr } = process;
  if (stdin.isTTY) stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: stdin, output: silent, terminal: stdin.isTTY });
  const line = await new Promise<string>((resolve, reject) => {
    reader.once('line', resolve);
    reader.once('SIGINT', () => reject(new Mistake('Nothing was changed.')));
    reader.once('close', () => resolve(''));
  });
  reader.close();
  if (stdin.isTTY) stderr.write('\n');
  return line;
}

main().catch((error: unknown) => {
  const isMistake =
    error instanceof Mistake || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(
    `${isMistake ? '' : 'Not done: '}${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
});
