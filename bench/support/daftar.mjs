// The service under measurement, as an operator starts it.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { start, run } from './process.mjs';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const TOKEN = 'bench-webhook-token-000000000000';
export const ADMIN = { username: 'admin', password: 'bench-admin-password' };
export const MESSAGES = `/webhooks/fonnte/messages?token=${TOKEN}`;

/** Sends next to nothing: what is said stays queued, on disk. What sending costs is another row. */
export const PACED = { SEND_PER_MINUTE: '1' };
export const UNPACED = { SEND_PER_MINUTE: '0' };

const environment = (file, gatewayPort) => ({
  NODE_ENV: 'test',
  PORT: '0',
  DATABASE_URL: `sqlite:${file}`,
  APP_SECRET: 'bench-secret-of-at-least-32-characters',
  WHATSAPP_ENABLED: 'true',
  WHATSAPP_API_URL: `http://127.0.0.1:${gatewayPort}/send`,
  WHATSAPP_API_TOKEN: 'bench',
  WHATSAPP_DEVICE: '6280000000000',
  WEBHOOK_TOKEN: TOKEN,
  ADMIN_PASSWORD: ADMIN.password,
  OTP_MAX_PER_DAY: '0',
  OTP_MAX_PER_IP_PER_HOUR: '0',
  LOG_LEVEL: 'info',
});

/** BENCH_PROFILE names a folder for V8's CPU profiles of every run. */
const profile = process.env.BENCH_PROFILE
  ? ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILE}`, '--cpu-prof-interval=200']
  : [];

export const startDaftar = (file, gatewayPort, env = {}) =>
  start([...profile, PROJECT], { ...environment(file, gatewayPort), ...env });

/** Makes an empty database with the service's own schema. */
export const migrate = (file) => run([join(PROJECT, 'dist/src/cli/migrate.js')], environment(file, 9));
