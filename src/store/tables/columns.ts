/** The column kinds in use. Phones, codes and the like are TEXT; times are INTEGER epoch milliseconds. */
import { type EntitySchemaColumnOptions } from 'typeorm';

type Options = Partial<EntitySchemaColumnOptions>;

export const id: EntitySchemaColumnOptions = { type: 'integer', primary: true };
export const text = (options: Options = {}): EntitySchemaColumnOptions => ({ type: 'text', ...options });
export const integer = (options: Options = {}): EntitySchemaColumnOptions => ({
  type: 'integer',
  ...options,
});
export const real = (options: Options = {}): EntitySchemaColumnOptions => ({ type: 'real', ...options });
export const blob = (options: Options = {}): EntitySchemaColumnOptions => ({ type: 'blob', ...options });
export const optional = { nullable: true } as const;
