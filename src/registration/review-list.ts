/**
 * Pages of registrations for admins, out of a million, each in well under a tenth of a second. How many there are is
 * known before they are looked for, which says which way through the table is short.
 */
import { type SlowReader } from '../store/read-worker';
import { type RegistrationRow } from '../store/tables/registrations';
import { type ListFilter, type ListQuery } from './review-query';
import {
  type Bounds,
  boundsOf,
  conditions,
  CONTAINS,
  type Counted,
  counting,
  EVERYTHING,
  indexOf,
  isIndexable,
  matching,
  orderBy,
  SORTED_INDEX,
  type Sql,
} from './review-sql';

export type ListedRegistration = Pick<
  RegistrationRow,
  | 'id'
  | 'registration_number'
  | 'channel'
  | 'status'
  | 'version'
  | 'phone'
  | 'full_name'
  | 'email'
  | 'city'
  | 'package_id'
  | 'rejection_reason'
  | 'survey_scheduled_date'
  | 'created_at'
  | 'updated_at'
> & { package_name: string };

export interface Pagination {
  page: number;
  limit: number;
  total: number;
  pages: number;
  /** Set when a search matches so many that counting stopped: there are at least `total`. */
  total_is_minimum?: true;
}

export interface RegistrationPage {
  registrations: ListedRegistration[];
  pagination: Pagination;
}

interface Count {
  total: number;
  isMinimum: boolean;
}

/** What a page is taken from: tables and conditions, and the order they can be had in. */
interface Source extends Sql {
  order: string;
}

/** So few are read and sorted in no time; any sort order of more is walked along its own index. */
const FEW = 10_000;
/** Matches of a search that are counted, and sorted when they are wanted in another order than that of time. */
const MATCHES = 20_000;
/** Rows that are looked through for a search text too short for the index. */
const LOOKED_THROUGH = 20_000;

const COLUMNS = `r.id, r.registration_number, r.channel, r.status, r.version, r.phone, r.full_name, r.email, r.city,
  r.package_id, r.rejection_reason, r.survey_scheduled_date, r.created_at, r.updated_at, p.name AS package_name`;

export function createReviewList(reads: SlowReader) {
  return async function list(query: ListQuery): Promise<RegistrationPage> {
    const { page, limit } = query;
    const filtered = await countFiltered(query);
    const { source, count } = await search(query, filtered);
    const isEmpty = count.total === 0 && !count.isMinimum;
    const ids = isEmpty ? [] : await pageOf(query, source);
    const total = count.isMinimum ? Math.max(count.total, (page - 1) * limit + ids.length) : count.total;
    const pagination: Pagination = { page, limit, total, pages: Math.ceil(total / limit) };
    if (count.isMinimum) pagination.total_is_minimum = true;
    return { registrations: await rowsOf(ids), pagination };
  };

  async function countFiltered(filter: ListFilter): Promise<Counted> {
    const { text, values } = counting(filter);
    const [counted] = await reads.all<Counted>(text, ...values);
    return counted!;
  }

  /** Where the page is to be taken from, and how many rows there are in all. */
  async function search(query: ListQuery, filtered: Counted): Promise<{ source: Source; count: Count }> {
    const { search: text, sort_by, sort_order } = query;
    const isFew = filtered.total <= FEW;
    if (text === null || filtered.total === 0) {
      const index = (isFew ? null : SORTED_INDEX[sort_by]) ?? indexOf(query);
      const filter = conditions(query);
      const source = {
        text: `registrations r INDEXED BY ${index} WHERE ${filter.text}`,
        values: filter.values,
        order: orderBy(sort_by, sort_order),
      };
      return { source, count: { total: filtered.total, isMinimum: false } };
    }
    if (isFew || !isIndexable(text)) return lookThrough(query, text, filtered.total);
    return lookUp(query, text, boundsOf(filtered));
  }

  /** Reads the rows themselves: all that the filter lets through, or the newest of them. */
  async function lookThrough(query: ListQuery, text: string, filtered: number) {
    const filter = conditions(query);
    const source = {
      text: `(SELECT r.* FROM registrations r INDEXED BY ${indexOf(query)} WHERE ${filter.text}
                ORDER BY r.created_at DESC, r.id DESC LIMIT ${LOOKED_THROUGH}) r WHERE ${CONTAINS}`,
      values: [...filter.values, text],
      order: orderBy(query.sort_by, query.sort_order),
    };
    const [counted] = await reads.all<{ total: number }>(
      `SELECT COUNT(*) AS total FROM ${source.text}`,
      ...source.values,
    );
    // Newer rows than those looked through are none; older ones may hold the text as well.
    return { source, count: { total: counted!.total, isMinimum: filtered > LOOKED_THROUGH } };
  }

  /** Goes by the search index. Only in the order of time, which is its own, it is followed to the end. */
  async function lookUp(query: ListQuery, search: string, bounds: Bounds) {
    const filter = conditions(query);
    const match = matching(search, bounds);
    const newest = `(SELECT rowid AS id FROM registration_search WHERE ${match.text}
      ORDER BY rowid DESC LIMIT ${MATCHES + 1}) s`;
    const rows = `${newest} CROSS JOIN registrations r ON r.id = s.id`;
    const [counted] = await reads.all<{ seen: number; total: number }>(
      filter.text === EVERYTHING
        ? `SELECT COUNT(*) AS seen, COUNT(*) AS total FROM ${newest}`
        : `SELECT COUNT(*) AS seen, COALESCE(SUM(${filter.text}), 0) AS total FROM ${rows}`,
      ...filter.values,
      ...match.values,
    );
    const isMinimum = counted!.seen > MATCHES;
    const count = { total: counted!.total, isMinimum };
    const values = [...match.values, ...filter.values];
    if (query.sort_by !== 'created_at') {
      const order = orderBy(query.sort_by, query.sort_order);
      return { source: { text: `${rows} WHERE ${filter.text}`, values, order }, count };
    }
    const text = `registration_search s CROSS JOIN registrations r ON r.id = s.rowid
      WHERE ${match.text} AND ${filter.text}`;
    return { source: { text, values, order: `s.rowid ${query.sort_order.toUpperCase()}` }, count };
  }

  async function pageOf({ page, limit }: ListQuery, { text, values, order }: Source): Promise<number[]> {
    const found = await reads.all<{ id: number }>(
      `SELECT r.id FROM ${text} ORDER BY ${order} LIMIT ? OFFSET ?`,
      ...values,
      limit,
      (page - 1) * limit,
    );
    return found.map(({ id }) => id);
  }

  async function rowsOf(ids: number[]): Promise<ListedRegistration[]> {
    const rows = await reads.all<ListedRegistration>(
      `SELECT ${COLUMNS} FROM registrations r JOIN packages p ON p.id = r.package_id
       WHERE r.id IN (SELECT value FROM json_each(?))`,
      JSON.stringify(ids),
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }
}
