/**
 * What holds the data fails: a disk that is full, read-only or breaks, a file that is held, damaged or taken away.
 * Promise: nothing is called done that is not (503 makes the gateway and the web form come again), what was called
 * done is kept, and the service goes on by itself once the cause is gone, or says in one sentence why it cannot start.
 */
import { copyFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { type Program } from '../support/process';
import { until } from '../support/until';
import { ILL, mayMount, openSite, WELL, type Site } from '../support/site';

/** Disks of a given size need a mount, which only root may make, and not in every container. */
const onSmallDisk = (name: string, story: () => Promise<void>) =>
  mayMount ? test(name, story) : test.skip(`${name} (skipped: mounting is not permitted here)`, story);

/** One story takes the ten seconds for which the service waits for a held file: they pass while the others run. */
let held: Site;
let heldStory: Promise<unknown>;
beforeAll(async () => {
  held = await openSite();
  heldStory = holdTheFile().catch((error: unknown) => error);
});
afterAll(() => held.close());

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site.close());

/** It ends with 1, and stderr has one plain sentence that names the file. */
async function expectRefusal(program: Program, reason: RegExp): Promise<void> {
  expect(await program.exit).toEqual({ code: 1, signal: null });
  const lines = program.stderr().trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^Daftar cannot run: the database \S+daftar\.db cannot be used: /);
  expect(lines[0]).toMatch(reason);
}

describe('a disk that is full', () => {
  onSmallDisk('is told as 503, loses nothing, and works again once there is room', async () => {
    site.makeSmallDisk();
    await site.start().listens();
    expect(await site.tryAll()).toEqual(WELL);
    site.fillDisk();
    for (let n = 0; n < 3; n += 1) expect(await site.tryAll()).toEqual(ILL);
    site.freeDisk();
    for (let n = 0; n < 3; n += 1) expect(await site.tryAll()).toEqual(WELL);
    await site.expectKept();
  });

  onSmallDisk(
    'in a rush: whoever was told 200 is answered, once, and all others when they come again',
    async () => {
      site.makeSmallDisk();
      await site.start().listens();
      const waiting = Array.from({ length: 200 }, site.newPhone);
      let refused = 0;
      const come = async (phone: string) => {
        if ((await site.says(phone)) === 200) {
          if (site.told.chats.length === 50) site.fillDisk();
          return;
        }
        refused += 1;
        waiting.push(phone);
        if (refused === 40) site.freeDisk();
      };
      while (waiting.length > 0) await Promise.all(waiting.splice(0, 20).map(come));
      expect(refused).toBeGreaterThanOrEqual(40);
      expect(site.told.chats).toHaveLength(200);
      await site.expectKept();
    },
  );

  onSmallDisk(
    'at the start: a refusal in one sentence, no litter, and a start once there is room',
    async () => {
      site.makeSmallDisk();
      site.fillDisk();
      await expectRefusal(site.start(), /full|no space/i);
      const withoutSecret = site.start({ APP_SECRET: '' });
      expect((await withoutSecret.exit).code).toBe(1);
      expect(withoutSecret.stderr()).toMatch(/^Daftar cannot run: ENOSPC: no space left on device.*\n$/);
      expect(readdirSync(site.data).filter((name) => name.startsWith('app-secret'))).toEqual([]);
      site.freeDisk();
      await site.start().listens();
      expect(await site.tryAll()).toEqual(WELL);
    },
  );
});

