/** A registration form as a whole; form-fields.test.ts has each field's rule. */
import fc from 'fast-check';
import { type FieldName, parseForm, type RegistrationForm } from '../../src/registration/form';

const TODAY = '2025-11-20';
const PNG = Buffer.from('89504e470d0a1a0a0000', 'hex');

const least = {
  full_name: 'Budi Santoso',
  email: 'budi@example.com',
  address: 'Jl. Mawar No. 1',
  city: 'Bandung',
  package_id: 1,
};
const NOTHING_ELSE = {
  id_card_number: null,
  id_card_photo: null,
  rt: null,
  rw: null,
  kelurahan: null,
  kecamatan: null,
  postal_code: null,
  latitude: null,
  longitude: null,
  address_notes: null,
  notes: null,
  preferred_installation_date: null,
  preferred_time_slot: null,
  referral_code: null,
  utm_source: null,
  utm_medium: null,
  utm_campaign: null,
};
const ALL_FIELDS = [...Object.keys(least), ...Object.keys(NOTHING_ELSE)] as FieldName[];

const errorsOf = (input: unknown) => {
  const result = parseForm(input, TODAY);
  return result.ok ? [] : result.errors;
};

describe('a whole form', () => {
  test('with the required fields alone is complete', () => {
    expect(parseForm(least, TODAY)).toEqual({ ok: true, form: { ...least, ...NOTHING_ELSE } });
  });

  test('with every field is read, trimmed, and its unknown fields are left out', () => {
    const full = {
      ...least,
      full_name: '  Budi Santoso ',
      package_id: ' 2 ',
      id_card_number: '3273010101900001',
      id_card_photo: `data:image/png;base64,${PNG.toString('base64')}`,
      rt: '001',
      rw: '2',
      kelurahan: 'Sukajadi',
      kecamatan: 'Sukajadi',
      postal_code: '40162',
      latitude: '-6.9',
      longitude: 107.6,
      address_notes: 'Pagar hijau\r\nsebelah warung',
      notes: 'Telepon dulu',
      preferred_installation_date: '2025-11-25T17:00:00.000Z',
      preferred_time_slot: 'morning' as const,
      referral_code: 'TEMAN',
      utm_source: 'ig',
      utm_medium: 'cpc',
      utm_campaign: 'nov',
      whatsapp_verified: true,
      role: 'admin',
    };
    const { whatsapp_verified: _flag, role: _role, ...known } = full;
    expect(parseForm(full, TODAY)).toEqual({
      ok: true,
      form: {
        ...known,
        full_name: 'Budi Santoso',
        package_id: 2,
        id_card_photo: { mime: 'image/png', data: PNG },
        latitude: -6.9,
        address_notes: 'Pagar hijau\nsebelah warung',
        preferred_installation_date: '2025-11-25',
      } satisfies RegistrationForm,
    });
  });

  test('that is empty lists what is required, in order', () => {
    const required = [
      { field: 'full_name', message: 'Nama lengkap wajib diisi.' },
      { field: 'email', message: 'Email wajib diisi.' },
      { field: 'address', message: 'Alamat wajib diisi.' },
      { field: 'city', message: 'Kota wajib diisi.' },
      { field: 'package_id', message: 'Paket wajib diisi.' },
    ];
    const blank = {
      full_name: '',
      email: '  ',
      address: null,
      city: '\n',
      package_id: '\u200b',
      rt: '',
      notes: ' ',
    };
    for (const input of [{}, blank, null, undefined, 'text', 7, []])
      expect(errorsOf(input)).toEqual(required);
  });

  test('tells one error per bad field, in order, however many things are wrong with it', () => {
    const bad = Object.fromEntries(ALL_FIELDS.toReversed().map((field) => [field, '\u0000'.repeat(600)]));
    expect(errorsOf(bad).map((error) => error.field)).toEqual(ALL_FIELDS);
  });

  test('with half a place asks for the other half', () => {
    expect(errorsOf({ ...least, longitude: 106.8 })).toEqual([
      { field: 'latitude', message: 'Latitude juga wajib diisi agar lokasi Anda lengkap.' },
    ]);
  });

  test('inherits nothing and survives odd shapes', () => {
    expect(errorsOf(JSON.parse('{"__proto__":{"full_name":"Budi Santoso"}}'))).toHaveLength(5);
    expect(errorsOf(Object.create(least))).toHaveLength(5);
    let deep: unknown = 'Budi Santoso';
    for (let depth = 0; depth < 10_000; depth += 1) deep = [deep];
    for (const odd of [
      deep,
      { toString: null },
      ['Budi Santoso'],
      new String('Budi'),
      'x'.repeat(1_000_000),
    ]) {
      const form = Object.fromEntries(ALL_FIELDS.map((field) => [field, odd]));
      expect(errorsOf(form).map((error) => error.field)).toEqual(ALL_FIELDS);
    }
  });

  test('property: anything at all is read or refused, never thrown at', () => {
    const form = fc.record(
      Object.fromEntries(
        ALL_FIELDS.map((field) => [field, fc.oneof(fc.anything(), fc.string({ unit: 'binary' }))]),
      ),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), form), (input) => {
        for (const error of errorsOf(input)) expect(error.message).toMatch(/^[A-Z].*\.$/);
      }),
      { numRuns: 500 },
    );
  });

  test('property: what was read once is read the same again', () => {
    const words = fc.string({ unit: 'grapheme', minLength: 10, maxLength: 60 });
    const fields = fc.record({ full_name: words, address: words, notes: words, city: words });
    fc.assert(
      fc.property(fields, (some) => {
        const once = parseForm({ ...least, ...some }, TODAY);
        if (once.ok) expect(parseForm(once.form, TODAY)).toEqual(once);
      }),
    );
  });
});
