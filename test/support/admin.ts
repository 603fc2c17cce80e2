/** An admin at work: logs in by bearer token, and customers whose registrations there are to decide on. */
import { scryptSync } from 'node:crypto';
import { addAdmin } from '../../src/admin/accounts';
import { type Status } from '../../src/registration/lifecycle';
import { registrations, type RegistrationRow } from '../../src/store/tables/registrations';
import { type Answer, type Daftar } from './daftar';

export const ADMIN = { username: 'sari', password: 'kata sandi untuk tes' };
export const LOGIN = '/api/auth/login';

/** As a password would be stored that costs next to nothing to try; a real one costs a quarter of a second. */
const CHEAP_HASH = [
  ...['scrypt', 16, 8, 1, Buffer.from('salt').toString('base64url')],
  scryptSync(ADMIN.password, 'salt', 32, { N: 16, r: 8, p: 1 }).toString('base64url'),
].join('$');

export async function addTestAdmin(daftar: Daftar, username = ADMIN.username): Promise<void> {
  const { database, clock } = daftar.service;
  await database.unitOfWork.run((tx) => addAdmin(tx, username, CHEAP_HASH, clock.now()));
}

/** Adds the admin, logs in, and asks with the session's token. */
export async function adminOf(daftar: Daftar, username = ADMIN.username) {
  await addTestAdmin(daftar, username);
  const answer = await daftar.post(LOGIN, { ...ADMIN, username });
  const { token, csrf_token } = (answer.body as { data: { token: string; csrf_token: string } }).data;
  const bearer = { authorization: `Bearer ${token}` };
  const send = (method: string, path: string, body: unknown): Promise<Answer> =>
    daftar.request(method, path, {
      headers: { 'content-type': 'application/json', ...bearer },
      body: JSON.stringify(body),
    });
  return {
    token,
    csrf_token,
    bearer,
    get: (path: string) => daftar.get(path, bearer),
    post: (path: string, body: unknown = {}) => send('POST', path, body),
    put: (path: string, body: unknown) => send('PUT', path, body),
    decide: (id: number, body: { status: Status } & Record<string, unknown>) =>
      send('PUT', `/api/registrations/${id}/status`, body),
  };
}

export type Admin = Awaited<ReturnType<typeof adminOf>>;

let made = 0;

/** A registration put straight into the database, as the flow would have left it. */
export function addRegistration(daftar: Daftar, fields: Partial<RegistrationRow> = {}): Promise<number> {
  const number = ++made;
  const now = daftar.clock.now();
  return daftar.service.database.unitOfWork.run((tx) =>
    tx.insert(registrations, {
      registration_number: `REG-20260101-${String(number).padStart(4, '0')}`,
      channel: 'web',
      status: 'pending_verification',
      phone: `628129${String(number).padStart(7, '0')}`,
      full_name: 'Budi Santoso',
      email: `pelanggan${number}@example.com`,
      address: 'Jl. Mawar No. 12 RT 01/02',
      city: 'Bandung',
      package_id: 1,
      consent_version: '2026-01',
      consent_at: now,
      created_at: now,
      updated_at: now,
      ...fields,
    }),
  );
}
