/** `kill -9`: what was answered 200 is on disk, and goes on at the next start. */
import BetterSqlite3 from 'better-sqlite3';
import { join } from 'node:path';
import { startFakeFonnte, type FakeFonnte } from '../support/fake-fonnte';
import { postJson, startMigration, startProgram, stopPrograms } from '../support/process';
import { temporaryFolder, type Folder } from '../support/store';

const TOKEN = 'api-token-for-process-tests';
let folder: Folder;
let fonnte: FakeFonnte;
beforeEach(async () => {
  folder = temporaryFolder();
  fonnte = await startFakeFonnte({ token: TOKEN });
  await startMigration({ folder: folder.path }).exit;
});
afterEach(async () => {
  await stopPrograms();
  await fonnte.close();
  folder.erase();
});

function withFile<T>(work: (file: BetterSqlite3.Database) => T): T {
  const file = new BetterSqlite3(join(folder.path, 'data/daftar.db'));
  try {
    return work(file);
  } finally {
    file.close();
  }
}

const start = (sendPerMinute: string) =>
  startProgram({
    folder: folder.path,
    env: {
      WHATSAPP_ENABLED: 'true',
      WHATSAPP_API_TOKEN: TOKEN,
      WHATSAPP_API_URL: fonnte.url,
      SEND_PER_MINUTE: sendPerMinute,
    },
  });

/** The pace is used up, so that for a minute nothing leaves: the crash comes between 200 and the send. */
async function startThatSendsNothingYet() {
  withFile((file) => file.prepare('UPDATE gateway_state SET pace_tokens = 0, pace_at = ?').run(Date.now()));
  const program = start('1');
  return { program, url: await program.listens() };
}

const says = (url: string, sender: string, inboxid: number) =>
  postJson(`${url}/webhooks/fonnte/messages`, {
    device: '6280000000000',
    sender,
    message: 'DAFTAR',
    inboxid,
  });

test('right after the 200: the message’s effect is on disk, and its reply goes out after the restart, once', async () => {
  const budi = '6281200000001';
  const { program, url } = await startThatSendsNothingYet();
  expect((await says(url, budi, 1)).status).toBe(200);
  expect(await program.kill()).toEqual({ code: null, signal: 'SIGKILL' });

  expect(fonnte.sent).toEqual([]);
  withFile((file) => {
    expect(file.prepare('SELECT phone, outcome FROM inbound_messages').all()).toEqual([
      { phone: budi, outcome: 'handled' },
    ]);
    expect(file.prepare('SELECT phone, state FROM messages').all()).toEqual([
      { phone: budi, state: 'queued' },
    ]);
    expect(file.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  const again = await start('0').listens();
  await fonnte.waitFor(() => fonnte.messagesTo(budi).length > 0);
  // The gateway repeats the webhook, since for all it knows the answer was lost.
  expect((await says(again, budi, 1)).body).toMatchObject({ data: { outcome: 'repeated' } });
  expect(fonnte.messagesTo(budi)).toHaveLength(1);
  expect(fonnte.messagesTo(budi)[0]).toContain('nama lengkap');
});

test('in the middle of a rush: of what was answered 200 nothing is lost, and repeats fill in the rest', async () => {
  const phones = Array.from({ length: 60 }, (_, n) => `62812000${1000 + n}`);
  const { program, url } = await startThatSendsNothingYet();
  const answered: string[] = [];
  await Promise.allSettled(
    phones.map(async (phone, n) => {
      const { status } = await says(url, phone, n + 1);
      if (status === 200) answered.push(phone);
      if (answered.length === 10) await program.kill();
    }),
  );
  await program.exit;
  expect(answered.length).toBeGreaterThanOrEqual(10);

  const onDisk = (sql: string) => withFile((file) => file.prepare(sql).pluck().all() as string[]);
  const handled = onDisk(`SELECT phone FROM inbound_messages WHERE outcome = 'handled' ORDER BY phone`);
  expect(handled).toEqual(expect.arrayContaining(answered));
  // Whole or not at all: whoever is on disk has a chat and a reply waiting.
  expect(onDisk('SELECT phone FROM messages ORDER BY phone')).toEqual(handled);
  expect(onDisk('SELECT phone FROM chats ORDER BY phone')).toEqual(handled);

  const again = await start('0').listens();
  for (const [n, phone] of phones.entries()) expect((await says(again, phone, n + 1)).status).toBe(200);
  await fonnte.waitFor(() => fonnte.sent.length >= phones.length, 15_000);
  expect(fonnte.sent.map(({ target }) => target).sort()).toEqual(phones);
});
