/**
 * The worker that empties the outbox: claim, send outside any transaction, settle. It is woken when something is
 * queued; the poll is only for what other processes queued and for retries that fall due.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, SECOND } from '../platform/clock';
import { type Logger } from '../platform/logger';
import { type Metrics } from '../platform/metrics';
import { StoreUnavailableError } from '../store/errors';
import { type MessageState } from '../store/tables/messages';
import { type UnitOfWork } from '../store/unit-of-work';
import { type Changes } from './changes';
import { type Gateway, type SendOutcome } from './gateway';
import { type ClaimedMessage } from './dispatch';
import { type Outbox } from './outbox';

export interface Sender {
  start(): void;
  /** Looks for work soon; cheap to call often. */
  wake(): void;
  /** Sends what is due until nothing more can go now; for tests and for stopping. */
  runUntilIdle(): Promise<void>;
  /** Takes nothing new and resolves when what is in flight has been settled. */
  stop(): Promise<void>;
}

const MAX_IN_FLIGHT = 16;
const POLL_MS = 250;
/** A lease outlasts the call it covers by this much. */
const LEASE_MARGIN_MS = 5 * SECOND;

/** The state a message was brought into; null when its claim had been lost. */
interface Settled {
  state: MessageState | null;
}

export function createSender(deps: {
  unitOfWork: UnitOfWork;
  outbox: Outbox;
  gateway: Gateway;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  timeoutMs: number;
  maskPhone: (phone: string) => string;
  changes: Changes;
}): Sender {
  const { unitOfWork, outbox, gateway, clock, logger, metrics } = deps;
  /** From the claim until what became of it is on disk. */
  const inFlight = new Set<Promise<void>>();
  /** Those of them whose answer the next commit writes down: their places are free already. */
  const answered = new Set<ClaimedMessage>();
  let timer: NodeJS.Timeout | null = null;
  let filling = false;
  let lastFill = Promise.resolve(0);
  let wokenAgain = false;
  /** How many may be in flight now: from idle and after a refusal of the device it starts at one and doubles. */
  let width = 1;
  let stopped = false;

  function wake(): void {
    if (stopped) return;
    wokenAgain = true;
    if (!filling) lastFill = fill();
  }

  /** Claims and starts sends while there is room and work; returns how many it started. */
  async function fill(): Promise<number> {
    let started = 0;
    filling = true;
    while (wokenAgain && !stopped) {
      wokenAgain = false;
      const room = width - (inFlight.size - answered.size);
      try {
        if (room <= 0) continue;
        const claimed = answered.size > 0 || outbox.hasDue(clock.now()) ? await claim(room) : [];
        for (const message of claimed) launch(message);
        started += claimed.length;
        if (inFlight.size === answered.size) width = 1;
      } catch (error) {
        logger.error({ err: error }, 'the outbox could not be read; trying again');
      }
    }
    filling = false;
    return started;
  }

  const claim = (room: number) =>
    unitOfWork.run((tx) => outbox.claim(tx, room, deps.timeoutMs + LEASE_MARGIN_MS));

  function launch(message: ClaimedMessage): void {
    const flight = deliver(message)
      .catch((error: unknown) =>
        logger.error({ err: error, message_id: message.id }, 'a send was not settled'),
      )
      .finally(() => {
        inFlight.delete(flight);
        answered.delete(message);
      });
    inFlight.add(flight);
  }

  async function deliver(message: ClaimedMessage): Promise<void> {
    const began = performance.now();
    const outcome = await gateway.send(message.phone, message.text, message.id);
    metrics.gatewaySeconds.observe({ outcome: outcome.kind }, (performance.now() - began) / 1000);
    adjustWidth(outcome);
    const state = (await settle(message, outcome)) ?? (await settleLater(message, outcome));
    deps.changes.announce(message.id);
    report(message, outcome, state);
  }

  /**
   * Writes down what became of a send; what may go next is claimed in the same commit. Null: the database did not
   * take it.
   */
  async function settle(message: ClaimedMessage, outcome: SendOutcome): Promise<Settled | null> {
    answered.add(message);
    try {
      const written = unitOfWork.run((tx) => ({ state: outbox.settle(tx, message, outcome) }));
      wake();
      return await written;
    } catch (error) {
      if (stopped || !(error instanceof StoreUnavailableError)) throw error;
      answered.delete(message);
      return null;
    }
  }

  /** Tried until the database takes it: given up, the message would go out again when its lease ends. */
  async function settleLater(message: ClaimedMessage, outcome: SendOutcome): Promise<Settled> {
    for (;;) {
      // Nothing new is claimed while this one is in flight: least of all itself, as if its sender were lost.
      width = 1;
      await sleep(POLL_MS);
      const settled = await settle(message, outcome);
      if (settled) return settled;
    }
  }

  function adjustWidth(outcome: SendOutcome): void {
    if (outcome.kind === 'accepted' || outcome.kind === 'recorded')
      width = Math.min(MAX_IN_FLIGHT, width * 2);
    else if (outcome.kind === 'refused' && (outcome.class === 'device' || outcome.class === 'account'))
      width = 1;
  }

  function report(message: ClaimedMessage, outcome: SendOutcome, { state }: Settled): void {
    const phone = deps.maskPhone(message.phone);
    const facts = { message_id: message.id, kind: message.kind };
    metrics.messages.inc({ kind: message.kind, state: state ?? 'lost_claim' });
    switch (outcome.kind) {
      case 'accepted':
        return logger.info(facts, `WhatsApp sent to ${phone} via ${gateway.name}`);
      case 'recorded':
        return logger.info(facts, `WhatsApp disabled: message to ${phone} recorded, not sent`);
      case 'refused':
        return logger.error(
          { ...facts, class: outcome.class, reason: outcome.reason },
          `WhatsApp refused for ${phone}`,
        );
      case 'unreachable':
        return logger.warn(
          { ...facts, reason: outcome.reason },
          `WhatsApp not reached for ${phone}, will retry`,
        );
    }
  }

  return {
    start() {
      timer = setInterval(wake, POLL_MS);
      wake();
    },
    wake,
    async runUntilIdle() {
      for (;;) {
        wake();
        const started = await lastFill;
        if (started === 0 && inFlight.size === 0) return;
        await Promise.all(inFlight);
      }
    },
    async stop() {
      stopped = true;
      if (timer) clearInterval(timer);
      await lastFill;
      lastFill = Promise.resolve(0);
      await Promise.all(inFlight);
    },
  };
}
