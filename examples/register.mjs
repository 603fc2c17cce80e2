/**
 * A registration in three calls, with fetch:
 *
 *   PHONE=081200000001 NAME='Budi Santoso' EMAIL=budi@example.com node examples/register.mjs
 *
 * The code is read from standard input, or from OTP if one was asked for already (then none is asked for).
 * ADDRESS, CITY, PACKAGE_ID and API have defaults. Ends with 0 and the registration number, or 1 and what was refused.
 */
import { createInterface } from 'node:readline/promises';

const { API = 'http://localhost:3001', OTP, PHONE: phone, NAME: full_name, EMAIL: email } = process.env;
const { ADDRESS = 'Jl. Mawar No. 12 RT 01/02', CITY = 'Bandung', PACKAGE_ID = '1' } = process.env;

async function call(path, body, headers = {}) {
  const response = await fetch(`${API}/api/registrations/public${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  const answer = await response.json();
  if (!answer.success) throw new Error(JSON.stringify(answer));
  return answer.data;
}

async function askForCode() {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const code = await terminal.question('Kode OTP: ');
  terminal.close();
  return code;
}

async function register() {
  // 1. A code, sent by WhatsApp.
  if (!OTP) await call('/request-otp', { phone, full_name });
  const otp = OTP || (await askForCode());

  // 2. The code proves the number.
  const { verification_token } = await call('/verify-otp', { phone, otp });

  // 3. The registration. The same proof again would return the same one.
  const form = { phone, full_name, email, address: ADDRESS, city: CITY, package_id: PACKAGE_ID };
  const proof = { Authorization: `Bearer ${verification_token}` };
  return await call('', form, proof);
}

try {
  const { registration_number } = await register();
  process.stdout.write(`${registration_number}\n`);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
