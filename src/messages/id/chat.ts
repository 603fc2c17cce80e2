/**
 * Every text of the chat, in Indonesian, short and polite. A question contains its keyword (*nama lengkap*,
 * *kode OTP*, …) and no other question's, so that people and tests know where they are.
 */
import { quote } from '../escape';
import { waitText } from './refusals';

export interface PackageFacts {
  name: string;
  speed_mbps: number;
  price: number;
}

export interface SummaryFacts {
  full_name: string;
  email: string;
  address: string;
  city: string;
  location: { latitude: number; longitude: number } | null;
  package: PackageFacts | undefined;
  /** Already in words: `Rabu, 25 November 2026 (pagi)`; null: skipped. */
  schedule: string | null;
}

export interface QuestionFacts {
  packages: readonly PackageFacts[];
  summary: SummaryFacts;
}

const rupiah = new Intl.NumberFormat('id-ID');
const priceOf = (one: PackageFacts) => `${one.speed_mbps} Mbps, Rp${rupiah.format(one.price)}/bulan`;

const packageList = (packages: readonly PackageFacts[]) =>
  packages.map((one, index) => `${index + 1}. *${quote(one.name)}* – ${priceOf(one)}`).join('\n');

export const questions = {
  name: () => 'Siapa *nama lengkap* Anda? (sesuai KTP)',
  otp: () =>
    'Ketik 6 angka *kode OTP* di sini. Kode hanya untuk diketik di chat ini; petugas kami tidak pernah memintanya.\n\nBelum menerima? Ketik *KIRIM ULANG*.',
  email: () => 'Apa *email* Anda? Contoh: nama@contoh.com',
  address: () => 'Di mana *alamat* pemasangannya? Tulis jalan, nomor rumah, dan RT/RW.',
  city: () => 'Di *kota* atau kabupaten apa?',
  location: () =>
    'Kirim *lokasi* rumah Anda lewat 📎 › Lokasi, atau tautan Google Maps. Ini opsional: ketik *LEWATI* bila tidak perlu.',
  package: ({ packages }) =>
    packages.length === 0
      ? 'Maaf, saat ini belum ada *paket* yang dibuka. Ketik *CS* untuk dibantu petugas kami.'
      : `Pilih *paket* internet Anda, balas dengan nomornya:\n\n${packageList(packages)}`,
  schedule: () =>
    'Kapan *jadwal* pemasangan yang Anda inginkan? Contoh: *besok pagi* atau *25/11 siang* (paling lama 30 hari lagi). Ini opsional: ketik *LEWATI* bila bebas.',
  confirm: ({ summary }) => `Berikut *ringkasan* pendaftaran Anda:

1. Nama: ${quote(summary.full_name)}
2. Email: ${quote(summary.email)}
3. Alamat: ${quote(summary.address)}
4. Kota: ${quote(summary.city)}
5. Lokasi: ${summary.location ? `https://maps.google.com/?q=${summary.location.latitude},${summary.location.longitude}` : '-'}
6. Paket: ${summary.package ? `${quote(summary.package.name)} (${priceOf(summary.package)})` : '-'}
7. Jadwal: ${summary.schedule ?? 'bebas'}

Balas *YA* untuk mengirim, angka *1–7* untuk mengubah, atau *BATAL*.`,
} satisfies Record<string, (facts: QuestionFacts) => string>;

const questionNames = {
  name: 'nama',
  otp: 'kode',
  email: 'email',
  address: 'alamat',
  city: 'kota',
  location: 'lokasi',
  package: 'paket',
  schedule: 'jadwal',
  confirm: 'pemeriksaan akhir',
} satisfies Record<keyof typeof questions, string>;

export const slotNames = { morning: 'pagi', afternoon: 'siang', evening: 'sore' } as const;

/** One short, specific line that stands before the question is asked again. */
export const chatHints = {
  textOnly: 'Maaf, untuk pertanyaan ini kami hanya bisa membaca teks saja. 🙏',
  locationNotAsked: 'Terima kasih, tetapi titik peta belum kami perlukan. Mohon jawab dengan teks saja.',
  required: 'Bagian ini wajib diisi, jadi tidak bisa dilewati.',
  stillNeeded: 'Kami masih memerlukan jawaban untuk ini, Kak.',
  codeUnclear: 'Kode terdiri dari 6 angka, seperti di pesan yang kami kirim.',
  locationUnclear:
    'Kami belum bisa membaca titiknya. Kirim lewat 📎 › Lokasi, atau tulis seperti -6.2088,106.8456.',
  linkWithoutCoordinates:
    'Tautan itu tidak memuat koordinat. Kirim lewat 📎 › Lokasi, atau tulis seperti -6.2088,106.8456.',
  outsideIndonesia: 'Titik itu berada di luar Indonesia. Periksa kembali angkanya.',
  packageUnclear: (count: number) =>
    `Pilihan itu tidak ada di daftar. Balas dengan angka 1–${count} atau namanya.`,
  scheduleUnclear: 'Kami belum mengerti tanggalnya. Tulis seperti *25/11 pagi* atau *besok*.',
  scheduleOutOfRange: 'Tanggalnya harus mulai hari ini sampai 30 hari ke depan.',
  confirmUnclear: 'Balas *YA*, angka *1–7*, atau *BATAL*.',
  emailTaken:
    'Email itu sudah dipakai pada pendaftaran yang masih berjalan. Gunakan yang lain, atau ketik *CS* untuk dibantu.',
  packageGone: 'Maaf, pilihan itu baru saja ditutup. Silakan pilih yang lain.',
  answerRefused: (message: string) => `Ada yang perlu diperbaiki: ${message}`,
  alreadyFirst: 'Ini sudah pertanyaan pertama.',
  alreadyVerified: 'Nomor Anda sudah terverifikasi, kode baru tidak diperlukan.',
  codeComesAfterName: 'Kode kami kirim setelah pertanyaan ini dijawab.',
  verified: 'Nomor Anda terverifikasi. ✅',
  nameSaved: (name: string) => `Terima kasih, ${quote(name)}. Kode sudah kami kirim lewat pesan di atas.`,
  codeResent: 'Kode baru sudah kami kirim lewat pesan di atas. Kode sebelumnya tidak berlaku lagi.',
  codeWrong: (left: number) =>
    left > 0
      ? `Kode itu salah. Sisa percobaan: ${left}.`
      : 'Kode itu salah dan percobaannya habis. Ketik *KIRIM ULANG*.',
  codeLocked: (seconds: number) =>
    `Terlalu banyak percobaan yang salah. Coba lagi dengan *KIRIM ULANG* dalam ${waitText(seconds)}.`,
  codeExpired: 'Kode itu sudah kedaluwarsa. Ketik *KIRIM ULANG* untuk kode baru.',
  codeGone: 'Belum ada kode yang berlaku. Ketik *KIRIM ULANG* untuk kode baru.',
  codeCooldown: (seconds: number) =>
    `Kode baru bisa diminta dalam ${seconds} detik: ketik *KIRIM ULANG*. Kode yang sudah Anda terima tetap bisa dipakai bila belum terpakai.`,
  codeLimit: (seconds: number) =>
    `Permintaan kode sudah terlalu banyak. Ketik *KIRIM ULANG* dalam ${waitText(seconds)}, atau *CS* untuk dibantu.`,
  codeUnavailable:
    'Maaf, kode belum bisa kami kirim. Ketik *KIRIM ULANG* sebentar lagi, atau *CS* untuk dibantu.',
  whereYouAre: (question: keyof typeof questionNames) =>
    `Pendaftaran Anda sedang berjalan, sampai di bagian ${questionNames[question]}.`,
  startedOver:
    'Pendaftaran Anda sebelumnya sudah kami hapus karena lama tidak dilanjutkan. Kita mulai lagi dari awal ya, Kak.',
} as const;

const FOOTER = 'Ketik *BANTUAN* bila perlu.';

export const chatTexts = {
  greeting: (brand: string) => `Halo Kak! 👋 Selamat datang di *${quote(brand)}*.

Di chat ini Anda bisa mendaftar pemasangan internet. Data Anda kami simpan hanya untuk pendaftaran ini, sesuai UU Pelindungan Data Pribadi (UU PDP). Dengan mengetik *DAFTAR* Anda menyetujuinya.`,
  invitation: `Ketik *DAFTAR* untuk mulai. ${FOOTER}`,
  shortGreeting:
    'Ada yang bisa kami bantu, Kak? Ketik *DAFTAR* untuk mendaftar atau *BANTUAN* untuk pilihan lain.',
  thanks: 'Sama-sama, Kak. 🙏',
  textOnly:
    'Maaf, kami hanya bisa membaca teks saja. Ketik *DAFTAR* untuk mendaftar atau *BANTUAN* untuk pilihan lain.',
  begin: `Baik, kita mulai. ${FOOTER}`,
  nothingToCancel: 'Tidak ada pendaftaran yang sedang berjalan. Ketik *DAFTAR* untuk mulai.',
  cancelled:
    'Pendaftaran dibatalkan dan semua isian Anda sudah kami hapus. Ketik *DAFTAR* bila ingin mulai lagi.',
  help: `Kata yang bisa Anda ketik:
• *DAFTAR* – mulai mendaftar
• *KEMBALI* – satu pertanyaan ke belakang
• *KIRIM ULANG* – kirim kode lagi
• *STATUS* – lihat pendaftaran Anda
• *BATAL* – hentikan dan hapus isian
• *CS* – bicara dengan petugas kami`,
  handedOver:
    'Baik, petugas kami sudah diberi tahu dan akan membalas di chat ini. Bot diam dulu; ketik *MENU* atau *DAFTAR* kapan saja untuk kembali ke bot.',
  noRegistrations: 'Belum ada pendaftaran dari nomor ini. Ketik *DAFTAR* untuk mulai.',
  registrations: (rows: readonly { registration_number: string; label: string; date: string }[]) =>
    `Pendaftaran Anda:\n${rows.map((row) => `• *${row.registration_number}* (${row.date}): ${row.label}`).join('\n')}`,
  done: (facts: { full_name: string; registration_number: string; brand: string; tracking_url: string }) =>
    `Terima kasih, ${quote(facts.full_name)}! Pendaftaran ${quote(facts.brand)} Anda berhasil. 🎉

Nomor pendaftaran: *${facts.registration_number}*

Kami akan menghubungi Anda segera. Cek kapan saja dengan *STATUS* atau di ${facts.tracking_url}`,
  submitFailed: 'Maaf, pendaftaran belum bisa disimpan. Balas *YA* untuk mencoba lagi.',
  guarded:
    'Pesan Anda datang terlalu cepat atau berulang. Kami berhenti membalas selama 10 menit; setelah itu silakan lanjutkan. 🙏',
} as const;
