/**
 * Starting the service, as an operator lives it: the environment and a real folder with or without a
 * `config.env` in it. Secrets in these stories are recognisable, so that a leak of one is seen.
 */
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Config, describeProblems, loadConfig, VARIABLES } from '../../src/config';

const EXAMPLE = resolve(__dirname, '../../config.env.example');
const APP_SECRET = 'app-secret-0123456789-0123456789-abc';
const WEBHOOK_TOKEN = 'webhook-token-0123456789';
const PRODUCTION = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://daftar.isp.co.id',
  APP_SECRET,
  WEBHOOK_TOKEN,
  ADMIN_PASSWORD: 'twelve-chars',
  WHATSAPP_ENABLED: 'true',
  WHATSAPP_API_TOKEN: 'gateway-token',
  WHATSAPP_DEVICE: '6281111111111',
};

type Environment = Record<string, string | undefined>;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daftar-config-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const write = (name: string, content: string | Buffer) => writeFileSync(join(directory, name), content);
const configEnv = (...lines: string[]) => write('config.env', lines.join('\n'));

function started(environment: Environment = {}): { config: Config; warnings: string[] } {
  const result = loadConfig({ environment, directory });
  if (!result.ok) throw new Error(describeProblems(result.problems));
  return result;
}

function refused(environment: Environment = {}) {
  const result = loadConfig({ environment, directory });
  if (result.ok) throw new Error('It should have refused to start.');
  const { problems } = result;
  return {
    problems,
    printed: describeProblems(problems),
    variables: problems.map(({ variable }) => variable),
    /** The one problem of a variable. */
    about(variable: string) {
      const [problem, ...more] = problems.filter((one) => one.variable === variable);
      expect({ variable, found: problem !== undefined, more }).toEqual({ variable, found: true, more: [] });
      return problem!;
    },
  };
}

