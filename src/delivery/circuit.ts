/**
 * The circuit breaker, in the database for all processes. A refusal that concerns the whole device or account, or
 * five tries in a row that nobody answered, opens it: sending stops for everyone and no tries are used up. One
 * message then goes as a probe, after 30 s, doubling to 10 min, or at once when the device says it is back.
 */
import { MINUTE, SECOND } from '../platform/clock';
import { type Reader } from '../store/statements';
import { type GatewayStateRow } from '../store/tables/delivery-health';
import { type Tx } from '../store/unit-of-work';
import { type Alerts } from './alerts';
import { type SendOutcome } from './gateway';

const FAILURES_TO_OPEN = 5;
const FIRST_PROBE = 30 * SECOND;
const LAST_PROBE = 10 * MINUTE;

export type Admission = 'all' | 'probe' | 'none';

export interface CircuitState {
  open: boolean;
  reason: string | null;
  opened_at: number | null;
  probe_at: number;
}

export type Circuit = ReturnType<typeof createCircuit>;

export function createCircuit(alerts: Alerts) {
  const read = (reads: Reader): GatewayStateRow =>
    reads.get<GatewayStateRow>('SELECT * FROM gateway_state WHERE id = 1')!;

  function state(reads: Reader): CircuitState {
    const { opened_at, opened_because, probe_at } = read(reads);
    return { open: opened_at !== null, reason: opened_because, opened_at, probe_at };
  }

  /** What may be sent now: everything, one message as a probe, or nothing. */
  function admission(reads: Reader, now: number): Admission {
    const current = state(reads);
    if (!current.open) return 'all';
    return probeIn(current, now) === 0 ? 'probe' : 'none';
  }

  /** Milliseconds during which nothing at all may be sent; 0 when something may go now. */
  function blockedFor(reads: Reader, now: number): number {
    const current = state(reads);
    return current.open ? probeIn(current, now) : 0;
  }

  /** Sets when a message may be tried: at once, or, while a probe is under way, not before its lease runs out. */
  function nextProbe(tx: Tx, at: number): void {
    tx.run('UPDATE gateway_state SET probe_at = ? WHERE id = 1', at);
  }

  /** Takes in what became of one send; `claimed_at` tells a probe from what was under way when it opened. */
  function onOutcome(tx: Tx, outcome: SendOutcome, claimed_at: number, now: number): void {
    const current = read(tx);
    const isProbe = current.opened_at !== null && claimed_at >= current.opened_at;
    switch (outcome.kind) {
      case 'recorded':
        return;
      case 'accepted':
        return answered(tx, current, isProbe, now);
      case 'refused':
        if (outcome.class === 'number' || outcome.class === 'request')
          return answered(tx, current, isProbe, now);
        return open(tx, current, isProbe, `${outcome.class}: ${outcome.reason}`, now);
      case 'unreachable':
        tx.run('UPDATE gateway_state SET failures_in_row = failures_in_row + 1 WHERE id = 1');
        if (isProbe || current.failures_in_row + 1 >= FAILURES_TO_OPEN) {
          open(tx, current, isProbe, `unreachable: ${outcome.reason}`, now);
        }
    }
  }

  function answered(tx: Tx, current: GatewayStateRow, isProbe: boolean, now: number): void {
    if (current.failures_in_row > 0) tx.run('UPDATE gateway_state SET failures_in_row = 0 WHERE id = 1');
    if (!isProbe) return;
    tx.run('UPDATE gateway_state SET opened_at = NULL, opened_because = NULL WHERE id = 1');
    alerts.clear(tx, 'circuit_open', now);
  }

  function open(tx: Tx, current: GatewayStateRow, isProbe: boolean, reason: string, now: number): void {
    if (current.opened_at !== null && !isProbe) return;
    const wait = isProbe ? Math.min(LAST_PROBE, current.probe_wait_ms * 2) : FIRST_PROBE;
    tx.run(
      `UPDATE gateway_state SET opened_at = ?, opened_because = ?, probe_wait_ms = ?, probe_at = ? WHERE id = 1`,
      current.opened_at ?? now,
      reason,
      wait,
      now + wait,
    );
    alerts.raise(tx, 'circuit_open', `Sending by WhatsApp has stopped: ${reason}`, now);
  }

  /** The gateway says that our device is gone, or back. */
  function onDevice(tx: Tx, isConnected: boolean, reason: string | null, now: number): void {
    const current = read(tx);
    if (isConnected) {
      alerts.clear(tx, 'device_disconnected', now);
      if (current.opened_at !== null) nextProbe(tx, now);
      return;
    }
    const told = reason ? ` (${reason})` : '';
    alerts.raise(
      tx,
      'device_disconnected',
      `The WhatsApp device is disconnected${told}. Scan its QR code again.`,
      now,
    );
    open(tx, current, false, `device: disconnected${told}`, now);
  }

  return { state, admission, blockedFor, nextProbe, onOutcome, onDevice };
}

/** A probe set for long after any probe could be is one from before the clock was set back: it may go now. */
function probeIn({ probe_at }: CircuitState, now: number): number {
  return probe_at > now + 2 * LAST_PROBE ? 0 : Math.max(0, probe_at - now);
}
