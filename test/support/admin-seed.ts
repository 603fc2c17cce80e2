/**
 * Two weeks of an ordinary provider: customers who register by chat and by web, and an admin who decides. All of it
 * goes the way that customers and admins go, under a clock that is moved on from day to day.
 */
import { DAY, HOUR, MINUTE, SECOND } from '../../src/platform/clock';
import { type Status } from '../../src/registration/lifecycle';
import { adminOf } from './admin';
import { chatAt, finish, phones, says } from './chat-journey';
import { createTestClock, DEVICE, rows, START, WEBHOOK_TOKEN, type Daftar } from './daftar';
import { webForm } from './web-form';

const PEOPLE: [string, string, string][] = [
  ['Siti Rahmawati', 'Jl. Kenanga No. 8 RT 03/05', 'Bandung'],
  ['Agus Prasetyo', 'Jl. Diponegoro Gang 4 No. 17', 'Semarang'],
  ['Dewi Lestari Putri', 'Perum Griya Asri Blok C2 No. 11', 'Bekasi'],
  ['Muhammad Rizky Ramadhan', 'Jl. Sudirman No. 45', 'Pekanbaru'],
  ['Ni Luh Ayu Wulandari', 'Jl. Raya Ubud No. 21', 'Gianyar'],
  ['Bambang Setiawan', 'Dusun Krajan RT 02/01', 'Klaten'],
  ['Rina Marlina', 'Jl. Cihampelas No. 102', 'Bandung'],
  ['Yohanes Nababan', 'Jl. Gatot Subroto No. 9', 'Medan'],
  ['Fitri Handayani', 'Jl. Pahlawan No. 33', 'Surabaya'],
  ['Hendra Gunawan', 'Komplek Taman Sari A/7', 'Tangerang'],
  ['Wahyu Hidayat', 'Jl. Merpati No. 5 RT 01/04', 'Malang'],
  ['Putri Ayuningtyas', 'Jl. Kaliurang Km 7', 'Sleman'],
  ['Made Suardana', 'Jl. Teuku Umar No. 88', 'Denpasar'],
  ['Nurul Hasanah', 'Jl. Pettarani No. 12', 'Makassar'],
  ['Eko Wibowo', 'Jl. Slamet Riyadi No. 210', 'Surakarta'],
  ['Lina Kusuma', 'Ruko Harmoni Blok D No. 3', 'Jakarta Barat'],
];

/** How far each gets, in turn. */
const FATES: Status[][] = [
  ['verified', 'survey_scheduled', 'survey_completed', 'approved', 'customer_created'],
  ['verified', 'approved'],
  ['rejected'],
  ['verified', 'survey_scheduled'],
  ['verified', 'survey_scheduled', 'survey_completed'],
  ['verified'],
  ['verified', 'approved', 'customer_created'],
  ['cancelled'],
];
const DAYS = 13;

/** A clock that starts so long ago that the seed ends at the tests' ordinary time. */
export const seedClock = () => createTestClock(START - DAYS * DAY);

/** Needs a service on a `seedClock`. Returns the phones of those who came by chat. */
export async function seedTwoWeeks(daftar: Daftar): Promise<string[]> {
  const newPhone = phones(600);
  const byChat: string[] = [];
  let number = 0;
  for (let day = 0; day <= DAYS; day += 1) {
    const today = START - (DAYS - day) * DAY;
    for (let nth = 0; nth < 2 + (day % 3); nth += 1) {
      const person = PEOPLE[number % PEOPLE.length]!;
      const phone = newPhone();
      if (number % 2 === 0) byChat.push(phone);
      const id = await (number % 2 === 0 ? comesByChat : comesByWeb)(daftar, phone, person, number);
      number += 1;
      await arrive(daftar, number);
      if (day < DAYS) await decideOn(daftar, id, number);
      await arrive(daftar, number);
      if (number % 3 === 0) await givesUp(daftar, newPhone(), number);
      daftar.clock.advance(12 * MINUTE);
    }
    daftar.clock.advance(Math.max(0, today + (day < DAYS ? DAY : 4 * HOUR) - daftar.clock.now()));
  }
  return byChat;
}

/** Some never type their code, some never finish. */
async function givesUp(daftar: Daftar, phone: string, number: number): Promise<void> {
  await chatAt(daftar, number % 2 === 0 ? 'otp' : 'address', phone);
  await arrive(daftar, number);
}

const emailOf = (name: string, number: number) =>
  `${name.toLowerCase().replaceAll(' ', '.')}${number}@example.com`;

async function comesByChat(daftar: Daftar, phone: string, [name, address, city]: string[], number: number) {
  const chat = daftar.chatWith(phone);
  await says(daftar, chat, 'Halo, mau pasang wifi');
  await finish(daftar, chat, {
    name: name!,
    email: emailOf(name!, number),
    address: address!,
    city: city!,
    location: '-6.914744, 107.609810',
    package: String(1 + (number % 3)),
    schedule: 'besok pagi',
  });
  return newestId(daftar);
}

async function comesByWeb(
  daftar: Daftar,
  phone: string,
  [full_name, address, city]: string[],
  number: number,
) {
  const form = webForm(daftar);
  const verification_token = await form.tokenFor(phone);
  daftar.clock.advance(3 * MINUTE);
  await form.register({
    ...{ full_name, phone, email: emailOf(full_name!, number), address, city, verification_token },
    package_id: 1 + (number % 3),
    id_card_number: `32730101019${String(number).padStart(5, '0')}`,
    kelurahan: 'Sukajadi',
    rt: '003',
    rw: '005',
    utm_source: number % 3 === 0 ? 'instagram' : '',
  });
  return newestId(daftar);
}

const newestId = (daftar: Daftar): number =>
  rows<{ id: number }>(daftar.service, 'SELECT MAX(id) AS id FROM registrations')[0]!.id;

async function decideOn(daftar: Daftar, id: number, number: number): Promise<void> {
  const admin = await adminOf(daftar, number % 3 === 0 ? 'tono' : undefined);
  const survey_scheduled_date = new Date(daftar.clock.now() + 3 * DAY).toISOString().slice(0, 10);
  for (const status of FATES[number % FATES.length]!) {
    daftar.clock.advance(4 * MINUTE);
    const { body } = await admin.decide(id, {
      status,
      survey_scheduled_date,
      rejection_reason: 'Alamat di luar jangkauan jaringan kami.',
      notes: status === 'verified' ? 'Data cocok dengan KTP.' : undefined,
    });
    if (!(body as { success: boolean }).success) throw new Error(JSON.stringify(body));
  }
}

/** The gateway's word on what it has taken: most are read, some arrive, few do not. */
async function arrive(daftar: Daftar, number: number): Promise<void> {
  await daftar.settle();
  const taken = rows<{ id: number; gateway_id: string }>(
    daftar.service,
    `SELECT id, gateway_id FROM messages WHERE state = 'accepted'`,
  );
  daftar.clock.advance((3 + (number % 5)) * SECOND);
  for (const { id, gateway_id } of taken) {
    const state = id % 37 === 0 ? 'failed' : id % 5 === 0 ? 'delivered' : 'read';
    const event = { device: DEVICE, id: gateway_id, stateid: `3EB0${id}`, status: 'sent', state };
    await daftar.post(`/webhooks/fonnte/statuses?token=${WEBHOOK_TOKEN}`, event);
  }
}
