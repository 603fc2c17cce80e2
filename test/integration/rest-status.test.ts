/** What anyone with a registration number may see, and what its phone's last four digits open. */
import { HOUR, MINUTE } from '../../src/platform/clock';
import { startDaftar, type Daftar } from '../support/daftar';
import { BASE, FORM, gist, newPhones, webForm } from '../support/web-form';

const newPhone = newPhones();
let daftar: Daftar;
let form: ReturnType<typeof webForm>;

beforeEach(async () => {
  daftar = await startDaftar({ env: { WHATSAPP_ENABLED: 'false', TRUST_PROXY: '1' } });
  form = webForm(daftar);
});
afterEach(() => daftar.close());

async function registered() {
  const phone = newPhone();
  const verification_token = await form.tokenFor(phone);
  const { body } = await form.register({
    ...FORM,
    email: `p${phone}@example.com`,
    phone,
    verification_token,
  });
  return { phone, last4: phone.slice(-4), number: body.data.registration_number };
}

const from = (address: string) => ({ 'x-forwarded-for': address });
const look = (number: string, last4?: string, headers?: Record<string, string>) =>
  form.get(`${BASE}/status/${number}${last4 === undefined ? '' : `?phone_last4=${last4}`}`, headers);

const OPEN = { package_name: 'Rumah 20', survey_scheduled_date: null, rejection_reason: null };
const masked = (number: string) => ({
  registration_number: number,
  status: 'pending_verification',
  status_label: 'Menunggu pemeriksaan data',
  full_name: 'B*** S******',
  created_at: '2026-11-25T03:00:00.000Z',
});
const tooMany = (retry_after: number) => ({ status: 429, code: 'TOO_MANY_REQUESTS', retry_after });

describe('the status of a registration', () => {
  test('is there for whoever has its number: a masked name and no more', async () => {
    const { number, phone } = await registered();
    const answer = await look(number);
    expect(answer.status).toBe(200);
    expect(answer.body.data).toEqual(masked(number));
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const said = JSON.stringify(answer.body);
    for (const secret of [phone.slice(2), FORM.address, 'example.com', 'Santoso', 'Rumah'])
      expect(said).not.toContain(secret);
  });

  test('with the last four digits tells package, survey and the reason of a rejection', async () => {
    const { number, last4 } = await registered();
    expect((await look(number, last4)).body.data).toEqual({ ...masked(number), ...OPEN });

    await daftar.service.database.unitOfWork.run((tx) =>
      tx.run(
        `UPDATE registrations SET status = 'rejected', rejection_reason = 'Di luar jangkauan',
           survey_scheduled_date = '2026-11-27' WHERE registration_number = ?`,
        number,
      ),
    );
    expect((await look(number, last4)).body.data).toMatchObject({
      status: 'rejected',
      status_label: 'Ditolak',
      package_name: 'Rumah 20',
      rejection_reason: 'Di luar jangkauan',
      survey_scheduled_date: '2026-11-27',
    });
    expect((await look(number)).body.data).not.toHaveProperty('rejection_reason');
  });

  test('with wrong digits tells no more than without', async () => {
    const { number } = await registered();
    for (const last4 of ['0000', '', '%00', '1', '%27%20OR%201=1', 'x'.repeat(5_000)])
      expect((await look(number, last4)).body.data).toEqual(masked(number));
    const twice = await form.get(`${BASE}/status/${number}?phone_last4=0000&phone_last4=0001`);
    expect(twice.body.data).toEqual(masked(number));
  });

  test('of anything else is not found', async () => {
    await registered();
    const others = [
      'REG-20261125-9999',
      'reg-20261125-0001',
      '1',
      '%00',
      '%ff',
      "'%20OR%201=1--",
      'a'.repeat(4_000),
    ];
    for (const number of others)
      expect([number, gist(await look(number, '0001'))]).toEqual([
        number,
        { status: 404, code: 'NOT_FOUND' },
      ]);
  });
});

describe('guessing the digits', () => {
  test('ends after ten wrong ones an hour for a number, wherever they come from, the right ones included', async () => {
    const [victim, other] = [await registered(), await registered()];
    for (let i = 0; i < 10; i += 1) {
      expect((await look(victim.number, '9999', from(`198.51.100.${i}`))).status).toBe(200);
      daftar.clock.advance(MINUTE);
    }
    for (const last4 of ['9998', victim.last4])
      expect(gist(await look(victim.number, last4, from('203.0.113.1')))).toEqual(tooMany(50 * 60));
    // Who does not guess is not kept out, and neither are others.
    expect((await look(victim.number)).status).toBe(200);
    expect((await look(other.number, other.last4)).body.data).toMatchObject(OPEN);

    daftar.clock.advance(50 * MINUTE);
    expect((await look(victim.number, victim.last4)).body.data).toMatchObject(OPEN);
  });

  test('ends after ten wrong ones an hour from an address, for whatever numbers', async () => {
    const all: Awaited<ReturnType<typeof registered>>[] = [];
    for (let i = 0; i < 11; i += 1) all.push(await registered());
    const guesser = from('2001:db8:1:2::1');
    for (const { number } of all.slice(0, 10)) expect((await look(number, '9999', guesser)).status).toBe(200);
    const { number, last4 } = all[10]!;
    expect(gist(await look(number, last4, from('2001:db8:1:2:ffff::9')))).toEqual(tooMany(3600));
    expect((await look(number, last4, from('2001:db8:1:3::1'))).body.data).toMatchObject(OPEN);
    daftar.clock.advance(HOUR);
    expect((await look(number, last4, guesser)).body.data).toMatchObject(OPEN);
  });

  test('is counted one by one also when it comes all at once; right ones cost nothing', async () => {
    const { number, last4 } = await registered();
    for (let i = 0; i < 20; i += 1) expect((await look(number, last4)).status).toBe(200);
    const answers = await Promise.all(Array.from({ length: 40 }, () => look(number, '9999')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(30);
  });
});
