/** Counts that triggers keep, in the transactions that change what is counted. */
import { EntitySchema } from 'typeorm';
import { integer } from './columns';
import { type Channel } from './otps';

/** How many registrations there are in each status, by channel. */
export interface RegistrationTotalRow {
  status: string;
  channel: Channel;
  count: number;
}

export const registrationTotals = new EntitySchema<RegistrationTotalRow>({
  name: 'registration_total',
  tableName: 'registration_totals',
  columns: {
    status: { type: 'text', primary: true },
    channel: { type: 'text', primary: true },
    count: integer(),
  },
});

/** How often the log's entries of the funnel came, by hour since 1970. */
export interface HourlyCountRow {
  hour: number;
  type: string;
  count: number;
}

export const hourlyCounts = new EntitySchema<HourlyCountRow>({
  name: 'hourly_count',
  tableName: 'hourly_counts',
  columns: {
    hour: { type: 'integer', primary: true },
    type: { type: 'text', primary: true },
    count: integer(),
  },
});
