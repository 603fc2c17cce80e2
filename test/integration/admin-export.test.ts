/** The CSV file: what is in it, what a spreadsheet makes of it, and that it comes in slices. */
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

const add = (fields?: Partial<RegistrationRow>) => addRegistration(daftar, fields);
async function file(query = ''): Promise<string> {
  const response = await fetch(`${daftar.url}/api/registrations/export.csv${query}`, {
    headers: admin.bearer,
  });
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer()).toString('utf8');
}

/** RFC 4180: lines end in CRLF; a field in quotes may hold commas, line breaks, and quotes doubled. */
function parse(csv: string): string[][] {
  const lines: string[][] = [];
  const line: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  while (field.lastIndex < csv.length) {
    const match = field.exec(csv);
    if (!match) throw new Error('not RFC 4180');
    line.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === '\r\n') lines.push(line.splice(0));
  }
  return lines;
}
async function cells(query = ''): Promise<Record<string, string>[]> {
  const [headings, ...lines] = parse((await file(query)).replace(/^\uFEFF/, ''));
  return lines.map((line) => Object.fromEntries(headings!.map((heading, n) => [heading, line[n]!])));
}

test('is a CSV file to be kept, with a mark of its encoding, named by the day', async () => {
  const { status, headers } = await admin.get('/api/registrations/export.csv?search=%0d%0aX-Evil:%201');
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(headers.get('content-disposition')).toBe('attachment; filename="registrations-2026-11-25.csv"');
  expect(headers.get('x-evil')).toBeNull();
  expect((await file()).startsWith('\uFEFFregistration_number,created_at,status,')).toBe(true);
});

test('has every field people need, times in TIME_ZONE, and never the NIK', async () => {
  await add({
    registration_number: 'REG-20261124-0007',
    phone: '6281234567890',
    full_name: 'Zoë "Zo" Öztürk, S.T.',
    address: 'Jl. Mawar No. 12\nGang 3, belakang',
    rt: '001',
    postal_code: '40115',
    latitude: -6.2,
    longitude: 106.8,
    id_card_number_sealed: Buffer.from('3273010101900001'),
    status: 'rejected',
    rejection_reason: 'Di luar jangkauan',
  });
  const [row] = await cells();
  expect(row).toMatchObject({
    registration_number: 'REG-20261124-0007',
    created_at: '2026-11-25 10:00',
    status: 'rejected',
    channel: 'web',
    full_name: 'Zoë "Zo" Öztürk, S.T.',
    phone: "'6281234567890",
    address: 'Jl. Mawar No. 12\nGang 3, belakang',
    package_name: 'Rumah 20',
    rt: "'001",
    rw: '',
    postal_code: "'40115",
    latitude: '-6.2',
    longitude: '106.8',
    rejection_reason: 'Di luar jangkauan',
  });
  expect(Object.keys(row!).join()).not.toMatch(/card|nik|photo/i);
  expect(await file()).not.toContain('3273010101900001');
});

const TYPED = [
  ...['full_name', 'email', 'address', 'city', 'kelurahan', 'kecamatan', 'address_notes', 'notes'],
  ...['referral_code', 'utm_source', 'utm_medium', 'utm_campaign', 'rejection_reason'],
] as const;

const everywhere = (text: string) => Object.fromEntries(TYPED.map((field) => [field, text]));

