/** Admins look for registrations: filters, search, order, pages. */
import { DAY } from '../../src/platform/clock';
import { type RegistrationRow } from '../../src/store/tables/registrations';
import { addRegistration, adminOf, type Admin } from '../support/admin';
import { START, startDaftar, type Daftar } from '../support/daftar';

let daftar: Daftar;
let admin: Admin;

beforeEach(async () => {
  daftar = await startDaftar();
  admin = await adminOf(daftar);
});
afterEach(() => daftar.close());

interface Listed {
  registrations: (RegistrationRow & { status_label: string; package_name: string })[];
  pagination: { page: number; limit: number; total: number; pages: number; total_is_minimum?: true };
}

type Query = Record<string, string | number | undefined>;

async function list(query: Query = {}): Promise<Listed> {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([key, value]): [string, string] => [key, String(value)]));
  const answer = await admin.get(`/api/registrations?${text.toString()}`);
  expect(answer.status).toBe(200);
  return (answer.body as { data: Listed }).data;
}
const ids = async (query?: Query) => (await list(query)).registrations.map(({ id }) => id);
const add = (fields?: Partial<RegistrationRow>) => addRegistration(daftar, fields);

describe('the list', () => {
  test('is empty at first', async () => {
    expect(await list()).toEqual({
      registrations: [],
      pagination: { page: 1, limit: 20, total: 0, pages: 0 },
    });
  });

  test('has of each what a decision begins with, and neither NIK nor address', async () => {
    const id = await add({ phone: '6281234567890', registration_number: 'REG-20261125-0001' });
    const { registrations } = await list();
    expect(registrations).toEqual([
      {
        id,
        registration_number: 'REG-20261125-0001',
        channel: 'web',
        status: 'pending_verification',
        status_label: 'Menunggu pemeriksaan data',
        version: 1,
        phone: '6281234567890',
        full_name: 'Budi Santoso',
        email: expect.stringContaining('@example.com') as string,
        city: 'Bandung',
        package_id: 1,
        package_name: 'Rumah 20',
        rejection_reason: null,
        survey_scheduled_date: null,
        created_at: '2026-11-25T03:00:00.000Z',
        updated_at: '2026-11-25T03:00:00.000Z',
      },
    ]);
  });

  test('shows the newest first, a page at a time', async () => {
    const made: number[] = [];
    for (let n = 0; n < 7; n++) made.push(await add({ created_at: START + Math.floor(n / 2) }));
    const newestFirst = [...made].reverse();
    expect(await ids()).toEqual(newestFirst);
    expect(await ids({ sort_order: 'asc' })).toEqual(made);
    expect(await ids({ limit: 3 })).toEqual(newestFirst.slice(0, 3));
    expect(await ids({ limit: 3, page: 3 })).toEqual(newestFirst.slice(6));
    expect(await ids({ limit: 3, page: 4 })).toEqual([]);
    expect((await list({ limit: 3, page: 9_999_999 })).pagination).toEqual({
      page: 9_999_999,
      limit: 3,
      total: 7,
      pages: 3,
    });
  });

  test('gives a hundred at most', async () => {
    for (let n = 0; n < 101; n++) await add();
    const { registrations, pagination } = await list({ limit: 1_000 });
    expect(registrations).toHaveLength(100);
    expect(pagination).toEqual({ page: 1, limit: 100, total: 101, pages: 2 });
  });

  test('is filtered by status and channel, alone and together', async () => {
    const webNew = await add();
    const chatNew = await add({ channel: 'chat' });
    const chatDone = await add({ channel: 'chat', status: 'approved' });
    expect(await ids({ status: 'pending_verification' })).toEqual([chatNew, webNew]);
    expect(await ids({ channel: 'chat' })).toEqual([chatDone, chatNew]);
    expect(await ids({ channel: 'chat', status: 'approved' })).toEqual([chatDone]);
    expect(await ids({ channel: 'web', status: 'approved' })).toEqual([]);
    expect((await list({ channel: 'chat' })).pagination.total).toBe(2);
    expect(await ids({ status: '', channel: '', search: '', from: '', page: '' })).toHaveLength(3);
  });

  test('is ordered by name as people read it, and by status', async () => {
    const wati = await add({ full_name: 'wati', status: 'verified' });
    const Budi = await add({ full_name: 'Budi', status: 'rejected' });
    const agus = await add({ full_name: 'agus', status: 'approved' });
    const Wati = await add({ full_name: 'Wati', status: 'approved' });
    expect(await ids({ sort_by: 'full_name', sort_order: 'asc' })).toEqual([agus, Budi, wati, Wati]);
    expect(await ids({ sort_by: 'full_name' })).toEqual([Wati, wati, Budi, agus]);
    expect(await ids({ sort_by: 'status', sort_order: 'asc' })).toEqual([agus, Wati, Budi, wati]);
    expect(await ids({ sort_by: 'status' })).toEqual([wati, Budi, Wati, agus]);
    const approved = { status: 'approved', sort_by: 'full_name' };
    expect(await ids({ ...approved, sort_order: 'asc' })).toEqual([agus, Wati]);
  });

  test('takes days from midnight to midnight in TIME_ZONE, both included', async () => {
    // Midnight in Jakarta is 17:00 UTC of the day before.
    const midnight = Date.parse('2026-11-24T17:00:00Z');
    const before = await add({ created_at: midnight - 1 });
    const first = await add({ created_at: midnight });
    const last = await add({ created_at: midnight + DAY - 1 });
    const after = await add({ created_at: midnight + DAY });
    expect(await ids({ from: '2026-11-25', to: '2026-11-25' })).toEqual([last, first]);
    expect(await ids({ from: '2026-11-25' })).toEqual([after, last, first]);
    expect(await ids({ to: '2026-11-24' })).toEqual([before]);
    expect(await ids({ from: '2026-11-26', to: '2026-11-24' })).toEqual([]);
    const filtered = { from: '2026-11-25', to: '2026-11-25', status: 'pending_verification', channel: 'web' };
    expect((await list(filtered)).pagination.total).toBe(2);
    expect(await ids({ ...filtered, sort_by: 'full_name', sort_order: 'asc' })).toEqual([first, last]);
    expect(await ids({ from: '2026-11-25', search: 'budi' })).toEqual([after, last, first]);
  });

  test('follows every change at once', async () => {
    const id = await add();
    expect(await ids({ status: 'verified' })).toEqual([]);
    await admin.decide(id, { status: 'verified' });
    expect(await ids({ status: 'verified' })).toEqual([id]);
    expect(await ids({ status: 'pending_verification' })).toEqual([]);
    expect((await list({ status: 'verified', search: 'budi' })).registrations).toMatchObject([
      { version: 2 },
    ]);
  });

  test.each([
    ['status', 'done'],
    ['channel', 'telegram'],
    ['sort_by', 'phone'],
    ['sort_by', 'id; DROP TABLE admins'],
    ['sort_order', 'up'],
    ['page', '0'],
    ['page', '-1'],
    ['page', '1.5'],
    ['page', '1e3'],
    ['limit', 'all'],
    ['limit', '0'],
    ['from', '25-11-2026'],
    ['from', '2026-02-30'],
    ['to', '2026-11-25T00:00:00Z'],
    ['search', 'x'.repeat(201)],
  ])('refuses %s=%s, naming the field', async (field, value) => {
    const answer = await admin.get(
      `/api/registrations?${new URLSearchParams({ [field]: value }).toString()}`,
    );
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'VALIDATION_ERROR', errors: [{ field }] });
  });

  test('refuses a field that is there twice', async () => {
    const answer = await admin.get('/api/registrations?status=verified&status=rejected&search=a&search=b');
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ field: 'status' }, { field: 'search' }] });
  });
});

