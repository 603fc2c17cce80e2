/**
 * How the fake Fonnte answers on the wire, well or in every bad way seen or feared. Knows nothing of messages: what a
 * behaviour takes is taken through `accept`, which gives the body of a success.
 */
import { type ServerResponse } from 'node:http';

/**
 * `accept`, `{delayMs}` and `cut_after_reading` take the message (the last two: answer late or never); all others do
 * not. `stall`: no answer. `cut_mid_answer`: half of it. `drip`: an answer without end, a byte every 25 ms.
 */
export type Behaviour =
  | 'accept'
  | { refuse: string }
  | { http: number; body?: string | object; headers?: Record<string, string> }
  | { delayMs: number }
  | 'html'
  | 'empty'
  | 'huge'
  | 'drip'
  | 'stall'
  | 'redirect'
  | 'cut_before_answer'
  | 'cut_after_reading'
  | 'cut_mid_answer';

const DRIP_MS = 25;
const HUGE_BYTES = 10 * 1024 * 1024;
const JSON_TYPE = { 'content-type': 'application/json' };

export function answerJson(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, JSON_TYPE).end(JSON.stringify(body));
}

/** A valid success but for the 10 MB of blanks before it; no byte is made before the reader wants it. */
function pour(response: ServerResponse): void {
  const blanks = Buffer.alloc(64 * 1024, ' ');
  let left = HUGE_BYTES;
  response.writeHead(200, JSON_TYPE);
  const more = (): void => {
    while (left > 0) {
      if (response.destroyed) return;
      left -= blanks.length;
      if (!response.write(blanks)) return void response.once('drain', more);
    }
    response.end('{"status":true}');
  };
  more();
}

function drip(response: ServerResponse): void {
  response.writeHead(200, JSON_TYPE);
  const timer = setInterval(() => response.write(' '), DRIP_MS);
  response.on('close', () => clearInterval(timer));
}

export interface Turn {
  /** Takes the message; the body of a success. */
  accept(): object;
  /** The body of a refusal. */
  refuse(reason: string): object;
}

export function behave(response: ServerResponse, how: Behaviour, { accept, refuse }: Turn): void {
  if (typeof how === 'object') {
    if ('refuse' in how) return answerJson(response, refuse(how.refuse));
    if ('delayMs' in how) {
      const success = accept();
      const timer = setTimeout(() => answerJson(response, success), how.delayMs);
      response.on('close', () => clearTimeout(timer));
      return;
    }
    const body = typeof how.body === 'object' ? JSON.stringify(how.body) : how.body;
    response.writeHead(how.http, how.headers).end(body);
    return;
  }
  switch (how) {
    case 'accept':
      return answerJson(response, accept());
    case 'html':
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<html><h1>Down for maintenance</h1></html>');
      return;
    case 'empty':
      response.writeHead(200).end();
      return;
    case 'redirect':
      response.writeHead(302, { location: '/moved' }).end();
      return;
    case 'huge':
      return pour(response);
    case 'drip':
      return drip(response);
    case 'stall':
      return;
    case 'cut_mid_answer':
      response.writeHead(200, { ...JSON_TYPE, 'content-length': '500' });
      response.write('{"status":true,', () => response.destroy());
      return;
    case 'cut_after_reading':
      accept();
      response.destroy();
      return;
    case 'cut_before_answer':
      response.destroy();
  }
}
