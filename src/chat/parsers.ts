/** How each answer is read. Pure: text and the facts of the day in, an answer or a hint for the customer out. */
import { addDays, isDate } from '../platform/calendar';
import { chatHints } from '../messages/id/chat';
import { parseCoordinates, parseField } from '../registration/form';
import { type Package } from '../registration/packages';
import { plainWords, readIntent } from './intent';
import { type Answers, type TimeSlot } from './state';

export type Input =
  | { kind: 'text'; text: string }
  | { kind: 'location'; latitude: number; longitude: number }
  | { kind: 'media' };

export interface ParseFacts {
  /** `YYYY-MM-DD` in TIME_ZONE. */
  today: string;
  packages: readonly Package[];
}

export type Parsed = { ok: true; answers: Answers } | { ok: false; hint: string };

const hint = (text: string): Parsed => ({ ok: false, hint: text });
const answer = (answers: Answers): Parsed => ({ ok: true, answers });

/** For questions that a form field's own rule answers. */
export function fieldParser(field: 'full_name' | 'email' | 'address' | 'city') {
  return (input: Input, { today }: ParseFacts): Parsed => {
    if (input.kind === 'location') return hint(chatHints.locationNotAsked);
    if (input.kind === 'media') return hint(chatHints.textOnly);
    const intent = readIntent(input.text);
    if (intent === 'skip') return hint(chatHints.required);
    // "Ok" and "Terima kasih" would pass as names; nobody means them as one.
    if (intent === 'thanks' || intent === 'yes') return hint(chatHints.stillNeeded);
    const parsed = parseField(field, input.text, today);
    return parsed.ok ? answer({ [field]: parsed.value }) : hint(parsed.message);
  };
}

/** Six digits, alone or in a sentence, bold, or with blanks between them; never six of a longer number's. */
export function findCode(text: string): string | null {
  const numbers = text.normalize('NFKC').match(/\d(?:[\s.*_-]{0,3}\d)*/g) ?? [];
  return numbers.map((number) => number.replace(/\D/g, '')).find((digits) => digits.length === 6) ?? null;
}

const NUMBER = String.raw`(-?\d{1,3}(?:\.\d+)?)`;
const PAIR = new RegExp(String.raw`^\(?\s*${NUMBER}\s*[,;\s]\s*${NUMBER}\s*\)?$`);
/** People leave `https://` away. */
const LINK = /(?:https?:\/\/|geo:|\b(?:www|maps|goo|google)\.)\S{1,2000}/i;
/** Where Maps links carry coordinates: `?q=lat,lng` and its like, `@lat,lng,17z`, `!3dlat!4dlng`. */
const IN_LINK = [
  new RegExp(String.raw`!3d${NUMBER}!4d${NUMBER}`),
  new RegExp(String.raw`[?&](?:q|query|ll|center|destination|daddr)=(?:loc:)?${NUMBER},\+?${NUMBER}`),
  new RegExp(String.raw`[@/:]${NUMBER},\+?${NUMBER}`),
];

export function parseLocation(input: Input): Parsed {
  if (input.kind === 'media') return hint(chatHints.textOnly);
  if (input.kind === 'location') return located(input.latitude, input.longitude);
  const text = input.text.trim().replaceAll('\u2212', '-');
  if (readIntent(text) === 'skip') return answer({ location: null });
  const pair = PAIR.exec(text);
  if (pair) return located(pair[1], pair[2]);
  const link = LINK.exec(text)?.[0];
  if (!link) return hint(chatHints.locationUnclear);
  const found = IN_LINK.map((pattern) => pattern.exec(decoded(link))).find(Boolean);
  return found ? located(found[1], found[2]) : hint(chatHints.linkWithoutCoordinates);
}

function located(latitude: unknown, longitude: unknown): Parsed {
  const parsed = parseCoordinates(latitude, longitude);
  if (!parsed.ok || parsed.latitude === null || parsed.longitude === null)
    return hint(chatHints.outsideIndonesia);
  return answer({ location: { latitude: parsed.latitude, longitude: parsed.longitude } });
}

