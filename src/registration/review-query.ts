/** What admins ask a list for, read from a query string. Empty fields, as forms send them, count as absent. */
import { z } from 'zod';
import { fieldProblems, listProblems } from '../messages/id/fields';
import { addDays, type Calendar, isDate } from '../platform/calendar';
import { type Channel } from '../store/tables/otps';
import { type FieldError } from './form';
import { type Status, STATUSES } from './lifecycle';
import { refuse, type Refusal } from './refusals';

/** The first complaint about each field. */
export function fieldErrors({ issues }: z.ZodError): FieldError[] {
  const errors = issues.map(({ path, message }) => ({ field: String(path[0]), message }));
  return errors.filter(({ field }, index) => errors.findIndex((one) => one.field === field) === index);
}

export const SORTS = ['created_at', 'full_name', 'status'] as const;
export type Sort = (typeof SORTS)[number];

export interface ListFilter {
  status: Status | null;
  channel: Channel | null;
  /** Part of number, name, phone or email, to be taken literally. */
  search: string | null;
  /** From this instant on (epoch ms) … */
  since: number | null;
  /** … and before this one. */
  until: number | null;
}

export interface ListQuery extends ListFilter {
  page: number;
  limit: number;
  sort_by: Sort;
  sort_order: 'asc' | 'desc';
}

const MOST_PER_PAGE = 100;
const SEARCH_MAX = 200;

/** A control character matches nothing anyone typed, and NUL would end the text within SQLite. */
const searchText = (value: string) =>
  value
    .replace(/\p{Cc}/gu, ' ')
    .normalize('NFC')
    .trim();

const optional = <T extends z.ZodType>(type: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), type.optional());
const positive = (max: number) =>
  z
    .string({ error: listProblems.number })
    .regex(/^0*[1-9][0-9]{0,8}$/, { error: listProblems.number })
    .transform((value) => Math.min(Number(value), max));
const day = z
  .string({ error: listProblems.date })
  .refine((value) => isDate(value), { error: listProblems.date });

const shape = z.object({
  status: optional(z.enum(STATUSES, { error: listProblems.status })),
  channel: optional(z.enum(['chat', 'web'], { error: listProblems.channel })),
  search: optional(
    z
      .string({ error: fieldProblems.notText('Pencarian') })
      .max(SEARCH_MAX, { error: fieldProblems.tooLong('Pencarian', SEARCH_MAX) })
      .transform(searchText),
  ),
  from: optional(day),
  to: optional(day),
  page: optional(positive(10_000_000)),
  limit: optional(positive(MOST_PER_PAGE)),
  sort_by: optional(z.enum(SORTS, { error: listProblems.sortBy })),
  sort_order: optional(z.enum(['asc', 'desc'], { error: listProblems.sortOrder })),
});

/** Refuses VALIDATION_ERROR with one entry per bad field. A `limit` over 100 is 100. */
export function parseListQuery(input: unknown, calendar: Calendar): { ok: true; query: ListQuery } | Refusal {
  const read = shape.safeParse(input);
  if (!read.success) return refuse('VALIDATION_ERROR', { errors: fieldErrors(read.error) });
  const { status, channel, search, from, to, page, limit, sort_by, sort_order } = read.data;
  return {
    ok: true,
    query: {
      status: status ?? null,
      channel: channel ?? null,
      search: search || null,
      since: from ? calendar.startOf(from) : null,
      until: to ? calendar.startOf(addDays(to, 1)) : null,
      page: page ?? 1,
      limit: limit ?? 20,
      sort_by: sort_by ?? 'created_at',
      sort_order: sort_order ?? 'desc',
    },
  };
}
