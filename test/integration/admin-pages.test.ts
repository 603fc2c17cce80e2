/** What admins see on the pages and do there, seen from the server: the same as by the API, and harmless. */
import { questions } from '../../src/messages/id/chat';
import { addRegistration } from '../support/admin';
import { goesTo, pagesOf } from '../support/admin-pages';
import { chatAt, finish, phones } from '../support/chat-journey';
import { DEVICE, rows, startDaftar, WEBHOOK_TOKEN, type Daftar } from '../support/daftar';
import { FORM, webForm } from '../support/web-form';

const nextPhone = phones(630);
let daftar: Daftar;

beforeEach(async () => {
  daftar = await startDaftar();
});
afterEach(() => daftar.close());

const stateOf = (id: number) =>
  rows<{ status: string; version: number }>(
    daftar.service,
    'SELECT status, version FROM registrations WHERE id = ?',
    id,
  )[0]!;

/** The labels of the buttons that decide. */
const movesOn = (html: string) =>
  [...html.matchAll(/<summary>([^<]+)<\/summary><form method="post" action="[^"]*\/decision"/g)].map(
    ([, label]) => label,
  );

describe('what customers type', () => {
  const HOSTILE = `"><img src=x onerror=alert(1)>'<script>alert(2)</script>`;
  const RAW = /<img src=x|<script>alert/;

  test('stays text on every page that shows it', async () => {
    const phone = nextPhone();
    const id = await addRegistration(daftar, {
      phone,
      full_name: `Budi ${HOSTILE}`,
      address: HOSTILE,
      city: HOSTILE,
      address_notes: HOSTILE,
      notes: HOSTILE,
      utm_source: HOSTILE,
      referral_code: HOSTILE,
    });
    await daftar.webhook({ sender: phone, message: HOSTILE });
    daftar.fonnte.behave({ refuse: 'target invalid' }, phone);
    const pages = await pagesOf(daftar);
    await pages.post(`/admin/registrations/${id}/decision`, {
      status: 'rejected',
      version: '1',
      rejection_reason: HOSTILE,
      notes: HOSTILE,
    });
    await daftar.settle();
    await pages.post('/admin/packages', {
      ...{ name: HOSTILE, type: '<b>x</b>', speed_mbps: '10', price: '100000', description: HOSTILE },
    });
    const typed = encodeURIComponent(HOSTILE);
    const shown = [
      ...['/admin/registrations', `/admin/registrations/${id}`, '/admin/failures', '/admin/packages'],
      ...['/admin/packages/4', `/admin/registrations?search=${typed}&from=${typed}&sort_by=${typed}`],
    ];
    for (const path of shown) {
      const { body } = await pages.get(path);
      expect(body).toContain('onerror=alert(1)');
      expect(body).not.toMatch(RAW);
    }
    const { body } = await pages.get(`/admin/login?to=${typed}&username=${typed}&done=${typed}`);
    expect(body).not.toMatch(RAW);
  });

  test('cannot pass for markup in the conversation', async () => {
    const chat = daftar.chatWith(nextPhone());
    await finish(daftar, chat, { name: 'Budi *tebal* Santoso' });
    const pages = await pagesOf(daftar);
    const { body } = await pages.get('/admin/registrations/1');
    expect(body).toContain('Budi *tebal* Santoso');
    expect(body).not.toContain('<strong>tebal');
    expect(body).toContain('<strong>nama lengkap</strong>');
  });
});

