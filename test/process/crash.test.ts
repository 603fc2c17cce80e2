/** `kill -9`: what was answered 200 is on disk, and goes on at the next start. */
import { startMigration } from '../support/process';
import { says, setStage } from '../support/stage';

const stage = setStage();
beforeEach(async () => {
  await startMigration({ folder: stage.folder }).exit;
});

/** The pace is used up, so that for a minute nothing leaves: the crash comes between 200 and the send. */
async function startThatSendsNothingYet() {
  stage.withFile((file) =>
    file.prepare('UPDATE gateway_state SET pace_tokens = 0, pace_at = ?').run(Date.now()),
  );
  return stage.startUp({ SEND_PER_MINUTE: '1' });
}

test('right after the 200: the message’s effect is on disk, and its reply goes out after the restart, once', async () => {
  const budi = '6281200000001';
  const { program, url } = await startThatSendsNothingYet();
  expect((await says(url, budi, 'DAFTAR', 1)).status).toBe(200);
  expect(await program.kill()).toEqual({ code: null, signal: 'SIGKILL' });

  expect(stage.fonnte.sent).toEqual([]);
  stage.withFile((file) => {
    expect(file.prepare('SELECT phone, outcome FROM inbound_messages').all()).toEqual([
      { phone: budi, outcome: 'handled' },
    ]);
    expect(file.prepare('SELECT phone, state FROM messages').all()).toEqual([
      { phone: budi, state: 'queued' },
    ]);
    expect(file.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  const { url: again } = await stage.startUp({ SEND_PER_MINUTE: '0' });
  await stage.fonnte.waitFor(() => stage.fonnte.messagesTo(budi).length > 0);
  // The gateway repeats the webhook, since for all it knows the answer was lost.
  expect((await says(again, budi, 'DAFTAR', 1)).body).toMatchObject({ data: { outcome: 'repeated' } });
  expect(stage.fonnte.messagesTo(budi)).toHaveLength(1);
  expect(stage.fonnte.messagesTo(budi)[0]).toContain('nama lengkap');
});

test('in the middle of a rush: of what was answered 200 nothing is lost, and repeats fill in the rest', async () => {
  const phones = Array.from({ length: 60 }, (_, n) => `62812000${1000 + n}`);
  const { program, url } = await startThatSendsNothingYet();
  const answered: string[] = [];
  await Promise.allSettled(
    phones.map(async (phone, n) => {
      const { status } = await says(url, phone, 'DAFTAR', n + 1);
      if (status === 200) answered.push(phone);
      if (answered.length === 10) await program.kill();
    }),
  );
  await program.exit;
  expect(answered.length).toBeGreaterThanOrEqual(10);

  const handled = stage.column(`SELECT phone FROM inbound_messages WHERE outcome = 'handled' ORDER BY phone`);
  expect(handled).toEqual(expect.arrayContaining(answered));
  // Whole or not at all: whoever is on disk has a chat and a reply waiting.
  expect(stage.column('SELECT phone FROM messages ORDER BY phone')).toEqual(handled);
  expect(stage.column('SELECT phone FROM chats ORDER BY phone')).toEqual(handled);

  const { url: again } = await stage.startUp({ SEND_PER_MINUTE: '0' });
  for (const [n, phone] of phones.entries())
    expect((await says(again, phone, 'DAFTAR', n + 1)).status).toBe(200);
  await stage.fonnte.waitFor(() => stage.fonnte.sent.length >= phones.length, 15_000);
  expect(stage.fonnte.sent.map(({ target }) => target).sort()).toEqual(phones);
});
