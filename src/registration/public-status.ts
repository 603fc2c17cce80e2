/**
 * What anyone who knows a registration number may see of it, and what the last four digits of its phone open.
 * Never address, email, phone or full name.
 */
import { type Clock, HOUR } from '../platform/clock';
import { type Throttle } from '../store/throttle';
import { type UnitOfWork } from '../store/unit-of-work';
import { type RegistrationRow } from '../store/tables/registrations';
import { type Status } from './lifecycle';
import { maskName } from './mask';
import { refuse, wholeSeconds, type Refusal } from './refusals';

export interface PublicStatus {
  ok: true;
  registration_number: string;
  status: Status;
  /** `B*** S******` */
  full_name: string;
  created_at: number;
  /** Only with the right last four digits. */
  details:
    (Pick<RegistrationRow, 'survey_scheduled_date' | 'rejection_reason'> & { package_name: string }) | null;
}

/** Wrong last-four guesses an hour, per registration number and per client address. */
const MOST_WRONG_GUESSES = 10;
const BY_NUMBER = { scope: 'status_number', limit: MOST_WRONG_GUESSES, window: HOUR };
const BY_ADDRESS = { scope: 'status_address', limit: MOST_WRONG_GUESSES, window: HOUR };

export function createPublicStatus(deps: { unitOfWork: UnitOfWork; throttle: Throttle; clock: Clock }) {
  const { unitOfWork, throttle, clock } = deps;

  /** Refuses NOT_FOUND, and TOO_MANY_REQUESTS once too many wrong digits were given. */
  return (
    registration_number: string,
    phone_last4: string | null,
    address: string,
  ): Promise<PublicStatus | Refusal> =>
    unitOfWork.run((tx) => {
      const row = tx.get<RegistrationRow & { package_name: string }>(
        `SELECT r.*, p.name AS package_name FROM registrations r JOIN packages p ON p.id = r.package_id
         WHERE registration_number = ?`,
        registration_number,
      );
      if (!row) return refuse('NOT_FOUND');
      const now = clock.now();
      let isProven = false;
      if (phone_last4 !== null) {
        const wait = Math.max(
          throttle.blockedFor(tx, BY_NUMBER, registration_number, now),
          throttle.blockedFor(tx, BY_ADDRESS, address, now),
        );
        if (wait > 0) return refuse('TOO_MANY_REQUESTS', { retry_after: wholeSeconds(wait) });
        isProven = row.phone.slice(-4) === phone_last4;
        if (!isProven) {
          throttle.hit(tx, BY_NUMBER, registration_number, now);
          throttle.hit(tx, BY_ADDRESS, address, now);
        }
      }
      const { package_name, survey_scheduled_date, rejection_reason } = row;
      return {
        ok: true,
        registration_number,
        status: row.status as Status,
        full_name: maskName(row.full_name),
        created_at: row.created_at,
        details: isProven ? { package_name, survey_scheduled_date, rejection_reason } : null,
      };
    });
}
