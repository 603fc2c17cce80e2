/**
 * What customers read when a field or a phone number is not accepted, in Indonesian. Each text says what to change,
 * is one short sentence or two, and never repeats what was typed. The rules themselves are in registration/form.ts.
 */

/** By what is wrong with it, as registration/phone.ts calls it. */
export const phoneProblems = {
  not_text: 'Nomor WhatsApp harus berupa teks, misalnya 081234567890.',
  empty: 'Nomor WhatsApp wajib diisi, misalnya 081234567890.',
  letters: 'Nomor WhatsApp hanya boleh berisi angka. Hapus hurufnya, misalnya 081234567890.',
  foreign_digits: 'Tulis nomor WhatsApp dengan angka biasa 0–9, misalnya 081234567890.',
  separators: 'Tulis nomor WhatsApp tanpa spasi, titik, strip, atau kurung, misalnya 081234567890.',
  characters: 'Nomor WhatsApp hanya boleh berisi angka. Ketik ulang nomornya, misalnya 081234567890.',
  missing_prefix: 'Awali nomor WhatsApp dengan 08, 62, atau +62, misalnya 081234567890.',
  extra_zero: 'Hapus angka 0 yang berlebih di depan nomor WhatsApp, misalnya 6281234567890.',
  landline: 'Gunakan nomor ponsel yang diawali 08 atau 628, bukan nomor telepon rumah atau kantor.',
  foreign: 'Gunakan nomor WhatsApp Indonesia yang diawali 08 atau 62, misalnya 081234567890.',
  too_short: 'Nomor WhatsApp kurang panjang. Periksa lagi, mungkin ada angka yang terlewat.',
  too_long: 'Nomor WhatsApp terlalu panjang. Periksa lagi, mungkin ada angka yang berlebih.',
};

/** How each field is called on forms and in messages. */
export const fieldLabels = {
  full_name: 'Nama lengkap',
  email: 'Email',
  address: 'Alamat',
  city: 'Kota',
  package_id: 'Paket',
  id_card_number: 'NIK',
  id_card_photo: 'Foto KTP',
  rt: 'RT',
  rw: 'RW',
  kelurahan: 'Kelurahan',
  kecamatan: 'Kecamatan',
  postal_code: 'Kode pos',
  latitude: 'Latitude',
  longitude: 'Longitude',
  address_notes: 'Catatan alamat',
  notes: 'Catatan',
  preferred_installation_date: 'Tanggal pemasangan',
  preferred_time_slot: 'Waktu pemasangan',
  referral_code: 'Kode referral',
  utm_source: 'Sumber kampanye',
  utm_medium: 'Media kampanye',
  utm_campaign: 'Nama kampanye',
};

/** Lengths are in characters as people count them: code points. */
export const fieldProblems = {
  required: (label: string) => `${label} wajib diisi.`,
  notText: (label: string) => `${label} harus berupa teks.`,
  tooShort: (label: string, min: number) => `${label} terlalu pendek. Tulis minimal ${min} karakter.`,
  tooLong: (label: string, max: number) => `${label} terlalu panjang. Tulis maksimal ${max} karakter.`,
  manyLines: (label: string) => `${label} harus satu baris, tanpa baris baru atau tab.`,
  controls: (label: string) => `${label} berisi karakter yang tidak terbaca. Mohon ketik ulang.`,
  nameLetters: 'Nama lengkap harus berisi minimal dua huruf.',
  email: 'Email belum benar. Periksa lagi, contohnya nama@contoh.com.',
  package: 'Pilih salah satu paket yang tersedia.',
  nik: 'NIK harus 16 angka, tanpa spasi atau titik, seperti pada KTP Anda.',
  oneToThreeDigits: (label: string) => `${label} harus 1–3 angka, misalnya 001.`,
  postalCode: 'Kode pos harus 5 angka, misalnya 40115.',
  number: (label: string) => `${label} harus berupa angka dengan titik desimal, misalnya -6.2.`,
  outsideIndonesia: (label: string) => `${label} berada di luar Indonesia. Periksa lagi lokasi Anda.`,
  coordinateMissing: (label: string) => `${label} juga wajib diisi agar lokasi Anda lengkap.`,
  date: 'Tanggal pemasangan harus tanggal yang benar, dengan format TTTT-BB-HH seperti 2026-01-31.',
  datePast: 'Tanggal pemasangan sudah lewat. Pilih hari ini atau sesudahnya.',
  timeSlot: 'Pilih waktu pemasangan: pagi (morning), siang (afternoon), atau sore (evening).',
  photoFormat: 'Foto KTP harus berupa gambar JPG, PNG, atau WebP.',
  photoDamaged: 'Foto KTP tidak terbaca. Mohon unggah ulang fotonya.',
  photoTooLarge: 'Foto KTP terlalu besar. Unggah foto berukuran maksimal 5 MB.',
  photoOtherKind:
    'Isi foto KTP tidak sesuai dengan jenis filenya. Unggah foto JPG, PNG, atau WebP yang asli.',
};

/** What admins read when a list, a decision or a package is asked for in a way that does not exist. */
export const listProblems = {
  number: 'Tulis angka bulat mulai dari 1.',
  date: 'Tulis tanggal yang benar, dengan format TTTT-BB-HH seperti 2026-01-31.',
  datePast: 'Tanggal ini sudah lewat. Pilih hari ini atau sesudahnya.',
  status: 'Status ini tidak dikenal.',
  channel: 'Kanal harus chat atau web.',
  sortBy: 'Urutkan menurut created_at, full_name, atau status.',
  sortOrder: 'Urutan harus asc atau desc.',
  version: 'Versi harus angka bulat dari data yang terakhir dimuat.',
  yesOrNo: 'Isi dengan true atau false.',
  packageName: 'Nama paket ini sudah dipakai paket lain.',
};
