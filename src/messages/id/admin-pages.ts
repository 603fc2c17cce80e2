/** Words of the admins' pages that name what the code has names for: moves, log entries, message states, causes. */

export const moveLabels = {
  verified: 'Tandai data terverifikasi',
  survey_scheduled: 'Jadwalkan survei',
  survey_completed: 'Tandai survei selesai',
  approved: 'Setujui',
  customer_created: 'Tandai pelanggan aktif',
  rejected: 'Tolak',
  cancelled: 'Batalkan',
} as const;

export const eventLabels = {
  otp_requested: 'Kode OTP diminta',
  otp_failed: 'Kode OTP gagal dikirim',
  otp_verified: 'Nomor WhatsApp terverifikasi',
  otp_wrong: 'Kode OTP salah',
  registration_submitted: 'Pendaftaran dikirim',
  registration_verified: 'Data terverifikasi',
  registration_survey_scheduled: 'Survei dijadwalkan',
  registration_survey_completed: 'Survei selesai',
  registration_approved: 'Disetujui',
  registration_customer_created: 'Pelanggan aktif',
  registration_rejected: 'Ditolak',
  registration_cancelled: 'Dibatalkan',
  id_card_number_viewed: 'NIK ditampilkan',
  id_card_photo_viewed: 'Foto KTP ditampilkan',
  message_retried: 'Pesan dikirim ulang',
  inbound_retried: 'Pesan masuk diproses ulang',
  package_added: 'Paket ditambahkan',
  package_changed: 'Paket diubah',
  chat_started: 'Obrolan dimulai',
  chat_cancelled: 'Obrolan dibatalkan',
  chat_expired: 'Obrolan kedaluwarsa',
  chat_handed_over: 'Obrolan diserahkan ke petugas',
} as const;

/** The sign is for the eye; the words are always there for the ear. */
export const messageStates = {
  queued: { sign: '◷', label: 'dalam antrean' },
  sending: { sign: '◷', label: 'sedang dikirim' },
  recorded: { sign: '✎', label: 'hanya dicatat' },
  accepted: { sign: '✓', label: 'diterima gateway' },
  sent: { sign: '✓', label: 'terkirim' },
  delivered: { sign: '✓✓', label: 'sampai' },
  read: { sign: '✓✓', label: 'dibaca' },
  failed: { sign: '✕', label: 'gagal' },
  expired: { sign: '✕', label: 'kedaluwarsa' },
} as const;

export const messageKinds = {
  code: 'Kode OTP',
  chat: 'Balasan obrolan',
  notice: 'Pemberitahuan',
} as const;

export const inboundKinds = {
  text: 'Teks',
  location: 'Lokasi',
  media: 'Foto, suara, atau berkas',
  unknown: 'Tidak dikenal',
} as const;

export const channelLabels = { chat: 'Chat', web: 'Web' } as const;

export const slotLabels: Record<string, string> = { morning: 'pagi', afternoon: 'siang', evening: 'sore' };

export const alertCauses = {
  circuit_open: 'Pengiriman WhatsApp terhenti',
  device_disconnected: 'Perangkat WhatsApp terputus',
  quota_low: 'Kuota gateway hampir habis',
  codes_failing: 'Banyak kode OTP gagal',
  no_code_sent: 'Tidak ada kode OTP yang terkirim',
  no_webhook: 'Webhook dari gateway tidak datang',
  daily_ceiling: 'Batas harian kode OTP tercapai',
  request_refused: 'Gateway menolak permintaan kami',
  message_failed: 'Ada pesan masuk yang gagal diproses',
} as const;

export const gatewayStates = {
  ok: 'Berjalan normal',
  disabled: 'Dinonaktifkan',
  paused: 'Terhenti',
} as const;

/** What stands above a page after a redirect; `?done=` names one. */
export const flashes: Record<string, { text: string; isTrouble?: true }> = {
  decided: { text: 'Status pendaftaran telah diubah.' },
  package_saved: { text: 'Paket telah disimpan.' },
  queued_again: { text: 'Pesan dimasukkan kembali ke antrean.' },
  handled_again: { text: 'Pesan telah diproses ulang.' },
  not_retryable: { text: 'Pesan ini tidak dapat dicoba lagi.', isTrouble: true },
  failed_again: { text: 'Pesan diproses ulang, tetapi gagal lagi.', isTrouble: true },
  logged_out: { text: 'Anda telah keluar.' },
};
