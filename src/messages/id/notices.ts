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
