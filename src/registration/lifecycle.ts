/** The statuses of a registration and the moves between them. Pure. */

export const STATUSES = [
  'pending_verification',
  'verified',
  'survey_scheduled',
  'survey_completed',
  'approved',
  'customer_created',
  'rejected',
  'cancelled',
] as const;

export type Status = (typeof STATUSES)[number];

/** No email may stand in two open registrations; the index `registrations_open_email` says the same. */
export const CLOSED_STATUSES: readonly Status[] = ['rejected', 'cancelled', 'customer_created'];

export const isOpen = (status: Status): boolean => !CLOSED_STATUSES.includes(status);

const FORWARD: Partial<Record<Status, readonly Status[]>> = {
  pending_verification: ['verified'],
  verified: ['survey_scheduled', 'approved'],
  survey_scheduled: ['survey_completed'],
  survey_completed: ['approved'],
  approved: ['customer_created'],
};

/** Where a registration may go from here: forward, or out by `rejected` and `cancelled` while it is open. */
export function movesFrom(status: Status): readonly Status[] {
  return isOpen(status) ? [...(FORWARD[status] ?? []), 'rejected', 'cancelled'] : [];
}
