/**
 * The shapes of Fonnte's webhooks, as loosely typed as they come: numbers as strings, strings as numbers, fields
 * missing or nonsense. Promise: any JSON value or parsed form gives one well-defined message or null, never an
 * exception; whether a message concerns us is judged elsewhere.
 */
import { toUSVString } from 'node:util';
import { z } from 'zod';

export type IncomingContent =
  | { kind: 'text'; text: string }
  | { kind: 'location'; latitude: number; longitude: number }
  | { kind: 'media' };

export interface IncomingMessage {
  /** Our own number as the gateway names it; null when it does not. */
  device: string | null;
  sender: string;
  /** In a group, the person who wrote. */
  member: string | null;
  is_group: boolean;
  from_me: boolean;
  /** A positive number as text, else null: then it identifies nothing. */
  inboxid: string | null;
  /** Epoch milliseconds. */
  timestamp: number | null;
  content: IncomingContent;
  /** The gateway's own fields, as text, that identify a message without inboxid, in a fixed order. */
  identity: string[];
}

const MAX_TEXT_POINTS = 10_000;
const MAX_SENDER_LENGTH = 200;
const MILLISECONDS_FROM = 1e12;
const MAX_DATE_MS = 8.64e15;

/** Text of a string or number; '' for whatever else. A boolean is no text: `member: false` is not a member. */
const asText = (value: unknown): string =>
  typeof value === 'string' || Number.isFinite(value) ? toUSVString(String(value)) : '';
const asWord = (value: unknown): string => asText(value).trim();
/** Answers of a poll: one, or a list of them. */
const asList = (value: unknown): string =>
  Array.isArray(value) ? value.map(asText).filter(Boolean).join(', ') : asText(value);
const asFlag = (value: unknown): boolean =>
  value === true || ['true', '1', 'yes'].includes(asWord(value).toLowerCase());
/** A number beyond what JSON can carry exactly could be two messages' id. */
const asWholeNumber = (value: unknown): string =>
  typeof value === 'string' || Number.isSafeInteger(value) ? String(value) : '';

/** One transformation for the whole object: a schema for each field cost more than all that is done with them. */
const incomingShape = z.looseObject({}).transform((body) => ({
  device: asWord(body.device),
  sender: asWord(body.sender),
  member: asWord(body.member),
  message: asText(body.message),
  text: asText(body.text),
  location: asWord(body.location),
  choices: asList(body.choices),
  url: asWord(body.url),
  inboxid: asWholeNumber(body.inboxid),
  timestamp: asWord(body.timestamp),
  in_group: asFlag(body.isgroup) || asFlag(body.isGroup),
  from_me: asFlag(body.fromMe) || asFlag(body.fromme) || asFlag(body.from_me),
}));
type Incoming = z.infer<typeof incomingShape>;

/** `+62…`, `62…@s.whatsapp.net` and `62…:3@c.us` (a second device of the same person) are all the phone 62…. */
const withoutDress = (address: string) =>
  address.replace(/(:\d+)?@(s\.whatsapp\.net|c\.us)$/i, '').replace(/^\++/, '');

/** A language's "nothing" turned into text. Only for members: a customer may well write the word "null". */
const NOBODY = new Set(['', '0', 'null', 'undefined', 'false']);

function readInboxId(value: string): string | null {
  const digits = /^0*([1-9]\d{0,29})$/.exec(value.trim());
  return digits?.[1] ?? null;
}

function readTimestamp(value: string): number | null {
  if (!/^\d{1,20}(\.\d{1,20})?$/.test(value)) return null;
  const number = Number(value);
  const ms = Math.trunc(number > MILLISECONDS_FROM ? number : number * 1_000);
  return ms > 0 && ms <= MAX_DATE_MS ? ms : null;
}

function readLocation(value: string): IncomingContent | null {
  const pair = /^([+-]?\d{1,3}(?:\.\d{1,20})?)\s*,\s*([+-]?\d{1,3}(?:\.\d{1,20})?)$/.exec(value);
  if (!pair) return null;
  const [latitude, longitude] = [Number(pair[1]), Number(pair[2])];
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null;
  return { kind: 'location', latitude, longitude };
}

/** The first 10,000 characters, no character cut in half. */
function bounded(value: string): string {
  if (value.length <= MAX_TEXT_POINTS) return value;
  return Array.from(value.slice(0, 2 * MAX_TEXT_POINTS))
    .slice(0, MAX_TEXT_POINTS)
    .join('');
}

function readContent(fields: Incoming): IncomingContent {
  const location = readLocation(fields.location);
  if (location) return location;
  // Something that is not text comes with a stand-in as its message: nothing, these words, or the file's URL.
  const written = [fields.message, fields.text, fields.choices].find((value) => {
    const trimmed = value.trim();
    return trimmed !== '' && trimmed.toLowerCase() !== 'non-text message' && trimmed !== fields.url;
  });
  return written === undefined ? { kind: 'media' } : { kind: 'text', text: bounded(written) };
}

/** The message in a webhook's body; null when it cannot be understood: no object, or no usable sender. */
export function parseIncoming(body: unknown): IncomingMessage | null {
  const parsed = incomingShape.safeParse(body);
  if (!parsed.success) return null;
  const fields = parsed.data;

  const sender = withoutDress(fields.sender);
  if (sender === '' || sender.length > MAX_SENDER_LENGTH) return null;
  const member = withoutDress(fields.member);
  const inGroup = !NOBODY.has(member.toLowerCase());
  const device = withoutDress(fields.device);

  return {
    device: device === '' ? null : device,
    sender,
    member: inGroup ? member : null,
    is_group: inGroup || /@g\.us$/i.test(sender) || fields.in_group,
    from_me: fields.from_me,
    inboxid: readInboxId(fields.inboxid),
    timestamp: readTimestamp(fields.timestamp),
    content: readContent(fields),
    identity: [
      fields.device,
      fields.sender,
      fields.member,
      fields.timestamp,
      fields.message,
      fields.location,
      fields.text,
      fields.choices,
      fields.url,
    ],
  };
}
