/** An ordinary `messages` webhook of Fonnte's, and how it reads with some fields changed. */
import { parseIncoming, type IncomingMessage } from '../../src/delivery/fonnte-webhooks';

export const ordinary = {
  device: '6280000000000',
  sender: '6281200000001',
  message: 'DAFTAR',
  name: 'Budi',
  timestamp: 1_760_000_000,
  inboxid: 41,
};

export function parse(changes: Record<string, unknown>): IncomingMessage {
  const message = parseIncoming({ ...ordinary, ...changes });
  if (!message) throw new Error('expected a message');
  return message;
}
