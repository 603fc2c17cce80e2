/**
 * The gateway Fonnte, on a connection pool of its own. Promise: one call is one POST, bounded as a whole by
 * timeoutMs whatever the other side does, follows no redirect, and reads no more than 64 KB of an answer.
 */
import { toUSVString } from 'node:util';
import { Pool, type Dispatcher } from 'undici';
import { systemClock, type Clock } from '../platform/clock';
import { describeFailure, readAnswer, type Answer } from './fonnte-answers';
import { type Gateway, type SendOutcome } from './gateway';

export interface FonnteOptions {
  /** The send endpoint, http or https. */
  apiUrl: string;
  /** The device token, sent bare: Fonnte knows no `Bearer`. */
  apiToken: string;
  timeoutMs: number;
  clock?: Clock;
}

const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_CONNECT_MS = 5_000;
const CONNECTIONS = 16;
/** A comma would make Fonnte send to a list, so nothing but digits reaches it. */
const PHONE = /^\d{8,15}$/;

interface Failure {
  sent: 'no' | 'maybe';
  reason: string;
}

/** Throws for an URL or a token that cannot be used at all: better at the start than at each message. */
export function createFonnte({ apiUrl, apiToken, timeoutMs, clock = systemClock }: FonnteOptions): Gateway {
  const url = new URL(apiUrl);
  const token = apiToken.trim();
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new Error('The WhatsApp API token is empty or holds odd characters');

  const pool = new Pool(url.origin, {
    connections: CONNECTIONS,
    pipelining: 1,
    connect: { timeout: Math.min(timeoutMs, MAX_CONNECT_MS) },
    // One timer of our own bounds the whole call; undici's two would start anew with every byte.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const request: Omit<Dispatcher.DispatchOptions, 'body'> = {
    method: 'POST',
    path: url.pathname + url.search,
    headers: {
      authorization: token,
      'content-type': 'application/json',
      accept: 'application/json',
      'user-agent': 'daftar',
    },
  };
  let closing: Promise<void> | undefined;

  /** One request and its answer. Below undici's request(): only there is told when a request has really left. */
  function exchange(body: string): Promise<Answer | Failure> {
    return new Promise((resolve) => {
      let controller: Dispatcher.DispatchController | undefined;
      let answer: Answer | undefined;
      let size = 0;
      let left = false;
      let done = false;
      const chunks: Buffer[] = [];

      function finish(trouble: string | null): void {
        if (done) return;
        done = true;
        clearTimeout(timer);
        if (!answer) resolve({ sent: left ? 'maybe' : 'no', reason: trouble ?? 'no readable answer' });
        else resolve({ ...answer, body: trouble === null ? Buffer.concat(chunks) : null, trouble });
      }
      function stop(trouble: string): void {
        finish(trouble);
        controller?.abort(new Error(trouble));
      }
      function count(bytes: number): boolean {
        size += bytes;
        if (size > MAX_ANSWER_BYTES) stop('no readable answer: too long');
        return !done;
      }

      const timer = setTimeout(() => stop('timed out'), timeoutMs);
      const handler: Dispatcher.DispatchHandler = {
        onRequestStart(started) {
          controller = started;
          // Its time ran out while it waited for a connection: then it must not go out any more.
          if (done) started.abort(new Error('timed out'));
          else left = true;
        },
        onResponseStart(_controller, status, headers) {
          if (status < 200) return;
          answer = { status, headers, body: null, trouble: null };
          if (Number(headers['content-length']) > MAX_ANSWER_BYTES) stop('no readable answer: too long');
        },
        onResponseData(_controller, chunk) {
          if (count(chunk.length)) chunks.push(chunk);
        },
        onResponseEnd: () => finish(null),
        onResponseError: (_controller, error) => finish(describeFailure(error, left)),
      };
      try {
        pool.dispatch({ ...request, body }, handler);
      } catch (error) {
        finish(describeFailure(error, left));
      }
    });
  }

  async function send(phone: string, text: string): Promise<SendOutcome> {
    if (!PHONE.test(phone)) {
      return { kind: 'refused', class: 'number', reason: 'target invalid: not 8 to 15 digits' };
    }
    // All strings: Fonnte is strict about types and refuses anything else. Half a character would be escaped here
    // and break its way out there.
    const body = JSON.stringify({ target: phone, message: toUSVString(text), countryCode: '62' });
    const result = await exchange(body);
    return 'status' in result
      ? readAnswer(result, { token, phone, text }, clock.now())
      : { kind: 'unreachable', ...result };
  }

  return {
    name: 'fonnte',
    send,
    close() {
      closing ??= pool.close();
      return closing;
    },
  };
}
