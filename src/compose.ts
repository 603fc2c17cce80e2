/** Wires the whole service by hand: configuration, clock, randomness and gateway in; the app and its workers out. */
import { createCalendar } from './platform/calendar';
import { MINUTE, systemClock, type Clock } from './platform/clock';
import { createVault } from './platform/crypto';
import { type Logger } from './platform/logger';
import { createMetrics } from './platform/metrics';
import { systemRandom, type Random } from './platform/random';
import { openDatabase } from './store/database';
import { createThrottle } from './store/throttle';
import { createChanges } from './delivery/changes';
import { createFonnte } from './delivery/fonnte';
import { type Gateway } from './delivery/gateway';
import { createOutbox } from './delivery/outbox';
import { createRecorder } from './delivery/recorder';
import { createSender, type Sender } from './delivery/sender';
import { createCodes } from './registration/codes';
import { recordEvent } from './registration/events';
import { maskPhone } from './registration/phone';
import { createPublicStatus } from './registration/public-status';
import { createRegistrations } from './registration/registrations';
import { createRequestOtp } from './registration/request-otp';
import { createChat } from './chat/chat';
import { createFormExpiry } from './chat/form-expiry';
import { createInbound } from './chat/inbound';
import { createApp } from './http/app';
import { createSimulator } from './pages/simulator';
import { type Config } from './config';

export interface ComposeOptions {
  config: Config;
  /** From the configuration, or made at first start. */
  appSecret: string;
  logger: Logger;
  clock?: Clock;
  random?: Random;
}

export type Service = Awaited<ReturnType<typeof compose>>;

export async function compose({ config, appSecret, logger, ...given }: ComposeOptions) {
  const clock = given.clock ?? systemClock;
  const random = given.random ?? systemRandom;
  const metrics = createMetrics();
  const calendar = createCalendar(config.timeZone);
  const vault = createVault(appSecret, config.appSecretPrevious ?? undefined);
  const { brandName, admin } = config;
  let publicUrl = config.publicUrl ?? `http://localhost:${config.port}`;

  const database = await openDatabase(config.databasePath);
  const { unitOfWork, reads } = database;
  const throttle = createThrottle(vault);

  const recorder = config.whatsapp.enabled ? null : createRecorder();
  const gateway: Gateway =
    recorder ??
    createFonnte({
      apiUrl: config.whatsapp.apiUrl,
      apiToken: config.whatsapp.apiToken!,
      timeoutMs: config.sending.timeoutMs,
    });

  const codes = createCodes({ vault, random, throttle, limits: config.otp });
  const changes = createChanges();
  // The outbox wakes the sender, which is made of the outbox.
  const later: { sender?: Sender } = {};
  const outbox = createOutbox({
    clock,
    random,
    vault,
    reads,
    sendPerMinute: config.sending.perMinute,
    onQueued: () => later.sender?.wake(),
    onSettled: (tx, message, state, now) => {
      if (message.otp_id === null || (state !== 'failed' && state !== 'expired')) return;
      codes.void(tx, message.otp_id, now);
      recordEvent(tx, { type: 'otp_failed', at: now, actor: 'system', otp_id: message.otp_id });
    },
  });
  const sender = createSender({
    unitOfWork,
    outbox,
    gateway,
    clock,
    logger,
    metrics,
    changes,
    maskPhone,
    timeoutMs: config.sending.timeoutMs,
  });
  later.sender = sender;

  const registrations = createRegistrations({
    clock,
    calendar,
    random,
    vault,
    metrics,
    codes,
    outbox,
    brandName,
    otpTtlSeconds: config.otp.ttlSeconds,
    verificationTtlSeconds: config.verificationTtlSeconds,
    adminPhones: admin.phones,
    publicUrl: () => publicUrl,
  });
  const requestOtp = createRequestOtp({
    unitOfWork,
    outbox,
    registrations,
    changes,
    whatsappEnabled: config.whatsapp.enabled,
    waitMs: config.sending.waitMs,
  });
  const publicStatus = createPublicStatus({ unitOfWork, throttle, clock });

  const chat = createChat({
    clock,
    calendar,
    outbox,
    registrations,
    brandName,
    adminPhones: admin.phones,
    expireMinutes: config.chatExpireMinutes,
  });
  const { device } = config.whatsapp;
  const inbound = createInbound({
    unitOfWork,
    clock,
    vault,
    throttle,
    outbox,
    chat,
    metrics,
    logger,
    device,
    brandName,
  });
  const formExpiry = createFormExpiry({ unitOfWork, chat, logger, everyMs: MINUTE });
  const simulator = config.production
    ? null
    : createSimulator({ reads, inbound, recorder, clock, random, brandName, device });

  const app = createApp({
    config,
    clock,
    logger,
    metrics,
    reads,
    unitOfWork,
    outbox,
    registrations,
    requestOtp,
    publicStatus,
    inbound,
    simulator,
    isSecure: () => publicUrl.startsWith('https:'),
  });

  return {
    app,
    clock,
    database,
    sender,
    inbound,
    simulator,
    metrics,
    formExpiry,
    /** The base of links in messages, known for sure only once the port is bound. */
    setPort(port: number) {
      publicUrl = config.publicUrl ?? `http://localhost:${port}`;
    },
    start() {
      sender.start();
      formExpiry.start();
    },
    /** Finishes what is in hand and lets go of the file. */
    async stop() {
      await formExpiry.stop();
      await sender.stop();
      await gateway.close();
      await database.close();
    },
  };
}
