/**
 * The fake Fonnte itself: as strict as the real one is known to be, so that a service that passes against it does not
 * fail in the field.
 */
import { startFakeFonnte, type FakeFonnte } from '../support/fake-fonnte';

const TOKEN = 'not-a-real-token-1';
const PHONE = '6281200000001';
const good = { target: PHONE, message: 'Halo', countryCode: '62' };

let fonnte: FakeFonnte;

beforeEach(async () => {
  fonnte = await startFakeFonnte({ token: TOKEN });
});

afterEach(() => fonnte.close());

async function post(body: unknown, path = '/send', authorization = TOKEN, type = 'application/json') {
  const response = await fetch(fonnte.url.replace('/send', path), {
    method: 'POST',
    headers: { authorization, 'content-type': type },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { http: response.status, body: (await response.json()) as Record<string, unknown> };
}

it.each([
  { ...good, target: 6281200000001 },
  { ...good, countryCode: 62 },
  { ...good, message: '' },
  { ...good, typing: 'false' },
  { ...good, inboxid: '12' },
  { target: PHONE },
])('refuses %j with HTTP 200', async (body) => {
  const refusal = { status: false, reason: 'invalid/empty body value' };
  expect(await post(body)).toMatchObject({ http: 200, body: refusal });
  expect(fonnte.sent).toEqual([]);
});

it('refuses what is no JSON, no phone, and no token of its own', async () => {
  expect((await post('{"target":')).body.reason).toBe('JSON format invalid');
  expect((await post({ ...good, target: 'Budi' })).body.reason).toBe('target invalid');
  expect((await post(good, '/send', `Bearer ${TOKEN}`)).body.reason).toBe('token invalid');
});

it('takes forms and right types, and sends to each phone of a list', async () => {
  expect((await post({ ...good, typing: false, inboxid: 12 })).body.status).toBe(true);
  const form = new URLSearchParams({ ...good, target: `${PHONE},081200000002` }).toString();
  const { body } = await post(form, '/send', TOKEN, 'application/x-www-form-urlencoded');
  expect(body).toMatchObject({ status: true, id: ['126567832', '126567833'] });
  expect(fonnte.sent.map((sent) => sent.target)).toEqual([PHONE, PHONE, '6281200000002']);
});

it('tells about its device and about numbers, as it is told to', async () => {
  expect((await post({}, '/device')).body).toMatchObject({ status: true, device_status: 'connect' });
  fonnte.answers.device = { device_status: 'disconnect' };
  expect((await post({}, '/device')).body).toMatchObject({ status: true, device_status: 'disconnect' });

  expect((await post(good, '/validate')).body).toMatchObject({ registered: [PHONE], not_registered: [] });
  fonnte.answers.validate = { registered: [], not_registered: [PHONE] };
  expect((await post(good, '/validate')).body).toMatchObject({ registered: [], not_registered: [PHONE] });
  expect([fonnte.count('/device'), fonnte.count('/validate'), fonnte.count()]).toEqual([2, 2, 0]);
});

it('can be waited for, and says what it saw when in vain', async () => {
  const code = fonnte.waitFor(() => fonnte.lastCodeTo(PHONE));
  await post({ ...good, message: 'Kode: *012345*' });
  await post({ ...good, message: 'Terima kasih' });
  expect(await code).toBe('012345');
  await expect(fonnte.waitFor(() => fonnte.sent.length > 2, 20)).rejects.toThrow(
    '2 requests, 2 messages taken',
  );
});
