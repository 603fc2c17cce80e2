/** Packages as admins keep them: added, changed, switched off. None is removed: registrations point at them. */
import { z } from 'zod';
import { listProblems } from '../messages/id/fields';
import { type Reader } from '../store/statements';
import { packages, type PackageRow } from '../store/tables/packages';
import { type Tx } from '../store/unit-of-work';
import { recordEvent } from './events';
import { isAbsent, line, lines } from './field-readers';
import { refuse, type Refusal } from './refusals';
import { fieldErrors } from './review-query';

type Fields = Pick<PackageRow, 'name' | 'type' | 'speed_mbps' | 'price' | 'description' | 'is_active'>;
export type PackageChange = Partial<Fields>;
export type NewPackage = Omit<Fields, 'description' | 'is_active'> & PackageChange;

export type SavedPackage = { ok: true; package: PackageRow };

/** Rupiah a month, and megabits a second: more is a slip of the finger. */
const PRICE_MAX = 1_000_000_000;
const SPEED_MAX = 1_000_000;

const whole = (min: number, max: number) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^[0-9]{1,12}$/.test(value) ? Number(value) : value),
    z.int({ error: listProblems.number }).min(min, { error: listProblems.number }).max(max, {
      error: listProblems.number,
    }),
  );

const fields = {
  name: line('Nama paket', 1, 100),
  type: line('Jenis paket', 1, 50),
  speed_mbps: whole(1, SPEED_MAX),
  price: whole(1, PRICE_MAX),
  description: z.preprocess(
    (value) => (isAbsent(value) ? null : value),
    lines('Keterangan', 1, 500).nullable(),
  ),
  is_active: z.boolean({ error: listProblems.yesOrNo }).transform(Number),
};
const newShape = z
  .object({ ...fields, description: fields.description.optional() })
  .partial({ is_active: true });
const changeShape = z.object(fields).partial();

/** A package to be added; all but `description` and `is_active` must be there. Refuses VALIDATION_ERROR. */
export function parseNewPackage(input: unknown): { ok: true; package: NewPackage } | Refusal {
  const read = newShape.safeParse(input);
  if (!read.success) return refuse('VALIDATION_ERROR', { errors: fieldErrors(read.error) });
  return { ok: true, package: read.data };
}

/** Changes to a package; what is left out stays as it is. Refuses VALIDATION_ERROR. */
export function parsePackageChange(input: unknown): { ok: true; change: PackageChange } | Refusal {
  const read = changeShape.safeParse(input);
  if (!read.success) return refuse('VALIDATION_ERROR', { errors: fieldErrors(read.error) });
  return { ok: true, change: read.data };
}

export const listAllPackages = (reads: Reader): PackageRow[] =>
  reads.all<PackageRow>('SELECT * FROM packages ORDER BY is_active DESC, price, id');

const find = (reads: Reader, id: number) => reads.get<PackageRow>('SELECT * FROM packages WHERE id = ?', id);

/** Refuses VALIDATION_ERROR when the name is taken. */
export function addPackage(tx: Tx, added: NewPackage, admin_id: number, now: number): SavedPackage | Refusal {
  if (isNameTaken(tx, added.name, null)) return nameTaken();
  const id = tx.insert(packages, {
    description: null,
    is_active: 1,
    ...added,
    created_at: now,
    updated_at: now,
  });
  recordEvent(tx, {
    type: 'package_added',
    at: now,
    actor: `admin:${admin_id}`,
    details: { package_id: id },
  });
  return { ok: true, package: find(tx, id)! };
}

/** Refuses NOT_FOUND, and VALIDATION_ERROR when the name is taken. */
export function changePackage(
  tx: Tx,
  id: number,
  change: PackageChange,
  admin_id: number,
  now: number,
): SavedPackage | Refusal {
  const before = find(tx, id);
  if (!before) return refuse('NOT_FOUND', { message: 'Paket ini tidak ditemukan.' });
  const after = { ...before, ...change, updated_at: now };
  if (isNameTaken(tx, after.name, id)) return nameTaken();
  const { name, type, speed_mbps, price, description, is_active } = after;
  tx.run(
    `UPDATE packages SET name = ?, type = ?, speed_mbps = ?, price = ?, description = ?, is_active = ?, updated_at = ?
     WHERE id = ?`,
    ...[name, type, speed_mbps, price, description, is_active, now, id],
  );
  const details = { package_id: id, price, is_active: is_active === 1 };
  recordEvent(tx, { type: 'package_changed', at: now, actor: `admin:${admin_id}`, details });
  return { ok: true, package: after };
}

/** In the chat a package may be chosen by its name. */
const isNameTaken = (reads: Reader, name: string, own: number | null): boolean =>
  reads
    .all<Pick<PackageRow, 'id' | 'name'>>('SELECT id, name FROM packages')
    .some((one) => one.id !== own && one.name.toLowerCase() === name.toLowerCase());

const nameTaken = () =>
  refuse('VALIDATION_ERROR', { errors: [{ field: 'name', message: listProblems.packageName }] });
