// Whole registrations, as ordinary customers make them, one after the other.
import { verifyPhone } from './load-codes.mjs';
import { newInbox, webhook } from './load-turns.mjs';
import { phoneOf } from './phones.mjs';
import { connect } from './wire.mjs';

const ADDRESS = 'Jl. Mawar No. 12 RT 01/02, Kelurahan Sukajadi';

const answersBeforeCode = ['DAFTAR', 'Budi Santoso'];
const answersAfterCode = (phone) => [
  `budi.${phone}@contoh.id`,
  ADDRESS,
  'Bandung',
  'LEWATI',
  '2',
  'LEWATI',
  'YA',
];

async function codeFor(gateway, phone) {
  for (;;) {
    const code = gateway.takeCode(phone);
    if (code) return code;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

export async function registerInChat(gateway, { port, path, count, firstChat }) {
  const connection = connect(port);
  let inbox = newInbox();
  for (let n = 0; n < count; n += 1) {
    const phone = phoneOf(firstChat + n);
    const says = (text) => connection.post(path, webhook(phone, text, (inbox += 1)));
    for (const text of answersBeforeCode) await says(text);
    await says(await codeFor(gateway, phone));
    for (const text of answersAfterCode(phone)) await says(text);
  }
  connection.close();
  return { count };
}

export async function registerOnWeb(gateway, { port, count, firstChat }) {
  const connection = connect(port);
  for (let n = 0; n < count; n += 1) {
    const phone = phoneOf(firstChat + n);
    const verification_token = await verifyPhone(gateway, connection, phone);
    const form = { full_name: 'Budi Santoso', address: ADDRESS, city: 'Bandung', package_id: 2 };
    const email = `budi.${phone}@contoh.id`;
    const { status, body } = await connection.post('/api/registrations/public', {
      ...form,
      phone,
      email,
      verification_token,
    });
    if (status !== 201) throw new Error(`registration: ${status} ${body}`);
  }
  connection.close();
  return { count };
}
