/**
 * A rush of customers against the built program, as the gateway would bring them: every webhook is repeated until it
 * is answered 200, some also after that. The ledger says what was brought; audit() holds the file and the gateway's
 * memory against it. Promise: stop() leaves nobody in the middle of a message.
 */
import { type FakeFonnte } from './fake-fonnte';
import { asksForCode, says, type Stage, triesCode } from './stage';
import { type Chance } from './soak';
import { until } from './until';

export interface Brought {
  sender: string;
  inboxid: number;
  /** Whether it has been answered 200. */
  acknowledged: boolean;
}

export type Rush = ReturnType<typeof startRush>;

/** A place for the code, which the customer reads on the phone. */
const CODE = '<code>';
/** Who has no code by then puts the phone away; it may be one that a kill holds up. */
const PATIENCE_MS = 600;
/** As the gateway repeats, only sooner than after a minute. */
const REPEAT_AFTER_MS = 20;
const GIVES_UP_MS = 60_000;

function conversation(phone: string, dice: Chance): string[] {
  const name = `Budi ${['Ani', 'Bela', 'Cici', 'Dodi'][dice.below(4)]}`;
  const talk = [
    'DAFTAR',
    name,
    'KIRIM ULANG',
    CODE,
    `budi.${phone}@contoh.id`,
    'Jl. Mawar No. 12',
    'Bandung',
  ];
  const end = dice.pick([['LEWATI', '2', 'LEWATI', 'YA'], ['BATAL'], ['KEMBALI', 'Jakarta']]);
  for (const extra of ['BANTUAN', 'STATUS', 'DAFTAR'])
    if (dice.below(2) === 0) talk.splice(1 + dice.below(talk.length - 1), 0, extra);
  return [...talk, ...end];
}

export function startRush(deps: {
  dice: Chance;
  fonnte: FakeFonnte;
  /** Whom to bring the next message to; waits while nobody is there, and rejects when nobody will be: that ends it. */
  url: () => Promise<string>;
  chatting: number;
  onTheWeb?: number;
  pauseMs?: number;
}) {
  const { dice, fonnte, url, pauseMs = 0 } = deps;
  const ledger: Brought[] = [];
  /** Phones on the web whose customer was told that the code has been sent. */
  const toldSent: string[] = [];
  const verified: string[] = [];
  const answered = new Map<number, number>();
  let stopped = false;
  let lastPhone = 0;
  let lastInboxid = 0;
  const newPhone = () => `62812${String(++lastPhone).padStart(8, '0')}`;
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  async function bring(sender: string, message: string): Promise<void> {
    const brought: Brought = { sender, inboxid: ++lastInboxid, acknowledged: false };
    ledger.push(brought);
    const givesUpAt = performance.now() + GIVES_UP_MS;
    while (!brought.acknowledged) {
      if (performance.now() > givesUpAt) throw new Error(`Nobody took message ${brought.inboxid}`);
      const base = await url();
      const status = await statusOf(() => says(base, sender, message, brought.inboxid));
      if (status === 200) brought.acknowledged = true;
      else await pause(REPEAT_AFTER_MS);
    }
    // Its answer was lost on the way, for all the gateway knows.
    if (dice.below(10) > 0) return;
    const base = await url();
    await statusOf(() => says(base, sender, message, brought.inboxid));
  }

  /** 0: no answer. */
  async function statusOf(ask: () => Promise<{ status: number }>): Promise<number> {
    try {
      const { status } = await ask();
      answered.set(status, (answered.get(status) ?? 0) + 1);
      return status;
    } catch {
      answered.set(0, (answered.get(0) ?? 0) + 1);
      return 0;
    }
  }

  /** The code on the customer's phone; null when it does not come. */
  const codeOf = (phone: string): Promise<string | null> =>
    until(`a code for ${phone}`, () => fonnte.lastCodeTo(phone), PATIENCE_MS).catch(() => null);

  async function chat(): Promise<void> {
    while (!stopped) {
      const phone = newPhone();
      for (const line of conversation(phone, dice)) {
        const text = line === CODE ? await codeOf(phone) : line;
        if (stopped || text === null) break;
        await bring(phone, text);
        if (pauseMs > 0) await pause(pauseMs);
      }
    }
  }

  async function fillIn(): Promise<void> {
    while (!stopped) {
      const phone = newPhone();
      const asked = await url();
      const status = await statusOf(() => asksForCode(asked, phone));
      if (status === 200) toldSent.push(phone);
      if (status !== 200 && status !== 202) continue;
      const code = await codeOf(phone);
      if (code === null) continue;
      const tried = await url();
      if ((await statusOf(() => triesCode(tried, phone, code))) === 200) verified.push(phone);
      if (pauseMs > 0) await pause(pauseMs);
    }
  }

  const all = Promise.all([
    ...Array.from({ length: deps.chatting }, chat),
    ...Array.from({ length: deps.onTheWeb ?? 0 }, fillIn),
  ]);
  all.catch(() => (stopped = true));
  return {
    ledger,
    toldSent,
    verified,
    /** How many requests were answered, whatever the answer. */
    answers: () => [...answered].reduce((sum, [status, times]) => sum + (status === 0 ? 0 : times), 0),
    /** How often each HTTP status was answered; 0: no answer at all. */
    statuses: () => Object.fromEntries(answered),
    async stop(): Promise<void> {
      stopped = true;
      await all;
    },
  };
}

function perPhone(ledger: Brought[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { sender } of ledger) counts[sender] = (counts[sender] ?? 0) + 1;
  return counts;
}

