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

/** Six digits, alone or in a sentence, bold, or with blanks between them; null if there are none. */
export function findCode(text: string): string | null {
  const run = /(?<!\d)\d(?:[\s.*_-]{0,2}\d){5}(?!\d)/.exec(text.normalize('NFKC'));
  return run ? run[0].replace(/\D/g, '') : null;
}

const NUMBER = String.raw`(-?\d{1,3}(?:\.\d+)?)`;
const PAIR = new RegExp(String.raw`^\(?\s*${NUMBER}\s*[,;\s]\s*${NUMBER}\s*\)?$`);
/** Where Maps links carry coordinates: `?q=lat,lng` and its like, `@lat,lng,17z`, `!3dlat!4dlng`. */
const IN_LINK = [
  new RegExp(String.raw`!3d${NUMBER}!4d${NUMBER}`),
  new RegExp(String.raw`[?&](?:q|query|ll|center|destination|daddr)=(?:loc:)?${NUMBER},\+?${NUMBER}`),
  new RegExp(String.raw`[@/:]${NUMBER},\+?${NUMBER}`),
];

export function parseLocation(input: Input): Parsed {
  if (input.kind === 'media') return hint(chatHints.textOnly);
  if (input.kind === 'location') return located(input.latitude, input.longitude);
  const text = input.text.trim();
  if (readIntent(text) === 'skip') return answer({ location: null });
  const pair = PAIR.exec(text);
  if (pair) return located(pair[1], pair[2]);
  const link = /(?:https?:\/\/|geo:)\S{1,2000}/i.exec(text)?.[0];
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
  const words = plainWords(input.text);
  if (readIntent(input.text) === 'skip') return hint(chatHints.required);
  const named = packages.filter((one) => plainWords(one.name) === words);
  const number = /^(?:(?:paket|nomor|no|pilih) )*(\d{1,3})$/.exec(words)?.[1];
  const numbered = number ? packages[Number(number) - 1] : undefined;
  const partly = packages.filter((one) => words.length >= 3 && plainWords(one.name).includes(words));
  const chosen = named[0] ?? numbered ?? (partly.length === 1 ? partly[0] : undefined);
  return chosen ? answer({ package_id: chosen.id }) : hint(chatHints.packageUnclear(packages.length));
}

const SLOTS: Record<string, TimeSlot> = { pagi: 'morning', siang: 'afternoon', sore: 'evening' };
const RELATIVE_DAYS: Record<string, number> = { 'hari ini': 0, besok: 1, lusa: 2 };
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'mei', 'jun', 'jul', 'agu', 'sep', 'okt', 'nov', 'des'];
/** How far ahead an installation can be wished for. */
export const SCHEDULE_DAYS = 30;

/** A day in the next 30 (`25/11`, `25 november`, `besok`), with or without `pagi`, `siang` or `sore`. */
export function parseSchedule(input: Input, { today }: ParseFacts): Parsed {
  if (input.kind !== 'text') return hint(chatHints.textOnly);
  if (readIntent(input.text) === 'skip') return answer({ schedule: null });
  const words = plainWords(input.text).split(' ');
  const slotWord = words.find((word) => word in SLOTS);
  const day = words.filter((word) => !(word in SLOTS) && !['jam', 'tanggal', 'tgl'].includes(word)).join(' ');
  const date = readDay(day, today);
  if (!date) return hint(chatHints.scheduleUnclear);
  if (date < today || date > addDays(today, SCHEDULE_DAYS)) return hint(chatHints.scheduleOutOfRange);
  return answer({ schedule: { date, slot: slotWord ? SLOTS[slotWord]! : null } });
}

function readDay(words: string, today: string): string | null {
  const ahead = RELATIVE_DAYS[words];
  if (ahead !== undefined) return addDays(today, ahead);
  const iso = /^(\d{4}) (\d{2}) (\d{2})$/.exec(words);
  if (iso) return existing(`${iso[1]}-${iso[2]}-${iso[3]}`);
  const [, day, month, year] = /^(\d{1,2}) (\d{1,2}|[a-z]{3,9})(?: (\d{4}))?$/.exec(words) ?? [];
  if (!day || !month) return null;
  const monthNumber = /^\d/.test(month) ? Number(month) : MONTHS.indexOf(month.slice(0, 3)) + 1;
  const on = (inYear: number) =>
    existing(`${inYear}-${String(monthNumber).padStart(2, '0')}-${day.padStart(2, '0')}`);
  if (year) return on(Number(year));
  const thisYear = Number(today.slice(0, 4));
  const next = on(thisYear);
  return next && next >= addDays(today, -SCHEDULE_DAYS) ? next : on(thisYear + 1);
}

const existing = (date: string): string | null => (isDate(date) ? date : null);
