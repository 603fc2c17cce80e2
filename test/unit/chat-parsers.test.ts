/** How answers are read: codes, places, packages, days. */
import fc from 'fast-check';
import { chatHints } from '../../src/messages/id/chat';
import {
  fieldParser,
  findCode,
  parseLocation,
  parsePackage,
  parseSchedule,
  type Input,
  type Parsed,
} from '../../src/chat/parsers';
import { type Package } from '../../src/registration/packages';

const text = (typed: string): Input => ({ kind: 'text', text: typed });
const photo: Input = { kind: 'media' };
const packages: Package[] = [
  { id: 11, name: 'Rumah 20', type: 'broadband', speed_mbps: 20, price: 199_000, description: null },
  { id: 12, name: 'Keluarga 50', type: 'broadband', speed_mbps: 50, price: 299_000, description: null },
  { id: 13, name: 'Keluarga 100', type: 'broadband', speed_mbps: 100, price: 399_000, description: null },
];
const facts = { today: '2026-11-25', packages };
const hint = (message: string): Parsed => ({ ok: false, hint: message });

describe('a code', () => {
  test.each([
    ['123456'],
    [' 123456 '],
    ['*123456*'],
    ['123 456'],
    ['123-456'],
    ['12.34.56'],
    ['1 2 3 4 5 6'],
    ['123 - 456'],
    ['Kode saya 123456, terima kasih'],
    ['kodenya:123456.'],
    ['１２３４５６'],
    ['*123 456*'],
    ['OTP=123456'],
    ['Halo Budi,\n\nKode OTP Anda untuk verifikasi adalah:\n\n*123456*\n\nKode ini berlaku selama 5 menit.'],
  ])('is found in %j', (typed) => {
    expect(findCode(typed)).toBe('123456');
  });

  test('keeps its leading zeros', () => {
    expect(findCode('000007')).toBe('000007');
  });

  test.each([
    [''],
    ['12345'],
    ['1234567'],
    ['081234567890'],
    ['+62 812 3456 7890'],
    ['0812-345-678'],
    ['0812-345678'],
    ['0812 3456 7890'],
    ['62.812345.6'],
    ['3273010101900001'],
    ['١٢٣٤٥٦'],
    ['kode'],
    ['12 orang dan 3456 rumah'],
  ])('is not found in %j', (typed) => {
    expect(findCode(typed)).toBeNull();
  });

  test('is found whatever words stand around it', () => {
    const words = fc.string({ unit: fc.constantFrom('a', 'Z', ' ', ',', '!', '👍', 'é') });
    const code = fc.integer({ min: 0, max: 999_999 }).map((number) => String(number).padStart(6, '0'));
    fc.assert(
      fc.property(words, code, words, (before, digits, after) => {
        expect(findCode(before + digits + after)).toBe(digits);
      }),
    );
  });
});

