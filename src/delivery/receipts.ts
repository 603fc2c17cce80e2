/**
 * What the gateway says became of a message after it was taken. Events come out of order, may come before our own
 * record of the message, and often name it only by `stateid`; a message moves forward only.
 */
import { type Clock } from '../platform/clock';
import { type Metrics } from '../platform/metrics';
import { type Tx, type UnitOfWork } from '../store/unit-of-work';
import { receipts as table, type ReceiptRow } from '../store/tables/delivery-health';
import { messageHistory, type MessageRow, type MessageState } from '../store/tables/messages';
import { type StatusEvent } from './fonnte-status-webhooks';
import { type OnSettled } from './transitions';

/** How far along each state is; `failed` ends a message that has not arrived yet. */
const RANK: Partial<Record<MessageState, number>> = { accepted: 1, sent: 2, delivered: 3, read: 4 };

export type Receipts = ReturnType<typeof createReceipts>;

export function createReceipts(deps: {
  unitOfWork: UnitOfWork;
  clock: Clock;
  metrics: Metrics;
  onSettled: OnSettled;
  onChanged: (message_id: number) => void;
}) {
  const { unitOfWork, clock, metrics } = deps;

  /** Takes in one event; resolves when its whole effect is on disk. */
  function receive(event: StatusEvent): Promise<void> {
    return unitOfWork.run((tx) => {
      const { gateway_id, state_id, state, reason } = event;
      tx.insert(table, { gateway_id, state_id, state, reason, at: clock.now() });
      const known = gateway_id ?? gatewayIdOf(tx, state_id);
      if (known !== null) apply(tx, known);
    });
  }

  function gatewayIdOf(tx: Tx, state_id: string | null): string | null {
    if (state_id === null) return null;
    const tied = tx.get<{ gateway_id: string }>(
      'SELECT gateway_id FROM receipts WHERE state_id = ? AND gateway_id IS NOT NULL LIMIT 1',
      state_id,
    );
    return tied?.gateway_id ?? null;
  }

  /** Moves the message with this gateway id as far as everything heard of it allows. */
  function apply(tx: Tx, gateway_id: string): void {
    // Nothing heard of it yet is the rule just after it was accepted.
    if (!tx.get('SELECT 1 FROM receipts WHERE gateway_id = ? LIMIT 1', gateway_id)) return;
    const message = tx.get<MessageRow>(
      'SELECT * FROM messages WHERE gateway_id = ? ORDER BY id DESC LIMIT 1',
      gateway_id,
    );
    if (!message) return;
    const heard = tx.all<ReceiptRow>(
      `SELECT * FROM receipts WHERE state IS NOT NULL AND (gateway_id = ? OR state_id IN
         (SELECT state_id FROM receipts WHERE gateway_id = ? AND state_id IS NOT NULL)) ORDER BY id`,
      gateway_id,
      gateway_id,
    );
    let state = message.state;
    for (const receipt of heard) {
      const next = receipt.state as MessageState;
      if (!isForward(state, next)) continue;
      state = next;
      move(tx, message, next, receipt);
    }
  }

  function move(tx: Tx, message: MessageRow, state: MessageState, receipt: ReceiptRow): void {
    const now = clock.now();
    tx.run(
      'UPDATE messages SET state = ?, reason = ?, trouble = ?, updated_at = ? WHERE id = ?',
      state,
      receipt.reason,
      state === 'failed' ? 'number' : null,
      now,
      message.id,
    );
    const { reason, gateway_id } = receipt;
    tx.insert(messageHistory, { message_id: message.id, state, at: receipt.at, reason, gateway_id });
    if (state === 'failed') deps.onSettled(tx, message, state, now);
    tx.afterCommit(() => {
      metrics.messages.inc({ kind: message.kind, state });
      deps.onChanged(message.id);
    });
  }

  return { receive, apply };
}

function isForward(from: MessageState, to: MessageState): boolean {
  const here = RANK[from];
  if (here === undefined) return false;
  // What has arrived cannot fail any more, whatever comes late.
  if (to === 'failed') return here < RANK.delivered!;
  return (RANK[to] ?? 0) > here;
}
