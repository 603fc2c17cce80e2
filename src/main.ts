/** The process: configuration → service → listen → stop in order. Here alone `process` is touched (besides cli/). */
import { createServer, type Server } from 'node:http';
import { type AddressInfo, type Socket } from 'node:net';
import { compose, type Service } from './compose';
import { type Config, describeProblems, loadConfig } from './config';
import { developmentSecret, ensureAdmin, onceStorable } from './first-start';
import { systemClock, SECOND } from './platform/clock';
import { createLogger, type Logger } from './platform/logger';
import { systemRandom } from './platform/random';

const EXIT_CONFIG = 78;
const STOP_LIMIT_MS = 10 * SECOND;
/** Of it, at least this much is for what is being sent. */
const SETTLE_MS = 2 * SECOND;

async function main(): Promise<void> {
  const loaded = loadConfig({ environment: process.env, directory: process.cwd() });
  if (!loaded.ok) {
    process.stderr.write(`${describeProblems(loaded.problems)}\n`);
    process.exit(EXIT_CONFIG);
  }
  const { config, warnings } = loaded;
  const logger = createLogger({ level: config.logLevel, pretty: process.stdout.isTTY });
  for (const warning of warnings) logger.warn(warning);

  const appSecret = config.appSecret ?? developmentSecret(config.databasePath, systemRandom);
  const service = await compose({ config, appSecret, logger });
  const server = createServer(service.app.callback() as Parameters<typeof createServer>[1]);
  const port = await listen(server, config);
  service.setPort(port);
  service.start();
  stopOnSignal(server, service, config, logger);

  logger.info({ port, host: config.host }, 'listening');
  if (!config.whatsapp.enabled) logger.warn(DISABLED_BANNER);
  await greet(config, service, port, logger);
}

const DISABLED_BANNER =
  '*** WHATSAPP IS DISABLED (WHATSAPP_ENABLED=false): messages are recorded and never sent. No customer gets a code. ***';

function listen(server: Server, { host, port }: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `port ${port} on ${host} is in use by another program: stop it, or set PORT to another one`;
      reject(error.code === 'EADDRINUSE' ? new Error(taken) : error);
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** At a first start: the admin's password, once. In development: where to look. */
async function greet(
  config: Config,
  { database, clock }: Service,
  port: number,
  logger: Logger,
): Promise<void> {
  const { username, password } = config.admin;
  const { unitOfWork } = database;
  const { madePassword } = await onceStorable(logger, () =>
    ensureAdmin({ unitOfWork, clock, random: systemRandom, username, password }),
  );
  if (config.production) return;
  const lines = [
    '',
    '  Daftar is running in development mode.',
    `  Simulator   http://localhost:${port}/simulator   (chat with the bot, nothing leaves this machine)`,
    `  Web form    http://localhost:${port}/register`,
    `  Admins      http://localhost:${port}/admin`,
    `  Packages    http://localhost:${port}/api/packages`,
    `  Data        ${config.databasePath}`,
  ];
  if (madePassword)
    lines.push(`  Admin       ${username} / ${madePassword}   (made now, shown only this once)`);
  process.stdout.write(`${lines.join('\n')}\n\n`);
}

/** Takes nothing new, finishes what is in hand, then leaves with 0; a second signal leaves at once. */
function stopOnSignal(server: Server, service: Service, { sending }: Config, logger: Logger): void {
  const endIdle = trackConnections(server);
  // No answer takes longer than the wait for the gateway's word: what is open then is a client that hangs.
  const answersMs = Math.min(sending.waitMs + SECOND, STOP_LIMIT_MS - SETTLE_MS);
  let isStopping = false;
  const stop = (signal: string) => {
    if (isStopping) process.exit(1);
    isStopping = true;
    logger.info({ signal }, 'stopping');
    const began = systemClock.now();
    setTimeout(() => {
      logger.warn('not everything finished in time; what was being sent is sent again at the next start');
      process.exit(0);
    }, STOP_LIMIT_MS).unref();
    closeServer(server, endIdle, answersMs)
      .then(() => service.stop())
      .then(() => {
        logger.info({ duration_ms: systemClock.now() - began }, 'stopped');
        process.exit(0);
      })
      .catch((error: unknown) => fail(error, logger));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** Ends the connections on which nothing is in hand: kept alive, or opened in reserve as browsers do. */
function trackConnections(server: Server): () => void {
  const open = new Set<Socket>();
  const busy = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    busy.add(socket);
    response.once('close', () => busy.delete(socket));
  });
  return () => [...open].filter((socket) => !busy.has(socket)).forEach((socket) => socket.destroy());
}

/** Resolves when every request in hand has its answer, or its time is over. */
function closeServer(server: Server, endIdle: () => void, limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const sweep = setInterval(endIdle, 50);
    const limit = setTimeout(() => server.closeAllConnections(), limitMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(limit);
      resolve();
    });
    endIdle();
  });
}

function fail(error: unknown, logger?: Logger): never {
  if (logger) logger.fatal({ err: error }, 'stopped by an error');
  else process.stderr.write(`Daftar cannot run: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch((error: unknown) => fail(error));
