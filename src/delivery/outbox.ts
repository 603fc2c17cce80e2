/**
 * What is to be sent, as rows: queued in the transaction that wants it sent, claimed by a sender with a lease,
 * settled under that claim. Nothing queued is lost by a crash; a crash in the middle of a send may repeat it.
 *
 * Codes and chat replies to one phone keep their order and go one at a time; notices are a lane of their own.
 */
import { type Clock, HOUR, MINUTE, SECOND } from '../platform/clock';
import { type Vault } from '../platform/crypto';
import { type Random } from '../platform/random';
import { type Reader } from '../store/statements';
import { type Tx } from '../store/unit-of-work';
import {
  messageHistory,
  messages,
  type MessageKind,
  type MessageRow,
  type MessageState,
} from '../store/tables/messages';
import { type SendOutcome } from './gateway';
import { takePace } from './pace';

export interface Outgoing {
  phone: string;
  kind: MessageKind;
  text: string;
  /** Epoch ms after which it is not sent any more; left out: the life of its kind. */
  expires_at?: number;
  otp_id?: number;
  registration_id?: number;
}

export interface ClaimedMessage {
  id: number;
  phone: string;
  kind: MessageKind;
  text: string;
  tries: number;
  claimed_at: number;
  claim: string;
}

/** What a message is told to have become, for good: called inside the transaction that settles it. */
export type OnSettled = (
  tx: Tx,
  message: Pick<MessageRow, 'id' | 'otp_id' | 'kind'>,
  state: MessageState,
  now: number,
) => void;

export type MessageStatus = Pick<MessageRow, 'id' | 'state' | 'trouble' | 'tries' | 'reason'>;

export type Outbox = ReturnType<typeof createOutbox>;

const PRIORITY: Record<MessageKind, number> = { code: 0, chat: 1, notice: 2 };
/** How long a message is worth sending; a code's own expiry replaces its entry. */
const LIFE: Record<MessageKind, number> = { code: 5 * MINUTE, chat: HOUR, notice: 24 * HOUR };
const RETRY_FIRST = SECOND;
const RETRY_MOST = MINUTE;
/** After a refusal that concerns the whole device, before anything is tried again. */
const DEVICE_RETRY = 30 * SECOND;

