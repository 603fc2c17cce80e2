/** Every field of the form through HTTP: what is stored of a good one, what is said to a bad one; sizes and days. */
import { gzipSync } from 'node:zlib';
import { rows, startDaftar, type Daftar } from '../support/daftar';
import { BASE, checked, FORM, gist, newPhones, REQUEST_OTP, VERIFY_OTP, webForm } from '../support/web-form';

const KB = 1024;
const MB = KB * KB;
const newPhone = newPhones();
let daftar: Daftar;
let form: ReturnType<typeof webForm>;

beforeAll(async () => {
  daftar = await startDaftar({ env: { OTP_MAX_PER_IP_PER_HOUR: '0', VERIFICATION_TTL_SECONDS: '86400' } });
  form = webForm(daftar);
});
afterAll(() => daftar.close());

const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
const dataUrl = (mime: string, data: Buffer) => `data:${mime};base64,${data.toString('base64')}`;

/** A verified customer who may send the form as often as it takes. */
async function customer() {
  const phone = newPhone();
  const verification_token = await form.tokenFor(phone);
  return {
    phone,
    sends: (fields: object) =>
      form.register({ ...FORM, email: `p${phone}@example.com`, phone, verification_token, ...fields }),
    stored: () =>
      rows<Record<string, unknown>>(daftar.service, 'SELECT * FROM registrations WHERE phone = ?', phone)[0],
  };
}

describe('a form with everything', () => {
  test('is stored as it was meant', async () => {
    const budi = await customer();
    const texts = {
      rt: '001',
      rw: '2',
      kelurahan: 'Sukajadi',
      kecamatan: 'Sukajadi',
      postal_code: '40162',
      address_notes: 'Pagar hijau\nsebelah warung',
      notes: 'Telepon dulu 🙏',
      preferred_time_slot: 'afternoon',
      referral_code: 'TEMAN',
      utm_source: 'ig',
      utm_medium: 'cpc',
      utm_campaign: 'nov',
    };
    const answer = await budi.sends({
      ...texts,
      full_name: '  Budi Santoso ',
      package_id: '2',
      id_card_number: '3273010101900001',
      id_card_photo: dataUrl('image/jpeg', JPEG),
      latitude: '-6.914744',
      longitude: 107.60981,
      preferred_installation_date: '2026-11-25T23:59:00.000Z',
      // Nobody asked for these.
      id: 77,
      status: 'approved',
      channel: 'chat',
      version: 9,
      registration_number: 'REG-1',
      created_at: 0,
      is_admin: true,
    });
    expect(answer.status).toBe(201);
    expect(budi.stored()).toMatchObject({
      ...texts,
      id: 1,
      status: 'pending_verification',
      channel: 'web',
      version: 1,
      created_at: daftar.clock.now(),
      phone: budi.phone,
      full_name: 'Budi Santoso',
      package_id: 2,
      latitude: -6.914744,
      longitude: 107.60981,
      preferred_installation_date: '2026-11-25',
    });
    const [photo] = rows<{ mime: string; sealed: Buffer }>(daftar.service, 'SELECT * FROM id_card_photos');
    expect(photo?.mime).toBe('image/jpeg');
    expect(photo?.sealed.includes(JPEG)).toBe(false);
  });

  test('may leave out what is optional, or say nothing in it', async () => {
    const optional = ['rt', 'rw', 'kelurahan', 'kecamatan', 'postal_code', 'latitude', 'longitude'];
    optional.push('address_notes', 'notes', 'preferred_installation_date', 'preferred_time_slot');
    optional.push(
      'referral_code',
      'utm_source',
      'utm_medium',
      'utm_campaign',
      'id_card_number',
      'id_card_photo',
    );
    const blanks = ['', null, '  '];
    const siti = await customer();
    const answer = await siti.sends(Object.fromEntries(optional.map((field, i) => [field, blanks[i % 3]])));
    expect(answer.status).toBe(201);
    const { id_card_number_sealed, ...stored } = siti.stored()!;
    expect(id_card_number_sealed).toBeNull();
    for (const field of optional.slice(0, -2)) expect([field, stored[field]]).toEqual([field, null]);
  });
});

