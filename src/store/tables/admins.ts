import { EntitySchema } from 'typeorm';
import { id, integer, optional, text } from './columns';

/** Who may decide. `password_hash` holds scrypt's parameters, salt and hash. */
export interface AdminRow {
  id: number;
  username: string;
  password_hash: string;
  disabled_at: number | null;
  created_at: number;
}

export const admins = new EntitySchema<AdminRow>({
  name: 'admin',
  tableName: 'admins',
  columns: {
    id,
    username: text(),
    password_hash: text(),
    disabled_at: integer(optional),
    created_at: integer(),
  },
});
