/**
 * What every test of the built program stands on: a folder of its own, a fake Fonnte, programs started there, and a
 * look into their file from outside, as another process would take it. All of it is cleared away after each test.
 */
import BetterSqlite3 from 'better-sqlite3';
import { join } from 'node:path';
import { startFakeFonnte, type FakeFonnte } from './fake-fonnte';
import { postJson, startProgram, stopPrograms, type JsonAnswer, type Program } from './process';
import { temporaryFolder, type Folder } from './store';

export const DEVICE = '6280000000000';
const TOKEN = 'api-token-for-process-tests';

export interface Stage {
  /** The working folder. */
  readonly folder: string;
  readonly fonnte: FakeFonnte;
  /** The program with WhatsApp enabled, sending to the fake Fonnte. */
  start(env?: Record<string, string>): Program;
  /** The same, and its base URL once it listens. */
  startUp(env?: Record<string, string>): Promise<{ program: Program; url: string }>;
  withFile<T>(work: (file: BetterSqlite3.Database) => T): T;
  /** A column of values from the file. */
  column<T = unknown>(sql: string, ...values: unknown[]): T[];
  rows<T>(sql: string, ...values: unknown[]): T[];
}

/** `each`: anew for every test; `all`: one for the whole file, whose tests then share what they start. */
export function setStage(how: 'each' | 'all' = 'each'): Stage {
  let folder: Folder;
  let fonnte: FakeFonnte;
  const setUp = async () => {
    folder = temporaryFolder();
    fonnte = await startFakeFonnte({ token: TOKEN, device: DEVICE });
  };
  const clearAway = async () => {
    await stopPrograms();
    await fonnte.close();
    folder.erase();
  };
  if (how === 'each') {
    beforeEach(setUp);
    afterEach(clearAway);
  } else {
    beforeAll(setUp);
    afterAll(clearAway);
  }

  const start = (env: Record<string, string> = {}) =>
    startProgram({
      folder: folder.path,
      env: { WHATSAPP_ENABLED: 'true', WHATSAPP_API_TOKEN: TOKEN, WHATSAPP_API_URL: fonnte.url, ...env },
    });
  function withFile<T>(work: (file: BetterSqlite3.Database) => T): T {
    const file = new BetterSqlite3(join(folder.path, 'data/daftar.db'));
    try {
      return work(file);
    } finally {
      file.close();
    }
  }

  return {
    get folder() {
      return folder.path;
    },
    get fonnte() {
      return fonnte;
    },
    start,
    async startUp(env) {
      const program = start(env);
      return { program, url: await program.listens() };
    },
    withFile,
    column: <T>(sql: string, ...values: unknown[]) =>
      withFile(
        (file) =>
          file
            .prepare(sql)
            .pluck()
            .all(...values) as T[],
      ),
    rows: <T>(sql: string, ...values: unknown[]) =>
      withFile((file) => file.prepare(sql).all(...values) as T[]),
  };
}

/** A customer's message, as the gateway brings it. */
export const says = (url: string, sender: string, message: string, inboxid: number): Promise<JsonAnswer> =>
  postJson(`${url}/webhooks/fonnte/messages`, { device: DEVICE, sender, message, inboxid });

/** A web form asks for a code. */
export const asksForCode = (url: string, phone: string): Promise<JsonAnswer> =>
  postJson(`${url}/api/registrations/public/request-otp`, { phone, full_name: 'Budi Santoso' });

export const triesCode = (url: string, phone: string, otp: string): Promise<JsonAnswer> =>
  postJson(`${url}/api/registrations/public/verify-otp`, { phone, otp });

/** The gateway says that our device is there again, or gone. */
export const deviceIs = (url: string, status: 'connect' | 'disconnect'): Promise<JsonAnswer> =>
  postJson(`${url}/webhooks/fonnte/devices`, { device: DEVICE, status });
