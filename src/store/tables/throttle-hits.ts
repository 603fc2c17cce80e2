import { EntitySchema } from 'typeorm';
import { id, integer, text } from './columns';

/** One hit of something that is limited per key and time; keys are hashed. */
export interface ThrottleHitRow {
  id: number;
  scope: string;
  key: string;
  at: number;
}

export const throttleHits = new EntitySchema<ThrottleHitRow>({
  name: 'throttle_hit',
  tableName: 'throttle_hits',
  columns: { id, scope: text(), key: text(), at: integer() },
});
