/**
 * Fonnte, played by a real HTTP server on loopback: strict about types, refusing with HTTP 200, and able to misbehave
 * (see fake-fonnte-wire.ts). It remembers what it took. Promise: close() leaves no socket behind.
 */
import { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { answerJson, behave, type Behaviour } from './fake-fonnte-wire';

export type { Behaviour };

export interface SentMessage {
  target: string;
  message: string;
  countryCode: string;
  /** Epoch milliseconds. */
  at: number;
}

export interface LoggedRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  /** As received; the types too. */
  fields: Record<string, unknown>;
  at: number;
  /** Whether the whole answer went out (false: still open, or cut by either side). */
  answered: boolean;
  /** Whether the answer is over, whole or cut. */
  closed: boolean;
}

export type FakeFonnte = Awaited<ReturnType<typeof startFakeFonnte>>;

const BOOLEANS = new Set(['typing', 'connectOnly', 'preview']);
const NUMBERS = new Set(['inboxid', 'schedule', 'duration']);
const TARGETS = /^\d{8,15}(\s*,\s*\d{8,15})*$/;
const MAX_MESSAGE = 60_000;
const INVALID = 'invalid/empty body value';

/** JSON must have Fonnte's types and no empty values; in a form everything is a string anyway. */
function hasInvalid(json: boolean, fields: Record<string, unknown>, needed: string[]): boolean {
  if (needed.some((name) => fields[name] === undefined)) return true;
  return Object.entries(fields).some(([name, value]) => {
    const type = json && BOOLEANS.has(name) ? 'boolean' : json && NUMBERS.has(name) ? 'number' : 'string';
    return typeof value !== type || value === '';
  });
}

/** The fields of a JSON or form body; null when it is not a JSON object. */
async function read(
  request: IncomingMessage,
): Promise<{ json: boolean; fields: Record<string, unknown> | null }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const json = (request.headers['content-type'] ?? '').includes('json');
  if (!json) return { json, fields: Object.fromEntries(new URLSearchParams(body)) };
  try {
    const value: unknown = JSON.parse(body);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return { json, fields: isObject ? (value as Record<string, unknown>) : null };
  } catch {
    return { json, fields: null };
  }
}

