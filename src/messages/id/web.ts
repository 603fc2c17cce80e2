/** What the web form reads when things go well, and the names of statuses. */

export const webTexts = {
  otpSent: 'Kode OTP telah dikirim ke WhatsApp Anda',
  otpSending: 'Kode OTP sedang dikirim ke WhatsApp Anda',
  /** English by agreement: read by developers, whose WhatsApp is switched off. */
  otpRecorded: 'WhatsApp service disabled - message logged only',
  textOffered: 'Kirim teks ini ke nomor WhatsApp kami',
  verificationState: 'Keadaan verifikasi',
  verified: 'Nomor WhatsApp berhasil diverifikasi',
  registered: 'Pendaftaran berhasil! Kami akan menghubungi Anda segera.',
  statusFound: 'Status pendaftaran',
  packages: 'Daftar paket',
} as const;

export const statusLabels = {
  pending_verification: 'Menunggu pemeriksaan data',
  verified: 'Data terverifikasi',
  survey_scheduled: 'Survei dijadwalkan',
  survey_completed: 'Survei selesai',
  approved: 'Disetujui',
  customer_created: 'Pelanggan aktif',
  rejected: 'Ditolak',
  cancelled: 'Dibatalkan',
} as const;
