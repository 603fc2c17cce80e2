/**
 * A list's filter as SQL. Each way through the table is an index that holds the order wanted and every column that is
 * filtered by, so that a million rows are walked, counted or skipped without being read.
 */
import { DAY } from '../platform/clock';
import { type SqlValue } from '../store/statements';
import { type ListFilter, type Sort } from './review-query';

export interface Sql {
  text: string;
  values: SqlValue[];
}

/** Status, channel and time; `r` is the table's name in the statement. */
export function conditions({ status, channel, since, until }: ListFilter, r = 'r'): Sql {
  const parts: [string, SqlValue | null][] = [
    [`${r}.status = ?`, status],
    [`${r}.channel = ?`, channel],
    [`${r}.created_at >= ?`, since],
    [`${r}.created_at < ?`, until],
  ];
  const given = parts.filter(([, value]) => value !== null);
  return {
    text: given.length > 0 ? given.map(([text]) => text).join(' AND ') : '1',
    values: given.map(([, value]) => value),
  };
}

/** The index that leads straight to what the filter lets through, newest or oldest first. */
export function indexOf({ status, channel }: ListFilter): string {
  if (status !== null) return 'registrations_by_status';
  return channel !== null ? 'registrations_by_channel' : 'registrations_by_time';
}

/** The index that holds a whole sort order; walking it, the filter is judged row by row. */
export const SORTED_INDEX: Record<Sort, string | null> = {
  created_at: null,
  status: 'registrations_by_status',
  full_name: 'registrations_by_name',
};

const ORDER: Record<Sort, string> = {
  created_at: 'r.created_at $, r.id $',
  status: 'r.status $, r.created_at $, r.id $',
  full_name: 'r.full_name COLLATE NOCASE $, r.id $',
};

export const orderBy = (sort: Sort, direction: 'asc' | 'desc'): string =>
  ORDER[sort].replaceAll('$', direction.toUpperCase());

/** Three characters make a term of the search index; less cannot be looked up there. */
export const isIndexable = (search: string): boolean => [...search].length >= 3;

/** How far the clock may ever have been set back: ids come in the order of time, but for that. */
const CLOCK_SLACK_MS = DAY;

/** The index's rows that hold the search text, whatever signs are in it; bounded by time as far as ids tell it. */
export function matching({ since, until }: ListFilter, search: string): Sql {
  const text = ['registration_search MATCH ?'];
  const values: SqlValue[] = [`"${search.replaceAll('"', '""')}"`];
  if (since !== null) {
    text.push(`rowid >= (SELECT id FROM registrations WHERE created_at >= ? ORDER BY created_at LIMIT 1)`);
    values.push(since - CLOCK_SLACK_MS);
  }
  if (until !== null) {
    text.push(
      `rowid <= (SELECT id FROM registrations WHERE created_at < ? ORDER BY created_at DESC LIMIT 1)`,
    );
    values.push(until + CLOCK_SLACK_MS);
  }
  return { text: text.join(' AND '), values };
}

/** Whether the row holds the search text: for the few rows where the index is no help. `contains` is the reader's own. */
export const CONTAINS = `contains(r.registration_number || char(10) || r.full_name || char(10) || r.phone || char(10) || r.email, ?)`;
