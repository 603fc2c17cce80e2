/** What is counted, under the names that `/metrics` shows. One registry per service, none global. */
import { Counter, Histogram, Registry } from 'prom-client';

export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics() {
  const registry = new Registry();
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  return {
    registry,
    chatTurns: counter('daftar_chat_turns_total', 'Chat messages handled, by outcome', ['outcome']),
    ignoredMessages: counter('daftar_inbound_ignored_total', 'Incoming messages ignored, by reason', [
      'reason',
    ]),
    otps: counter('daftar_otps_total', 'One-time codes by channel and outcome', ['channel', 'outcome']),
    registrations: counter('daftar_registrations_total', 'Registrations submitted, by channel', ['channel']),
    messages: counter('daftar_messages_total', 'Outgoing messages by the state they reached', [
      'kind',
      'state',
    ]),
    gatewaySeconds: new Histogram({
      name: 'daftar_gateway_send_seconds',
      help: 'Time of one send call, by outcome',
      labelNames: ['outcome'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [registry],
    }),
    httpSeconds: new Histogram({
      name: 'daftar_http_request_seconds',
      help: 'Time of one HTTP request, by route and status',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10],
      registers: [registry],
    }),
  };
}
