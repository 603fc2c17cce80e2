/** The packages a customer can choose from. */
import { type Reader } from '../store/statements';
import { type PackageRow } from '../store/tables/packages';

export type Package = Pick<PackageRow, 'id' | 'name' | 'type' | 'speed_mbps' | 'price' | 'description'>;

const COLUMNS = 'id, name, type, speed_mbps, price, description';

/** Active packages in the order they are numbered in the chat; `offset` and `limit` for pages of them. */
export function listPackages(reads: Reader, limit = 100, offset = 0): Package[] {
  return reads.all<Package>(
    `SELECT ${COLUMNS} FROM packages WHERE is_active = 1 ORDER BY price, id LIMIT ? OFFSET ?`,
    limit,
    offset,
  );
}

export function countPackages(reads: Reader): number {
  return reads.get<{ total: number }>('SELECT COUNT(*) AS total FROM packages WHERE is_active = 1')!.total;
}

export function findActivePackage(reads: Reader, id: number): Package | undefined {
  return reads.get<Package>(`SELECT ${COLUMNS} FROM packages WHERE id = ? AND is_active = 1`, id);
}
