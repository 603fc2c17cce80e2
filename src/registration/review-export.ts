/**
 * Every registration that a filter lets through, newest first, as CSV in slices. A slice is read when the one before
 * it has been taken, so that an export of any size neither fills memory nor holds up the chat.
 */
import { stringify } from 'csv-stringify/sync';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Calendar } from '../platform/calendar';
import { type SlowReader } from '../store/read-worker';
import { type RegistrationRow } from '../store/tables/registrations';
import { defused, spelledOut } from './csv';
import { type ListFilter } from './review-query';
import {
  type Bounds,
  boundsOf,
  conditions,
  CONTAINS,
  type Counted,
  counting,
  indexOf,
  isIndexable,
  matching,
} from './review-sql';

type ExportedRow = RegistrationRow & { package_name: string };

/** Headings, and what stands under them. Never the NIK, never the photo. */
const COLUMNS: Record<string, (row: ExportedRow, calendar: Calendar) => string> = {
  registration_number: (row) => row.registration_number,
  created_at: (row, calendar) => calendar.stamp(row.created_at),
  status: (row) => row.status,
  channel: (row) => row.channel,
  full_name: (row) => defused(row.full_name),
  phone: (row) => spelledOut(row.phone),
  email: (row) => defused(row.email),
  package_name: (row) => defused(row.package_name),
  address: (row) => defused(row.address),
  rt: (row) => spelledOut(row.rt),
  rw: (row) => spelledOut(row.rw),
  kelurahan: (row) => defused(row.kelurahan),
  kecamatan: (row) => defused(row.kecamatan),
  city: (row) => defused(row.city),
  postal_code: (row) => spelledOut(row.postal_code),
  latitude: (row) => String(row.latitude ?? ''),
  longitude: (row) => String(row.longitude ?? ''),
  address_notes: (row) => defused(row.address_notes),
  notes: (row) => defused(row.notes),
  preferred_installation_date: (row) => row.preferred_installation_date ?? '',
  preferred_time_slot: (row) => row.preferred_time_slot ?? '',
  survey_scheduled_date: (row) => row.survey_scheduled_date ?? '',
  rejection_reason: (row) => defused(row.rejection_reason),
  referral_code: (row) => defused(row.referral_code),
  utm_source: (row) => defused(row.utm_source),
  utm_medium: (row) => defused(row.utm_medium),
  utm_campaign: (row) => defused(row.utm_campaign),
};
const HEADINGS = Object.keys(COLUMNS);
const READERS = Object.values(COLUMNS);

/** Places found at once: each search begins anew, and goes through what came before. */
const FOUND = 5_000;
/** Rows for one slice: so few that making text of them takes the main thread less than a millisecond … */
const SLICE = 50;
/** … and so long it then is left to others, so that an export takes a fifth of its time at most. */
const REST_MS = 2;

interface Place {
  id: number;
  created_at: number;
}

export function createExport(reads: SlowReader, calendar: Calendar) {
  /** Yields texts that make up the file. Breaks off (throws) when the database cannot be read. */
  return async function* exportCsv(filter: ListFilter): AsyncGenerator<string, void, undefined> {
    yield `\uFEFF${csv([HEADINGS])}`;
    for await (const ids of placesOf(filter)) {
      for (let at = 0; at < ids.length; at += SLICE) {
        const rows = await rowsOf(filter, ids.slice(at, at + SLICE));
        if (rows.length === 0) continue;
        yield csv(rows.map((row) => READERS.map((read) => read(row, calendar))));
        await sleep(REST_MS);
      }
    }
  };

  /** Ids, newest first: along the search index where it is of use, else along the filter's own. */
  async function* placesOf(filter: ListFilter): AsyncGenerator<number[], void, undefined> {
    const isLookedUp = filter.search !== null && isIndexable(filter.search);
    const counted = await count(filter);
    if (counted.total === 0) return;
    let after: Place = { id: Number.MAX_SAFE_INTEGER, created_at: Number.MAX_SAFE_INTEGER };
    for (;;) {
      const places: Place[] = isLookedUp
        ? await nextMatches(filter.search!, boundsOf(counted), after)
        : await nextRows(filter, after);
      const last = places.at(-1);
      if (!last) return;
      yield places.map(({ id }) => id);
      after = last;
    }
  }

  function nextRows(filter: ListFilter, after: Place): Promise<Place[]> {
    const { text, values } = conditions(filter);
    return reads.all<Place>(
      `SELECT r.id, r.created_at FROM registrations r INDEXED BY ${indexOf(filter)}
       WHERE ${text} AND (r.created_at, r.id) < (?, ?) ORDER BY r.created_at DESC, r.id DESC LIMIT ${FOUND}`,
      ...values,
      after.created_at,
      after.id,
    );
  }

  async function count(filter: ListFilter): Promise<Counted> {
    const { text, values } = counting(filter);
    const [counted] = await reads.all<Counted>(text, ...values);
    return counted!;
  }

  function nextMatches(search: string, bounds: Bounds, after: Place): Promise<Place[]> {
    const { text, values } = matching(search, bounds);
    return reads.all<Place>(
      `SELECT rowid AS id, 0 AS created_at FROM registration_search
       WHERE ${text} AND rowid < ? ORDER BY rowid DESC LIMIT ${FOUND}`,
      ...values,
      after.id,
    );
  }

  /** Those of the ids that everything asked for is true of. */
  function rowsOf(filter: ListFilter, ids: number[]): Promise<ExportedRow[]> {
    const { text, values } = conditions(filter);
    const isSought = filter.search !== null && !isIndexable(filter.search);
    return reads.all<ExportedRow>(
      `SELECT r.*, NULL AS id_card_number_sealed, p.name AS package_name
       FROM registrations r JOIN packages p ON p.id = r.package_id
       WHERE r.id IN (SELECT value FROM json_each(?)) AND ${text} ${isSought ? `AND ${CONTAINS}` : ''}
       ORDER BY r.created_at DESC, r.id DESC`,
      JSON.stringify(ids),
      ...values,
      ...(isSought ? [filter.search] : []),
    );
  }
}

/** By itself the library would put quotes around a whole line end only. */
const csv = (rows: string[][]): string =>
  stringify(rows, { record_delimiter: 'windows', quoted_match: /[\r\n]/ });
