/** Messages that go out on their own: codes, confirmations, news for admins. What customers typed is quoted. */
import { otpName, quote } from '../escape';

/** To the letter as agreed with providers: some customers' phones read the code out of this very form. */
export function otpMessage(facts: {
  full_name: string;
  brand: string;
  code: string;
  ttl_seconds: number;
}): string {
  return `Halo ${otpName(facts.full_name)},

Kode OTP Anda untuk verifikasi pendaftaran ${facts.brand} adalah:

*${facts.code}*

Kode ini berlaku selama ${lifetime(facts.ttl_seconds)}.
Jangan berikan kode ini kepada siapapun.

Terima kasih!`;
}

function lifetime(seconds: number): string {
  return seconds < 60 ? `${seconds} detik` : `${Math.floor(seconds / 60)} menit`;
}

export function registrationConfirmation(facts: {
  full_name: string;
  brand: string;
  registration_number: string;
  package_name: string;
  tracking_url: string;
}): string {
  return `Halo ${quote(facts.full_name)}, pendaftaran ${facts.brand} Anda sudah kami terima. ✅

Nomor pendaftaran: *${facts.registration_number}*
Paket: ${quote(facts.package_name)}

Kami akan menghubungi Anda segera. Cek status kapan saja di ${facts.tracking_url} atau balas *STATUS*.`;
}

export function newRegistrationForAdmins(facts: {
  registration_number: string;
  full_name: string;
  city: string;
  package_name: string;
  channel: 'chat' | 'web';
  admin_url: string;
}): string {
  return `📥 Pendaftaran baru *${facts.registration_number}* (${facts.channel})
${quote(facts.full_name)}, ${quote(facts.city)} – ${quote(facts.package_name)}
${facts.admin_url}`;
}

/** Without the name: what was typed into a form given up is erased, and this message stays. */
export function helpWantedForAdmins(phone: string): string {
  return `🙋 Seorang pelanggan ingin berbicara dengan petugas. Balas di https://wa.me/${phone}`;
}

export function foreignNumber(brand: string): string {
  return `Maaf, pendaftaran ${brand} lewat WhatsApp hanya untuk nomor seluler Indonesia (+62 8…). Silakan hubungi kami dari nomor Indonesia Anda. Terima kasih. 🙏`;
}

/** What a customer is told of a decision. What the admin typed is quoted too. */
export interface DecisionFacts {
  full_name: string;
  brand: string;
  registration_number: string;
  tracking_url: string;
  /** `Rabu, 25 November 2026` */
  survey_date: string;
  reason: string;
}

const CALL_US = 'Ada pertanyaan? Balas *CS* di sini.';

/** One for each decision that customers are told of. */
export const decisionNotices = {
  verified: (facts: DecisionFacts) =>
    `${opening(facts)} sudah kami periksa dan datanya lengkap. ✅

Kami akan mengabari Anda tentang langkah berikutnya. Cek status di ${facts.tracking_url}`,
  survey_scheduled: (facts: DecisionFacts) =>
    `${opening(facts)}: survei lokasi dijadwalkan pada *${facts.survey_date}*. 📅

Mohon pastikan ada yang dapat ditemui di lokasi. ${CALL_US}`,
  approved: (facts: DecisionFacts) =>
    `${opening(facts)} telah disetujui. Selamat! 🎉

Tim kami akan menghubungi Anda untuk jadwal pemasangan. Cek status di ${facts.tracking_url}`,
  rejected: (facts: DecisionFacts) =>
    `${opening(facts)} mohon maaf belum dapat kami setujui.

Alasan: ${quote(facts.reason)}

${CALL_US}`,
  cancelled: (facts: DecisionFacts) =>
    `${opening(facts)} telah dibatalkan.

Bukan permintaan Anda? Balas *CS* di sini, atau *DAFTAR* untuk mendaftar lagi.`,
} satisfies Record<string, (facts: DecisionFacts) => string>;

const opening = ({ full_name, brand, registration_number }: DecisionFacts) =>
  `Halo ${quote(full_name)}, pendaftaran ${brand} Anda *${registration_number}*`;
