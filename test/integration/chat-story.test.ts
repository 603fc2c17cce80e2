/** A customer registers entirely inside the chat. */
import { startDaftar, rows, type Daftar } from '../support/daftar';

const PHONE = '6281200000001';
let daftar: Daftar;

beforeEach(async () => {
  daftar = await startDaftar();
});
afterEach(() => daftar.close());

describe('a registration by chat', () => {
  test('from the first hello to the registration number', async () => {
    const chat = daftar.chatWith(PHONE);

    expect(await chat.says('Halo')).toContain('UU PDP');
    expect(await chat.says('DAFTAR')).toContain('*nama lengkap*');

    expect(await chat.says('Budi Santoso')).toContain('*kode OTP*');
    expect(chat.received().at(-2)).toBe(`Halo Budi Santoso,

Kode OTP Anda untuk verifikasi pendaftaran ISP Technician Management adalah:

*${chat.lastCode()}*

Kode ini berlaku selama 5 menit.
Jangan berikan kode ini kepada siapapun.

Terima kasih!`);

    expect(await chat.says(chat.lastCode())).toContain('*email*');
    expect(await chat.says('budi@example.com')).toContain('*alamat*');
    expect(await chat.says('Jl. Mawar No. 12 RT 01/02')).toContain('*kota*');
    expect(await chat.says('Bandung')).toContain('*lokasi*');
    const [location] = await chat.sends({ message: '', location: '-6.914744,107.609810' });
    expect(location).toContain('*paket*');
    expect(await chat.says('2')).toContain('*jadwal*');

    const summary = await chat.says('besok pagi');
    expect(summary).toContain('*ringkasan*');
    expect(summary).toContain('1. Nama: Budi Santoso');
    expect(summary).toContain('2. Email: budi@example.com');
    expect(summary).toContain('3. Alamat: Jl. Mawar No. 12 RT 01/02');
    expect(summary).toContain('4. Kota: Bandung');
    expect(summary).toContain('-6.914744,107.60981');
    expect(summary).toContain('6. Paket: Keluarga 50 (50 Mbps, Rp299.000/bulan)');
    expect(summary).toContain('7. Jadwal: Kamis, 26 November 2026 (pagi)');

    expect(await chat.says('YA')).toContain('REG-20261125-0001');
    const [registration] = rows<Record<string, unknown>>(daftar.service, 'SELECT * FROM registrations');
    expect(registration).toMatchObject({
      registration_number: 'REG-20261125-0001',
      channel: 'chat',
      status: 'pending_verification',
      phone: PHONE,
      full_name: 'Budi Santoso',
      email: 'budi@example.com',
      latitude: -6.914744,
      preferred_installation_date: '2026-11-26',
      preferred_time_slot: 'morning',
    });
    expect(await chat.says('STATUS')).toContain('REG-20261125-0001');
  });
});