describe('a bad field', () => {
  const CASES: [field: string, value: unknown, says: RegExp][] = [
    ['full_name', '', /wajib/],
    ['full_name', 'Bo', /minimal 3/],
    ['full_name', 'A'.repeat(101), /maksimal 100/],
    ['full_name', '123 456', /dua huruf/],
    ['full_name', 'Budi\u0000Santoso', /tidak terbaca/],
    ['full_name', ['Budi Santoso'], /teks/],
    ['email', null, /wajib/],
    ['email', 'budi', /Email/],
    ['email', 'budi@example', /Email/],
    ['email', 'a@example.com, b@example.com', /Email/],
    ['address', 'Jl. No. 1', /minimal 10/],
    ['address', 'A'.repeat(501), /maksimal 500/],
    ['city', 'B', /minimal 2/],
    ['city', 'B'.repeat(101), /maksimal 100/],
    ['package_id', undefined, /wajib/],
    ['package_id', 'dua', /paket/],
    ['package_id', 1.5, /paket/],
    ['package_id', -1, /paket/],
    ['package_id', true, /paket/],
    ['id_card_number', '327301010190000', /16 angka/],
    ['id_card_number', 3273010101900001, /16 angka/],
    ['id_card_photo', 'https://example.com/ktp.jpg', /gambar/],
    ['id_card_photo', dataUrl('image/gif', JPEG), /gambar/],
    ['id_card_photo', 'data:image/jpeg;base64,#', /unggah ulang/],
    ['id_card_photo', dataUrl('image/png', JPEG), /tidak sesuai/],
    ['id_card_photo', dataUrl('image/jpeg', Buffer.from('<svg onload=alert(1)>')), /tidak sesuai/],
    ['rt', '1234', /1–3 angka/],
    ['rw', 1, /1–3 angka/],
    ['kelurahan', 'K'.repeat(101), /maksimal 100/],
    ['kecamatan', 'K'.repeat(101), /maksimal 100/],
    ['postal_code', '4016', /5 angka/],
    ['latitude', 7, /luar Indonesia/],
    ['latitude', undefined, /juga wajib/],
    ['longitude', '94', /luar Indonesia/],
    ['longitude', '', /juga wajib/],
    ['address_notes', 'x'.repeat(501), /maksimal 500/],
    ['notes', { length: 1 }, /teks/],
    ['preferred_installation_date', '2026-11-24', /sudah lewat/],
    ['preferred_installation_date', '2026-02-30', /tanggal yang benar/],
    ['preferred_installation_date', '25/11/2026', /tanggal yang benar/],
    ['preferred_time_slot', 'noon', /pagi/],
    ['referral_code', 'x'.repeat(101), /maksimal 100/],
    ['utm_source', 'x'.repeat(101), /maksimal 100/],
    ['utm_medium', 'x'.repeat(101), /maksimal 100/],
    ['utm_campaign', 'x'.repeat(101), /maksimal 100/],
  ];
  let budi: Awaited<ReturnType<typeof customer>>;
  beforeAll(async () => {
    budi = await customer();
  });

  test.each(CASES)('%s = %j is told by name', async (field, value, says) => {
    const place = { latitude: -6.9, longitude: 107.6 };
    const answer = await budi.sends({ ...place, [field]: value });
    expect(gist(answer)).toEqual({ status: 400, code: 'VALIDATION_ERROR' });
    expect(answer.body.errors).toEqual([{ field, message: expect.stringMatching(says) as string }]);
    expect(budi.stored()).toBeUndefined();
  });

  test('does not hide another: one entry each, phone first', async () => {
    const answer = await budi.sends({ email: 'x', city: '', rt: 'x', phone: 'x' });
    expect(answer.body.errors?.map(({ field }) => field)).toEqual(['phone', 'email', 'city', 'rt']);
  });
});

