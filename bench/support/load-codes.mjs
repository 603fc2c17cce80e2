// Web forms: request a code, read it off the gateway, verify it. Every pair has a phone of its own.
import { phoneOf } from './phones.mjs';
import { connect } from './wire.mjs';

const BASE = '/api/registrations/public';

export async function verifyPhone(gateway, connection, phone) {
  const asked = await connection.post(`${BASE}/request-otp`, { phone, full_name: 'Budi Santoso' });
  if (asked.status !== 200) throw new Error(`request-otp: ${asked.status} ${asked.body}`);
  const verified = await connection.post(`${BASE}/verify-otp`, { phone, otp: gateway.takeCode(phone) });
  if (verified.status !== 200) throw new Error(`verify-otp: ${verified.status} ${verified.body}`);
  return JSON.parse(verified.body).data.verification_token;
}

export async function askCodes(gateway, { port, connections, seconds, firstChat }) {
  const began = performance.now();
  const end = began + seconds * 1000;
  let count = 0;
  const loop = async () => {
    const connection = connect(port);
    while (performance.now() < end) await verifyPhone(gateway, connection, phoneOf(firstChat + count++));
    connection.close();
  };
  await Promise.all(Array.from({ length: connections }, loop));
  return { count, per_second: count / ((performance.now() - began) / 1000) };
}
