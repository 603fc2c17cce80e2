import { EntitySchema } from 'typeorm';
import { id, integer, optional, real, text } from './columns';

/** One row for all processes: the device's pace (a token bucket) and the circuit (open: `opened_at` is set). */
export interface GatewayStateRow {
  id: number;
  pace_tokens: number;
  pace_at: number;
  failures_in_row: number;
  opened_at: number | null;
  opened_because: string | null;
  /** When one message may be tried while the circuit is open. */
  probe_at: number;
  probe_wait_ms: number;
}

export const gatewayState = new EntitySchema<GatewayStateRow>({
  name: 'gateway_state',
  tableName: 'gateway_state',
  columns: {
    id,
    pace_tokens: real(),
    pace_at: integer(),
    failures_in_row: integer({ default: 0 }),
    opened_at: integer(optional),
    opened_because: text(optional),
    probe_at: integer({ default: 0 }),
    probe_wait_ms: integer({ default: 0 }),
  },
});

/**
 * Every status event as it came: later ones often carry `state_id` alone, and some come before our own record of
 * the message, so they are kept and put together when both are there.
 */
export interface ReceiptRow {
  id: number;
  gateway_id: string | null;
  state_id: string | null;
  /** The message state it speaks of; null when it only ties the two ids together. */
  state: string | null;
  reason: string | null;
  at: number;
}

export const receipts = new EntitySchema<ReceiptRow>({
  name: 'receipt',
  tableName: 'receipts',
  columns: {
    id,
    gateway_id: text(optional),
    state_id: text(optional),
    state: text(optional),
    reason: text(optional),
    at: integer(),
  },
});

/** One alert per cause until it clears. */
export interface AlertRow {
  id: number;
  cause: string;
  message: string;
  raised_at: number;
  cleared_at: number | null;
}

export const alerts = new EntitySchema<AlertRow>({
  name: 'alert',
  tableName: 'alerts',
  columns: { id, cause: text(), message: text(), raised_at: integer(), cleared_at: integer(optional) },
});

/** Alerts that still have to be POSTed to ALERT_URL; `body` is JSON. */
export interface AlertPostRow {
  id: number;
  body: string;
  tries: number;
  next_try_at: number;
  created_at: number;
}

export const alertPosts = new EntitySchema<AlertPostRow>({
  name: 'alert_post',
  tableName: 'alert_posts',
  columns: {
    id,
    body: text(),
    tries: integer({ default: 0 }),
    next_try_at: integer(),
    created_at: integer(),
  },
});

/** When each periodic check is due again, so that of several processes one does it. */
export interface CheckRow {
  name: string;
  next_at: number;
}

export const checks = new EntitySchema<CheckRow>({
  name: 'check',
  tableName: 'checks',
  columns: { name: { type: 'text', primary: true }, next_at: integer() },
});
