/** What a list is asked for, as it stands in the address: typed texts, empty ones left out. */

export const LIST = '/admin/registrations';
export const EXPORT = '/api/registrations/export.csv';

const KEYS = ['status', 'channel', 'search', 'from', 'to', 'sort_by', 'sort_order', 'page'] as const;
export type ListKey = (typeof KEYS)[number];
export type ListInput = Partial<Record<ListKey, string>>;

export function listInput(query: Record<string, unknown>): ListInput {
  const given = KEYS.map((key) => [key, query[key]] as const);
  return Object.fromEntries(given.filter(([, value]) => typeof value === 'string' && value !== ''));
}

/** The same list with something changed; an empty text leaves that out. */
export function listUrl(input: ListInput, changes: ListInput = {}, base = LIST): string {
  const merged = { ...input, ...changes };
  const parameters = new URLSearchParams();
  for (const key of KEYS) if (merged[key]) parameters.set(key, merged[key]);
  const text = parameters.toString();
  return text === '' ? base : `${base}?${text}`;
}
