/**
 * What an HTTP answer of Fonnte, or the lack of one, means for a message. Pure: no connection, no clock.
 * Promise: every answer has an outcome, and no reason ever holds the token, the phone or the message.
 */
import { toUSVString } from 'node:util';
import { type RefusalClass, type SendOutcome } from './gateway';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** The whole body, or null when it could not be read to its end. */
  body: Buffer | null;
  /** Why the body could not be read. */
  trouble: string | null;
}

/** What was sent, and must therefore not come back in a reason that goes to logs, alerts and the database. */
export interface Secrets {
  token: string;
  phone: string;
  text: string;
}

const MAX_REASON = 200;
const MAX_ID = 200;
const MAX_RETRY_AFTER_MS = 60 * 60 * 1_000;
const HIDDEN = '[…]';
/** As many equal characters in a row are an echo of the message's beginning and not chance. */
const ECHO_LENGTH = 12;
const SHORTEST_LINE = 4;

/**
 * Texts of refusals, in the order in which they are tried. "Device not registered" stands before "not
 * registered": a refusal of the number is silent, and would lose every customer's message without an alert.
 */
const REFUSALS: readonly (readonly [RefusalClass, RegExp])[] = [
  [
    'account',
    /token invalid|invalid token|unknown user|insufficient quota|quota (is )?(insufficient|exceeded)/,
  ],
  ['account', /(device|package|account|subscription)\b.{0,20}\bexpired|expired (device|package|account)/],
  ['account', /(device|token|account|user) (is )?not (registered|found)/],
  ['device', /disconnected device|device (is )?(disconnected|not connected)/],
  ['number', /target invalid|target input invalid|invalid target|not registered|unregistered/],
];

/** The refusal's class by its text; null when the text is not a known one. */
function knownClass(reason: string): RefusalClass | null {
  const text = reason.toLowerCase();
  return REFUSALS.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}

const squeeze = (text: string) =>
  toUSVString(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();

/** Hides the message, or as much of its beginning as is there (gateways cut what they quote). */
function hideOpening(reason: string, text: string): string {
  if (text.length < ECHO_LENGTH) return reason;
  let hidden = reason;
  for (let at; (at = hidden.indexOf(text.slice(0, ECHO_LENGTH))) !== -1;) {
    let length = ECHO_LENGTH;
    while (length < text.length && hidden[at + length] === text[length]) length += 1;
    hidden = hidden.slice(0, at) + HIDDEN + hidden.slice(at + length);
  }
  return hidden;
}

/** Hides everything secret: token, lines of the message, and any long number (phone in any spelling, code). */
function hideSecrets(reason: string, { token, text }: Secrets): string {
  const secrets = [token, encodeURIComponent(token), ...text.split('\n')]
    .map(squeeze)
    .filter((secret) => secret.length >= SHORTEST_LINE)
    .sort((a, b) => b.length - a.length);
  const hidden = secrets.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), reason);
  return hidden.replace(/\+?\d(?:[ ().-]{0,2}\d){4,}/g, HIDDEN);
}

function bounded(text: string): string {
  const points = Array.from(text);
  return points.length <= MAX_REASON ? text : `${points.slice(0, MAX_REASON - 1).join('')}…`;
}

function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/** The body as a JSON object, or null: empty, HTML, cut, or a JSON value of another kind. */
function readJson(body: Buffer | null): Record<string, unknown> | null {
  if (!body) return null;
  try {
    return asRecord(JSON.parse(new TextDecoder().decode(body)) as unknown);
  } catch {
    return null;
  }
}

/** Yes, no, or nobody knows: a body without a `status` we understand is no word at all. */
function readStatus(json: Record<string, unknown> | null): boolean | null {
  const status = json?.status ?? json?.Status;
  if (typeof status === 'boolean') return status;
  if (typeof status !== 'string') return null;
  const word = status.trim().toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : null;
}

