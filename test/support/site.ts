/**
 * The built program with a data folder whose disk can fail. A site keeps book of who was told 200, and close() leaves
 * no program and no mount behind.
 */
import BetterSqlite3 from 'better-sqlite3';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { startFakeFonnte } from './fake-fonnte';
import { postJson, startMigration, startProgram, type Program } from './process';
import { temporaryFolder } from './store';
import { until } from './until';

const TOKEN = 'api-token-for-process-tests';
const PAGE = 4096;

/** What each of tryAll's requests is answered when all is well, and when nothing can be stored. */
export const WELL = { webhook: 200, rest: 200, health: 200, ready: 200 };
export const ILL = { webhook: 503, rest: 503, health: 200, ready: 503 };

const run = (command: string, ...args: string[]) => void execFileSync(command, args, { stdio: 'pipe' });
const mountDisk = (path: string, size: string) =>
  run('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path);

/** Whether this machine lets the tests make disks of their own. */
export const mayMount = (() => {
  const folder = temporaryFolder();
  try {
    mountDisk(folder.path, '1m');
    run('umount', folder.path);
    return true;
  } catch {
    return false;
  } finally {
    folder.erase();
  }
})();

export type Site = Awaited<ReturnType<typeof openSite>>;

export async function openSite() {
  const folder = temporaryFolder();
  const data = join(folder.path, 'data');
  const file = join(data, 'daftar.db');
  const ballast = join(data, 'ballast');
  mkdirSync(data);
  const fonnte = await startFakeFonnte({ token: TOKEN });
  const programs: Program[] = [];
  const holders: BetterSqlite3.Database[] = [];
  /** The phones that were told 200: they have to be answered, whatever happens. */
  const told = { chats: [] as string[], codes: [] as string[] };
  let isMounted = false;
  let last = 0;

  const newPhone = () => `62812000${String(++last).padStart(5, '0')}`;
  const url = () => programs.at(-1)!.listens();

  /** A customer writes to the bot; returns the webhook's status. */
  async function says(sender: string): Promise<number> {
    const body = { device: '6280000000000', sender, message: 'DAFTAR', inboxid: ++last };
    const { status } = await postJson(`${await url()}/webhooks/fonnte/messages`, body);
    if (status === 200) told.chats.push(sender);
    return status;
  }

  /** A customer asks for a code at the web form. */
  async function asksForCode(phone: string): Promise<number> {
    const body = { phone, full_name: 'Budi Santoso' };
    const { status } = await postJson(`${await url()}/api/registrations/public/request-otp`, body);
    if (status === 200) told.codes.push(phone);
    return status;
  }

  /** One column from the file. */
  function look(sql: string): unknown[] {
    const reader = new BetterSqlite3(file, { readonly: true });
    try {
      return reader.prepare(sql).pluck().all();
    } finally {
      reader.close();
    }
  }

  const get = async (path: string) => (await fetch((await url()) + path)).status;

  return {
    data,
    file,
    fonnte,
    told,
    newPhone,
    says,
    start(env: Record<string, string> = {}): Program {
      const program = startProgram({
        folder: folder.path,
        env: {
          APP_SECRET: 'app-secret-for-the-process-tests-0001',
          WHATSAPP_ENABLED: 'true',
          WHATSAPP_API_TOKEN: TOKEN,
          WHATSAPP_API_URL: fonnte.url,
          SEND_PER_MINUTE: '0',
          ...env,
        },
      });
      programs.push(program);
      return program;
    },
    migrate: () => startMigration({ folder: folder.path }).exit,

    /** One of everything, all at once. */
    async tryAll() {
      const [webhook, rest, health, ready] = await Promise.all([
        says(newPhone()),
        asksForCode(newPhone()),
        get('/health'),
        get('/health/ready'),
      ]);
      return { webhook, rest, health, ready };
    },

    /** Whoever was told 200 has one answer and is on disk; nobody else is either. */
    async expectKept(): Promise<void> {
      const answered = [...told.chats, ...told.codes].sort();
      await until('every answer', () => fonnte.sent.length >= answered.length);
      expect(fonnte.sent.map(({ target }) => target).sort()).toEqual(answered);
      expect(look('SELECT phone FROM inbound_messages ORDER BY phone')).toEqual([...told.chats].sort());
    },

    /** The states of all messages, oldest first. */
    states: () => look('SELECT state FROM messages ORDER BY id'),

    /** A connection of somebody else's. */
    holder(): BetterSqlite3.Database {
      const connection = new BetterSqlite3(file);
      holders.push(connection);
      return connection;
    },

    /** The data folder becomes a disk of its own, of 16 MB. */
    makeSmallDisk(): void {
      mountDisk(data, '16m');
      isMounted = true;
    },
    remount: (how: 'ro' | 'rw') => run('mount', '-o', `remount,${how}`, data),
    fillDisk(): void {
      const fd = openSync(ballast, 'a');
      try {
        for (;;) writeSync(fd, Buffer.alloc(PAGE));
      } catch (error) {
        expect(error).toMatchObject({ code: 'ENOSPC' });
      } finally {
        closeSync(fd);
      }
    },
    freeDisk: () => rmSync(ballast),

    /** Every write that would make a file longer fails, as on a disk that breaks or is switched to read-only. */
    failWrites: ({ pid }: Program) =>
      run('prlimit', `--pid=${pid}`, `--fsize=${statSync(`${file}-wal`).size}:`),
    allowWrites: ({ pid }: Program) => run('prlimit', `--pid=${pid}`, '--fsize=unlimited:'),
    /** All but the first page, by another program or a dying disk. */
    overwritePages(): void {
      const fd = openSync(file, 'r+');
      for (let at = PAGE; at < statSync(file).size; at += PAGE)
        writeSync(fd, Buffer.alloc(PAGE, 0xa5), 0, PAGE, at);
      closeSync(fd);
    },

    async close(): Promise<void> {
      await Promise.all(programs.map((program) => program.kill()));
      for (const one of holders) one.close();
      await fonnte.close();
      if (isMounted) run('umount', '--lazy', data);
      folder.erase();
    },
  };
}
