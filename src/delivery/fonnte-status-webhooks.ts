/**
 * The gateway's status webhooks, for messages and for the device, as loosely typed as they come. They look alike,
 * hence an URL each. Any JSON value gives one well-defined event or null.
 */
import { z } from 'zod';

export type ReceiptState = 'sent' | 'delivered' | 'read' | 'failed';

/** What became of a message. At least one of the two ids is there; `state` null ties them together, no more. */
export interface StatusEvent {
  gateway_id: string | null;
  state_id: string | null;
  state: ReceiptState | null;
  /** The gateway's own word for a failure. */
  reason: string | null;
}

export interface DeviceEvent {
  device: string | null;
  connected: boolean;
  reason: string | null;
}

const MOST = 200;
const word = z
  .union([
    z.string(),
    z.number(),
    z.boolean(),
    z.array(z.union([z.string(), z.number()])).transform(([first]) => first ?? ''),
  ])
  .transform((value) => String(value).trim().slice(0, MOST))
  .catch('');

const STATES: Readonly<Record<string, ReceiptState>> = {
  sent: 'sent',
  delivered: 'delivered',
  read: 'read',
  failed: 'failed',
  // Seen when WhatsApp refused what the gateway had taken.
  '0': 'failed',
};
/** Words of the `status` field that mean it will not arrive. */
const HOPELESS = /fail|error|reject|invalid|expired|unreachable/;

const statusShape = z.object({ id: word, stateid: word, status: word, state: word });

/** `{"device","id","stateid","status","state"}`; null when it names no message. */
export function parseStatus(body: unknown): StatusEvent | null {
  const parsed = statusShape.safeParse(body);
  if (!parsed.success) return null;
  const { id, stateid, status, state } = parsed.data;
  if (id === '' && stateid === '') return null;
  const isHopeless = HOPELESS.test(state.toLowerCase()) || HOPELESS.test(status.toLowerCase());
  const told = isHopeless ? 'failed' : (STATES[state.toLowerCase()] ?? STATES[status.toLowerCase()] ?? null);
  return {
    gateway_id: id || null,
    state_id: stateid || null,
    state: told,
    reason: told === 'failed' ? [status, state].filter(Boolean).join(' / ') : null,
  };
}

const deviceShape = z.object({ device: word, status: word, reason: word });

/** `{"device","status":"connect"|"disconnect",…}`; null when it says neither. */
export function parseDevice(body: unknown): DeviceEvent | null {
  const parsed = deviceShape.safeParse(body);
  if (!parsed.success) return null;
  const { device, status, reason } = parsed.data;
  const isConnect = /^connect(ed)?$/i.test(status);
  if (!isConnect && !/^disconnect(ed)?$/i.test(status)) return null;
  return { device: device || null, connected: isConnect, reason: reason || null };
}