describe('a registration', () => {
  test('has its whole conversation beside it, but no code', async () => {
    const chat = daftar.chatWith(nextPhone());
    await finish(daftar, chat);
    const pages = await pagesOf(daftar);
    const { body } = await pages.get('/admin/registrations/1');
    expect(body).toContain('Kode OTP (disembunyikan)');
    expect(body).not.toContain(chat.lastCode());
    expect(body).toContain(`https://wa.me/${chat.phone}`);
    for (const text of ['Kode OTP diminta', 'Nomor WhatsApp terverifikasi', 'Pendaftaran dikirim']) {
      expect(body).toContain(text);
    }
  });

  test('keeps NIK and photo to itself until they are asked for; each look is logged', async () => {
    const form = webForm(daftar);
    const phone = nextPhone();
    const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').toString('base64');
    const { status } = await form.register({
      ...FORM,
      ...{ phone, verification_token: await form.tokenFor(phone), id_card_number: '3273010101900001' },
      id_card_photo: `data:image/png;base64,${png}`,
    });
    expect(status).toBe(201);
    const pages = await pagesOf(daftar);
    const closed = (await pages.get('/admin/registrations/1')).body;
    expect(closed).not.toContain('3273010101900001');
    expect(closed).not.toContain('/id-card-photo" alt');
    const looks = () => rows(daftar.service, `SELECT type FROM events WHERE type LIKE 'id_card%'`);
    expect(looks()).toEqual([]);

    const opened = await pages.post('/admin/registrations/1/id-card-number');
    expect(opened.body).toContain('3273010101900001');
    expect(opened.headers.get('cache-control')).toBe('no-store');
    expect(looks()).toEqual([{ type: 'id_card_number_viewed' }]);
    const photo = await pages.post('/admin/registrations/1/id-card-photo');
    expect(photo.body).toContain('src="/api/registrations/1/id-card-photo"');
    expect((await pages.get('/admin/registrations/1')).body).toContain('NIK ditampilkan');
    expect((await pages.post('/admin/registrations/99/id-card-number')).status).toBe(404);
  });

  test('offers exactly the moves that are allowed now', async () => {
    const pages = await pagesOf(daftar);
    const movesOf = async (status: string) =>
      movesOn((await pages.get(`/admin/registrations/${await addRegistration(daftar, { status })}`)).body);
    expect(await movesOf('pending_verification')).toEqual(['Tandai data terverifikasi', 'Tolak', 'Batalkan']);
    expect(await movesOf('verified')).toEqual(['Jadwalkan survei', 'Setujui', 'Tolak', 'Batalkan']);
    expect(await movesOf('survey_scheduled')).toEqual(['Tandai survei selesai', 'Tolak', 'Batalkan']);
    expect(await movesOf('approved')).toEqual(['Tandai pelanggan aktif', 'Tolak', 'Batalkan']);
    expect(await movesOf('rejected')).toEqual([]);
  });
});

