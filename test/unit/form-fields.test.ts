/** Each field's own rule, as chat, web and admin all meet it. */
import { fieldProblems } from '../../src/messages/id/fields';
import { type FieldName, parseCoordinates, parseField } from '../../src/registration/form';
import { PHOTO_MAX_BYTES } from '../../src/registration/id-card-photo';

const TODAY = '2025-11-20';
const JPEG = Buffer.from('ffd8ffe000104a464946', 'hex');
const PNG = Buffer.from('89504e470d0a1a0a0000', 'hex');
const WEBP = Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1');
const dataUrl = (mime: string, data: Buffer) => `data:${mime};base64,${data.toString('base64')}`;

/** The value a field is read as, or the message of its refusal. */
const read = (field: FieldName, value: unknown) => {
  const result = parseField(field, value, TODAY);
  return result.ok ? result.value : result.message;
};
const isRefused = (field: FieldName, value: unknown) => !parseField(field, value, TODAY).ok;

describe('full_name', () => {
  test.each([
    'Budi Santoso',
    'Sukarno',
    "Nur'aini",
    'O’Neil',
    'Budi 😀',
    '王小明',
    'محمد علي',
    'Budi 2',
    'X Æ *bold* {name}',
  ])('%s is a name', (name) => expect(read('full_name', name)).toBe(name));

  test('its length counts code points after trimming', () => {
    expect(isRefused('full_name', ' ab ')).toBe(true);
    expect(isRefused('full_name', 'Adi')).toBe(false);
    expect(isRefused('full_name', '𐐀'.repeat(100))).toBe(false);
    expect(isRefused('full_name', '𐐀'.repeat(101))).toBe(true);
    expect(read('full_name', 'a'.repeat(101))).toBe(
      'Nama lengkap terlalu panjang. Tulis maksimal 100 karakter.',
    );
  });

  test('wants two letters, on whichever side of other signs', () => {
    expect(read('full_name', '12345')).toBe(fieldProblems.nameLetters);
    expect(read('full_name', 'A 123')).toBe(fieldProblems.nameLetters);
    expect(read('full_name', '😀😀😀')).toBe(fieldProblems.nameLetters);
    expect(read('full_name', 'A\u2028B')).toBe('A\u2028B');
  });

  test('has no control characters', () => {
    expect(read('full_name', 'Budi\nSantoso')).toBe(
      'Nama lengkap harus satu baris, tanpa baris baru atau tab.',
    );
    for (const control of ['\u0000', '\u001b', '\u007f', '\u0085']) {
      expect(isRefused('full_name', `Budi${control}Santoso`)).toBe(true);
    }
  });

  test('half a character is replaced', () => expect(read('full_name', 'Budi \ud83d')).toBe('Budi \ufffd'));
});

describe('email', () => {
  test.each(['budi@example.com', 'Budi_Santoso+wifi@Mail.Example.CO.ID', "o'neil@example.com"])(
    '%s is kept as typed',
    (one) => expect(read('email', ` ${one} `)).toBe(one),
  );
  test.each([
    'budi',
    'budi@',
    '@example.com',
    'budi@example',
    'bu di@example.com',
    'a@b.co, c@d.co',
    'budi@exam\nple.com',
    1,
  ])('%j is none', (one) => expect(isRefused('email', one)).toBe(true));
  test('takes 254 characters', () => {
    const domain = `${'d.'.repeat(100)}id`;
    const longest = `${'a'.repeat(254 - domain.length - 1)}@${domain}`;
    expect(read('email', longest)).toBe(longest);
    expect(isRefused('email', `a${longest}`)).toBe(true);
  });
});

