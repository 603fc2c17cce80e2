/**
 * `npm run chat [-- 081200000001]`: chat with the bot in a terminal. It runs the whole service in this process on a
 * throw-away database, so it needs no running server and touches nothing of yours. Messages take a webhook's way in.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';
import { compose, type Service } from '../compose';
import { loadConfig } from '../config';
import { developmentSecret } from '../first-start';
import { refusalText } from '../messages/id/refusals';
import { createLogger } from '../platform/logger';
import { systemRandom } from '../platform/random';
import { parseField } from '../registration/form';
import { normalisePhone } from '../registration/phone';
import { type Bubble, type SimulatedMessage } from '../pages/simulator';

const HELP = `Type as a customer would; try DAFTAR. Also:
  /location -6.2088,106.8456   share a location
  /photo                       send a photo
  /verify Budi Santoso         get the text that a web form of this name offers; send it back to prove your number
  /state                       show what the bot remembers
  /quit                        leave (or Ctrl+D)`;

async function main(): Promise<void> {
  const given = normalisePhone(process.argv[2] ?? '081200000001');
  if (!given.ok) throw new Error('give a phone like 081200000001');
  const directory = mkdtempSync(join(tmpdir(), 'daftar-chat-'));
  try {
    const service = await startService(directory);
    await converse(service, given.phone);
    await service.stop();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function startService(directory: string): Promise<Service> {
  const { BRAND_NAME, TIME_ZONE, ADMIN_PHONES } = process.env;
  const environment = { NODE_ENV: 'development', BRAND_NAME, TIME_ZONE, ADMIN_PHONES };
  const loaded = loadConfig({ environment, directory });
  if (!loaded.ok) throw new Error(loaded.problems.map((one) => `${one.variable}: ${one.problem}`).join('; '));
  const { config } = loaded;
  const logger = createLogger({ level: 'error', pretty: true });
  const appSecret = developmentSecret(config.databasePath, systemRandom);
  const service = await compose({ config, appSecret, logger });
  service.start();
  return service;
}

async function converse(service: Service, phone: string): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout, prompt: 'Anda > ' });
  const shown = new Set<string>();
  process.stdout.write(`${HELP}\n\nYou are ${phone}.\n`);
  terminal.prompt();
  for await (const line of terminal) {
    const text = line.trim();
    if (text === '/quit') break;
    if (text === '/state') {
      process.stdout.write(`${JSON.stringify(service.simulator!.conversation(phone).chat, null, 2)}\n`);
    } else if (text.startsWith('/verify ')) {
      process.stdout.write(`${await offerText(service, text.slice('/verify '.length))}\n`);
    } else if (text !== '') {
      await service.simulator!.send(phone, readMessage(text));
      await service.sender.runUntilIdle();
      showNew(service.simulator!.conversation(phone).messages, shown);
    }
    terminal.prompt();
  }
  terminal.close();
}

/** What a web form would show its customer. */
async function offerText(service: Service, name: string): Promise<string> {
  const full_name = parseField('full_name', name, '');
  if (!full_name.ok) return full_name.message;
  const request = { full_name: full_name.value, phone: null, address: 'terminal' };
  const offered = await service.database.unitOfWork.run((tx) => service.verificationTexts.offer(tx, request));
  return offered.ok ? offered.text : refusalText(offered);
}

function readMessage(text: string): SimulatedMessage {
  if (text === '/photo') return { kind: 'media' };
  const [, latitude, longitude] = /^\/location (-?[\d.]+)\s*,\s*(-?[\d.]+)$/.exec(text) ?? [];
  if (latitude && longitude)
    return { kind: 'location', latitude: Number(latitude), longitude: Number(longitude) };
  return { kind: 'text', text };
}

/** Prints what the bot has said since last time. */
function showNew(messages: readonly Bubble[], shown: Set<string>): void {
  for (const { id, from, text } of messages) {
    if (from === 'customer' || shown.has(id)) continue;
    shown.add(id);
    const lines = bold(text ?? '(hidden)').split('\n');
    process.stdout.write(`${lines.map((line) => styleText('green', '  │ ') + line).join('\n')}\n\n`);
  }
}

const bold = (text: string): string =>
  text.replace(/\*([^*\n]+)\*/g, (_all, inner: string) => styleText('bold', inner));

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
