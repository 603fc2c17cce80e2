/** Four processes at one file, in traffic that goes to whichever of them: together they keep what one promises. */
import { type Program } from '../support/process';
import { audit, drained, repeats, startRush } from '../support/rush';
import { figures, seeded, size } from '../support/soak';
import { asksForCode, deviceIs, says, setStage, triesCode } from '../support/stage';
import { until } from '../support/until';

const BUDI = '6289900000001';
const RUSH_MS = size(3_000, 30_000);
const PER_MINUTE = 1_200;
/** What the bucket lets go at once; and how much a send may come late against another. */
const BUCKET = 20;
const LATE_MS = 300;
const stage = setStage('all');
let programs: Program[];
let urls: string[];

/** All at once, on an empty folder. */
beforeAll(async () => {
  const env = { SEND_PER_MINUTE: String(PER_MINUTE), OTP_MAX_PER_DAY: '0', OTP_MAX_PER_IP_PER_HOUR: '0' };
  programs = Array.from({ length: 4 }, () => stage.start(env));
  urls = await Promise.all(programs.map((program) => program.listens()));
});
const count = (statuses: number[]) =>
  Object.fromEntries(
    [...new Set(statuses)].sort().map((one) => [one, statuses.filter((s) => s === one).length]),
  );

test(`${RUSH_MS / 1000} s of chats and web forms: once each, in order, at the pace of one`, () =>
  seeded(async (dice) => {
    stage.fonnte.behave({ delayMs: 20 });
    const url = () => Promise.resolve(dice.pick(urls));
    const rush = startRush({ dice, fonnte: stage.fonnte, url, chatting: 10, onTheWeb: 4, pauseMs: size(150, 400) });
    await new Promise((resolve) => setTimeout(resolve, RUSH_MS));
    await rush.stop();
    await drained(stage, size(30_000, 240_000));

    audit(stage, rush);
    expect([...repeats(stage)]).toEqual([]);
    expect(rush.verified.length).toBeGreaterThan(0);
    expectOrderKept();
    const fastest = expectPaceHeld();

    const shares = programs.map((program) => program.stdout().match(/WhatsApp sent to/g)?.length ?? 0);
    expect(Math.min(...shares)).toBeGreaterThan(0);
    figures('four processes', {
      seconds: RUSH_MS / 1000,
      messages: rush.ledger.length,
      verified_on_the_web: rush.verified.length,
      sent: stage.fonnte.sent.length,
      sent_by_each: shares.join('/'),
      answers: JSON.stringify(rush.statuses()),
      most_over_pace: fastest,
    });
  }));

/** To each phone, chat replies and codes came in the order in which they were made. */
function expectOrderKept(): void {
  const made = stage.rows<{ phone: string; kind: string; text: string | null }>(
    `SELECT phone, kind, text FROM messages ORDER BY id`,
  );
  const next = new Map<string, string[]>();
  for (const { target, message } of stage.fonnte.sent)
    next.set(target, [...(next.get(target) ?? []), message]);
  for (const { phone, kind, text } of made) {
    const message = next.get(phone)?.shift();
    if (kind === 'code') expect(message).toMatch(/\*\d{6}\*/);
    else if (text !== null) expect(message).toBe(text);
  }
}

/** In no stretch of time did more go out than the bucket and its refill allow; returns the most over it. */
function expectPaceHeld(): number {
  const at = stage.fonnte.sent.map((one) => one.at);
  let most = -Infinity;
  for (let first = 0; first < at.length; first++)
    for (let last = first; last < at.length; last++) {
      const allowed = BUCKET + ((at[last]! - at[first]!) * PER_MINUTE) / 60_000;
      most = Math.max(most, last - first + 1 - allowed);
    }
  expect(most).toBeLessThanOrEqual((LATE_MS * PER_MINUTE) / 60_000);
  return Math.round(most * 10) / 10;
}

test('limits and the circuit are one for all: codes asked for, wrong tries, a dead device', async () => {
  stage.fonnte.behave('accept');
  // Twelve clicks at once make one code.
  const clicks = await Promise.all(Array.from({ length: 12 }, (_, n) => asksForCode(urls[n % 4]!, BUDI)));
  expect(count(clicks.map(({ status }) => status))).toEqual({ 200: 1, 429: 11 });
  expect(stage.fonnte.messagesTo(BUDI)).toHaveLength(1);

  // Twelve wrong tries at once: five are judged.
  const code = stage.fonnte.lastCodeTo(BUDI)!;
  const wrong = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
  const tries = await Promise.all(Array.from({ length: 12 }, (_, n) => triesCode(urls[n % 4]!, BUDI, wrong)));
  expect(count(tries.map(({ status }) => status))).toEqual({ 400: 5, 429: 7 });
  expect(tries.flatMap(({ body }) => body.attemptsLeft ?? []).sort()).toEqual([0, 1, 2, 3, 4]);
  expect(await triesCode(urls[3]!, BUDI, code)).toMatchObject({ status: 429, body: { code: 'OTP_LOCKED' } });

  // One of them hears that the device is gone: all four stop.
  stage.fonnte.behave({ refuse: 'request invalid on disconnected device' });
  const [first, ...others] = urls;
  expect((await asksForCode(first!, '6289900000002')).status).toBe(503);
  const calls = stage.fonnte.count();
  for (const [n, url] of others.entries()) {
    expect(await asksForCode(url, `628990000001${n}`)).toMatchObject({
      status: 503,
      body: { code: 'WHATSAPP_UNAVAILABLE' },
    });
    expect((await says(url, `628990000002${n}`, 'DAFTAR', 1)).status).toBe(200);
  }
  expect(stage.fonnte.count()).toBe(calls);
  const waiting = stage.column<string>(`SELECT phone FROM messages WHERE state = 'queued'`);
  expect(waiting).toHaveLength(3);

  // One of them hears that it is back: all go on.
  stage.fonnte.behave('accept');
  await deviceIs(others[2]!, 'connect');
  await until('the three replies have arrived', () =>
    waiting.every((phone) => stage.fonnte.messagesTo(phone).length === 1),
  );
  await drained(stage, 5_000);
  expect((await asksForCode(first!, '6289900000002')).status).toBe(200);

  for (const program of programs) program.signal('SIGTERM');
  for (const program of programs) expect((await program.exit).code).toBe(0);
});