describe('texts', () => {
  test.each<[FieldName, number, number]>([
    ['address', 10, 500],
    ['city', 2, 100],
    ['kelurahan', 1, 100],
    ['kecamatan', 1, 100],
    ['address_notes', 1, 500],
    ['notes', 1, 500],
    ['referral_code', 1, 100],
    ['utm_source', 1, 100],
    ['utm_medium', 1, 100],
    ['utm_campaign', 1, 100],
  ])('%s takes %i to %i code points', (field, min, max) => {
    for (const sign of ['a', '😀']) {
      expect(read(field, sign.repeat(min))).toBe(sign.repeat(min));
      expect(read(field, sign.repeat(max))).toBe(sign.repeat(max));
      expect(isRefused(field, sign.repeat(max + 1))).toBe(true);
      if (min > 1) expect(isRefused(field, sign.repeat(min - 1))).toBe(true);
    }
    expect(isRefused(field, 12345678901)).toBe(true);
    expect(isRefused(field, `aaaaaaaaaaaa\u0007`)).toBe(true);
  });

  test('address and notes may hold lines and tabs, the others not', () => {
    expect(read('address', 'Jl. Mawar\r\n\tRT 01')).toBe('Jl. Mawar\n\tRT 01');
    expect(read('notes', 'a\rb')).toBe('a\nb');
    expect(isRefused('city', 'Ban\tdung')).toBe(true);
  });
});

describe('digits', () => {
  test('stay text', () => {
    expect(read('rt', ' 001 ')).toBe('001');
    expect(read('postal_code', '01234')).toBe('01234');
    expect(read('id_card_number', '0273010101900001')).toBe('0273010101900001');
  });
  test.each<[FieldName, unknown]>([
    ['rt', '1234'],
    ['rt', 'a'],
    ['rt', '١'],
    ['rw', '-1'],
    ['rw', 1],
    ['postal_code', '4016'],
    ['postal_code', '401623'],
    ['id_card_number', '327301010190000'],
    ['id_card_number', '3273 0101 0190 0001'],
    ['id_card_number', 3273010101900001],
  ])('%s refuses %j', (field, value) => expect(isRefused(field, value)).toBe(true));
});

describe('package_id', () => {
  test.each([1, '1', ' 01 '])('%j is the first', (id) => expect(read('package_id', id)).toBe(1));
  test.each([
    0,
    -1,
    1.5,
    NaN,
    Infinity,
    2 ** 53,
    '9007199254740993',
    '0',
    '1.0',
    '0x1',
    '1e1',
    '-1',
    '١',
    true,
    [1],
    {},
  ])('%j is none', (id) => expect(read('package_id', id)).toBe(fieldProblems.package));
});

describe('coordinates', () => {
  const nowhere = { ok: true, latitude: null, longitude: null };

  test('come as numbers or as numbers in strings, both or neither', () => {
    expect(parseCoordinates('-6.2', ' +106.8 ')).toEqual({ ok: true, latitude: -6.2, longitude: 106.8 });
    expect(parseCoordinates(-0, 100)).toEqual({ ok: true, latitude: 0, longitude: 100 });
    expect(parseCoordinates(undefined, null)).toEqual(nowhere);
    expect(parseCoordinates('', ' ')).toEqual(nowhere);
  });

  test('of which one is missing ask for the other', () => {
    expect(parseCoordinates(-6.2, '')).toMatchObject({ errors: [{ field: 'longitude' }] });
    expect(parseCoordinates(null, 106.8)).toMatchObject({ errors: [{ field: 'latitude' }] });
    expect(parseCoordinates('x', null)).toMatchObject({
      errors: [{ field: 'latitude' }, { field: 'longitude' }],
    });
  });

  test('end where Indonesia ends', () => {
    expect(parseCoordinates(-11.5, 94.5).ok).toBe(true);
    expect(parseCoordinates('6.5', '141.5').ok).toBe(true);
    for (const latitude of [-11.51, 6.51]) expect(isRefused('latitude', latitude)).toBe(true);
    for (const longitude of [94.49, '141.51']) expect(isRefused('longitude', longitude)).toBe(true);
  });

  test.each([
    '0x10',
    '1e1',
    'Infinity',
    'NaN',
    '1,5',
    '1.2.3',
    '-',
    '.',
    '+-1',
    '1 2',
    '٣',
    NaN,
    Infinity,
    true,
    [1],
    {},
  ])('%j is no number', (value) => expect(read('latitude', value)).toBe(fieldProblems.number('Latitude')));
});

