/**
 * The sender's side of the outbox: what may go now, claimed with a lease, and what became of it, settled under that
 * claim. Lanes, order, pace and circuit are decided here, in the database, for all processes at once.
 */
import { type Clock, MINUTE, SECOND } from '../platform/clock';
import { type Vault } from '../platform/crypto';
import { type Random } from '../platform/random';
import { type Reader } from '../store/statements';
import { type MessageKind, type MessageRow, type MessageState } from '../store/tables/messages';
import { type Tx } from '../store/unit-of-work';
import { type Circuit } from './circuit';
import { type SendOutcome } from './gateway';
import { hasPace, takePace } from './pace';
import { type Transitions } from './transitions';

export interface ClaimedMessage {
  id: number;
  phone: string;
  kind: MessageKind;
  text: string;
  tries: number;
  claimed_at: number;
  claim: string;
}

export interface DispatchDeps {
  clock: Clock;
  random: Random;
  vault: Vault;
  reads: Reader;
  circuit: Circuit;
  sendPerMinute: number;
  /** Called with the gateway's id of a message just taken: what was said of it before may be waiting. */
  onAccepted: (tx: Tx, gateway_id: string) => void;
}

type HeadRow = Pick<MessageRow, 'id' | 'phone' | 'kind' | 'tries' | 'text' | 'sealed'>;
type SettledRow = Pick<MessageRow, 'id' | 'otp_id' | 'kind'>;

const RETRY_FIRST = SECOND;
const RETRY_MOST = MINUTE;
const EXPIRED_AT_ONCE = 500;