describe('search', () => {
  let budi: number, zoe: number, odd: number;
  beforeEach(async () => {
    budi = await add({
      registration_number: 'REG-20261124-0042',
      full_name: 'Budi Santoso',
      phone: '6281234567890',
      email: 'budi_s@example.com',
    });
    zoe = await add({
      registration_number: 'REG-20261124-0043',
      full_name: 'ZOË Öztürk',
      phone: '6285555000111',
      email: 'zoe100%@example.org',
    });
    odd = await add({
      registration_number: 'REG-20261124-0044',
      full_name: `"D'Artagnan" AND (x* OR y) 👨‍👩‍👧 -NOT`,
      phone: '6287777000222',
      email: 'd.artagnan+a@example.net',
    });
  });
  const found = async (search: string) => (await ids({ search })).sort((a, b) => a - b);

  test.each([
    'budi',
    'BUDI SANTO',
    'udi',
    'i S',
    '4567890',
    '6281234567890',
    '24-0042',
    'budi_s@',
    'Budi_S@Example.COM',
  ])('finds %j in number, name, phone or email', async (text) => expect(await found(text)).toEqual([budi]));

  test.each(['zoë', 'ZOË', 'özt', 'öztürk', 'TÜRK', 'ë Ö', 'ë', 'Ü'])(
    'regards capitals in no script: %j',
    async (text) => expect(await found(text)).toEqual([zoe]),
  );

  test('takes every sign for itself', async () => {
    expect(await found('%')).toEqual([zoe]);
    expect(await found('100%')).toEqual([zoe]);
    expect(await found('0%@')).toEqual([zoe]);
    expect(await found('%example%')).toEqual([]);
    expect(await found('_')).toEqual([budi]);
    expect(await found('i_s@')).toEqual([budi]);
    expect(await found('b_di')).toEqual([]);
    expect(await found('"')).toEqual([odd]);
    expect(await found('"D\'A')).toEqual([odd]);
    expect(await found('nan"')).toEqual([odd]);
    expect(await found('""')).toEqual([]);
    expect(await found('"""')).toEqual([]);
    expect(await found('x*')).toEqual([odd]);
    expect(await found('(x* OR y)')).toEqual([odd]);
    expect(await found('AND')).toEqual([odd]);
    expect(await found('bud*')).toEqual([]);
    expect(await found('budi OR zoë')).toEqual([]);
    expect(await found('full_name : budi')).toEqual([]);
    expect(await found('^budi')).toEqual([]);
    expect(await found('-NOT')).toEqual([odd]);
    expect(await found('NEAR(budi)')).toEqual([]);
    expect(await found('\\')).toEqual([]);
    expect(await found('👨‍👩‍👧')).toEqual([odd]);
    expect(await found('👩')).toEqual([odd]);
    expect(await found('artagnan+a')).toEqual([odd]);
    expect(await found("' OR 1=1 --")).toEqual([]);
  });

  test('does not join what stands in two fields', async () => {
    expect(await found('Santoso6281')).toEqual([]);
    expect(await found('Santoso\n6281')).toEqual([]);
    expect(await found('0042Budi')).toEqual([]);
  });

  test('of one or two characters, or blanks around some, is as good', async () => {
    expect(await found('bu')).toEqual([budi]);
    expect(await found('42')).toEqual([budi]);
    expect(await found('  budi  ')).toEqual([budi]);
    expect(await found('e')).toEqual([budi, zoe, odd]);
    expect(await found('   ')).toEqual([budi, zoe, odd]);
    expect(await found('\u0000')).toEqual([budi, zoe, odd]);
  });

  test('goes with every filter, order and page', async () => {
    expect(await ids({ search: 'example' })).toEqual([odd, zoe, budi]);
    expect(await ids({ search: 'example', sort_order: 'asc' })).toEqual([budi, zoe, odd]);
    expect(await ids({ search: 'example', sort_by: 'full_name', sort_order: 'asc' })).toEqual([
      odd,
      budi,
      zoe,
    ]);
    expect(await ids({ search: 'example', limit: 1, page: 2 })).toEqual([zoe]);
    expect((await list({ search: 'example', limit: 2 })).pagination).toEqual({
      page: 1,
      limit: 2,
      total: 3,
      pages: 2,
    });
    await admin.decide(zoe, { status: 'cancelled' });
    expect(await ids({ search: 'example', status: 'cancelled' })).toEqual([zoe]);
    expect(await ids({ search: 'example', channel: 'chat' })).toEqual([]);
  });

  test('forgets what is erased', async () => {
    const { unitOfWork } = daftar.service.database;
    await unitOfWork.run((tx) => tx.run(`UPDATE registrations SET full_name = 'Dihapus' WHERE id = ?`, budi));
    expect(await found('budi s')).toEqual([]);
    expect(await found('dihapus')).toEqual([budi]);
    await unitOfWork.run((tx) => tx.run('DELETE FROM registrations WHERE id = ?', zoe));
    expect(await found('zoë')).toEqual([]);
    expect((await list()).pagination.total).toBe(2);
  });
});