describe('the wish for a day', () => {
  test.each([
    [TODAY, TODAY],
    [' 2025-12-31 ', '2025-12-31'],
    ['2028-02-29', '2028-02-29'],
    ['2025-11-25T23:30:00+07:00', '2025-11-25'],
    ['2025-11-25T00:00:00.000Z', '2025-11-25'],
  ])('%j is read as %s', (typed, day) => expect(read('preferred_installation_date', typed)).toBe(day));

  test.each([
    '2026-02-30',
    '2027-02-29',
    '25/11/2025',
    '2025-11-25garbage',
    '2025-11-25Tx',
    '20251125',
    20251125,
  ])('%j is no day', (typed) => expect(read('preferred_installation_date', typed)).toBe(fieldProblems.date));

  test('must not be over', () => {
    expect(read('preferred_installation_date', '2025-11-19')).toBe(fieldProblems.datePast);
    expect(read('preferred_installation_date', '2025-11-19T23:00:00Z')).toBe(fieldProblems.datePast);
  });

  test('and for a part of it', () => {
    for (const slot of ['morning', 'afternoon', 'evening'])
      expect(read('preferred_time_slot', slot)).toBe(slot);
    for (const other of ['pagi', 'MORNING', 'constructor', 0, []]) {
      expect(read('preferred_time_slot', other)).toBe(fieldProblems.timeSlot);
    }
  });
});

describe('id_card_photo', () => {
  test.each([
    ['image/jpeg', JPEG],
    ['image/png', PNG],
    ['image/webp', WEBP],
  ])('%s is read', (mime, data) => {
    expect(read('id_card_photo', dataUrl(mime, data))).toEqual({ mime, data });
    expect(read('id_card_photo', dataUrl(mime.toUpperCase(), data))).toEqual({ mime, data });
  });

  const base64 = JPEG.toString('base64');
  test.each<[string, unknown, string]>([
    ['another kind', dataUrl('image/gif', JPEG), fieldProblems.photoFormat],
    ['a page', dataUrl('text/html', JPEG), fieldProblems.photoFormat],
    ['a link', 'https://example.com/ktp.jpg', fieldProblems.photoFormat],
    ['bare base64', base64, fieldProblems.photoFormat],
    ['an object', { mime: 'image/jpeg' }, fieldProblems.photoFormat],
    ['nothing after the comma', 'data:image/jpeg;base64,', fieldProblems.photoDamaged],
    [
      'base64 with blanks',
      `data:image/jpeg;base64,${base64.slice(0, 4)} ${base64.slice(4)}`,
      fieldProblems.photoDamaged,
    ],
    [
      'base64 without padding',
      `data:image/jpeg;base64,${base64.replace(/=+$/, '')}`,
      fieldProblems.photoDamaged,
    ],
    ['URL-safe base64', `data:image/jpeg;base64,_9j_4AAQ`, fieldProblems.photoDamaged],
    [
      'a script that calls itself an image',
      dataUrl('image/png', Buffer.from('<script>')),
      fieldProblems.photoOtherKind,
    ],
    ['a PNG that calls itself a JPEG', dataUrl('image/jpeg', PNG), fieldProblems.photoOtherKind],
  ])('%s is refused', (_what, value, message) => expect(read('id_card_photo', value)).toBe(message));

  test('5 MB pass, one byte more does not', () => {
    const fill = (bytes: number) => Buffer.concat([JPEG, Buffer.alloc(bytes - JPEG.length)]);
    expect(isRefused('id_card_photo', dataUrl('image/jpeg', fill(PHOTO_MAX_BYTES)))).toBe(false);
    expect(read('id_card_photo', dataUrl('image/jpeg', fill(PHOTO_MAX_BYTES + 1)))).toBe(
      fieldProblems.photoTooLarge,
    );
  });

  test('seven million characters take no long time', () => {
    const started = performance.now();
    for (const filling of ['A', ' ', '=', '\u0000', '😀']) {
      expect(isRefused('id_card_photo', `data:image/jpeg;base64,/9j/${filling.repeat(3_000_000)}!`)).toBe(
        true,
      );
      expect(isRefused('full_name', `${filling.repeat(3_000_000)}!`)).toBe(true);
      expect(isRefused('latitude', `${filling.repeat(3_000_000)}!`)).toBe(true);
    }
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
