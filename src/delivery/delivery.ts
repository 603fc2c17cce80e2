/** Wires delivery: the gateway, the outbox and its sender, the circuit, receipts, alerts and the watch over them. */
import { type Clock } from '../platform/clock';
import { type Vault } from '../platform/crypto';
import { type Logger } from '../platform/logger';
import { type Metrics } from '../platform/metrics';
import { type Random } from '../platform/random';
import { type Database } from '../store/database';
import { type Tx } from '../store/unit-of-work';
import { createAlertPoster } from './alert-poster';
import { createAlerts } from './alerts';
import { createChanges } from './changes';
import { createCircuit } from './circuit';
import { createFonnte } from './fonnte';
import { createCheckDevice } from './fonnte-device';
import { createMonitor } from './monitor';
import { createOutbox, type Outbox } from './outbox';
import { createReceipts, type Receipts } from './receipts';
import { createRecorder } from './recorder';
import { createSender, type Sender } from './sender';
import { type OnSettled } from './transitions';

export interface DeliveryDeps {
  database: Database;
  clock: Clock;
  random: Random;
  vault: Vault;
  logger: Logger;
  metrics: Metrics;
  whatsapp: { enabled: boolean; apiUrl: string; apiToken: string | null };
  sending: { perMinute: number; timeoutMs: number };
  adminPhones: readonly string[];
  alertUrl: string | null;
  /** Codes per channel and day, for the alert; 0 = no ceiling. */
  dailyCeiling: number;
  maskPhone: (phone: string) => string;
  onSettled: OnSettled;
}

export type Delivery = ReturnType<typeof createDelivery>;

export function createDelivery(deps: DeliveryDeps) {
  const { database, clock, random, vault, logger, metrics, sending, adminPhones } = deps;
  const { unitOfWork, reads } = database;
  const { enabled, apiUrl, apiToken } = deps.whatsapp;
  const changes = createChanges();

  const recorder = enabled ? null : createRecorder();
  const { timeoutMs } = sending;
  const gateway = recorder ?? createFonnte({ apiUrl, apiToken: apiToken!, timeoutMs });

  // Alerts go through the outbox, whose circuit raises alerts; the sender wakes on what the outbox queues.
  const later: { outbox?: Outbox; sender?: Sender; receipts?: Receipts } = {};
  const poster = createAlertPoster({ unitOfWork, reads, clock, logger, url: deps.alertUrl });
  const alerts = createAlerts({
    logger,
    posts: deps.alertUrl !== null,
    onPost: () =>
      void poster.run().catch((error: unknown) => logger.error({ err: error }, 'alerts were not posted')),
    tellAdmins: (tx, text) => {
      for (const phone of adminPhones) later.outbox!.enqueue(tx, { phone, kind: 'notice', text });
    },
  });
  const circuit = createCircuit(alerts);
  const outbox = createOutbox({
    clock,
    random,
    vault,
    reads,
    circuit,
    sendPerMinute: sending.perMinute,
    onSettled(tx, message, state, now) {
      if (state === 'failed') alertIfRequestRefused(tx, message.id, now);
      deps.onSettled(tx, message, state, now);
    },
    onAccepted: (tx, gateway_id) => later.receipts!.apply(tx, gateway_id),
    onQueued: () => later.sender?.wake(),
  });
  /** A refusal of our own request loses the message and would lose the next ones too: a person has to look. */
  function alertIfRequestRefused(tx: Tx, message_id: number, now: number): void {
    const refused = tx.get<{ reason: string }>(
      `SELECT reason FROM messages WHERE id = ? AND trouble = 'request'`,
      message_id,
    );
    if (!refused) return;
    alerts.raise(tx, 'request_refused', `The gateway refuses our request: ${refused.reason}`, now);
  }
  const { onSettled, maskPhone } = deps;
  const receipts = createReceipts({
    unitOfWork,
    clock,
    metrics,
    onSettled,
    onChanged: (id) => changes.announce(id),
  });
  const sender = createSender({
    unitOfWork,
    outbox,
    gateway,
    clock,
    logger,
    metrics,
    changes,
    maskPhone,
    timeoutMs,
  });
  Object.assign(later, { outbox, sender, receipts });

  const checkDevice = createCheckDevice({ apiUrl, apiToken: apiToken ?? '', timeoutMs });
  const { dailyCeiling } = deps;
  const monitor = createMonitor({
    unitOfWork,
    clock,
    logger,
    alerts,
    circuit,
    checkDevice,
    poster,
    dailyCeiling,
  });

  return {
    outbox,
    sender,
    circuit,
    alerts,
    receipts,
    monitor,
    changes,
    recorder,
    start() {
      sender.start();
      if (enabled) monitor.start();
    },
    /** Finishes what is being sent; what waits stays for the next start. */
    async stop() {
      await monitor.stop();
      await sender.stop();
      await poster.settled();
      await gateway.close();
    },
  };
}
