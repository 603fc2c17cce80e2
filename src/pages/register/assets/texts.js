/** What the page itself says; what the service says comes with its answers. */

/** How far a code's message has come. */
export const deliveries = {
  queued: 'Sedang dikirim ke WhatsApp Anda…',
  accepted: 'Dikirim ke WhatsApp Anda ✓',
  sent: 'Dikirim ke WhatsApp Anda ✓',
  delivered: 'Terkirim: sudah sampai di ponsel Anda ✓✓',
  read: 'Sudah dibaca ✓✓',
  failed: 'Gagal dikirim. Kirim ulang, atau verifikasi dengan mengirim pesan.',
};
export const codeRecorded = 'Kode dicatat, tidak dikirim: WhatsApp sedang dinonaktifkan.';
export const codeConfirming = 'Kode diterima di chat. Balas YA di WhatsApp untuk menyelesaikan.';
export const codeOver = 'Kode ini sudah tidak berlaku. Silakan kirim ulang kode.';
export const sixDigits = 'Kode OTP terdiri dari 6 angka.';
export const resendNow = 'Kirim ulang kode';
export const resendIn = (seconds) => `Kirim ulang dalam ${seconds} detik`;

export const sendingStates = {
  waiting: 'Menunggu pesan Anda…',
  confirming: 'Pesan Anda sudah kami terima. Balas YA di WhatsApp untuk menyelesaikan.',
};
export const sendingOver = 'Teks ini sudah tidak berlaku. Buat teks baru, lalu kirim lagi.';

export const proofOver = 'Verifikasi nomor sudah lewat waktunya. Silakan verifikasi sekali lagi.';
export const provenOther = (phone) =>
  `Nomor WhatsApp Anda kini ${phone}, nomor yang mengirim pesan kepada kami.`;
export const continueOn = 'Lanjut ke alamat';

export const placeRefused = 'Izin lokasi ditolak. Lokasi boleh dikosongkan.';
export const placeUnknown = 'Lokasi tidak ditemukan. Coba lagi di luar ruangan, atau kosongkan saja.';
export const accuracy = (metres) => `(±${Math.round(metres)} m)`;

export const photoUnreadable = 'Foto ini tidak dapat dibaca. Pilih foto JPG, PNG, atau WebP lain.';
export const photoTooLarge = 'Foto ini terlalu besar. Pilih foto lain.';
export const photoPreparing = 'Menyiapkan foto…';
export const photoReady = (bytes) => `Siap dikirim (${Math.max(1, Math.round(bytes / 1024))} KB).`;
export const uploading = (share) => `Mengunggah foto: ${Math.floor(share * 100)}%`;
export const processing = 'Foto terunggah. Menyimpan pendaftaran…';

export const mendFields = 'Ada isian yang perlu diperbaiki. Lihat tanda merah di atas.';
export const slots = { morning: 'pagi', afternoon: 'siang', evening: 'sore' };