describe('a formula, in whatever field a customer or an admin typed it,', () => {
  test.each([
    '=1+1',
    '+1+1',
    '-1+1',
    '@SUM(1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '  =HYPERLINK("http://evil.example","x")',
    '\u00A0=1',
    '\u200B=1',
    '＝1+1',
    '＋1',
    '\tteks',
  ])('stays a text: %j', async (formula) => {
    await add(everywhere(formula));
    const [row] = await cells();
    for (const field of TYPED) {
      expect(row![field]).toMatch(/^'/);
      expect(row![field]!.replaceAll("'", '')).toBe(formula);
    }
  });

  test('begins no cell of its own where a semicolon parts cells and quotes are not honoured', async () => {
    await add(everywhere('Budi;=1+1\n=2+2\r\n @x;\t-3'));
    const [row] = await cells();
    for (const field of TYPED) expect(row![field]).toBe("Budi;'=1+1\n'=2+2\r\n '@x;\t'-3");
    const pieces = (await file()).split(/[;\t\r\n]+\s*/);
    expect(pieces.filter((piece) => /^[=+\-@]/.test(piece))).toEqual([]);
  });
});

test('leaves ordinary texts as they are', async () => {
  const ordinary = {
    full_name: "D'Artagnan-Budi",
    address: 'Jl. A=B + C @ D; no. 2 - 3',
    notes: '"kutipan", ya',
  };
  await add(ordinary);
  expect((await cells())[0]).toMatchObject(ordinary);
});

test('takes the same filters as the list, newest first', async () => {
  const number = (n: number) => ({ registration_number: `REG-20261124-000${n}` });
  await add({ ...number(1), status: 'verified', created_at: START });
  await add({ ...number(2), channel: 'chat', full_name: 'Siti Aminah', created_at: START + 1 });
  await add({ ...number(3), created_at: START - 7 * 86_400_000 });
  const numbers = async (query: string) =>
    (await cells(query)).map(({ registration_number }) => Number(registration_number!.slice(-1)));
  expect(await numbers('')).toEqual([2, 1, 3]);
  expect(await numbers('?status=verified')).toEqual([1]);
  expect(await numbers('?channel=chat')).toEqual([2]);
  expect(await numbers('?channel=web&status=verified')).toEqual([1]);
  expect(await numbers('?search=siti')).toEqual([2]);
  expect(await numbers('?search=si')).toEqual([2]);
  expect(await numbers('?search=%25')).toEqual([]);
  expect(await numbers('?search=budi&status=verified')).toEqual([1]);
  expect(await numbers('?from=2026-11-25&to=2026-11-25')).toEqual([2, 1]);
  expect(await numbers('?to=2026-11-24&search=budi')).toEqual([3]);
  expect(await cells('?from=2027-01-01')).toEqual([]);
  const answer = await admin.get('/api/registrations/export.csv?status=nonsense');
  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-disposition')).toBeNull();
});

describe('of many rows', () => {
  const MANY = 2_500;
  beforeEach(() =>
    daftar.service.database.unitOfWork.run((tx) => {
      // Ten at each instant: a slice may end in the middle of them.
      tx.run(
        `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${MANY})
         INSERT INTO registrations (registration_number, channel, status, phone, full_name, email, address, city,
           package_id, consent_version, consent_at, created_at, updated_at)
         SELECT printf('REG-20261124-%04d', i), 'web', CASE i % 2 WHEN 0 THEN 'rejected' ELSE 'verified' END,
           '628' || (1000000000 + i), 'Pelanggan', 'p' || i || '@example.com', 'Jl. Mawar No. 12', 'Bandung', 1, '1', 0,
           ? + i / 10, 0 FROM n`,
        START,
      );
    }),
  );

  test.each(['', '?search=pelanggan', '?search=pe'])('has each exactly once: %s', async (query) => {
    const numbers = (await cells(query)).map(({ registration_number }) => registration_number!);
    expect(numbers).toEqual(
      Array.from({ length: MANY }, (_none, n) => `REG-20261124-${String(MANY - n).padStart(4, '0')}`),
    );
  });

  test('comes in slices, read as they are taken: whoever goes away stops it', async () => {
    const read = jest.spyOn(daftar.service.database.slowReads, 'all');
    const { exportCsv, parseQuery } = daftar.service.review;
    const asked = parseQuery({ status: 'rejected' });
    if (!asked.ok) throw new Error('refused');
    const slices = exportCsv(asked.query);
    await slices.next();
    expect(read).not.toHaveBeenCalled();
    const { value } = await slices.next();
    expect(parse(value!)).toHaveLength(50);
    expect(read).toHaveBeenCalledTimes(3);
    await slices.return();
    expect(read).toHaveBeenCalledTimes(3);
    read.mockRestore();
  });

  test('breaks off, rather than looking whole, when the database cannot be read any more', async () => {
    const { slowReads } = daftar.service.database;
    const all = slowReads.all.bind(slowReads);
    let reads = 0;
    jest.spyOn(slowReads, 'all').mockImplementation((...asked) => {
      reads += 1;
      return reads > 4 ? Promise.reject(new Error('gone')) : all(...asked);
    });
    await expect(file()).rejects.toThrow();
    jest.restoreAllMocks();
  });
});
