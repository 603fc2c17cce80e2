/** Incoming messages that our own code could not handle, for admins to look at and, once it is mended, to run again. */
import { type IncomingContent } from '../delivery/fonnte-webhooks';
import { type Reader } from '../store/statements';
import { type InboundMessageRow } from '../store/tables/chats';
import { type UnitOfWork } from '../store/unit-of-work';
import { type Inbound, type Received } from './inbound';

export type FailedInbound = Pick<
  InboundMessageRow,
  'id' | 'phone' | 'kind' | 'text' | 'reason' | 'received_at'
> & { can_retry: boolean };

export type InboundFailures = ReturnType<typeof createInboundFailures>;

const MASK = '••••••';

export function createInboundFailures(deps: {
  unitOfWork: UnitOfWork;
  reads: Reader;
  inbound: Inbound;
  device: string | null;
}) {
  const { unitOfWork, reads, inbound, device } = deps;

  /** The newest first. */
  function list(limit: number): FailedInbound[] {
    const rows = reads.all<InboundMessageRow>(
      `SELECT * FROM inbound_messages WHERE outcome = 'failed' ORDER BY received_at DESC, id DESC LIMIT ?`,
      limit,
    );
    return rows.map((row) => {
      const { id, phone, kind, text, reason, received_at } = row;
      return { id, phone, kind, text, reason, received_at, can_retry: canRetry(row) };
    });
  }

  /**
   * Only as long as it is the last thing the customer said: later it would answer another question. Nor without its
   * text: codes in it were masked, or it was erased.
   */
  function canRetry(row: InboundMessageRow): boolean {
    if (row.outcome !== 'failed' || contentOf(row) === null) return false;
    return !reads.get(
      `SELECT 1 FROM inbound_messages WHERE phone = ? AND received_at >= ? AND id > ? AND outcome <> 'ignored'`,
      row.phone,
      row.received_at,
      row.id,
    );
  }

  /**
   * Has it handled as if it came now, then takes it off the list. In this order a crash in between loses nothing, and
   * doing it again changes nothing: it counts as a repeat. Null: it cannot be run again.
   */
  async function retry(id: number): Promise<Received | null> {
    const row = reads.get<InboundMessageRow>('SELECT * FROM inbound_messages WHERE id = ?', id);
    const content = row && canRetry(row) ? contentOf(row) : null;
    if (!row || content === null) return null;
    const received = await inbound.receive({
      device,
      sender: row.phone!,
      member: null,
      is_group: false,
      from_me: false,
      inboxid: null,
      // Its own time would make it stale.
      timestamp: null,
      content,
      identity: ['run again', String(id)],
    });
    await unitOfWork.run((tx) =>
      tx.run(
        `UPDATE inbound_messages SET outcome = 'ignored', reason = 'run again' WHERE id = ? AND outcome = 'failed'`,
        id,
      ),
    );
    return received;
  }

  return { list, retry };
}

function contentOf({ kind, text }: InboundMessageRow): IncomingContent | null {
  if (kind === 'media') return { kind: 'media' };
  if (text === null || text.includes(MASK)) return null;
  if (kind === 'text') return { kind: 'text', text };
  if (kind !== 'location') return null;
  const [latitude, longitude] = text.split(',').map(Number);
  return { kind: 'location', latitude: latitude!, longitude: longitude! };
}