describe('a disk that takes no writes', () => {
  test('while a message is at the gateway: it is not sent again, but written down once writes succeed', async () => {
    const program = site.start();
    await program.listens();
    expect(await site.tryAll()).toEqual(WELL);
    await site.expectKept();
    const { fonnte } = site;
    fonnte.behave({ delayMs: 500 });
    await site.says(site.newPhone());
    await fonnte.waitFor(() => fonnte.sent.length === 3);
    site.failWrites(program);
    await fonnte.waitFor(() => fonnte.requests.at(-1)!.answered);
    expect(await site.tryAll()).toEqual(ILL);
    site.allowWrites(program);
    await until('it is written down', () => site.states().every((state) => state === 'accepted'));
    await site.expectKept();
  });

  test('while running: 503, and it goes on by itself once writes succeed again', async () => {
    const program = site.start();
    await program.listens();
    expect(await site.tryAll()).toEqual(WELL);
    site.failWrites(program);
    for (let n = 0; n < 3; n += 1) expect(await site.tryAll()).toEqual(ILL);
    site.allowWrites(program);
    for (let n = 0; n < 3; n += 1) expect(await site.tryAll()).toEqual(WELL);
    await site.expectKept();
  });

  onSmallDisk('read-only at the start: a refusal in one sentence, and a start once it is not', async () => {
    site.makeSmallDisk();
    await site.migrate();
    site.remount('ro');
    await expectRefusal(site.start(), /read-only/);
    site.remount('rw');
    await site.start().listens();
    expect(await site.tryAll()).toEqual(WELL);
  });
});

describe('a damaged file', () => {
  test('at the start: a refusal in one sentence, and a start with a good copy', async () => {
    await site.migrate();
    copyFileSync(site.file, `${site.file}.good`);
    site.overwritePages();
    await expectRefusal(site.start(), /malformed/);

    writeFileSync(site.file, 'This is no database at all. '.repeat(400));
    await expectRefusal(site.start(), /not a database/);

    copyFileSync(`${site.file}.good`, site.file);
    await site.start().listens();
    expect(await site.tryAll()).toEqual(WELL);
  });

  test('while running: 503, a refusal to start again, and with the good copy all is there', async () => {
    const program = site.start();
    await program.listens();
    expect(await site.tryAll()).toEqual(WELL);
    await site.expectKept();
    // Another process writes, so that none may trust the pages it remembers, and then all of them are in the file.
    const other = site.holder();
    other.exec('BEGIN IMMEDIATE; DELETE FROM throttle_hits; COMMIT');
    other.pragma('wal_checkpoint(TRUNCATE)');
    copyFileSync(site.file, `${site.file}.good`);
    site.overwritePages();
    for (let n = 0; n < 3; n += 1) expect(await site.tryAll()).toEqual(ILL);
    await program.kill();
    other.close();
    await expectRefusal(site.start(), /malformed/);

    copyFileSync(`${site.file}.good`, site.file);
    await site.start().listens();
    expect(await site.tryAll()).toEqual(WELL);
    await site.expectKept();
  });
});

test('a file taken away while running: 503, for what is written then is lost; put back, all goes on', async () => {
  await site.start().listens();
  expect(await site.tryAll()).toEqual(WELL);
  renameSync(site.file, `${site.file}.away`);
  for (let n = 0; n < 2; n += 1) expect(await site.tryAll()).toEqual(ILL);
  // Somebody restores an old copy under the running service: its commits would go to the other file.
  writeFileSync(site.file, '');
  expect(await site.tryAll()).toEqual(ILL);
  renameSync(`${site.file}.away`, site.file);
  expect(await site.tryAll()).toEqual(WELL);
  await site.expectKept();
});

async function holdTheFile(): Promise<void> {
  const url = await held.start().listens();
  expect(await held.tryAll()).toEqual(WELL);
  await held.expectKept();
  const other = held.holder();
  other.exec('BEGIN IMMEDIATE');
  const tries = Promise.all([held.tryAll(), held.tryAll()]);
  // Meanwhile whatever only reads is answered at once.
  expect((await fetch(`${url}/health`)).status).toBe(200);
  expect((await fetch(`${url}/api/packages`)).status).toBe(200);
  expect(await tries).toEqual([ILL, ILL]);
  other.exec('ROLLBACK');
  expect(await held.tryAll()).toEqual(WELL);
  await held.expectKept();
}

test('a file that somebody else holds for longer than ten seconds: 503; free again, all goes on by itself', async () => {
  expect(await heldStory).toBeUndefined();
});
