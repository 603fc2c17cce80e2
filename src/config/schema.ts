/**
 * What each setting may be and what it is when nobody sets it: one zod schema over texts. A message reads on
 * from the variable's name, says what would be right, and never repeats the value it is about.
 */
import { isIP } from 'node:net';
import { z } from 'zod';
import { normalisePhone } from '../registration/phone';

/** No control characters and no line or paragraph separators: one line of text. */
const ONE_LINE = /^[^\p{Cc}\p{Zl}\p{Zp}]*$/u;
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/i;
/** Characters. */
export const MINIMUM = { appSecret: 32, webhookToken: 24, adminPassword: 12 };

export const length = (value: string) => [...value].length;

const text = (accepts: (value: string) => boolean, rule: string) => z.string().refine(accepts, rule);

const integer = (fallback: number, minimum: number, maximum: number) =>
  text(
    (value) => /^[0-9]+$/.test(value) && Number(value) >= minimum && Number(value) <= maximum,
    `must be a whole number from ${minimum} to ${maximum}, in digits only`,
  )
    .transform(Number)
    .default(fallback);

const MANY = 1_000_000;
const count = (fallback: number) => integer(fallback, 1, MANY);
const countOrOff = (fallback: number) => integer(fallback, 0, MANY);
/** Bounds keep timers below 2^31 ms, where Node's fire at once, and dates within what JavaScript can hold. */
const seconds = (fallback: number, days: number) => integer(fallback, 1, days * 86_400);
const milliseconds = (fallback: number) => integer(fallback, 1, 3_600_000);
const days = (fallback: number, minimum: 0 | 1) => integer(fallback, minimum, 36_500);

const flag = () =>
  z
    .enum(['true', 'false'], { error: 'must be true or false, in small letters' })
    .default('false')
    .transform((value) => value === 'true');

const secret = (minimum = 1) =>
  text((value) => value === value.trim(), 'has blanks at its start or end: remove them')
    .refine((value) => ONE_LINE.test(value.trim()), 'must be one line, without control characters')
    .refine((value) => length(value) >= minimum, `must have at least ${minimum} characters`);

/** RFC 9110, section 5.5: what a header carries unharmed. */
const headerSecret = () =>
  text(
    (value) => /^[\x21-\x7e]+$/.test(value),
    'travels in a header: only ASCII letters, digits and signs, no blanks',
  );

const listed = (value: string) =>
  value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** Comma-separated; blanks around entries and empty entries are ignored, repeated ones count once. */
const list = (read: (entry: string) => string | null, rule: string) =>
  z
    .string()
    .transform((value, context) => {
      const entries = listed(value).map(read);
      entries.forEach((entry, index) => {
        if (entry === null) context.addIssue(`${rule} (entry ${index + 1})`);
      });
      return [...new Set(entries.filter((entry) => entry !== null))];
    })
    .default([]);

const webhookTokens = () =>
  z
    .string()
    .transform((value, context) => {
      const tokens = listed(value);
      if (tokens.length === 0) context.addIssue('holds commas but no token');
      if (tokens.length > 2)
        context.addIssue('holds more than two tokens: the new one and the one it replaces');
      if (new Set(tokens).size < tokens.length) {
        context.addIssue('holds the same token twice: while rotating, give the new one and the old one');
      }
      tokens.forEach((token, index) => {
        const which = tokens.length > 1 ? ` (token ${index + 1})` : '';
        if (!ONE_LINE.test(token)) context.addIssue(`must be one line, without control characters${which}`);
        if (length(token) >= MINIMUM.webhookToken) return;
        context.addIssue(`must have at least ${MINIMUM.webhookToken} characters${which}`);
      });
      return tokens;
    })
    .default([]);

function isHttpUrl(value: string): boolean {
  if (!/^https?:\/\/[^/]/i.test(value) || /[\s\\]/.test(value) || !URL.canParse(value)) return false;
  const url = new URL(value);
  return url.username === '' && url.password === '' && !value.includes('#');
}

const url = () =>
  text(
    isHttpUrl,
    'must be a URL that starts with http:// or https://, without a user name, a password or a #',
  );

function readOrigin(entry: string): string | null {
  return isHttpUrl(entry) && /^[^/]+\/\/[^/?*]+$/.test(entry) ? new URL(entry).origin : null;
}

function readPhone(value: string): string | null {
  const result = normalisePhone(value);
  return result.ok ? result.phone : null;
}

/** The device may be any number WhatsApp knows (E.164: up to 15 digits), a landline too; but no `0` follows `62`. */
function readDevice(value: string): string | null {
  return readPhone(value) ?? /^\+?((?!620)[1-9][0-9]{7,14})$/.exec(value)?.[1] ?? null;
}