describe('a decision', () => {
  test('leads back to the registration; the same form sent twice is one decision', async () => {
    const id = await addRegistration(daftar);
    const pages = await pagesOf(daftar);
    const form = { status: 'verified', version: '1', notes: 'Lengkap.' };
    const answers = await Promise.all(
      [1, 2].map(() => pages.post(`/admin/registrations/${id}/decision`, form)),
    );
    for (const answer of answers) {
      expect(goesTo(answer)).toEqual([303, `/admin/registrations/${id}?done=decided`]);
    }
    expect(stateOf(id)).toEqual({ status: 'verified', version: 2 });
  });

  test('on what somebody else has changed is not made, though it would be allowed', async () => {
    const id = await addRegistration(daftar);
    const [first, second] = [await pagesOf(daftar, 'tono'), await pagesOf(daftar)];
    const reject = (pages: typeof first, rejection_reason: string) =>
      pages.post(`/admin/registrations/${id}/decision`, {
        status: 'rejected',
        version: '1',
        rejection_reason,
      });
    await first.post(`/admin/registrations/${id}/decision`, { status: 'verified', version: '1' });
    const answer = await reject(second, 'Data <kurang>');
    expect(answer.status).toBe(409);
    expect(answer.body).toContain('Keputusan Anda belum disimpan');
    expect(answer.body).toContain('tono: <strong>Data terverifikasi</strong>');
    expect(answer.body).toContain('>Data &lt;kurang></textarea>');
    expect(stateOf(id)).toEqual({ status: 'verified', version: 2 });
  });

  test.each<[string, Record<string, string>, string]>([
    ['a rejection without a reason', { status: 'rejected' }, 'Alasan penolakan wajib diisi.'],
    ['a survey without a date', { status: 'survey_scheduled' }, 'Tanggal survei wajib diisi.'],
    [
      'a survey in the past',
      { status: 'survey_scheduled', survey_scheduled_date: '2026-11-24' },
      'Tanggal ini sudah lewat.',
    ],
  ])('%s is asked for again, with what was typed', async (_what, fields, problem) => {
    const id = await addRegistration(daftar, { status: 'verified' });
    const pages = await pagesOf(daftar);
    const form = { version: '1', notes: 'Catatan saya', ...fields };
    const { status, body } = await pages.post(`/admin/registrations/${id}/decision`, form);
    expect(status).toBe(400);
    expect(body).toContain(problem);
    expect(body).toContain('>Catatan saya</textarea>');
    expect(body).toContain('aria-invalid="true"');
    expect(stateOf(id).version).toBe(1);
  });

  test('that does not exist, or is not the next, is refused', async () => {
    const id = await addRegistration(daftar);
    const pages = await pagesOf(daftar);
    const decide = (fields: Record<string, string>) =>
      pages.post(`/admin/registrations/${id}/decision`, fields);
    expect((await decide({ status: 'approved', version: '1' })).status).toBe(409);
    expect((await decide({ status: 'nonsense', version: '1' })).status).toBe(400);
    expect((await decide({})).status).toBe(400);
    expect((await pages.post('/admin/registrations/99/decision', { status: 'verified' })).status).toBe(404);
    expect(stateOf(id).version).toBe(1);
  });
});

describe('the list', () => {
  test('keeps the filter in every link, the export included, and says which field it did not understand', async () => {
    await addRegistration(daftar, { full_name: 'Siti' });
    const pages = await pagesOf(daftar);
    const { body } = await pages.get('/admin/registrations?channel=web&search=siti&page=1');
    expect(body).toContain('href="/api/registrations/export.csv?channel=web&amp;search=siti"');
    expect(body).toContain('href="/admin/registrations?status=verified&amp;channel=web&amp;search=siti"');
    const wrong = await pages.get('/admin/registrations?from=kemarin');
    expect(wrong.status).toBe(400);
    expect(wrong.body).toContain('Tulis tanggal yang benar');
    expect(wrong.body).not.toContain('export.csv');
  });
});

describe('what failed', () => {
  test('is listed and tried again: a message that was refused', async () => {
    const phone = nextPhone();
    daftar.fonnte.behave({ refuse: 'target invalid' }, phone);
    await daftar.webhook({ sender: phone, message: 'Halo' });
    await daftar.settle();
    const pages = await pagesOf(daftar);
    const { body } = await pages.get('/admin/failures');
    const action = /action="(\/admin\/failures\/messages\/\d+\/retry)"/.exec(body)![1]!;
    daftar.fonnte.behave('accept', phone);
    expect(goesTo(await pages.post(action))).toEqual([303, '/admin/failures?done=queued_again']);
    await daftar.settle();
    expect(daftar.fonnte.messagesTo(phone)).toHaveLength(1);
    expect(goesTo(await pages.post(action))).toEqual([303, '/admin/failures?done=not_retryable']);
    expect((await pages.get('/admin/failures')).body).toContain('Semua pesan terkirim');
  });

  test('is listed and tried again: a message that our code could not handle', async () => {
    const chat = await chatAt(daftar, 'address', nextPhone());
    const broken = jest.spyOn(questions, 'city').mockImplementationOnce(() => {
      throw new TypeError('a bug of ours');
    });
    await daftar.webhook({ sender: chat.phone, message: 'Jl. Mawar No. 12' });
    broken.mockRestore();
    const pages = await pagesOf(daftar);
    const { body } = await pages.get('/admin/failures');
    expect(body).toContain('TypeError: a bug of ours');
    const action = /action="(\/admin\/failures\/inbound\/\d+\/retry)"/.exec(body)![1]!;
    expect(goesTo(await pages.post(action))).toEqual([303, '/admin/failures?done=handled_again']);
    await daftar.settle();
    expect(chat.received().at(-1)).toContain('kota');
  });
});

