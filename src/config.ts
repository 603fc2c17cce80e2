/**
 * The configuration: environment and `config.env` in, one deeply frozen `Config` out, or every problem at once,
 * each with its variable and where the value came from. No problem or warning ever shows a value.
 *
 * Values are trimmed, secrets are not: one with blanks around it is refused, since nobody sees what was meant.
 */
import { resolve } from 'node:path';
import { type z } from 'zod';
import { defaultDevice, findConflicts, findWarnings, isProduction } from './config/guards';
import { schema, SECRETS } from './config/schema';
import { type ConfigProblem, readSettings } from './config/sources';

export { type ConfigProblem } from './config/sources';

export interface Config {
  readonly nodeEnv: string;
  /** Everything but `development` and `test`. */
  readonly production: boolean;
  readonly host: string;
  /** 0: a free one is picked. */
  readonly port: number;
  /** Without a trailing slash; null: `http://localhost:<port bound>`. */
  readonly publicUrl: string | null;
  /** Absolute. */
  readonly databasePath: string;
  /** Null only outside production: made at first start and kept beside the database. */
  readonly appSecret: string | null;
  readonly appSecretPrevious: string | null;
  readonly whatsapp: {
    readonly enabled: boolean;
    readonly allowDisabled: boolean;
    readonly provider: 'fonnte';
    /** Never null when enabled. */
    readonly apiToken: string | null;
    readonly apiUrl: string;
    /** Our own number, digits only; never null when enabled or outside production. */
    readonly device: string | null;
  };
  /** Any of them is accepted; empty only outside production: then only loopback clients may call. */
  readonly webhookTokens: readonly string[];
  readonly otp: {
    readonly ttlSeconds: number;
    readonly maxAttempts: number;
    readonly resendSeconds: number;
    readonly maxPerHour: number;
    readonly maxPerPhonePerDay: number;
    /** 0: off. */
    readonly maxPerIpPerHour: number;
    /** 0: off. */
    readonly maxPerDay: number;
  };
  readonly verificationTtlSeconds: number;
  readonly sending: {
    /** 0: unlimited. */
    readonly perMinute: number;
    readonly timeoutMs: number;
    readonly waitMs: number;
  };
  readonly chatExpireMinutes: number;
  readonly brandName: string;
  readonly timeZone: string;
  readonly admin: {
    readonly username: string;
    /** Null only outside production: made at first start and printed once. */
    readonly password: string | null;
    readonly phones: readonly string[];
  };
  readonly alertUrl: string | null;
  /** As browsers send them in `Origin`. */
  readonly corsOrigins: readonly string[];
  /** How many proxies in front are believed. */
  readonly trustProxy: number;
  readonly metricsToken: string | null;
  readonly retention: {
    readonly codesDays: number;
    readonly formsDays: number;
    readonly messagesDays: number;
    /** 0: kept for ever. */
    readonly registrationsDays: number;
  };
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
}

export interface ConfigInput {
  environment: Record<string, string | undefined>;
  /** Where `config.env` is looked for and relative paths begin. */
  directory: string;
}

export type ConfigResult =
  { ok: true; config: Config; warnings: string[] } | { ok: false; problems: ConfigProblem[] };

/** Every variable there is, in the order of the documentation; secrets also as `<NAME>_FILE`. */
export const VARIABLES: readonly string[] = Object.keys(schema.shape);

export function loadConfig({ environment, directory }: ConfigInput): ConfigResult {
  const settings = readSettings({ environment, directory, names: VARIABLES, secrets: SECRETS });
  const parsed = schema.safeParse(settings.values);
  const problems = [...settings.problems, ...findConflicts(settings)];
  for (const issue of parsed.error?.issues ?? []) {
    const variable = String(issue.path[0]);
    problems.push({ variable, problem: issue.message, source: settings.source(variable) });
  }
  if (!parsed.success || problems.length > 0) return { ok: false, problems: inOrder(problems) };

  const config = assemble(parsed.data, directory);
  const warnings = [...settings.warnings, ...findWarnings(parsed.data, config.production)];
  return { ok: true, config: deepFreeze(config), warnings };
}

/** For people, one line a problem. */
export function describeProblems(problems: readonly ConfigProblem[]): string {
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  const lines = problems.map(
    ({ variable, problem, source }) => `  - ${variable} ${problem} [from: ${source}]`,
  );
  return [`Daftar cannot start: ${count} in its configuration.`, ...lines].join('\n');
}

/** The file itself first, then as documented. */
function inOrder(problems: ConfigProblem[]): ConfigProblem[] {
  const place = ({ variable }: ConfigProblem) => VARIABLES.indexOf(variable.replace(/_FILE$/, ''));
  return problems.sort((one, other) => place(one) - place(other));
}

function assemble(data: z.infer<typeof schema>, directory: string): Config {
  const production = isProduction(data.NODE_ENV);
  return {
    nodeEnv: data.NODE_ENV,
    production,
    host: data.HOST,
    port: data.PORT,
    publicUrl: data.PUBLIC_URL ?? null,
    databasePath: resolve(directory, data.DATABASE_URL),
    appSecret: data.APP_SECRET ?? null,
    appSecretPrevious: data.APP_SECRET_PREVIOUS ?? null,
    whatsapp: {
      enabled: data.WHATSAPP_ENABLED,
      allowDisabled: data.WHATSAPP_ALLOW_DISABLED,
      provider: data.WHATSAPP_PROVIDER,
      apiToken: data.WHATSAPP_API_TOKEN ?? null,
      apiUrl: data.WHATSAPP_API_URL,
      device: data.WHATSAPP_DEVICE ?? defaultDevice(production),
    },
    webhookTokens: data.WEBHOOK_TOKEN,
    otp: {
      ttlSeconds: data.OTP_TTL_SECONDS,
      maxAttempts: data.OTP_MAX_ATTEMPTS,
      resendSeconds: data.OTP_RESEND_SECONDS,
      maxPerHour: data.OTP_MAX_PER_HOUR,
      maxPerPhonePerDay: data.OTP_MAX_PER_PHONE_PER_DAY,
      maxPerIpPerHour: data.OTP_MAX_PER_IP_PER_HOUR,
      maxPerDay: data.OTP_MAX_PER_DAY,
    },
    verificationTtlSeconds: data.VERIFICATION_TTL_SECONDS,
    sending: { perMinute: data.SEND_PER_MINUTE, timeoutMs: data.SEND_TIMEOUT_MS, waitMs: data.SEND_WAIT_MS },
    chatExpireMinutes: data.CHAT_EXPIRE_MINUTES,
    brandName: data.BRAND_NAME,
    timeZone: data.TIME_ZONE,
    admin: {
      username: data.ADMIN_USERNAME,
      password: data.ADMIN_PASSWORD ?? null,
      phones: data.ADMIN_PHONES,
    },
    alertUrl: data.ALERT_URL ?? null,
    corsOrigins: data.CORS_ORIGINS,
    trustProxy: data.TRUST_PROXY,
    metricsToken: data.METRICS_TOKEN ?? null,
    retention: {
      codesDays: data.RETENTION_CODES_DAYS,
      formsDays: data.RETENTION_FORMS_DAYS,
      messagesDays: data.RETENTION_MESSAGES_DAYS,
      registrationsDays: data.RETENTION_REGISTRATIONS_DAYS,
    },
    logLevel: data.LOG_LEVEL,
  };
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value) as unknown[]) {
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  }
  return Object.freeze(value);
}