const device = () =>
  z
    .string()
    .transform((value, context) => {
      const phone = readDevice(value);
      if (phone === null)
        context.addIssue('must be a phone number in digits with its country code, like 6281234567890');
      return phone;
    })
    .optional();

/** In memory would be another database for every connection; `//` would make a host of the first folder. */
const databasePath = () =>
  text(
    (value) => /^sqlite:(?!:memory:|\/\/[^/])[^?#]*[^?#/\\]$/.test(value) && ONE_LINE.test(value),
    'must be sqlite:<path of a file>, like sqlite:data/daftar.db or sqlite:/var/lib/daftar/daftar.db',
  )
    .transform((value) => value.slice('sqlite:'.length).trim())
    .default('data/daftar.db');

function isTimeZone(value: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const PHONE_RULE = 'must be Indonesian mobile numbers, comma-separated, each like 6281234567890';
const ORIGIN_RULE =
  'must be origins, comma-separated, each like https://www.example.net with nothing after the host';

/** In the order of the documentation. */
export const schema = z.object({
  NODE_ENV: z.string().default('development'),
  HOST: text(
    (value) => isIP(value) !== 0 || HOST_NAME.test(value),
    'must be an IP address or a host name, without a port or brackets',
  ).default('127.0.0.1'),
  PORT: integer(3001, 0, 65_535),
  PUBLIC_URL: url()
    .refine((value) => !value.includes('?'), 'is the start of links: it must not contain a ?')
    .transform((value) => new URL(value).href.replace(/\/+$/, ''))
    .optional(),
  DATABASE_URL: databasePath(),
  APP_SECRET: secret(MINIMUM.appSecret).optional(),
  APP_SECRET_PREVIOUS: secret(MINIMUM.appSecret).optional(),
  WHATSAPP_ENABLED: flag(),
  WHATSAPP_ALLOW_DISABLED: flag(),
  WHATSAPP_PROVIDER: z
    .literal('fonnte', { error: 'must be fonnte, the only gateway there is' })
    .default('fonnte'),
  WHATSAPP_API_TOKEN: headerSecret().optional(),
  WHATSAPP_API_URL: url().default('https://api.fonnte.com/send'),
  WHATSAPP_DEVICE: device(),
  WEBHOOK_TOKEN: webhookTokens(),
  OTP_TTL_SECONDS: seconds(300, 1),
  OTP_MAX_ATTEMPTS: count(5),
  OTP_RESEND_SECONDS: seconds(60, 1),
  OTP_MAX_PER_HOUR: count(5),
  OTP_MAX_PER_PHONE_PER_DAY: count(10),
  OTP_MAX_PER_IP_PER_HOUR: countOrOff(60),
  OTP_MAX_PER_DAY: countOrOff(2000),
  VERIFICATION_TTL_SECONDS: seconds(1800, 30),
  SEND_PER_MINUTE: countOrOff(60),
  SEND_TIMEOUT_MS: milliseconds(10_000),
  SEND_WAIT_MS: milliseconds(5_000),
  CHAT_EXPIRE_MINUTES: integer(1440, 1, 525_600),
  BRAND_NAME: text(
    (value) => ONE_LINE.test(value) && length(value) <= 60,
    'must be one line of at most 60 characters, without control characters',
  ).default('ISP Technician Management'),
  TIME_ZONE: text(isTimeZone, 'must be a time zone of the IANA list, like Asia/Jakarta').default(
    'Asia/Jakarta',
  ),
  ADMIN_USERNAME: text(
    (value) => ONE_LINE.test(value) && length(value) <= 100,
    'must be one line of at most 100 characters, without control characters',
  ).default('admin'),
  ADMIN_PASSWORD: secret().optional(),
  ADMIN_PHONES: list(readPhone, PHONE_RULE),
  ALERT_URL: url().optional(),
  CORS_ORIGINS: list(readOrigin, ORIGIN_RULE),
  TRUST_PROXY: integer(0, 0, 10),
  METRICS_TOKEN: headerSecret().optional(),
  RETENTION_CODES_DAYS: days(1, 1),
  RETENTION_FORMS_DAYS: days(30, 1),
  RETENTION_MESSAGES_DAYS: days(90, 1),
  RETENTION_REGISTRATIONS_DAYS: days(0, 0),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
});

/** Each of these may also be given as `<NAME>_FILE`. */
export const SECRETS = [
  'APP_SECRET',
  'APP_SECRET_PREVIOUS',
  'WHATSAPP_API_TOKEN',
  'WEBHOOK_TOKEN',
  'ADMIN_PASSWORD',
  'METRICS_TOKEN',
] as const;