function readId(json: Record<string, unknown>): string | null {
  const usable = [json.id, asRecord(json.data)?.id]
    .flat()
    .filter((id) => typeof id === 'string' || typeof id === 'number')
    .map((id) => String(id).trim())
    .find((id) => id !== '' && id.length <= MAX_ID);
  return usable ?? null;
}

function readReason(json: Record<string, unknown>): string {
  for (const value of [json.reason, json.detail, json.message]) {
    if (value === undefined || value === null) continue;
    const text = squeeze(typeof value === 'string' ? value : JSON.stringify(value));
    if (text !== '') return text;
  }
  return 'no reason given';
}

/**
 * Milliseconds of a Retry-After in seconds or as a date; at most an hour, so that no answer stops us for good. None
 * for "now" or the past: our own back-off is the better word then.
 */
function readRetryAfter(header: string | string[] | undefined, now: number): number | undefined {
  const value = (Array.isArray(header) ? header[0] : header)?.trim() ?? '';
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return ms > 0 ? Math.min(Math.round(ms), MAX_RETRY_AFTER_MS) : undefined;
}

/** `now` is only for a Retry-After given as a date. */
export function readAnswer(answer: Answer, secrets: Secrets, now: number): SendOutcome {
  const { status } = answer;
  const http = `HTTP ${status}`;

  // 408 is a timeout told by a proxy: as with 429 and 5xx, the request was not wrong.
  if (status >= 500 || status === 429 || status === 408) {
    const retry_after_ms = readRetryAfter(answer.headers['retry-after'], now);
    const known = { kind: 'unreachable', sent: 'maybe', reason: http } as const;
    return retry_after_ms === undefined ? known : { ...known, retry_after_ms };
  }
  if (status >= 300 && status < 400) {
    // Never followed: the token would go to whoever the answer names.
    return { kind: 'refused', class: 'request', reason: `${http}: the URL redirects, correct the address` };
  }

  const json = readJson(answer.body);
  const said = readStatus(json);
  const failed = status >= 400;

  if (json && said === true && !failed) return { kind: 'accepted', gateway_id: readId(json) };
  if (json && said === false) {
    // The class is read after the message is hidden: what a customer typed must not choose it.
    const text = hideOpening(readReason(json), squeeze(secrets.text));
    const fallback = status === 401 || status === 403 ? 'account' : 'request';
    const reason = bounded(hideSecrets(text, secrets)) + (failed ? ` (${http})` : '');
    return { kind: 'refused', class: knownClass(text) ?? fallback, reason };
  }
  if (failed) {
    return { kind: 'refused', class: status === 401 || status === 403 ? 'account' : 'request', reason: http };
  }
  const reason = answer.trouble ? `${answer.trouble} (${http})` : `no readable answer (${http})`;
  return { kind: 'unreachable', sent: 'maybe', reason };
}

const FAILURES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'host not found',
  EHOSTUNREACH: 'network unreachable',
  ENETUNREACH: 'network unreachable',
  ETIMEDOUT: 'timed out',
  UND_ERR_CONNECT_TIMEOUT: 'timed out',
  ECONNRESET: 'connection cut',
  EPIPE: 'connection cut',
  UND_ERR_SOCKET: 'connection cut',
  UND_ERR_HEADERS_OVERFLOW: 'no readable answer',
  UND_ERR_CLOSED: 'gateway closed',
  UND_ERR_DESTROYED: 'gateway closed',
};

/** Words for an error of the connection; by its code only, since messages of errors name hosts and more. */
export function describeFailure(error: unknown, requestLeft: boolean): string {
  const { name, code } = asRecord(error) ?? {};
  // By name: undici's parser errors mostly come without a code.
  if (name === 'HTTPParserError') return 'no readable answer';
  const known = typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : 'unknown';
  return FAILURES[known] ?? `connection ${requestLeft ? 'cut' : 'failed'} (${known})`;
}