describe('a place', () => {
  const at = (latitude: number, longitude: number): Parsed => ({
    ok: true,
    answers: { location: { latitude, longitude } },
  });

  test.each([
    ['-6.914744,107.609810'],
    ['-6.914744, 107.609810'],
    ['(-6.914744, 107.60981)'],
    ['  -6.914744 107.60981  '],
    ['-6.914744;107.60981'],
    ['\u22126.914744,107.60981'],
    ['https://maps.google.com/?q=-6.914744,107.60981'],
    ['https://www.google.com/maps?q=loc:-6.914744,107.60981'],
    ['https://www.google.com/maps/@-6.914744,107.60981,17z'],
    ['https://www.google.com/maps/search/-6.914744,+107.60981?entry=tts'],
    ['https://www.google.com/maps/search/?api=1&query=-6.914744%2C107.60981'],
    ['https://www.google.com/maps/dir/?api=1&destination=-6.914744,107.60981'],
    ['https://www.google.com/maps/dir//-6.914744,107.60981/'],
    ['https://maps.apple.com/?ll=-6.914744,107.60981&q=Rumah'],
    ['https://www.waze.com/ul?ll=-6.914744%2C107.60981&navigate=yes'],
    ['geo:-6.914744,107.60981'],
    ['geo:0,0?q=-6.914744,107.60981'],
    ['Rumah saya di sini: https://maps.google.com/?q=-6.914744,107.60981 ya kak'],
    ['maps.google.com/?q=-6.914744,107.60981'],
    ['www.google.com/maps/@-6.914744,107.60981,17z'],
  ])('is read from %s', (typed) => {
    expect(parseLocation(text(typed))).toEqual(at(-6.914744, 107.60981));
  });

  test('in a link is the place itself, not the middle of the map', () => {
    const link =
      'https://www.google.com/maps/place/Gedung+Sate/@-6.9,107.5,17z/data=!3m1!4b1!4m6!3m5!1s0x2e68!8m2!3d-6.9025!4d107.6188!16s';
    expect(parseLocation(text(link))).toEqual(at(-6.9025, 107.6188));
  });

  test('is read from a shared location', () => {
    expect(parseLocation({ kind: 'location', latitude: -6.9, longitude: 107.6 })).toEqual(at(-6.9, 107.6));
  });

  test.each([
    'https://maps.app.goo.gl/AbCdEf123',
    'https://goo.gl/maps/AbCdEf123',
    'maps.app.goo.gl/AbCdEf123',
    'https://www.google.com/maps/place/Jl.+Mawar+12,+Bandung',
    'https://contoh.id/rumah',
  ])('is not read from a link without coordinates, which is said: %s', (typed) => {
    expect(parseLocation(text(typed))).toEqual(hint(chatHints.linkWithoutCoordinates));
  });

  test.each(['1.3521,103.8198'])('a near neighbour of ours is within the box of the rule: %s', (typed) => {
    expect(parseLocation(text(typed)).ok).toBe(true);
  });

  test.each([
    '51.5,-0.12',
    '0,0',
    '-6.9,200',
    '-99,107',
    '107.609810,-6.914744',
    'https://maps.google.com/?q=40.7,-74.0',
  ])('outside Indonesia is refused: %s', (typed) => {
    expect(parseLocation(text(typed))).toEqual(hint(chatHints.outsideIndonesia));
  });

  test('shared from abroad is refused', () => {
    expect(parseLocation({ kind: 'location', latitude: 51.5, longitude: -0.12 })).toEqual(
      hint(chatHints.outsideIndonesia),
    );
  });

  test('can be skipped', () => {
    expect(parseLocation(text('*Lewati*'))).toEqual({ ok: true, answers: { location: null } });
  });

  test('is not read from words or photos', () => {
    expect(parseLocation(text('dekat masjid'))).toEqual(hint(chatHints.locationUnclear));
    expect(parseLocation(text('NaN,NaN'))).toEqual(hint(chatHints.locationUnclear));
    expect(parseLocation(text('-6.9'))).toEqual(hint(chatHints.locationUnclear));
    expect(parseLocation(photo)).toEqual(hint(chatHints.textOnly));
  });

  test('in a broken link is no error', () => {
    expect(parseLocation(text('https://maps.google.com/?q=%E0%A4%A')).ok).toBe(false);
  });
});

describe('a package', () => {
  const chosen = (package_id: number): Parsed => ({ ok: true, answers: { package_id } });

  test.each([
    ['2', 12],
    ['2.', 12],
    [' *2* ', 12],
    ['2️⃣', 12],
    ['２', 12],
    ['no 2', 12],
    ['nomor 3', 13],
    ['Paket 1', 11],
    ['paket nomor 2', 12],
    ['pilih paket 2', 12],
    ['Keluarga 50', 12],
    ['keluarga-50!', 12],
    ['paket keluarga 50', 12],
    ['pilih keluarga 100', 13],
    ['rumah', 11],
    ['Paket Rumah', 11],
  ])('is chosen by %j', (typed, id) => {
    expect(parsePackage(text(typed), facts)).toEqual(chosen(id));
  });

  test.each([
    '0',
    '4',
    '-',
    '99',
    '1000',
    '2 atau 3',
    'keluarga',
    'paket',
    'constructor',
    '__proto__',
    'dua puluh',
    '',
  ])('is not chosen by %j', (typed) => {
    expect(parsePackage(text(typed), facts)).toEqual(hint(chatHints.packageUnclear(3)));
  });

  test('cannot be skipped, nor be a photo', () => {
    expect(parsePackage(text('LEWATI'), facts)).toEqual(hint(chatHints.required));
    expect(parsePackage(photo, facts)).toEqual(hint(chatHints.textOnly));
  });

  test('of the same name as another has to be told by its number', () => {
    const twins = { ...facts, packages: [packages[0]!, { ...packages[0]!, id: 14 }] };
    expect(parsePackage(text('Rumah 20'), twins).ok).toBe(false);
    expect(parsePackage(text('2'), twins)).toEqual(chosen(14));
  });
});

