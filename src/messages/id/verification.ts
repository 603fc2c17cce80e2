/** Verification by sending: what the chat asks and says, and what the web form reads when there is none. */
import { quote } from '../escape';
import { waitText } from './refusals';

export const verificationTexts = {
  /** Names who wants the proof and for whom, so that nobody proves a stranger's form unawares. */
  question: (brand: string, full_name: string) =>
    `Pendaftaran *${quote(brand)}* atas nama *${quote(full_name)}* ingin memastikan bahwa nomor WhatsApp ini milik pendaftarnya.

Balas *YA* hanya bila Anda sendiri yang sedang mengisi formulir itu. Bila bukan, jangan balas YA dan abaikan pesan ini.`,
  done: 'Terima kasih, nomor WhatsApp Anda sudah terverifikasi. ✅ Silakan kembali ke formulir Anda.',
  /** The same whatever is wrong with it: unknown, too old, used, or another's. */
  unknown:
    'Maaf, teks verifikasi itu tidak berlaku: mungkin salah ketik, sudah lewat waktunya, atau sudah dipakai. Buka kembali formulir Anda untuk teks yang baru.',
  tooMany: (seconds: number) =>
    `Terlalu banyak teks verifikasi yang tidak berlaku. Silakan coba lagi dalam ${waitText(seconds)}.`,
} as const;

export const textsUnavailable = 'Verifikasi dengan mengirim pesan WhatsApp belum tersedia saat ini.';
export const tooManyTexts = 'Permintaan verifikasi sudah terlalu banyak. Silakan coba lagi nanti.';
export const verificationUnknown = 'Verifikasi ini tidak ditemukan. Silakan mulai lagi.';
