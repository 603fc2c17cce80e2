/** The outbox on a real database with a clock that stands still; a second process at the same file on demand. */
import { createVault } from '../../src/platform/crypto';
import { type Random, systemRandom } from '../../src/platform/random';
import { type SendOutcome } from '../../src/delivery/gateway';
import { createAlerts } from '../../src/delivery/alerts';
import { createCircuit } from '../../src/delivery/circuit';
import { type ClaimedMessage } from '../../src/delivery/dispatch';
import { createOutbox, type Outgoing } from '../../src/delivery/outbox';
import { createLogger } from '../../src/platform/logger';
import { type Database, openDatabase } from '../../src/store/database';
import { type MessageHistoryRow, type MessageKind, type MessageRow } from '../../src/store/tables/messages';
import { APP_SECRET, createTestClock } from './daftar';
import { openStore } from './store';

export const BUDI = '6281200000001';
export const SITI = '6281200000002';
export const LEASE_MS = 15_000;

export const accepted = { kind: 'accepted', gateway_id: '4711' } satisfies SendOutcome;
export const serverError = { kind: 'unreachable', sent: 'maybe', reason: 'HTTP 500' } satisfies SendOutcome;
export const noConnection = {
  kind: 'unreachable',
  sent: 'no',
  reason: 'connection refused',
} satisfies SendOutcome;

export interface OfficeOptions {
  sendPerMinute?: number;
  random?: Random;
  onQueued?: () => void;
}

export type Office = Awaited<ReturnType<typeof openOffice>>;

export async function openOffice(options: OfficeOptions = {}) {
  const store = await openStore();
  const clock = createTestClock();
  const settled: string[] = [];
  const others: Database[] = [];

  const circuit = createCircuit(
    createAlerts({
      logger: createLogger({ level: 'silent', pretty: false }),
      tellAdmins: () => undefined,
      posts: false,
      onPost: () => undefined,
    }),
  );

  function workAt(database: Database) {
    const outbox = createOutbox({
      clock,
      random: options.random ?? systemRandom,
      vault: createVault(APP_SECRET),
      reads: database.reads,
      circuit,
      onAccepted: () => undefined,
      sendPerMinute: options.sendPerMinute ?? 0,
      onSettled: (_tx, message, state) => settled.push(`${message.kind} ${message.id} ${state}`),
      onQueued: options.onQueued ?? (() => undefined),
    });
    const { unitOfWork } = database;
    return {
      outbox,
      unitOfWork,
      /** Claims what may go now, as a sender does. */
      claim: (most = 16) => unitOfWork.run((tx) => outbox.claim(tx, most, LEASE_MS)),
      settle: (message: ClaimedMessage, outcome: SendOutcome) =>
        unitOfWork.run((tx) => outbox.settle(tx, message, outcome)),
    };
  }

  const own = workAt(store);
  const queue = (kind: MessageKind, phone: string, text: string, more: Partial<Outgoing> = {}) =>
    store.unitOfWork.run((tx) => own.outbox.enqueue(tx, { kind, phone, text, ...more }));

  return {
    ...own,
    store,
    clock,
    /** What the onSettled hook was told, as `kind id state`. */
    settled,
    queue,
    row: (id: number) => store.reads.get<MessageRow>('SELECT * FROM messages WHERE id = ?', id)!,
    history: (id: number) =>
      store.reads.all<MessageHistoryRow>(
        'SELECT * FROM message_history WHERE message_id = ? ORDER BY id',
        id,
      ),
    /** Another process that works at the same file. */
    async otherProcess() {
      const database = await openDatabase(store.path);
      others.push(database);
      return workAt(database);
    },
    async close() {
      for (const database of others) await database.close();
      await store.close();
    },
  };
}

export const texts = (messages: ClaimedMessage[]) => messages.map(({ text }) => text);