/** How many messages of each phone have acted. */
const acted = (stage: Stage): Record<string, number> =>
  Object.fromEntries(
    stage
      .rows<{
        phone: string;
        times: number;
      }>(`SELECT phone, COUNT(*) AS times FROM inbound_messages WHERE outcome = 'handled' GROUP BY phone`)
      .map(({ phone, times }) => [phone, times]),
  );

/** Right after a stop of whatever kind: the file is sound, holds all that was answered 200, and nothing twice. */
export function expectNothingLost(stage: Stage, rush: Rush): void {
  expect(stage.withFile((file) => file.pragma('integrity_check', { simple: true }))).toBe('ok');
  const done = acted(stage);
  const acknowledged = perPhone(rush.ledger.filter((one) => one.acknowledged));
  const lost = Object.entries(acknowledged).filter(([phone, times]) => (done[phone] ?? 0) < times);
  expect(lost).toEqual([]);
  const brought = perPhone(rush.ledger);
  const twice = Object.entries(done).filter(([phone, times]) => times > (brought[phone] ?? 0));
  expect(twice).toEqual([]);
}

/** Resolves when nothing waits to be sent any more; else tells what does, and whether sending had stopped. */
export async function drained(stage: Stage, timeoutMs: number): Promise<void> {
  const waiting = () =>
    stage.rows(`SELECT id, phone, kind, state, tries, reason, available_at, lease_until FROM messages
                WHERE state IN ('queued', 'sending') LIMIT 5`);
  await until('the outbox is empty', () => waiting().length === 0, timeoutMs).catch((error: Error) => {
    const gateway = stage.rows('SELECT * FROM gateway_state');
    throw new Error(`${error.message}: ${JSON.stringify({ now: Date.now(), gateway, waiting: waiting() })}`);
  });
}

/** After the rush, with everything sent: each message acted once, was answered by one, and each answer went out. */
export function audit(stage: Stage, rush: Rush): void {
  expectNothingLost(stage, rush);
  expect(rush.ledger.filter(({ acknowledged }) => !acknowledged)).toEqual([]);
  expect(acted(stage)).toEqual(perPhone(rush.ledger));
  expect(stage.column('SELECT COUNT(*) FROM inbound_messages')).toEqual([rush.ledger.length]);
  const unequal = stage.rows(
    `SELECT phone, SUM(said) AS said, SUM(answered) AS answered FROM (
       SELECT phone, 1 AS said, 0 AS answered FROM inbound_messages
       UNION ALL SELECT phone, 0, 1 FROM messages WHERE kind = 'chat')
     GROUP BY phone HAVING SUM(said) <> SUM(answered)`,
  );
  expect(unequal).toEqual([]);
  expect(stage.rows(`SELECT id, kind, state, reason FROM messages WHERE state <> 'accepted'`)).toEqual([]);
  const received = new Set(stage.fonnte.sent.map(({ target }) => target));
  expect(
    stage.column<string>('SELECT DISTINCT phone FROM messages').filter((phone) => !received.has(phone)),
  ).toEqual([]);
  expect(rush.toldSent.filter((phone) => !stage.fonnte.lastCodeTo(phone))).toEqual([]);
}

interface Row {
  phone: string;
  kind: string;
  text: string | null;
}
const CODE_TEXT = /\*\d{6}\*/;
const what = (phone: string, isCode: boolean, text: string | null) => `${phone} ${isCode ? CODE : text}`;

/** What was being sent, each under its claim: all of it, and nothing else, may go out twice. */
export function inFlight(stage: Stage): Map<string, string> {
  const rows = stage.rows<Row & { claim: string }>(
    `SELECT phone, kind, text, claim FROM messages WHERE state = 'sending'`,
  );
  return new Map(rows.map(({ phone, kind, text, claim }) => [claim, what(phone, kind === 'code', text)]));
}

/** How often the gateway saw a message more often than it was meant, by message. */
export function repeats(stage: Stage): Map<string, number> {
  const meant = new Map<string, number>();
  for (const { phone, kind, text } of stage.rows<Row>('SELECT phone, kind, text FROM messages')) {
    const key = what(phone, kind === 'code', text);
    meant.set(key, (meant.get(key) ?? 0) + 1);
  }
  const seen = new Map<string, number>();
  for (const { target, message } of stage.fonnte.sent) {
    const key = what(target, CODE_TEXT.test(message), message);
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  // Texts are erased from the file when a form is given up: each of those was meant once.
  return new Map(
    [...seen]
      .map(([key, times]) => [key, times - (meant.get(key) ?? 1)] as const)
      .filter(([, more]) => more > 0),
  );
}

/** The tries whose end nobody knows, though no process died: the gateway's answer came too late. By message. */
export function unclearTries(stage: Stage): Map<string, number> {
  const tries = stage.rows<Row & { times: number }>(
    `SELECT m.phone, m.kind, m.text, COUNT(*) AS times FROM message_history h JOIN messages m ON m.id = h.message_id
     WHERE h.state = 'queued' AND h.reason <> 'its sender was lost' GROUP BY m.id`,
  );
  return new Map(tries.map(({ phone, kind, text, times }) => [what(phone, kind === 'code', text), times]));
}

/** All that is written down of a phone's messages, for the message of a failure. */
export const historyOf = (stage: Stage, phone: string) =>
  stage.rows(
    `SELECT h.* FROM message_history h JOIN messages m ON m.id = h.message_id WHERE m.phone = ? ORDER BY h.id`,
    phone,
  );
