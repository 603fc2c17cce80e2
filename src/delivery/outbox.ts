/**
 * What is to be sent, as rows: queued in the transaction that wants it sent, claimed by a sender with a lease,
 * settled under that claim. Nothing queued is lost by a crash; a crash in the middle of a send may repeat it.
 *
 * Codes and chat replies to one phone keep their order and go one at a time; notices are a lane of their own.
 */
import { type Clock, HOUR, MINUTE, SECOND } from '../platform/clock';
import { type Vault } from '../platform/crypto';
import { type Reader } from '../store/statements';
import { type Tx } from '../store/unit-of-work';
import { messages, type MessageKind, type MessageRow } from '../store/tables/messages';
import { createDispatch, type DispatchDeps } from './dispatch';
import { createTransitions, type OnSettled } from './transitions';

export interface Outgoing {
  phone: string;
  kind: MessageKind;
  text: string;
  /** Epoch ms after which it is not sent any more; left out: the life of its kind. */
  expires_at?: number;
  otp_id?: number;
  registration_id?: number;
}

export type MessageStatus = Pick<MessageRow, 'id' | 'state' | 'trouble' | 'tries' | 'reason'>;

export type Outbox = ReturnType<typeof createOutbox>;

const PRIORITY: Record<MessageKind, number> = { code: 0, chat: 1, notice: 2 };
/** How long a message is worth sending; a code's own expiry replaces its entry. */
const LIFE: Record<MessageKind, number> = { code: 5 * MINUTE, chat: HOUR, notice: 24 * HOUR };

interface OutboxDeps extends DispatchDeps {
  clock: Clock;
  vault: Vault;
  reads: Reader;
  onSettled: OnSettled;
  /** Called after a commit that queued something. */
  onQueued: () => void;
}

export function createOutbox(deps: OutboxDeps) {
  const { clock, vault, reads } = deps;
  const transitions = createTransitions(deps.onSettled);
  const dispatch = createDispatch(deps, transitions);

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

  /** Takes a message back, if no sender has it: compare-and-set from `queued`. */
  function withdraw(tx: Tx, id: number, reason: string): boolean {
    const message = tx.get<MessageRow>(
      `SELECT id, otp_id, kind FROM messages WHERE id = ? AND state = 'queued'`,
      id,
    );
    if (!message) return false;
    transitions.finish(tx, message, 'failed', reason, clock.now());
    return true;
  }

  /**
   * A newer code replaces those of this phone's channel: taken back if they wait, and never sent again if they are
   * being sent just now.
   */
  function withdrawOlderCodes(tx: Tx, otp_id: number): void {
    const older = tx.all<{ id: number }>(
      `SELECT m.id FROM messages m JOIN otps o ON o.id = m.otp_id JOIN otps n ON n.id = ?
       WHERE m.phone = n.phone AND m.lane = 'talk' AND m.state IN ('queued', 'sending')
         AND o.channel = n.channel AND o.id < n.id`,
      otp_id,
    );
    for (const { id } of older) {
      const isWithdrawn = withdraw(tx, id, 'replaced by a newer code');
      if (!isWithdrawn) tx.run('UPDATE messages SET expires_at = ? WHERE id = ?', clock.now(), id);
    }
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

  return { enqueue, depth, withdraw, withdrawOlderCodes, eraseTalk, status, ...dispatch };
}
