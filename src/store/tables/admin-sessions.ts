import { EntitySchema } from 'typeorm';
import { id, integer, text } from './columns';

/** One login each. The token itself is never here. */
export interface AdminSessionRow {
  id: number;
  token_hash: string;
  admin_id: number;
  created_at: number;
  /** Written at most once a minute. */
  last_seen_at: number;
}

export const adminSessions = new EntitySchema<AdminSessionRow>({
  name: 'admin_session',
  tableName: 'admin_sessions',
  columns: {
    id,
    token_hash: text(),
    admin_id: integer(),
    created_at: integer(),
    last_seen_at: integer(),
  },
});
