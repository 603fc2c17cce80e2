/** Who may decide: admins are added, given passwords and disabled here. What they hold ends with a change. */
import { type Reader } from '../store/statements';
import { admins, type AdminRow } from '../store/tables/admins';
import { type Tx } from '../store/unit-of-work';

/** A name that is easy to say and to type; it stands in the log beside decisions. */
const USERNAME = /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}$/u;

export const isUsername = (name: string): boolean => USERNAME.test(name);

export const findAdmin = (reads: Reader, username: string): AdminRow | undefined =>
  reads.get<AdminRow>('SELECT * FROM admins WHERE username = ?', username);

export const listAdmins = (reads: Reader): AdminRow[] =>
  reads.all<AdminRow>('SELECT * FROM admins ORDER BY username');

/** False when there is one of that name. */
export function addAdmin(tx: Tx, username: string, password_hash: string, now: number): boolean {
  if (findAdmin(tx, username)) return false;
  tx.insert(admins, { username, password_hash, created_at: now });
  return true;
}

/** Whoever was logged in with the old one is out. */
export function setPassword(tx: Tx, admin_id: number, password_hash: string): void {
  tx.run('UPDATE admins SET password_hash = ? WHERE id = ?', password_hash, admin_id);
  endSessionsOf(tx, admin_id);
}

/** `at`: since when (epoch ms); null lets the admin in again. */
export function setDisabled(tx: Tx, admin_id: number, at: number | null): void {
  tx.run('UPDATE admins SET disabled_at = ? WHERE id = ?', at, admin_id);
  endSessionsOf(tx, admin_id);
}

function endSessionsOf(tx: Tx, admin_id: number): void {
  tx.run('DELETE FROM admin_sessions WHERE admin_id = ?', admin_id);
}