describe('a day', () => {
  const on = (date: string, slot: 'morning' | 'afternoon' | 'evening' | null = null): Parsed => ({
    ok: true,
    answers: { schedule: { date, slot } },
  });
  const read = (typed: string, today = '2026-11-25') => parseSchedule(text(typed), { ...facts, today });

  test.each([
    ['hari ini', '2026-11-25'],
    ['25/11', '2026-11-25'],
    ['26/11', '2026-11-26'],
    ['BESOK!', '2026-11-26'],
    ['lusa', '2026-11-27'],
    ['1-12', '2026-12-01'],
    ['01.12', '2026-12-01'],
    ['1 des', '2026-12-01'],
    ['1 Desember', '2026-12-01'],
    ['tanggal 1 desember', '2026-12-01'],
    ['1/12/2026', '2026-12-01'],
    ['1/12/26', '2026-12-01'],
    ['1 December 2026', '2026-12-01'],
    ['2026-12-01', '2026-12-01'],
    ['tgl 25/12', '2026-12-25'],
  ])('is read from %j', (typed, date) => {
    expect(read(typed)).toEqual(on(date));
  });

  test.each([
    ['besok pagi', 'morning'],
    ['besok siang', 'afternoon'],
    ['besok sore', 'evening'],
    ['pagi besok', 'morning'],
    ['Besok, *PAGI* 🙏', 'morning'],
    ['26/11 siang', 'afternoon'],
    ['26 nov sore', 'evening'],
  ] as const)('comes with its part: %j', (typed, slot) => {
    expect(read(typed)).toEqual(on('2026-11-26', slot));
  });

  test('may be the 30th from today, not the 31st, nor yesterday', () => {
    expect(read('25/12')).toEqual(on('2026-12-25'));
    for (const typed of ['26/12', '24/11', '1/11', '25/11/2027', '2020-01-01', '1/6'])
      expect(read(typed)).toEqual(hint(chatHints.scheduleOutOfRange));
  });

  test('turns the year', () => {
    expect(read('5/1', '2026-12-20')).toEqual(on('2027-01-05'));
    expect(read('1 januari', '2026-12-31')).toEqual(on('2027-01-01'));
    expect(read('besok', '2026-12-31')).toEqual(on('2027-01-01'));
    expect(read('31/12', '2026-12-31')).toEqual(on('2026-12-31'));
    expect(read('20/12', '2027-01-15')).toEqual(hint(chatHints.scheduleOutOfRange));
  });

  test('may be the 29th of February, when there is one', () => {
    expect(read('29/2', '2028-02-10')).toEqual(on('2028-02-29'));
    expect(read('29/2', '2027-02-10').ok).toBe(false);
  });

  test.each([
    '',
    'kapan saja',
    'pagi',
    '31/11',
    '0/12',
    '1/13',
    '32/1',
    '99/99',
    '25',
    '3 desa',
    '12 margonda',
    '1 meja',
    'besok lusa',
    'constructor',
    'besok constructor',
    '1 constructor',
    'toString',
    '25/11/2026/1',
  ])('is not read from %j', (typed) => {
    expect(read(typed)).toEqual(hint(chatHints.scheduleUnclear));
  });

  test('can be skipped, and is no photo', () => {
    expect(read('lewati.')).toEqual({ ok: true, answers: { schedule: null } });
    expect(parseSchedule(photo, facts)).toEqual(hint(chatHints.textOnly));
  });

  test('whatever is typed, is within 30 days and survives being stored', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'besok',
        'pagi',
        'siang',
        'tgl',
        'constructor',
        '__proto__',
        'valueOf',
        'des',
        '25/11',
        '1',
      ),
      fc.string(),
    );
    const typed = fc.array(word, { maxLength: 4 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(typed, (some) => {
        const parsed = read(some);
        if (!parsed.ok || !parsed.answers.schedule) return;
        expect(parsed.answers.schedule.date >= '2026-11-25').toBe(true);
        expect(parsed.answers.schedule.date <= '2026-12-25').toBe(true);
        expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed);
      }),
    );
  });
});

describe('a field of the form', () => {
  test.each(['full_name', 'email', 'address', 'city'] as const)(
    '%s takes text only, and is required',
    (field) => {
      const parse = fieldParser(field);
      expect(parse(photo, facts)).toEqual(hint(chatHints.textOnly));
      expect(parse({ kind: 'location', latitude: -6, longitude: 107 }, facts)).toEqual(
        hint(chatHints.locationNotAsked),
      );
      expect(parse(text('LEWATI'), facts)).toEqual(hint(chatHints.required));
      for (const idle of ['ya', 'ok', 'Terima kasih 🙏', '👍'])
        expect(parse(text(idle), facts)).toEqual(hint(chatHints.stillNeeded));
    },
  );

  test('follows the rule of the web form', () => {
    expect(fieldParser('full_name')(text('  Siti Aminah '), facts)).toEqual({
      ok: true,
      answers: { full_name: 'Siti Aminah' },
    });
    expect(fieldParser('full_name')(text('Al'), facts).ok).toBe(false);
    expect(fieldParser('address')(text('Jl. A'), facts).ok).toBe(false);
    expect(fieldParser('email')(text('bukan email'), facts).ok).toBe(false);
    expect(fieldParser('city')(text('B'), facts).ok).toBe(false);
  });
});

test('the longest message a webhook carries is read in no time', () => {
  const long = ['a', '1', ' ', '-', 'a.', '1,', 'https://', 'www.', '%', '*', '\u200B'].map((bit) =>
    bit.repeat(10_000).slice(0, 10_000),
  );
  const began = performance.now();
  for (const typed of long) {
    findCode(typed);
    parseLocation(text(typed));
    parsePackage(text(typed), facts);
    parseSchedule(text(typed), facts);
    for (const field of ['full_name', 'email', 'address', 'city'] as const)
      fieldParser(field)(text(typed), facts);
  }
  expect(performance.now() - began).toBeLessThan(2_000);
});