export async function startFakeFonnte({
  token,
  device = '6280000000000',
}: {
  token: string;
  device?: string;
}) {
  const changes = new EventEmitter().setMaxListeners(0);
  const perPhone = new Map<string, Behaviour>();
  const sent: SentMessage[] = [];
  const requests: LoggedRequest[] = [];
  let forAll: Behaviour = 'accept';
  let lastId = 126_567_830;
  let lastRequestId = 153_532_380;
  let connections = 0;
  let hangsUp = false;

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    connections += 1;
    if (hangsUp) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const messagesTo = (phone: string) => sent.filter((one) => one.target === phone).map((one) => one.message);

  const fake = {
    url: `${base}/send`,
    token,
    /** The form of a success: as logged in 2025, or the older one. */
    style: '2025' as '2025' | 'old',
    /** What `/device` and `/validate` say; fields given here go over the ordinary ones. */
    answers: { device: {} as Record<string, unknown>, validate: {} as Record<string, unknown> },
    /** The messages taken, oldest first. */
    sent,
    /** Every request that was read, oldest first. */
    requests,
    /** How many connections were made. */
    get connections(): number {
      return connections;
    },
    count: (path = '/send') => requests.filter((request) => request.path === path).length,
    messagesTo,
    /** The code in the newest OTP message to a phone. */
    lastCodeTo: (phone: string) =>
      messagesTo(phone)
        .map((message) => /\*(\d{6})\*/.exec(message)?.[1])
        .findLast((code) => code !== undefined),

    /** Sets the behaviour towards one phone, or (without one) towards all that have none of their own. */
    behave(behaviour: Behaviour, phone?: string): void {
      if (phone === undefined) forAll = behaviour;
      else perPhone.set(phone, behaviour);
    },

    /** From now on hangs up on whoever connects (true), or takes calls again. Who is connected is cut off. */
    hangUp(on: boolean): void {
      hangsUp = on;
      if (on) server.closeAllConnections();
    },

    /** Resolves with the first truthy value; looks again at each request, message taken and end of an answer. */
    waitFor<T>(predicate: () => T, timeoutMs = 5_000): Promise<T> {
      return new Promise((resolve, reject) => {
        const end = (settle: () => void) => {
          clearTimeout(timer);
          changes.off('change', look);
          settle();
        };
        const look = () => {
          try {
            const value = predicate();
            if (value) end(() => resolve(value));
          } catch (error) {
            end(() => reject(error instanceof Error ? error : new Error(String(error))));
          }
        };
        const timer = setTimeout(() => {
          const seen = `${requests.length} requests, ${sent.length} messages taken`;
          end(() => reject(new Error(`Fake Fonnte: not seen within ${timeoutMs} ms (${seen})`)));
        }, timeoutMs);
        changes.on('change', look);
        look();
      });
    },

    /** Cuts every connection, stalled ones too. */
    async close(): Promise<void> {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };

  const refusal = (reason: string) => ({ reason, requestid: ++lastRequestId, status: false });

  /** Queues the message for each target (Fonnte takes comma-separated lists) and makes the success answer. */
  function take(target: string, message: string, countryCode: string): object {
    const targets = target
      .split(',')
      .map((one) => one.trim())
      .map((one) => (countryCode === '0' ? one : one.replace(/^0/, countryCode)));
    const ids = targets.map(() => String(++lastId));
    sent.push(...targets.map((one) => ({ target: one, message, countryCode, at: Date.now() })));
    changes.emit('change');
    if (fake.style === 'old') {
      const data = { id: ids[0], phone: targets[0], message, status: 'sent' };
      return { status: true, message: 'Success', data };
    }
    const remaining = 10_000 - sent.length;
    return {
      detail: 'success! message in queue',
      id: ids,
      process: 'pending',
      quota: {
        [device]: { details: 'deduced from total quota', quota: remaining + 1, remaining, used: 1 },
      },
      requestid: ++lastRequestId,
      status: true,
      target: targets,
    };
  }

  function log(request: IncomingMessage, response: ServerResponse, fields: LoggedRequest['fields'] | null) {
    const { method = '', headers } = request;
    const path = new URL(request.url ?? '/', base).pathname;
    const logged = {
      method,
      path,
      headers,
      fields: fields ?? {},
      at: Date.now(),
      answered: false,
      closed: false,
    };
    requests.push(logged);
    response.on('close', () => {
      logged.answered = response.writableFinished;
      logged.closed = true;
      changes.emit('change');
    });
    changes.emit('change');
    return logged;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { json, fields } = await read(request);
    const { method, path, headers } = log(request, response, fields);
    const refuse = (reason: string) => answerJson(response, refusal(reason));

    if (method !== 'POST') return answerJson(response, refusal('method not allowed'), 405);
    if (headers.authorization !== token) return refuse('token invalid');
    if (path === '/device') {
      const usual = { device, device_status: 'connect', expired: '18 November 2029', messages: 16785 };
      const rest = { name: 'Daftar', package: 'Super', quota: '78', status: true };
      return answerJson(response, { ...usual, ...rest, ...fake.answers.device });
    }
    if (path !== '/send' && path !== '/validate') return answerJson(response, refusal('not found'), 404);

    if (!fields) return refuse('JSON format invalid');
    if (hasInvalid(json, fields, path === '/send' ? ['target', 'message'] : ['target']))
      return refuse(INVALID);
    const { target = '', message = '', countryCode = '62' } = fields as Record<string, string>;
    if (!TARGETS.test(target)) return refuse('target invalid');
    if (path === '/validate') {
      const registered = target.split(',').map((one) => one.trim());
      return answerJson(response, { status: true, registered, not_registered: [], ...fake.answers.validate });
    }
    if (message.length > MAX_MESSAGE) return refuse('input invalid');
    behave(response, perPhone.get(target) ?? forAll, {
      accept: () => take(target, message, countryCode),
      refuse: refusal,
    });
  }

  return fake;
}