export function createDispatch(deps: DispatchDeps, transitions: Transitions) {
  const { clock, random, vault, reads, circuit } = deps;

  /** Whether a sender would find work now: cheap reads, before taking the write lock. */
  function hasDue(now: number): boolean {
    if (reads.get(`SELECT 1 FROM messages WHERE state = 'sending' AND lease_until <= ?`, now)) return true;
    if (reads.get(`SELECT 1 FROM messages WHERE state = 'queued' AND expires_at <= ?`, now)) return true;
    if (circuit.admission(reads, now) === 'none' || !hasPace(reads, deps.sendPerMinute, now)) return false;
    return Boolean(reads.get(`SELECT 1 FROM messages WHERE state = 'queued' AND available_at <= ?`, now));
  }

  /** Takes up to `most` messages that may go now, for `leaseMs`; pace and circuit bound their number as well. */
  function claim(tx: Tx, most: number, leaseMs: number): ClaimedMessage[] {
    const now = clock.now();
    releaseLost(tx, now);
    expireOld(tx, now);
    const admission = circuit.admission(tx, now);
    if (admission === 'none' || !hasPace(tx, deps.sendPerMinute, now)) return [];
    const heads = headsOfLanes(tx, admission === 'probe' ? 1 : most, now);
    const granted = takePace(tx, deps.sendPerMinute, heads.length, now);
    if (admission === 'probe' && granted > 0) circuit.nextProbe(tx, now + leaseMs);
    const token = random.token();
    return heads.slice(0, granted).map((row) => lease(tx, row, token, leaseMs, now));
  }

  /** The first of each phone's lanes; one message in flight per phone, though a phone may head both its lanes. */
  function headsOfLanes(tx: Tx, most: number, now: number): HeadRow[] {
    // `state IN (…)` is said again, since without it SQLite would look through all that the phone ever got.
    const heads = tx.all<HeadRow>(
      `SELECT id, phone, kind, tries, text, sealed FROM messages m
       WHERE state = 'queued' AND available_at <= ? AND expires_at > ?
         AND NOT EXISTS (SELECT 1 FROM messages o
           WHERE o.phone = m.phone AND o.state IN ('queued', 'sending') AND o.state = 'sending')
         AND NOT EXISTS (SELECT 1 FROM messages o
           WHERE o.phone = m.phone AND o.lane = m.lane AND o.state IN ('queued', 'sending') AND o.id < m.id)
       ORDER BY priority, id LIMIT ?`,
      now,
      now,
      most * 2,
    );
    const phones = new Set<string>();
    return heads.filter(({ phone }) => !phones.has(phone) && phones.add(phone)).slice(0, most);
  }

  function lease(tx: Tx, row: HeadRow, claim: string, leaseMs: number, now: number): ClaimedMessage {
    tx.run(
      `UPDATE messages SET state = 'sending', claim = ?, claimed_at = ?, lease_until = ?, updated_at = ? WHERE id = ?`,
      claim,
      now,
      now + leaseMs,
      now,
      row.id,
    );
    const { id, phone, kind, tries } = row;
    const text = row.sealed ? vault.open(row.sealed, `message to ${phone}`).toString() : (row.text ?? '');
    return { id, phone, kind, text, tries, claimed_at: now, claim };
  }

  /** Writes down what became of a claimed message; returns its new state, or null if the claim had been lost. */
  function settle(tx: Tx, message: ClaimedMessage, outcome: SendOutcome): MessageState | null {
    const now = clock.now();
    circuit.onOutcome(tx, outcome, message.claimed_at, now);
    const held = tx.get<SettledRow>(
      `SELECT id, otp_id, kind FROM messages WHERE id = ? AND claim = ? AND state = 'sending'`,
      message.id,
      message.claim,
    );
    if (!held) return null;
    const { tries } = message;
    const attempt = { started_at: message.claimed_at, try: tries + 1 };
    switch (outcome.kind) {
      case 'accepted': {
        const { gateway_id } = outcome;
        const state = transitions.finish(tx, held, 'accepted', null, now, { ...attempt, gateway_id });
        if (gateway_id !== null) deps.onAccepted(tx, gateway_id);
        return state;
      }
      case 'recorded':
        return transitions.finish(tx, held, 'recorded', null, now, attempt);
      case 'refused': {
        const { class: trouble, reason } = outcome;
        if (trouble === 'device' || trouble === 'account') {
          // It is not this message's fault: the circuit says when it may go again.
          return transitions.retry(tx, held.id, { trouble, reason, wait_ms: 0, tries }, now, attempt);
        }
        tx.run('UPDATE messages SET trouble = ? WHERE id = ?', trouble, held.id);
        return transitions.finish(tx, held, 'failed', reason, now, attempt);
      }
      case 'unreachable': {
        const wait_ms = outcome.retry_after_ms ?? backOff(tries);
        const trouble = outcome.sent === 'no' ? 'no_connection' : 'unclear';
        const used = circuit.admission(tx, now) === 'all' ? tries + 1 : tries;
        return transitions.retry(
          tx,
          held.id,
          { trouble, reason: outcome.reason, wait_ms, tries: used },
          now,
          attempt,
        );
      }
    }
  }

  /** Full jitter: anywhere up to a ceiling that doubles with every try. */
  function backOff(tries: number): number {
    return random.integer(Math.min(RETRY_MOST, RETRY_FIRST * 2 ** Math.min(tries, 10))) + 1;
  }

  /** A sender that died in the middle, or hangs: whether its message went out nobody knows, so it goes again. */
  function releaseLost(tx: Tx, now: number): void {
    const lost = tx.all<MessageRow>(
      `SELECT * FROM messages WHERE state = 'sending' AND lease_until <= ?`,
      now,
    );
    for (const { id, tries, claimed_at } of lost) {
      const retry = { trouble: 'unclear', reason: 'its sender was lost', wait_ms: 0, tries };
      transitions.retry(tx, id, retry, now, { started_at: claimed_at ?? now, try: tries + 1 });
    }
  }

  function expireOld(tx: Tx, now: number): void {
    const old = tx.all<SettledRow>(
      `SELECT id, otp_id, kind FROM messages WHERE state = 'queued' AND expires_at <= ? LIMIT ?`,
      now,
      EXPIRED_AT_ONCE,
    );
    for (const message of old) transitions.finish(tx, message, 'expired', 'not sent in time', now);
  }

  return { hasDue, claim, settle };
}