describe('a fresh clone', () => {
  it('starts without any setting, for development, sending nothing', () => {
    expect(started()).toEqual({
      ok: true,
      warnings: [],
      config: {
        nodeEnv: 'development',
        production: false,
        host: '127.0.0.1',
        port: 3001,
        publicUrl: null,
        databasePath: join(directory, 'data', 'daftar.db'),
        appSecret: null,
        appSecretPrevious: null,
        whatsapp: {
          enabled: false,
          allowDisabled: false,
          provider: 'fonnte',
          apiToken: null,
          apiUrl: 'https://api.fonnte.com/send',
          device: '6280000000000',
        },
        webhookTokens: [],
        otp: {
          ttlSeconds: 300,
          maxAttempts: 5,
          resendSeconds: 60,
          maxPerHour: 5,
          maxPerPhonePerDay: 10,
          maxPerIpPerHour: 60,
          maxPerDay: 2000,
        },
        verificationTtlSeconds: 1800,
        sending: { perMinute: 60, timeoutMs: 10_000, waitMs: 5_000 },
        chatExpireMinutes: 1440,
        brandName: 'ISP Technician Management',
        timeZone: 'Asia/Jakarta',
        admin: { username: 'admin', password: null, phones: [] },
        alertUrl: null,
        corsOrigins: [],
        trustProxy: 0,
        metricsToken: null,
        retention: { codesDays: 1, formsDays: 30, messagesDays: 90, registrationsDays: 0 },
        logLevel: 'info',
      },
    });
  });

  it('treats empty and blank settings as not set', () => {
    configEnv('PORT=', 'BRAND_NAME=""', 'WHATSAPP_ENABLED= # later');
    const empty = Object.fromEntries(VARIABLES.map((name) => [name, '  ']));
    expect(started(empty)).toEqual(started());
    expect(started(empty).config.port).toBe(3001);
  });

  it('gets a configuration that nobody can change afterwards', () => {
    const { config } = started(PRODUCTION);
    for (const part of [config, config.otp, config.whatsapp, config.webhookTokens, config.admin.phones]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });
});

describe('config.env.example', () => {
  const example = readFileSync(EXAMPLE, 'utf8');

  it('names every variable once, and none that is not one', () => {
    const named = [...example.matchAll(/^# ([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual([...VARIABLES].sort());
  });

  it('can be copied as it is', () => {
    copyFileSync(EXAMPLE, join(directory, 'config.env'));
    expect(started().warnings).toEqual([]);
  });

  it('shows the defaults', () => {
    const defaults = started();
    write('config.env', example.replace(/^# ([A-Z_]+=)/gm, '$1'));
    expect(started()).toEqual(defaults);
  });
});

describe('going to production', () => {
  it('starts with what the guards ask for, without a warning', () => {
    const { config, warnings } = started(PRODUCTION);
    expect(warnings).toEqual([]);
    expect(config).toMatchObject({ production: true, appSecret: APP_SECRET, webhookTokens: [WEBHOOK_TOKEN] });
    expect(config.whatsapp).toMatchObject({
      enabled: true,
      apiToken: 'gateway-token',
      device: '6281111111111',
    });
  });

  it('tells everything that is missing at once, and where NODE_ENV came from', () => {
    const { variables, problems, printed } = refused({ NODE_ENV: 'production' });
    expect(variables).toEqual(['APP_SECRET', 'WHATSAPP_ENABLED', 'WEBHOOK_TOKEN', 'ADMIN_PASSWORD']);
    expect(problems.map(({ source }) => source)).toEqual(Array(4).fill('default (not set)'));
    expect(printed).toContain('4 problems');
    expect(printed).toMatch(
      /APP_SECRET is required in production \(.*comes from: environment\): at least 32/,
    );
  });

  it('misses nothing because something else is wrong as well', () => {
    configEnv('PORT=eighty', 'OTP_TTL_SECONDS=5m');
    const { variables } = refused({ NODE_ENV: 'production', LOG_LEVEL: 'loud' });
    expect(variables).toEqual([
      'PORT',
      'APP_SECRET',
      'WHATSAPP_ENABLED',
      'WEBHOOK_TOKEN',
      'OTP_TTL_SECONDS',
      'ADMIN_PASSWORD',
      'LOG_LEVEL',
    ]);
  });

  it('demands token and device once messages are to be sent', () => {
    const { variables } = refused({ ...PRODUCTION, WHATSAPP_API_TOKEN: '', WHATSAPP_DEVICE: undefined });
    expect(variables).toEqual(['WHATSAPP_API_TOKEN', 'WHATSAPP_DEVICE']);
  });

  it('demands in development only the token: the device has a default there', () => {
    const { variables } = refused({ WHATSAPP_ENABLED: 'true' });
    expect(variables).toEqual(['WHATSAPP_API_TOKEN']);
    expect(started({ WHATSAPP_ENABLED: 'true', WHATSAPP_API_TOKEN: 'x' }).config.whatsapp.device).toBe(
      '6280000000000',
    );
  });

  it.each(['production', 'Production', 'prod', 'staging', 'Development', 'TEST', 'dev'])(
    'turns the guards on for NODE_ENV=%s',
    (NODE_ENV) => {
      expect(refused({ NODE_ENV }).variables).toContain('WEBHOOK_TOKEN');
      expect(started({ ...PRODUCTION, NODE_ENV }).config).toMatchObject({
        production: true,
        nodeEnv: NODE_ENV,
      });
    },
  );

  it.each(['development', 'test', ' test '])('leaves them off for NODE_ENV=%s', (NODE_ENV) => {
    expect(started({ NODE_ENV }).config).toMatchObject({ production: false, nodeEnv: NODE_ENV.trim() });
  });

  it('takes NODE_ENV from config.env too', () => {
    configEnv('NODE_ENV=production');
    expect(refused().about('WEBHOOK_TOKEN').problem).toContain('comes from: config.env');
  });

  it('wants a real password for the first admin, while development takes any', () => {
    const ADMIN_PASSWORD = 'elevenchars';
    const { problem, source } = refused({ ...PRODUCTION, ADMIN_PASSWORD }).about('ADMIN_PASSWORD');
    expect(problem).toMatch(/^must have at least 12 characters/);
    expect(source).toBe('environment');
    expect(started({ ADMIN_PASSWORD }).config.admin.password).toBe(ADMIN_PASSWORD);
  });
});

describe('WhatsApp left disabled in production', () => {
  const disabled = { ...PRODUCTION, WHATSAPP_ENABLED: 'false' };

  it('refuses, says why it matters, what to do, and that the environment said so', () => {
    const { problem, source } = refused(disabled).about('WHATSAPP_ENABLED');
    expect(problem).toContain('no customer would ever get a code');
    expect(problem).toContain('WHATSAPP_ENABLED=true');
    expect(problem).toContain('WHATSAPP_ALLOW_DISABLED=true');
    expect(source).toBe('environment');
  });

  it('says that config.env said so', () => {
    configEnv('WHATSAPP_ENABLED=false');
    expect(refused({ ...disabled, WHATSAPP_ENABLED: '' }).about('WHATSAPP_ENABLED').source).toBe(
      'config.env',
    );
  });

  it('says that nobody said anything', () => {
    const { source } = refused({ ...disabled, WHATSAPP_ENABLED: undefined }).about('WHATSAPP_ENABLED');
    expect(source).toBe('default (not set)');
  });

  it('shows the stale environment that beats an edited file', () => {
    configEnv('WHATSAPP_ENABLED=true');
    const { printed } = refused(disabled);
    expect(printed).toMatch(/WHATSAPP_ENABLED is false .*\[from: environment, overriding config\.env\]/);
  });

  it('starts when it is meant', () => {
    const { config } = started({ ...disabled, WHATSAPP_ALLOW_DISABLED: 'true', WHATSAPP_DEVICE: '' });
    expect(config.whatsapp).toMatchObject({ enabled: false, allowDisabled: true, device: null });
  });

  it.each(['TRUE', 'True', '1', 'yes', 'on', '"true"'])(
    'does not guess what WHATSAPP_ENABLED=%s means',
    (value) => {
      const { variables } = refused({ ...PRODUCTION, WHATSAPP_ENABLED: value });
      expect(variables).toEqual(['WHATSAPP_ENABLED']);
    },
  );
});

describe('what production warns about', () => {
  const warned = (environment: Environment) => started({ ...PRODUCTION, ...environment }).warnings;

  it.each([
    [
      'a gateway without https',
      { WHATSAPP_API_URL: 'http://gateway.isp.co.id/send' },
      /^WHATSAPP_API_URL is not https/,
    ],
    ['no PUBLIC_URL', { PUBLIC_URL: '' }, /^PUBLIC_URL is not set/],
    ['a PUBLIC_URL without https', { PUBLIC_URL: 'http://daftar.isp.co.id' }, /^PUBLIC_URL is http:/],
    ['localhost', { PUBLIC_URL: 'https://localhost:3001' }, /^PUBLIC_URL is a local address/],
    ['a private address', { PUBLIC_URL: 'https://192.168.1.10' }, /^PUBLIC_URL is a local address/],
    ['a private IPv6 address', { PUBLIC_URL: 'https://[fd00::1]:8443' }, /^PUBLIC_URL is a local address/],
    [
      'a name of the office network',
      { PUBLIC_URL: 'https://server.local' },
      /^PUBLIC_URL is a local address/,
    ],
    ['a name without a domain', { PUBLIC_URL: 'https://daftar' }, /^PUBLIC_URL is a local address/],
  ])('%s', (_what, environment, warning) => {
    expect(warned(environment)).toEqual([expect.stringMatching(warning)]);
    expect(started(environment).warnings).toEqual([]); // not in development
  });

  it('both, when PUBLIC_URL is local and without https', () => {
    expect(warned({ PUBLIC_URL: 'http://10.0.0.5' })).toHaveLength(2);
  });

  it('a public address is none of it', () => {
    expect(warned({ PUBLIC_URL: 'https://8.8.8.8' })).toEqual([]);
  });
});

describe('config.env', () => {
  it('is read, with quotation marks, comments, blanks and export', () => {
    configEnv(
      '# our settings',
      '',
      '   # indented comment',
      'PORT=4000 # behind nginx',
      'BRAND_NAME="Net #1 Bandung"  # quoted',
      "  ADMIN_USERNAME = 'budi'",
      'export TIME_ZONE=Asia/Makassar',
    );
    const { config, warnings } = started();
    expect(config).toMatchObject({ port: 4000, brandName: 'Net #1 Bandung', timeZone: 'Asia/Makassar' });
    expect(config.admin.username).toBe('budi');
    expect(warnings).toEqual([]);
  });

  it('is read as Windows editors save it: byte order mark and CRLF', () => {
    write('config.env', '\uFEFFPORT=4000\r\nWHATSAPP_ENABLED="false"\r\n\r\nLOG_LEVEL=debug\r\n');
    expect(started().config).toMatchObject({ port: 4000, logLevel: 'debug' });
  });

  it('loses to the environment, which is said when the two differ', () => {
    configEnv('PORT=4000', 'LOG_LEVEL=debug');
    const { config, warnings } = started({ PORT: '5000', LOG_LEVEL: 'debug' });
    expect(config.port).toBe(5000);
    expect(warnings).toEqual(['The environment overrides what config.env says about: PORT.']);
  });

  it('still counts where the environment has only an empty value', () => {
    configEnv('PORT=4000');
    expect(started({ PORT: '' }).config.port).toBe(4000);
  });

  it('is named as the source of what is wrong in it', () => {
    configEnv('PORT=4000x');
    expect(refused().about('PORT').source).toBe('config.env');
  });

  it('must be readable when it is there, and nothing else is then said to be missing', () => {
    mkdirSync(join(directory, 'config.env'));
    expect(refused({ NODE_ENV: 'production' }).problems).toEqual([
      { variable: 'config.env', problem: 'is a folder', source: 'config.env' },
    ]);
  });

  it('must not be a link that leads nowhere', () => {
    symlinkSync(join(directory, 'gone'), join(directory, 'config.env'));
    expect(refused().about('config.env').problem).toBe('does not exist');
  });

  it('must be UTF-8', () => {
    write('config.env', Buffer.from('\uFEFFPORT=4000\r\n', 'utf16le'));
    expect(refused().about('config.env').problem).toBe('is not UTF-8 text');
  });

  it('must not have lines that nobody understands; the other lines still count', () => {
    configEnv('PORT: 4000', 'LOG_LEVEL=loud');
    const { problems } = refused();
    expect(problems[0]).toEqual({
      variable: 'config.env',
      problem: 'line 1 is neither NAME=value nor a comment',
      source: 'config.env',
    });
    expect(problems.map(({ variable }) => variable)).toEqual(['config.env', 'LOG_LEVEL']);
  });

  it.each([
    ['an open quotation mark', 'WEBHOOK_TOKEN="webhook-token-0123456789', /quotation marks.*line 2/],
    ['something after the quotation', `WEBHOOK_TOKEN="webhook"-token-0123456789`, /quotation marks.*line 2/],
    ['a # that would cut the value', 'WEBHOOK_TOKEN=webhook-token-0123456789#more', /has a # inside.*line 2/],
    ['a # at the start', 'WEBHOOK_TOKEN=#webhook-token-0123456789', /has a # inside.*line 2/],
    ['the same variable twice', `WEBHOOK_TOKEN=${WEBHOOK_TOKEN}\nWEBHOOK_TOKEN=`, /twice, in lines 2 and 3/],
  ])('refuses %s, without calling the variable missing too', (_what, line, expected) => {
    configEnv('LOG_LEVEL=info', line);
    const { problems } = refused({ ...PRODUCTION, WEBHOOK_TOKEN: undefined });
    expect(problems).toEqual([
      { variable: 'WEBHOOK_TOKEN', problem: expect.stringMatching(expected) as string, source: 'config.env' },
    ]);
  });

  it('asks about names that are no setting, without repeating them', () => {
    configEnv('PORT=4000', 'WHATSAPP_ENABELD=true', 'c2VjcmV0=');
    expect(started().warnings).toEqual([
      'config.env, line 2: no setting has this name. Is it misspelt?',
      'config.env, line 3: no setting has this name. Is it misspelt?',
    ]);
  });
});

describe('secrets in files', () => {
  it('are read without the line end, from the folder the service starts in', () => {
    write('app-secret', `${APP_SECRET}\n`);
    write('token', 'gateway-token\r\n');
    configEnv('WHATSAPP_API_TOKEN_FILE=token');
    const { config } = started({ APP_SECRET_FILE: join(directory, 'app-secret') });
    expect(config.appSecret).toBe(APP_SECRET);
    expect(config.whatsapp.apiToken).toBe('gateway-token');
  });

  it.each([
    'APP_SECRET',
    'APP_SECRET_PREVIOUS',
    'WHATSAPP_API_TOKEN',
    'WEBHOOK_TOKEN',
    'ADMIN_PASSWORD',
    'METRICS_TOKEN',
  ])('exist for %s', (name) => {
    expect(refused({ [`${name}_FILE`]: 'missing' }).about(name)).toEqual({
      variable: name,
      problem: 'names a file that does not exist',
      source: `environment, ${name}_FILE`,
    });
  });

  it('exist for secrets only', () => {
    expect(started({ PORT_FILE: 'missing' }).config.port).toBe(3001);
    configEnv('PORT_FILE=missing');
    expect(started().warnings).toHaveLength(1);
  });

  it('are judged like any other, and the file is named as the source', () => {
    write('short', 'short');
    expect(refused({ APP_SECRET_FILE: 'short' }).about('APP_SECRET')).toEqual({
      variable: 'APP_SECRET',
      problem: 'must have at least 32 characters',
      source: 'environment, APP_SECRET_FILE',
    });
  });

  it('must not be empty: then something went wrong on the way', () => {
    write('empty', '\n');
    configEnv('METRICS_TOKEN_FILE=empty');
    const { problem, source } = refused().about('METRICS_TOKEN');
    expect(problem).toBe('names a file that is empty');
    expect(source).toBe('config.env, METRICS_TOKEN_FILE');
  });

  it('that cannot be read are one problem, not also a missing secret', () => {
    const { variables } = refused({ ...PRODUCTION, WEBHOOK_TOKEN: '', WEBHOOK_TOKEN_FILE: 'missing' });
    expect(variables).toEqual(['WEBHOOK_TOKEN']);
  });

  it('must not compete with the variable in the same place', () => {
    write('app-secret', APP_SECRET);
    const { problem } = refused({ APP_SECRET, APP_SECRET_FILE: 'app-secret' }).about('APP_SECRET');
    expect(problem).toBe('and APP_SECRET_FILE are both set: keep one of them');
  });

  it('lose to the environment when config.env names them, and win the other way round', () => {
    write('token', 'from-file');
    configEnv('WHATSAPP_API_TOKEN_FILE=token', 'METRICS_TOKEN=from-config');
    const { config, warnings } = started({
      WHATSAPP_API_TOKEN: 'from-environment',
      METRICS_TOKEN_FILE: 'token',
    });
    expect(config.whatsapp.apiToken).toBe('from-environment');
    expect(config.metricsToken).toBe('from-file');
    expect(warnings).toEqual([expect.stringContaining('WHATSAPP_API_TOKEN, METRICS_TOKEN')]);
  });
});

describe('no value is ever printed', () => {
  const LEAK = 'EAAG-leaked-token-9f8e7d';

  it('whatever variable a token was pasted into', () => {
    const pasted = Object.fromEntries(VARIABLES.map((name) => [name, LEAK]));
    const { printed, variables } = refused(pasted);
    expect(printed).not.toContain(LEAK);
    expect(variables).toEqual(
      expect.arrayContaining(['PORT', 'APP_SECRET', 'WHATSAPP_ENABLED', 'LOG_LEVEL']),
    );
  });

  it('in a line of config.env that is broken, or in a path', () => {
    configEnv(LEAK, `WEBHOOK_TOKEN="${LEAK}`, `METRICS_TOKEN=${LEAK}#`, `${LEAK.replaceAll('-', '')}=`);
    const { printed } = refused({ APP_SECRET_FILE: LEAK });
    expect(printed).not.toMatch(/leaked/);
  });

  it('in a warning', () => {
    configEnv(`METRICS_TOKEN=${LEAK}`);
    const { warnings } = started({ METRICS_TOKEN: `${LEAK}2`, WEBHOOK_TOKEN: `${LEAK}+${LEAK}` });
    expect(warnings).toHaveLength(2);
    expect(warnings.join()).not.toMatch(/leaked/);
  });
});

describe('secrets', () => {
  it.each([
    ['a blank at the end', { METRICS_TOKEN: 'token ' }, 'METRICS_TOKEN'],
    ['a blank at the start', { APP_SECRET: ` ${APP_SECRET}` }, 'APP_SECRET'],
    ['a line end inside', { APP_SECRET: `${APP_SECRET}\nmore` }, 'APP_SECRET'],
    ['letters a header cannot carry', { WHATSAPP_API_TOKEN: 'tökén' }, 'WHATSAPP_API_TOKEN'],
    ['the quotation marks docker --env-file keeps', { WHATSAPP_API_TOKEN: '"token"' }, 'WHATSAPP_API_TOKEN'],
    ['31 characters', { APP_SECRET: 'x'.repeat(31) }, 'APP_SECRET'],
    ['31 characters of the previous one', { APP_SECRET_PREVIOUS: 'x'.repeat(31) }, 'APP_SECRET_PREVIOUS'],
    [
      'the same secret as the previous one',
      { APP_SECRET, APP_SECRET_PREVIOUS: APP_SECRET },
      'APP_SECRET_PREVIOUS',
    ],
  ])('refuse %s', (_what, environment, variable) => {
    expect(refused(environment).variables).toEqual([variable]);
  });

  it('keep every other sign', () => {
    configEnv(`APP_SECRET="${APP_SECRET} #$'ü"`);
    expect(started().config.appSecret).toBe(`${APP_SECRET} #$'ü`);
  });
});

describe('rotating the webhook token', () => {
  const OTHER = 'another-token-0123456789';
  const tokens = (value: string) => started({ WEBHOOK_TOKEN: value }).config.webhookTokens;

  it('accepts the new and the old one, with blanks and a comma left over', () => {
    expect(tokens(`${OTHER},${WEBHOOK_TOKEN}`)).toEqual([OTHER, WEBHOOK_TOKEN]);
    expect(tokens(` ${OTHER} , ${WEBHOOK_TOKEN} `)).toEqual([OTHER, WEBHOOK_TOKEN]);
    expect(tokens(`${WEBHOOK_TOKEN},`)).toEqual([WEBHOOK_TOKEN]);
  });

  it.each([
    ['three', [OTHER, WEBHOOK_TOKEN, `${OTHER}-3`], /more than two/],
    ['the same one twice', [WEBHOOK_TOKEN, WEBHOOK_TOKEN], /same token twice/],
    ['a short second one', [WEBHOOK_TOKEN, 'short'], /at least 24 characters \(token 2\)/],
    ['a short one', ['x'.repeat(23)], /at least 24 characters$/],
    ['none between commas', ['', ''], /no token/],
  ])('refuses %s', (_what, given, expected) => {
    expect(refused({ WEBHOOK_TOKEN: given.join(',') }).about('WEBHOOK_TOKEN').problem).toMatch(expected);
  });

  it('warns of signs that an address changes', () => {
    const { warnings } = started({ WEBHOOK_TOKEN: 'webhook+token/0123456789=' });
    expect(warnings).toEqual([expect.stringContaining('percent-encoded')]);
  });
});

describe('numbers', () => {
  it.each(['-1', '+5', '1.5', '5.0', '1e3', '0x10', '5 m', 'five', '٣', '５', '99999999999999999999'])(
    'are digits and within bounds: %s is refused',
    (value) => {
      expect(refused({ OTP_MAX_ATTEMPTS: value }).variables).toEqual(['OTP_MAX_ATTEMPTS']);
    },
  );

  it('are 0 only where that means off', () => {
    const numeric = VARIABLES.filter((name) =>
      /^OTP_|^SEND_|^RETENTION_|_SECONDS$|_MINUTES$|^PORT$|^TRUST_PROXY$/.test(name),
    );
    const mayBeZero = numeric.filter((name) => loadConfig({ environment: { [name]: '0' }, directory }).ok);
    expect(mayBeZero).toEqual([
      'PORT',
      'OTP_MAX_PER_IP_PER_HOUR',
      'OTP_MAX_PER_DAY',
      'SEND_PER_MINUTE',
      'TRUST_PROXY',
      'RETENTION_REGISTRATIONS_DAYS',
    ]);
  });

  it.each([
    ['PORT', 65_535],
    ['TRUST_PROXY', 10],
    ['OTP_TTL_SECONDS', 86_400],
    ['SEND_TIMEOUT_MS', 3_600_000],
    ['CHAT_EXPIRE_MINUTES', 525_600],
    ['RETENTION_MESSAGES_DAYS', 36_500],
  ])('of %s end at %d', (name, maximum) => {
    started({ [name]: ` ${maximum} ` });
    expect(refused({ [name]: `${maximum + 1}` }).about(name).problem).toContain(`to ${maximum}`);
  });
});

describe('addresses', () => {
  it.each([
    ['https://daftar.isp.co.id/', 'https://daftar.isp.co.id'],
    ['http://localhost:3001', 'http://localhost:3001'],
    ['https://isp.co.id/daftar//', 'https://isp.co.id/daftar'],
  ])('PUBLIC_URL=%s is the start of links', (PUBLIC_URL, expected) => {
    expect(started({ PUBLIC_URL }).config.publicUrl).toBe(expected);
  });

  it.each([
    ['PUBLIC_URL', 'daftar.isp.co.id'],
    ['PUBLIC_URL', 'localhost:3001'],
    ['PUBLIC_URL', 'https://isp.co.id/?a=b'],
    ['PUBLIC_URL', 'https://isp.co.id/#a'],
    ['PUBLIC_URL', 'https:///isp.co.id'],
    ['WHATSAPP_API_URL', 'ftp://api.fonnte.com/send'],
    ['WHATSAPP_API_URL', 'https://user:password@api.fonnte.com/send'],
    ['ALERT_URL', 'javascript:alert(1)'],
    ['ALERT_URL', 'https://alerts.isp.co.id/a b'],
    ['HOST', 'http://localhost'],
    ['HOST', '0.0.0.0:3001'],
    ['HOST', '[::1]'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'null'],
    ['CORS_ORIGINS', 'www.isp.co.id'],
    ['CORS_ORIGINS', 'https://*.isp.co.id'],
    ['CORS_ORIGINS', 'https://www.isp.co.id/'],
    ['CORS_ORIGINS', 'https://www.isp.co.id, https://isp.co.id/form'],
    ['DATABASE_URL', 'data/daftar.db'],
    ['DATABASE_URL', 'postgres://localhost/daftar'],
    ['DATABASE_URL', 'sqlite:'],
    ['DATABASE_URL', 'sqlite::memory:'],
    ['DATABASE_URL', 'sqlite://data/daftar.db'],
    ['DATABASE_URL', 'sqlite:data/'],
    ['DATABASE_URL', 'sqlite:data/daftar.db?mode=ro'],
  ])('%s=%s is refused', (name, value) => {
    expect(refused({ [name]: value }).variables).toEqual([name]);
  });

  it.each(['0.0.0.0', '::', '::1', 'localhost', 'app-1.isp.co.id'])('HOST=%s is fine', (HOST) => {
    expect(started({ HOST }).config.host).toBe(HOST);
  });

  it('of the database begin at the working folder, unless absolute', () => {
    const path = (DATABASE_URL: string) => started({ DATABASE_URL }).config.databasePath;
    expect(path('sqlite:other/file.db')).toBe(join(directory, 'other/file.db'));
    expect(path('sqlite:./file')).toBe(join(directory, 'file'));
    expect(path('sqlite:/var/lib/daftar.db')).toBe('/var/lib/daftar.db');
    expect(path('sqlite:///var/lib/daftar.db')).toBe('/var/lib/daftar.db');
  });

  it('of other web pages are taken as browsers send them', () => {
    const CORS_ORIGINS = 'https://WWW.isp.co.id:443, http://localhost:8080,,https://www.isp.co.id';
    expect(started({ CORS_ORIGINS }).config.corsOrigins).toEqual([
      'https://www.isp.co.id',
      'http://localhost:8080',
    ]);
  });
});

describe('phones', () => {
  it('of admins are stored in international form, each once', () => {
    const ADMIN_PHONES = '081234567890, +6281234567891,6281234567890,';
    expect(started({ ADMIN_PHONES }).config.admin.phones).toEqual(['6281234567890', '6281234567891']);
  });

  it('of admins are refused by their place in the list', () => {
    const { problem } = refused({ ADMIN_PHONES: '081234567890,0812-3456-7890' }).about('ADMIN_PHONES');
    expect(problem).toMatch(/\(entry 2\)$/);
  });

  it.each([
    ['081234567890', '6281234567890'],
    ['+6281234567890', '6281234567890'],
    ['62211234567', '62211234567'],
    ['+6588887777', '6588887777'],
  ])('the device may be %s', (WHATSAPP_DEVICE, expected) => {
    expect(started({ WHATSAPP_DEVICE })).toMatchObject({
      config: { whatsapp: { device: expected } },
      warnings: [],
    });
  });

  it.each(['0211234567', '62081234567890', '1234567', '1234567890123456', '0812-3456-7890', 'device'])(
    'the device may not be %s',
    (WHATSAPP_DEVICE) => {
      expect(refused({ WHATSAPP_DEVICE }).variables).toEqual(['WHATSAPP_DEVICE']);
    },
  );

  it('the device with its 62 forgotten is another country: a warning', () => {
    expect(started({ WHATSAPP_DEVICE: '81234567890' }).warnings).toEqual([
      expect.stringContaining('write 62 first'),
    ]);
  });
});

describe('the rest', () => {
  it.each([
    ['WHATSAPP_PROVIDER', 'twilio'],
    ['TIME_ZONE', 'Asia/Bandung'],
    ['BRAND_NAME', 'x'.repeat(61)],
    ['BRAND_NAME', 'Net\nBandung'],
    ['ADMIN_USERNAME', 'ad\tmin'],
    ['LOG_LEVEL', 'INFO'],
    ['WHATSAPP_ALLOW_DISABLED', '0'],
  ])('%s=%j is refused', (name, value) => {
    expect(refused({ [name]: value }).variables).toEqual([name]);
  });

  it('a brand may be 60 characters of any script, emoji count once', () => {
    const BRAND_NAME = `${'é'.repeat(59)}📶`;
    expect(started({ BRAND_NAME }).config.brandName).toBe(BRAND_NAME);
  });

  it('one problem is printed as one', () => {
    expect(refused({ LOG_LEVEL: 'loud' }).printed).toBe(
      [
        'Daftar cannot start: one problem in its configuration.',
        '  - LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent [from: environment]',
      ].join('\n'),
    );
  });
});