export function createOutbox(deps: {
  clock: Clock;
  random: Random;
  vault: Vault;
  reads: Reader;
  sendPerMinute: number;
  onSettled: OnSettled;
  /** Called after a commit that queued something. */
  onQueued: () => void;
}) {
  const { clock, random, vault, reads } = deps;

  function enqueue(tx: Tx, outgoing: Outgoing): number {
    const now = clock.now();
    const { kind, phone } = outgoing;
    const secret = kind === 'code';
    const id = tx.insert(messages, {
      phone,
      kind,
      priority: PRIORITY[kind],
      lane: kind === 'notice' ? 'notice' : 'talk',
      text: secret ? null : outgoing.text,
      sealed: secret ? vault.seal(outgoing.text, `message to ${phone}`) : null,
      wipe: secret ? 1 : 0,
      state: 'queued',
      available_at: now,
      expires_at: outgoing.expires_at ?? now + LIFE[kind],
      otp_id: outgoing.otp_id ?? null,
      registration_id: outgoing.registration_id ?? null,
      created_at: now,
      updated_at: now,
    });
    tx.afterCommit(deps.onQueued);
    return id;
  }

  /** Whether anything may be waiting for a sender now: a cheap read before taking the write lock. */
  function hasDue(now: number): boolean {
    const due = reads.get(
      `SELECT 1 FROM messages WHERE state = 'queued' AND (available_at <= ? OR expires_at <= ?) LIMIT 1`,
      now,
      now,
    );
    return Boolean(
      due ?? reads.get(`SELECT 1 FROM messages WHERE state = 'sending' AND lease_until <= ?`, now),
    );
  }

  /** Takes up to `most` messages that may go now, for `leaseMs`; their number is bounded by the pace as well. */
  function claim(tx: Tx, most: number, leaseMs: number): ClaimedMessage[] {
    const now = clock.now();
    releaseLost(tx, now);
    expireOld(tx, now);
    const heads = tx.all<MessageRow>(
      `SELECT * FROM messages m WHERE state = 'queued' AND available_at <= ? AND expires_at > ?
         AND NOT EXISTS (SELECT 1 FROM messages o WHERE o.phone = m.phone AND o.state = 'sending')
         AND NOT EXISTS (SELECT 1 FROM messages o
           WHERE o.phone = m.phone AND o.lane = m.lane AND o.state = 'queued' AND o.id < m.id)
       ORDER BY priority, id LIMIT ?`,
      now,
      now,
      most * 2,
    );
    // A phone may head both its lanes; one message in flight per phone.
    const phones = new Set<string>();
    const onePerPhone = heads.filter(({ phone }) => !phones.has(phone) && phones.add(phone));
    const paced = takePace(tx, deps.sendPerMinute, Math.min(most, onePerPhone.length), now);
    return onePerPhone.slice(0, paced).map((row) => {
      const claim = random.token();
      tx.run(
        `UPDATE messages SET state = 'sending', claim = ?, claimed_at = ?, lease_until = ?, updated_at = ?
         WHERE id = ?`,
        claim,
        now,
        now + leaseMs,
        now,
        row.id,
      );
      const { id, phone, kind, tries } = row;
      const text = row.sealed ? vault.open(row.sealed, `message to ${phone}`).toString() : (row.text ?? '');
      return { id, phone, kind, text, tries, claimed_at: now, claim };
    });
  }

  /** Writes down what became of a claimed message; returns its new state, or null if the claim had been lost. */
  function settle(tx: Tx, message: ClaimedMessage, outcome: SendOutcome): MessageState | null {
    const now = clock.now();
    const held = tx.get<MessageRow>(
      `SELECT * FROM messages WHERE id = ? AND claim = ? AND state = 'sending'`,
      message.id,
      message.claim,
    );
    if (!held) return null;
    const step = { started_at: message.claimed_at, try: message.tries + 1 };
    switch (outcome.kind) {
      case 'accepted':
        tx.run('UPDATE messages SET gateway_id = ? WHERE id = ?', outcome.gateway_id, held.id);
        return finish(tx, held, 'accepted', null, now, { ...step, gateway_id: outcome.gateway_id });
      case 'recorded':
        return finish(tx, held, 'recorded', null, now, step);
      case 'refused':
        if (outcome.class === 'device' || outcome.class === 'account') {
          return retry(tx, held, outcome.class, outcome.reason, DEVICE_RETRY, message.tries, now, step);
        }
        tx.run('UPDATE messages SET trouble = ? WHERE id = ?', outcome.class, held.id);
        return finish(tx, held, 'failed', outcome.reason, now, step);
      case 'unreachable': {
        const backOff = Math.min(RETRY_MOST, RETRY_FIRST * 2 ** Math.min(message.tries, 10));
        const wait = outcome.retry_after_ms ?? random.integer(backOff) + 1;
        const trouble = outcome.sent === 'no' ? 'no_connection' : 'unclear';
        return retry(tx, held, trouble, outcome.reason, wait, message.tries + 1, now, step);
      }
    }
  }

  type Step = Partial<Pick<MessageRow, 'gateway_id'>> & { started_at?: number; try?: number };

  function retry(
    tx: Tx,
    held: MessageRow,
    trouble: string,
    reason: string,
    wait: number,
    tries: number,
    now: number,
    step: Step,
  ): MessageState {
    tx.run(
      `UPDATE messages SET state = 'queued', claim = NULL, lease_until = NULL, trouble = ?, reason = ?, tries = ?,
         available_at = ?, updated_at = ? WHERE id = ?`,
      trouble,
      reason,
      tries,
      now + wait,
      now,
      held.id,
    );
    tx.insert(messageHistory, { message_id: held.id, state: 'queued', at: now, reason, ...step });
    return 'queued';
  }

  function finish(
    tx: Tx,
    message: Pick<MessageRow, 'id' | 'otp_id' | 'kind'>,
    state: MessageState,
    reason: string | null,
    now: number,
    step: Step = {},
  ): MessageState {
    tx.run(
      `UPDATE messages SET state = ?, reason = ?, claim = NULL, lease_until = NULL, updated_at = ?,
         sealed = NULL, text = CASE WHEN wipe THEN NULL ELSE text END WHERE id = ?`,
      state,
      reason,
      now,
      message.id,
    );
    tx.insert(messageHistory, { message_id: message.id, state, at: now, reason, ...step });
    deps.onSettled(tx, message, state, now);
    return state;
  }

  /** A sender that died in the middle, or hangs: whether its message went out nobody knows, so it goes again. */
  function releaseLost(tx: Tx, now: number): void {
    const lost = tx.all<MessageRow>(
      `SELECT * FROM messages WHERE state = 'sending' AND lease_until <= ?`,
      now,
    );
    for (const held of lost) {
      const step = { started_at: held.claimed_at ?? now, try: held.tries + 1 };
      retry(tx, held, 'unclear', 'its sender was lost', 0, held.tries, now, step);
    }
  }

  function expireOld(tx: Tx, now: number): void {
    const old = tx.all<MessageRow>(
      `SELECT id, otp_id, kind FROM messages WHERE state = 'queued' AND expires_at <= ? LIMIT 500`,
      now,
    );
    for (const message of old) finish(tx, message, 'expired', 'not sent in time', now);
  }

  /** Takes a message back, if no sender has it: compare-and-set from `queued`. */
  function withdraw(tx: Tx, id: number, reason: string): boolean {
    const message = tx.get<MessageRow>(
      `SELECT id, otp_id, kind FROM messages WHERE id = ? AND state = 'queued'`,
      id,
    );
    if (!message) return false;
    finish(tx, message, 'failed', reason, clock.now());
    return true;
  }

  /** Takes back codes that still wait for this phone's channel when a newer one replaces them. */
  function withdrawOlderCodes(tx: Tx, otp_id: number): void {
    const waiting = tx.all<{ id: number }>(
      `SELECT m.id FROM messages m JOIN otps o ON o.id = m.otp_id JOIN otps n ON n.id = ?
       WHERE m.phone = n.phone AND m.lane = 'talk' AND m.state = 'queued' AND o.channel = n.channel AND o.id < n.id`,
      otp_id,
    );
    for (const { id } of waiting) withdraw(tx, id, 'replaced by a newer code');
  }

  /** What customers typed into a form given up is not kept in our answers either. */
  function eraseTalk(tx: Tx, phone: string, since: number): void {
    tx.run(
      `UPDATE messages SET wipe = 1, text = CASE WHEN state IN ('queued', 'sending') THEN text END
       WHERE phone = ? AND created_at >= ? AND lane = 'talk'`,
      phone,
      since,
    );
  }

  const status = (id: number): MessageStatus | undefined =>
    reads.get<MessageStatus>('SELECT id, state, trouble, tries, reason FROM messages WHERE id = ?', id);

  /** How many messages wait, and for how long the oldest has: whole seconds. */
  function depth(now: number): { pending: number; oldest_seconds: number } {
    const { pending, oldest } = reads.get<{ pending: number; oldest: number | null }>(
      `SELECT COUNT(*) AS pending, MIN(created_at) AS oldest FROM messages WHERE state IN ('queued', 'sending')`,
    )!;
    return {
      pending,
      oldest_seconds: oldest === null ? 0 : Math.max(0, Math.floor((now - oldest) / SECOND)),
    };
  }

  return { enqueue, depth, hasDue, claim, settle, withdraw, withdrawOlderCodes, eraseTalk, status };
}
