/** What a customer reads on the web when the flow refuses: one text per refusal code. */

/** `90` → `2 menit`; waits under a minute in seconds. Rounded up, so that nobody comes back too early. */
export function waitText(seconds: number): string {
  if (seconds < 60) return `${seconds} detik`;
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} menit`;
  return `${Math.ceil(seconds / 3600)} jam`;
}

const TEXTS = {
  INVALID_PHONE: () => 'Nomor WhatsApp tidak valid. Tulis seperti 081234567890.',
  VALIDATION_ERROR: () => 'Ada data yang perlu diperbaiki. Silakan periksa kembali isian Anda.',
  OTP_COOLDOWN: (wait) => `Kode baru saja dikirim. Mohon tunggu ${wait} sebelum meminta kode lagi.`,
  OTP_LIMIT: (wait) => `Permintaan kode sudah terlalu banyak. Silakan coba lagi dalam ${wait}.`,
  WHATSAPP_UNAVAILABLE: () => 'Gagal mengirim OTP. Silakan coba lagi.',
  PHONE_UNREACHABLE: () =>
    'Nomor ini tidak dapat dihubungi lewat WhatsApp. Periksa kembali nomornya dan pastikan WhatsApp-nya aktif.',
  OTP_INVALID: (_wait, left) =>
    left > 0
      ? `Kode OTP salah. Sisa percobaan: ${left}.`
      : 'Kode OTP salah dan percobaan sudah habis. Silakan minta kode baru.',
  OTP_LOCKED: (wait) =>
    `Terlalu banyak percobaan yang salah. Silakan coba lagi dengan kode baru dalam ${wait}.`,
  OTP_EXPIRED: () => 'Kode OTP sudah kedaluwarsa. Silakan minta kode baru.',
  OTP_NOT_FOUND: () => 'Tidak ada kode OTP yang berlaku untuk nomor ini. Silakan minta kode baru.',
  NOT_VERIFIED: () => 'Nomor WhatsApp belum diverifikasi. Silakan verifikasi nomor Anda terlebih dahulu.',
  PACKAGE_NOT_AVAILABLE: () => 'Paket yang dipilih tidak tersedia. Silakan pilih paket lain.',
  ALREADY_REGISTERED: () =>
    'Email ini sudah dipakai pada pendaftaran yang masih berjalan. Gunakan email lain, atau hubungi admin kami.',
  NOT_FOUND: () => 'Nomor pendaftaran tidak ditemukan. Periksa kembali nomornya.',
  TOO_MANY_REQUESTS: (wait) => `Terlalu banyak percobaan. Silakan coba lagi dalam ${wait}.`,
  LOGIN_FAILED: () => 'Nama pengguna atau kata sandi salah.',
  INVALID_TRANSITION: () => 'Status pendaftaran ini tidak dapat diubah ke status tersebut.',
  CONFLICT: () => 'Pendaftaran ini baru saja diubah oleh orang lain. Muat ulang, lalu periksa lagi.',
  NOT_RETRYABLE: () => 'Pesan ini tidak dapat dicoba lagi.',
} satisfies Record<string, (wait: string, left: number) => string>;

/** OTP_NOT_FOUND, when what was typed is an earlier code. */
export const codeReplaced =
  'Kode ini sudah diganti dengan kode yang lebih baru. Masukkan kode dari pesan terakhir.';

/** A code without a text here does not compile where it is used. */
export function refusalText(refusal: {
  code: keyof typeof TEXTS;
  message?: string;
  retry_after?: number;
  attempts_left?: number;
}): string {
  if (refusal.message) return refusal.message;
  const text: (wait: string, left: number) => string = TEXTS[refusal.code];
  return text(waitText(refusal.retry_after ?? 60), refusal.attempts_left ?? 0);
}