/** Many rows, put in at once: here the ways through the table are others than among few. */
describe('among forty thousand', () => {
  const MANY = 40_000;
  beforeEach(async () => {
    await daftar.service.database.unitOfWork.run((tx) => {
      tx.run(
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${MANY})
         INSERT INTO registrations (registration_number, channel, status, phone, full_name, email, address, city,
           package_id, consent_version, consent_at, created_at, updated_at)
         SELECT printf('REG-20261124-%05d', i), CASE i % 4 WHEN 0 THEN 'web' ELSE 'chat' END,
           CASE i % 3 WHEN 0 THEN 'verified' ELSE 'rejected' END, '628' || (1000000000 + i),
           printf('Pelanggan %05d %s', (i * 7919) % ${MANY}, CASE WHEN i = 3 THEN 'Langka Ä' ELSE 'Biasa' END),
           'p' || i || '@example.com', 'Jl. Mawar No. 12', 'Bandung', 1, '1', 0, ? + i, 0 FROM n`,
        START,
      );
    });
  });

  test('every filter’s total is exact, and every order is kept from page to page', async () => {
    expect((await list()).pagination.total).toBe(MANY);
    expect((await list({ status: 'verified' })).pagination.total).toBe(13_333);
    expect((await list({ status: 'verified', channel: 'web' })).pagination.total).toBe(3_333);
    expect((await list({ from: '2026-11-25', to: '2026-11-25', channel: 'web' })).pagination.total).toBe(
      10_000,
    );
    for (const sort_by of ['created_at', 'full_name', 'status'])
      for (const filter of [{}, { status: 'rejected' }, { status: 'verified', channel: 'web' }]) {
        const order = { ...filter, sort_by, sort_order: 'asc' };
        const first = await ids({ ...order, limit: 100 });
        const halves = [
          ...(await ids({ ...order, limit: 50 })),
          ...(await ids({ ...order, limit: 50, page: 2 })),
        ];
        expect(halves).toEqual(first);
        expect(new Set(first).size).toBe(100);
        const last = Math.ceil((await list({ ...order, limit: 100 })).pagination.total / 100);
        const backwards = await ids({ ...order, sort_order: 'desc', limit: 100, page: last });
        expect(backwards.reverse()).toEqual(first.slice(0, backwards.length));
      }
  });

  test('a search finds the one there is, however old', async () => {
    expect(await ids({ search: 'langka ä' })).toEqual([3]);
    expect(await ids({ search: 'langka', status: 'verified' })).toEqual([3]);
    expect(await ids({ search: 'langka', status: 'rejected' })).toEqual([]);
    expect(await ids({ search: 'langka', from: '2026-11-25', sort_by: 'full_name' })).toEqual([3]);
    expect(await ids({ search: 'p39999@' })).toEqual([39_999]);
  });

  test('a search of the index takes every sign for itself as well', async () => {
    const odd = `"D'Artagnan" AND (xyz* OR yza) {full_name} : 👨‍👩‍👧 -NOT 100% a_b`;
    const { unitOfWork } = daftar.service.database;
    await unitOfWork.run((tx) => tx.run('UPDATE registrations SET full_name = ? WHERE id = 7', odd));
    const sought = [`"D'A`, 'nan"', 'xyz*', '(xyz* OR yza)', '{full_name} :', '👨‍👩‍👧', '-NOT', '00%', 'a_b'];
    for (const search of [odd, odd.toUpperCase(), ...sought]) expect(await ids({ search })).toEqual([7]);
    const others = [
      ...[
        '"""',
        '""a',
        'xyz OR yza',
        'full_name:xyz',
        '^xyz',
        'xyz AND',
        'NEAR(xyz yza)',
        '%xyz%',
        'a%b',
        'xy*z',
      ],
    ];
    for (const search of others) expect(await ids({ search })).toEqual([]);
  });

  test('a search that matches too many says how many at least', async () => {
    const { registrations, pagination } = await list({ search: 'biasa', status: 'rejected' });
    expect(registrations.map(({ id }) => id).slice(0, 3)).toEqual([40_000, 39_998, 39_997]);
    expect(pagination).toMatchObject({ total_is_minimum: true });
    expect(pagination.total).toBeGreaterThan(10_000);
    expect(pagination.total).toBeLessThanOrEqual(26_667);
    // In the order of time it goes on to the very end all the same.
    expect(await ids({ search: 'biasa', status: 'rejected', page: 1_300 })).toHaveLength(20);
    expect((await list({ search: 'biasa', status: 'rejected', page: 1_300 })).pagination.total).toBe(26_000);
    expect((await list({ search: 'biasa', sort_by: 'full_name' })).pagination).toMatchObject({
      total_is_minimum: true,
    });
  });

  test('one too short for the index looks through the newest, and says so', async () => {
    const { registrations, pagination } = await list({ search: 'ä' });
    expect(registrations).toEqual([]);
    expect(pagination).toMatchObject({ total: 0, total_is_minimum: true });
    // A filter that leaves few leaves nothing out.
    expect(await ids({ search: 'ä', status: 'verified', channel: 'chat' })).toEqual([3]);
    expect(await ids({ search: 'ä', status: 'verified', channel: 'web' })).toEqual([]);
    expect((await list({ search: 'pe', limit: 1 })).registrations).toMatchObject([{ id: 40_000 }]);
  });

  test('reads beside the chat, which answers as quickly as ever', async () => {
    const chat = daftar.chatWith('6281200000001');
    const lists = Promise.all(
      Array.from({ length: 20 }, () => list({ search: 'biasa', sort_by: 'full_name' })),
    );
    const began = performance.now();
    expect(await chat.says('DAFTAR')).toContain('nama lengkap');
    expect(performance.now() - began).toBeLessThan(500);
    await lists;
  });
});
