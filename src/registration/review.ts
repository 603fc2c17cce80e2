/** All that admins do with registrations: list, read, decide, export, statistics. Pages and API call the same. */
import { type Calendar } from '../platform/calendar';
import { type Clock } from '../platform/clock';
import { type Vault } from '../platform/crypto';
import { type Outbox } from '../delivery/outbox';
import { type Database } from '../store/database';
import { createIdCard } from './id-card';
import { createDecide, type Decided, type Decision } from './review-decide';
import { createExport } from './review-export';
import { createReviewList } from './review-list';
import { parseListQuery } from './review-query';
import { readRegistration } from './review-read';
import { createStatistics } from './statistics';
import { type AdminRefusal } from './refusals';

export type Review = ReturnType<typeof createReview>;

export function createReview(deps: {
  database: Database;
  clock: Clock;
  calendar: Calendar;
  vault: Vault;
  outbox: Outbox;
  brandName: string;
  trackingUrl: (registration_number: string) => string;
}) {
  const { database, clock, calendar, vault } = deps;
  const { reads, slowReads, unitOfWork } = database;
  const decide = createDecide(deps);

  return {
    parseQuery: (input: unknown) => parseListQuery(input, calendar),
    list: createReviewList(slowReads),
    exportCsv: createExport(slowReads, calendar),
    /** For the name of an exported file. */
    today: () => calendar.date(clock.now()),
    statistics: createStatistics(slowReads, clock, calendar),
    read: (id: number) => readRegistration(reads, id),
    decide: (id: number, admin_id: number, decision: Decision): Promise<Decided | AdminRefusal> =>
      unitOfWork.run((tx) => decide(tx, id, admin_id, decision)),
    idCard: createIdCard({ unitOfWork, clock, vault }),
  };
}