function decoded(link: string): string {
  try {
    return decodeURIComponent(link);
  } catch {
    return link;
  }
}

/** By its number in the list, or by its name (or a part of it that fits only one). */
export function parsePackage(input: Input, { packages }: ParseFacts): Parsed {
  if (input.kind !== 'text') return hint(chatHints.textOnly);
  if (readIntent(input.text) === 'skip') return hint(chatHints.required);
  const words = plainWords(input.text);
  const choice = words.replace(/^(?:(?:paket|nomor|no|pilih) )+/, '');
  const called = (isIt: (name: string) => boolean) => packages.filter((one) => isIt(plainWords(one.name)));
  const named = called((name) => name === words || name === choice);
  const numbered = /^\d{1,3}$/.test(choice) ? packages[Number(choice) - 1] : undefined;
  const partly = called((name) => choice.length >= 3 && name.includes(choice));
  const chosen = only(named) ?? numbered ?? only(partly);
  return chosen ? answer({ package_id: chosen.id }) : hint(chatHints.packageUnclear(packages.length));
}

const only = <T>(found: readonly T[]): T | undefined => (found.length === 1 ? found[0] : undefined);

const SLOTS = new Map<string, TimeSlot>([
  ['pagi', 'morning'],
  ['siang', 'afternoon'],
  ['sore', 'evening'],
]);
const RELATIVE_DAYS = new Map([
  ['hari ini', 0],
  ['besok', 1],
  ['lusa', 2],
]);
/** Every way the months are written in full; their first three letters or more will do. */
const MONTHS = [
  ['januari', 'january'],
  ['februari', 'february', 'pebruari'],
  ['maret', 'march'],
  ['april'],
  ['mei', 'may'],
  ['juni', 'june'],
  ['juli', 'july'],
  ['agustus', 'august', 'agt'],
  ['september', 'sept'],
  ['oktober', 'october'],
  ['november', 'nopember'],
  ['desember', 'december'],
];
/** How far ahead an installation can be wished for. */
export const SCHEDULE_DAYS = 30;

/** A day in the next 30 (`25/11`, `25 november`, `besok`), with or without `pagi`, `siang` or `sore`. */
export function parseSchedule(input: Input, { today }: ParseFacts): Parsed {
  if (input.kind !== 'text') return hint(chatHints.textOnly);
  if (readIntent(input.text) === 'skip') return answer({ schedule: null });
  const words = plainWords(input.text).split(' ');
  const slotWord = words.find((word) => SLOTS.has(word));
  const day = words.filter((word) => !SLOTS.has(word) && !['jam', 'tanggal', 'tgl'].includes(word)).join(' ');
  const date = readDay(day, today);
  if (!date) return hint(chatHints.scheduleUnclear);
  if (date < today || date > addDays(today, SCHEDULE_DAYS)) return hint(chatHints.scheduleOutOfRange);
  return answer({ schedule: { date, slot: SLOTS.get(slotWord ?? '') ?? null } });
}

function readDay(words: string, today: string): string | null {
  const ahead = RELATIVE_DAYS.get(words);
  if (ahead !== undefined) return addDays(today, ahead);
  const iso = /^(\d{4}) (\d{2}) (\d{2})$/.exec(words);
  if (iso) return existing(`${iso[1]}-${iso[2]}-${iso[3]}`);
  const [, day, month, year] = /^(\d{1,2}) (\d{1,2}|[a-z]{3,9})(?: (\d{4}|\d{2}))?$/.exec(words) ?? [];
  if (!day || !month) return null;
  const monthNumber = /^\d/.test(month)
    ? Number(month)
    : MONTHS.findIndex((names) => names.some((name) => name.startsWith(month))) + 1;
  const on = (inYear: number) =>
    existing(`${inYear}-${String(monthNumber).padStart(2, '0')}-${day.padStart(2, '0')}`);
  if (year) return on(Number(year.padStart(4, '20')));
  const thisYear = Number(today.slice(0, 4));
  const next = on(thisYear);
  return next && next >= addDays(today, -SCHEDULE_DAYS) ? next : on(thisYear + 1);
}

const existing = (date: string): string | null => (isDate(date) ? date : null);