describe('packages', () => {
  const NEW = { name: 'Kilat 200', type: 'broadband', speed_mbps: '200', price: '899000', is_active: 'on' };
  const offered = async () =>
    ((await daftar.get('/api/packages')).body as { data: { name: string; price: number }[] }).data;

  test('are added, changed and switched off', async () => {
    const pages = await pagesOf(daftar);
    const done = [303, '/admin/packages?done=package_saved'];
    expect(goesTo(await pages.post('/admin/packages', NEW))).toEqual(done);
    expect((await offered()).at(-1)).toMatchObject({ name: 'Kilat 200', price: 899_000 });
    expect(goesTo(await pages.post('/admin/packages/4', { ...NEW, price: '799000' }))).toEqual(done);
    expect((await offered()).at(-1)).toMatchObject({ price: 799_000 });
    expect(goesTo(await pages.post('/admin/packages/4/active', { is_active: '0' }))).toEqual(done);
    expect(await offered()).toHaveLength(3);
    expect((await pages.get('/admin/packages')).body).toContain('Nonaktif');
  });

  test.each<[string, Record<string, string>, string]>([
    ['a price with dots', { price: '899.000' }, 'Tulis angka bulat'],
    ['a name that is taken', { name: 'rumah 20' }, 'sudah dipakai'],
    ['no name', { name: '' }, 'Nama paket'],
  ])('with %s are asked for again', async (_what, fields, problem) => {
    const pages = await pagesOf(daftar);
    for (const path of ['/admin/packages', '/admin/packages/2']) {
      const { status, body } = await pages.post(path, { ...NEW, ...fields });
      expect(status).toBe(400);
      expect(body).toContain(problem);
      expect(body).toContain('value="200"');
    }
    expect(await offered()).toHaveLength(3);
  });
});

describe('the dashboard', () => {
  test('shows the funnel, codes, the gateway and what waits', async () => {
    await finish(daftar, daftar.chatWith(nextPhone()));
    await chatAt(daftar, 'otp', nextPhone());
    const pages = await pagesOf(daftar);
    const { body } = await pages.get('/admin/dashboard');
    expect(body).toContain('1 pendaftaran masuk dan 0 disetujui dalam 14 hari');
    expect(body).toContain('Berjalan normal');
    expect(body).toContain('Antrean kosong');
    expect(body).toMatch(/<th scope="row">25\/11<\/th><td>2<\/td><td>1<\/td><td>1<\/td><td>0<\/td>/);
    expect(body).not.toContain('peringatan</span>');
    expect((await pages.get('/admin/dashboard?days=30')).body).toContain('30 hari terakhir');
    expect((await pages.get('/admin/dashboard?days=1e9')).status).toBe(200);
  });

  test('says what is wrong, and every page points there', async () => {
    const pages = await pagesOf(daftar);
    const url = `/webhooks/fonnte/devices?token=${WEBHOOK_TOKEN}`;
    await daftar.post(url, { device: DEVICE, status: 'disconnect', reason: 'logged out' });
    await daftar.webhook({ sender: nextPhone(), message: 'Halo' });
    await daftar.settle();
    const { body } = await pages.get('/admin/dashboard');
    expect(body).toContain('Terhenti');
    expect(body).toContain('Perangkat WhatsApp terputus');
    expect(body).toContain('1 pesan menunggu');
    expect((await pages.get('/admin/packages')).body).toContain('peringatan</span>');
  });
});