describe('the day of the installation', () => {
  test('is judged in TIME_ZONE: in Jakarta it is tomorrow while it still is today in London', async () => {
    daftar.clock.advance(Date.parse('2026-11-26T01:00:00+07:00') - daftar.clock.now());
    const budi = await customer();
    const yesterday = await budi.sends({ preferred_installation_date: '2026-11-25' });
    expect(yesterday.body.errors?.map(({ field }) => field)).toEqual(['preferred_installation_date']);
    expect((await budi.sends({ preferred_installation_date: '2026-11-26' })).status).toBe(201);
  });
});

describe('sizes', () => {
  const TOO_LARGE = { status: 413, code: 'PAYLOAD_TOO_LARGE' };
  const photoOf = (bytes: number) => dataUrl('image/jpeg', Buffer.concat([JPEG, Buffer.alloc(bytes - 4, 7)]));
  /** A JSON object of exactly so many bytes. */
  const jsonOf = (fields: object, bytes: number) => {
    const bare = JSON.stringify({ ...fields, filler: '' });
    return bare.slice(0, -2) + 'x'.repeat(bytes - bare.length) + bare.slice(-2);
  };

  test('a photo may have 5 MB, and not a byte more', async () => {
    const budi = await customer();
    const over = await budi.sends({ id_card_photo: photoOf(5 * MB + 1) });
    expect(over.body.errors).toEqual([
      { field: 'id_card_photo', message: expect.stringContaining('5 MB') as string },
    ]);
    expect((await budi.sends({ id_card_photo: photoOf(5 * MB) })).status).toBe(201);
    const [photo] = rows<{ bytes: number }>(
      daftar.service,
      'SELECT length(sealed) AS bytes FROM id_card_photos ORDER BY registration_id DESC',
    );
    expect(photo!.bytes).toBeGreaterThan(5 * MB);
  });

  test('a registration may have 8 MB in all', async () => {
    const { phone } = await customer();
    const atLimit = await form.register(JSON.parse(jsonOf({ phone }, 8 * MB)) as object);
    expect(gist(atLimit)).toEqual({ status: 403, code: 'NOT_VERIFIED' });
    expect(gist(checked(await daftar.post(BASE, jsonOf({ phone }, 8 * MB + 1))))).toEqual(TOO_LARGE);
  });

  test.each([REQUEST_OTP, VERIFY_OTP])('%s takes 64 KB', async (path) => {
    const asked = { phone: newPhone(), full_name: 'Budi Santoso', otp: '000000' };
    const atLimit = checked(await daftar.post(path, jsonOf(asked, 64 * KB)));
    expect(gist(atLimit).code).toBe(path === REQUEST_OTP ? null : 'OTP_NOT_FOUND');
    expect(gist(checked(await daftar.post(path, jsonOf(asked, 64 * KB + 1))))).toEqual(TOO_LARGE);
  });

  test('what is compressed is counted as it unfolds', async () => {
    const send = async (json: string) => {
      const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
      return gist(checked(await daftar.request('POST', REQUEST_OTP, { headers, body: gzipSync(json) })));
    };
    expect(await send(jsonOf({ phone: newPhone(), full_name: 'Budi' }, 64 * KB))).toEqual({
      status: 200,
      code: null,
    });
    expect(await send(jsonOf({}, 64 * KB + 1))).toEqual(TOO_LARGE);
    expect(await send(jsonOf({}, 64 * MB))).toEqual(TOO_LARGE);
  });

  test('what comes in pieces, without a length, is counted as well', async () => {
    const pieces = (count: number) =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(Buffer.from('{"filler":"'));
          for (let i = 0; i < count; i += 1) controller.enqueue(Buffer.alloc(KB, 'x'));
          controller.enqueue(Buffer.from('"}'));
          controller.close();
        },
      });
    const send = async (path: string, kilobytes: number) => {
      const init = {
        body: pieces(kilobytes),
        duplex: 'half' as const,
        headers: { 'content-type': 'application/json' },
      };
      return gist(checked(await daftar.request('POST', path, init)));
    };
    expect(await send(REQUEST_OTP, 63)).toEqual({ status: 400, code: 'INVALID_PHONE' });
    expect(await send(REQUEST_OTP, 64)).toEqual(TOO_LARGE);
    expect(await send(BASE, 8 * KB)).toEqual(TOO_LARGE);
  });
});
