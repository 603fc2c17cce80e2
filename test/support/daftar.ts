/**
 * The whole service for a test: a real SQLite file, the app on a free port, a fake Fonnte on loopback, a clock that
 * stands still until it is told to go. `chatWith(phone).says('DAFTAR')` posts a webhook and returns the answer.
 */
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compose, type Service } from '../../src/compose';
import { loadConfig } from '../../src/config';
import { type Clock } from '../../src/platform/clock';
import { createLogger } from '../../src/platform/logger';
import { type Random } from '../../src/platform/random';
import { startFakeFonnte, type FakeFonnte } from './fake-fonnte';

export const DEVICE = '6280000000000';
export const WEBHOOK_TOKEN = 'test-webhook-token-0123456789';
export const API_TOKEN = 'test-fonnte-token';
export const APP_SECRET = 'test-app-secret-test-app-secret-0123456789';
/** 10:00 in Jakarta on a Wednesday. */
export const START = Date.parse('2026-11-25T03:00:00Z');

export interface TestClock extends Clock {
  advance(ms: number): void;
}

export function createTestClock(start = START): TestClock {
  let at = start;
  return {
    now: () => at,
    advance: (ms) => {
      at += ms;
    },
  };
}

export interface Answer {
  status: number;
  headers: Headers;
  /** Parsed JSON; tests know its shape. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
}

export interface StartOptions {
  /** Environment variables over the test's own. */
  env?: Record<string, string>;
  /** An existing folder to go on with (its database stays when the service is closed). */
  directory?: string;
  clock?: TestClock;
  random?: Random;
}

export type Daftar = Awaited<ReturnType<typeof startDaftar>>;

export async function startDaftar(options: StartOptions = {}) {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'daftar-test-'));
  const clock = options.clock ?? createTestClock();
  const fonnte = await startFakeFonnte({ token: API_TOKEN, device: DEVICE });
  try {
    return await runDaftar(options, directory, clock, fonnte);
  } catch (error) {
    await fonnte.close();
    throw error;
  }
}

async function runDaftar(options: StartOptions, directory: string, clock: TestClock, fonnte: FakeFonnte) {
  const config = readConfig(directory, fonnte, options.env ?? {});
  const logs: string[] = [];
  const logger = createLogger({
    level: 'debug',
    pretty: false,
    destination: { write: (line: string) => void logs.push(line) },
  });
  const { random } = options;
  const service = await compose({ config, appSecret: config.appSecret ?? APP_SECRET, logger, clock, random });
  const server = createServer(service.app.callback() as Parameters<typeof createServer>[1]);
  const url = await listen(server);
  service.setPort(Number(new URL(url).port));
  service.start();
  let inboxid = 0;

  async function request(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(url + path, { method, redirect: 'manual', ...init });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    const body: unknown = isJson ? JSON.parse(text) : text;
    return { status: response.status, headers: response.headers, body };
  }

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    request('POST', path, {
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  /** A `messages` webhook as Fonnte sends it; fields left out are filled in, each call a new message. */
  const webhook = (fields: Record<string, unknown>) =>
    post(`/webhooks/fonnte/messages?token=${WEBHOOK_TOKEN}`, {
      device: DEVICE,
      inboxid: ++inboxid,
      timestamp: Math.floor(clock.now() / 1000),
      name: 'Pelanggan',
      ...fields,
    });

  /** Everything due is sent and settled. */
  const settle = () => service.sender.runUntilIdle();

  function chatWith(phone: string) {
    const received = () => fonnte.messagesTo(phone);
    async function sends(fields: Record<string, unknown>): Promise<string[]> {
      const before = received().length;
      const { status } = await webhook({ sender: phone, ...fields });
      if (status !== 200) throw new Error(`The webhook was answered ${status}`);
      await settle();
      return received().slice(before);
    }
    return {
      phone,
      /** Every message that reached this phone, oldest first. */
      received,
      /** Posts any webhook fields as this sender; returns what came back. */
      sends,
      /** Says a text and returns the chat's one answer (the code's own message not counted). */
      async says(text: string): Promise<string> {
        const answers = (await sends({ message: text })).filter(
          (answer) => !answer.startsWith('Halo ') || !answer.includes('Kode OTP Anda'),
        );
        if (answers.length !== 1)
          throw new Error(`Expected one answer to ${text}, got: ${answers.join(' | ')}`);
        return answers[0]!;
      },
      lastCode: () => fonnte.lastCodeTo(phone)!,
    };
  }

  return {
    url,
    directory,
    databasePath: config.databasePath,
    fonnte,
    clock,
    service,
    logs,
    request,
    get: (path: string, headers: Record<string, string> = {}) => request('GET', path, { headers }),
    post,
    webhook,
    settle,
    chatWith,
    /** Stops the service; the folder goes too unless it was given. */
    async close() {
      await stopServer(server);
      await service.stop();
      await fonnte.close();
      if (!options.directory) rmSync(directory, { recursive: true, force: true });
    },
  };
}

function readConfig(directory: string, fonnte: FakeFonnte, env: Record<string, string>) {
  const loaded = loadConfig({
    directory,
    environment: {
      NODE_ENV: 'test',
      WHATSAPP_ENABLED: 'true',
      WHATSAPP_API_URL: fonnte.url,
      WHATSAPP_API_TOKEN: API_TOKEN,
      WHATSAPP_DEVICE: DEVICE,
      WEBHOOK_TOKEN,
      SEND_PER_MINUTE: '0',
      LOG_LEVEL: 'debug',
      ...env,
    },
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
}

function stopServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Direct access to what is stored, for tests that look behind the scenes. */
export const rows = <Row>(service: Service, sql: string, ...values: (string | number)[]): Row[] =>
  service.database.reads.all<Row>(sql, ...values);
