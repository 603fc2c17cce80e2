/**
 * A list's filter as SQL. Each way through the table is an index that holds the order wanted and every column that is
 * filtered by, so that a million rows are walked, counted or skipped without being read.
 */
import { type SqlValue } from '../store/statements';
import { type ListFilter, type Sort } from './review-query';

export interface Sql {
  text: string;
  values: SqlValue[];
}

/** The condition of a filter that lets everything through. */
export const EVERYTHING = 'TRUE';

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
    text: given.length > 0 ? given.map(([text]) => text).join(' AND ') : EVERYTHING,
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

/** The ids between which everything the filter lets through lies; null when that may be anywhere. */
export type Bounds = { first: number; last: number } | null;

/** The index's rows that hold the search text, whatever signs are in it. */
export function matching(search: string, bounds: Bounds): Sql {
  const phrase = `"${search.replaceAll('"', '""')}"`;
  if (bounds === null) return { text: 'registration_search MATCH ?', values: [phrase] };
  return {
    text: 'registration_search MATCH ? AND rowid BETWEEN ? AND ?',
    values: [phrase, bounds.first, bounds.last],
  };
}

/**
 * Counts what the filter lets through, the search text aside: from the totals that triggers keep or, for some days
 * only, along the filter's own index, which also tells a search the ids they lie between.
 */
export function counting(filter: ListFilter): Sql {
  const { text, values } = conditions(filter);
  const isTimed = filter.since !== null || filter.until !== null;
  const bounds = filter.search === null ? 'NULL AS first, NULL AS last' : 'MIN(id) AS first, MAX(id) AS last';
  return {
    text: isTimed
      ? `SELECT COUNT(*) AS total, ${bounds}
         FROM registrations r INDEXED BY ${indexOf(filter)} WHERE ${text}`
      : `SELECT COALESCE(SUM(r.count), 0) AS total, NULL AS first, NULL AS last FROM registration_totals r WHERE ${text}`,
    values,
  };
}

export interface Counted {
  total: number;
  first: number | null;
  last: number | null;
}

export const boundsOf = ({ first, last }: Counted): Bounds =>
  first === null || last === null ? null : { first, last };

/** Whether the row holds the search text: for the few rows where the index is no help. `contains` is the reader's own. */
export const CONTAINS = `contains(r.registration_number || char(10) || r.full_name || char(10) || r.phone || char(10) || r.email, ?)`;
