/**
 * What no setting can tell alone: what production demands, which settings need each other, and what will puzzle
 * somebody later. The rules look at texts and not at parsed values, so that one bad value never hides another
 * problem; no message repeats a value.
 */
import ipaddr from 'ipaddr.js';
import { type z } from 'zod';
import { length, MINIMUM, type schema } from './schema';
import { type ConfigProblem, type Settings } from './sources';

const DEVELOPMENT_DEVICE = '6280000000000';

/** Anything but `development` and `test`, to the letter: a misspelt name turns the guards on, never off. */
export const isProduction = (nodeEnv: string) => nodeEnv !== 'development' && nodeEnv !== 'test';

/** The device that development works with when none is set: a number nobody has. */
export const defaultDevice = (production: boolean) => (production ? null : DEVELOPMENT_DEVICE);

/** Settings that are missing, or refused because of others. */
export function findConflicts(settings: Settings): ConfigProblem[] {
  const { values } = settings;
  const production = isProduction(values.NODE_ENV ?? 'development');
  const problems: ConfigProblem[] = [];
  const refuse = (variable: string, problem: string) =>
    problems.push({ variable, problem, source: settings.source(variable) });
  const demand = (variable: string, why: string) => {
    if (settings.missing(variable)) refuse(variable, `is required ${why}`);
  };

  if (values.WHATSAPP_ENABLED === 'true') {
    demand('WHATSAPP_API_TOKEN', 'when WHATSAPP_ENABLED=true: it is the device token at the gateway');
    if (production) demand('WHATSAPP_DEVICE', 'when WHATSAPP_ENABLED=true: it is our own WhatsApp number');
  }
  if (values.APP_SECRET !== undefined && values.APP_SECRET === values.APP_SECRET_PREVIOUS) {
    refuse(
      'APP_SECRET_PREVIOUS',
      'is the same as APP_SECRET: give the secret that was used before, or remove it',
    );
  }
  if (!production) return problems;

  const here = `in production (NODE_ENV is neither development nor test; it comes from: ${settings.source('NODE_ENV')})`;
  const disabled = settings.missing('WHATSAPP_ENABLED') || values.WHATSAPP_ENABLED === 'false';
  if (disabled && values.WHATSAPP_ALLOW_DISABLED !== 'true') {
    refuse(
      'WHATSAPP_ENABLED',
      `is false ${here}: no message would be sent, so no customer would ever get a code. ` +
        'Set WHATSAPP_ENABLED=true, with WHATSAPP_API_TOKEN and WHATSAPP_DEVICE; ' +
        'or, if it is meant to send nothing, WHATSAPP_ALLOW_DISABLED=true',
    );
  }
  demand('APP_SECRET', `${here}: at least ${MINIMUM.appSecret} random characters (openssl rand -hex 32)`);
  demand(
    'WEBHOOK_TOKEN',
    `${here}: at least ${MINIMUM.webhookToken} random characters (openssl rand -hex 24)`,
  );
  demand('ADMIN_PASSWORD', `${here}: at least ${MINIMUM.adminPassword} characters, for the first admin`);
  if (values.ADMIN_PASSWORD !== undefined && length(values.ADMIN_PASSWORD) < MINIMUM.adminPassword) {
    refuse('ADMIN_PASSWORD', `must have at least ${MINIMUM.adminPassword} characters ${here}`);
  }
  return problems;
}

/** What does not stop a start but will puzzle somebody later. */
export function findWarnings(config: z.infer<typeof schema>, production: boolean): string[] {
  const warnings: string[] = [];
  if (config.WHATSAPP_DEVICE?.startsWith('8')) {
    warnings.push(
      'WHATSAPP_DEVICE starts with 8: if it is Indonesian, write 62 first, or no webhook will match it.',
    );
  }
  if (config.WEBHOOK_TOKEN.some((token) => !/^[\w.~-]+$/.test(token))) {
    warnings.push(
      'WEBHOOK_TOKEN holds signs that must be percent-encoded in the webhook addresses; letters, digits, - and _ are safe.',
    );
  }
  if (!production) return warnings;

  if (!config.WHATSAPP_API_URL.toLowerCase().startsWith('https:')) {
    warnings.push('WHATSAPP_API_URL is not https: the device token and all messages travel unencrypted.');
  }
  if (config.PUBLIC_URL === undefined) {
    warnings.push('PUBLIC_URL is not set: links in messages lead to localhost, dead for every customer.');
    return warnings;
  }
  if (config.PUBLIC_URL.startsWith('http:')) {
    warnings.push('PUBLIC_URL is http: forms travel unencrypted and cookies are not Secure.');
  }
  if (isLocal(new URL(config.PUBLIC_URL).hostname)) {
    warnings.push('PUBLIC_URL is a local address: links in messages are dead for every customer.');
  }
  return warnings;
}

/** Whether a phone on the internet cannot get there: private and reserved addresses, names without a public domain. */
function isLocal(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(address)) return ipaddr.process(address).range() !== 'unicast';
  const name = host.replace(/\.$/, '');
  return !name.includes('.') || /\.(localhost|local|internal|lan|home|home\.arpa|test|invalid)$/.test(name);
}
