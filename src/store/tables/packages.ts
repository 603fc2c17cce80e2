import { EntitySchema } from 'typeorm';
import { id, integer, optional, text } from './columns';

/** What a customer can subscribe to. `price` in rupiah a month; `is_active` 0 or 1. */
export interface PackageRow {
  id: number;
  name: string;
  type: string;
  speed_mbps: number;
  price: number;
  description: string | null;
  is_active: number;
  created_at: number;
  updated_at: number;
}

export const packages = new EntitySchema<PackageRow>({
  name: 'package',
  tableName: 'packages',
  columns: {
    id,
    name: text(),
    type: text(),
    speed_mbps: integer(),
    price: integer(),
    description: text(optional),
    is_active: integer(),
    created_at: integer(),
    updated_at: integer(),
  },
});
