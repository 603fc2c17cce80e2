/** Wires the whole service by hand: configuration, clock, randomness and gateway in; the app and its workers out. */
import { createCalendar } from './platform/calendar';
import { MINUTE, systemClock, type Clock } from './platform/clock';
import { createVault } from './platform/crypto';
import { type Logger } from './platform/logger';
import { createMetrics } from './platform/metrics';
import { systemRandom, type Random } from './platform/random';
import { openDatabase } from './store/database';
import { createThrottle } from './store/throttle';
import { createDelivery } from './delivery/delivery';
import { createLogin } from './admin/login';
import { createSessions } from './admin/sessions';
import { createCodes } from './registration/codes';
import { recordEvent } from './registration/events';
import { maskPhone } from './registration/phone';
import { createPublicStatus } from './registration/public-status';
import { createProofs } from './registration/proofs';
import { createRegistrations } from './registration/registrations';
import { createRequestOtp } from './registration/request-otp';
import { createReview } from './registration/review';
import { createVerificationState } from './registration/verification-state';
import { createVerificationTexts } from './registration/verification-texts';
import { createChat } from './chat/chat';
import { createConfirmation } from './chat/confirmation';
import { createFormExpiry } from './chat/form-expiry';
import { createInbound } from './chat/inbound';
import { createInboundFailures } from './chat/inbound-failures';
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

  const database = await openDatabase(config.databasePath, {
    onBrokenEffect: (error) => logger.error({ err: error }, 'an effect after a commit failed'),
  });
  const { unitOfWork, reads } = database;
  const throttle = createThrottle(vault);

  const codes = createCodes({ vault, random, throttle, limits: config.otp });
  const delivery = createDelivery({
    database,
    clock,
    random,
    vault,
    logger,
    metrics,
    whatsapp: config.whatsapp,
    sending: config.sending,
    adminPhones: admin.phones,
    alertUrl: config.alertUrl,
    dailyCeiling: config.otp.maxPerDay,
    maskPhone,
    onSettled: (tx, message, state, now) => {
      if (message.otp_id === null || (state !== 'failed' && state !== 'expired')) return;
      codes.void(tx, message.otp_id, now);
      recordEvent(tx, { type: 'otp_failed', at: now, actor: 'system', otp_id: message.otp_id });
    },
  });
  const { outbox, sender, recorder, circuit, alerts } = delivery;

  const proofs = createProofs({ vault, clock, ttlSeconds: config.verificationTtlSeconds });
  const registrations = createRegistrations({
    clock,
    calendar,
    vault,
    metrics,
    codes,
    proofs,
    outbox,
    brandName,
    otpTtlSeconds: config.otp.ttlSeconds,
    adminPhones: admin.phones,
    publicUrl: () => publicUrl,
  });
  const requestOtp = createRequestOtp({
    unitOfWork,
    reads,
    outbox,
    registrations,
    circuit,
    clock,
    changes: delivery.changes,
    whatsappEnabled: config.whatsapp.enabled,
    waitMs: config.sending.waitMs,
  });
  const publicStatus = createPublicStatus({ unitOfWork, throttle, clock });
  const { trackingUrl } = registrations;
  const review = createReview({ database, clock, calendar, vault, outbox, brandName, trackingUrl });
  const sessions = createSessions({ reads, unitOfWork, clock, random, vault });
  const login = createLogin({ unitOfWork, throttle, sessions, clock });
  const { device } = config.whatsapp;
  const verificationTexts = createVerificationTexts({
    clock,
    random,
    vault,
    metrics,
    throttle,
    codes,
    proofs,
    device,
  });
  const verificationState = createVerificationState({ reads, vault, clock, proofs });

  const chat = createChat({
    clock,
    calendar,
    outbox,
    registrations,
    confirmation: createConfirmation({ outbox, verificationTexts, brandName }),
    brandName,
    adminPhones: admin.phones,
    expireMinutes: config.chatExpireMinutes,
  });
  const inbound = createInbound({
    unitOfWork,
    clock,
    vault,
    throttle,
    outbox,
    chat,
    alerts,
    metrics,
    logger,
    device,
    brandName,
  });
  const inboundFailures = createInboundFailures({ unitOfWork, reads, inbound, device });
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
    checkWritable: database.checkWritable,
    delivery,
    registrations,
    requestOtp,
    publicStatus,
    verificationTexts,
    verificationState,
    inbound,
    inboundFailures,
    login,
    sessions,
    review,
    simulator,
    isSecure: () => publicUrl.startsWith('https:'),
  });

  return {
    app,
    clock,
    database,
    sender,
    delivery,
    verificationTexts,
    inbound,
    simulator,
    metrics,
    formExpiry,
    review,
    /** The base of links in messages, known for sure only once the port is bound. */
    setPort(port: number) {
      publicUrl = config.publicUrl ?? `http://localhost:${port}`;
    },
    start() {
      delivery.start();
      formExpiry.start();
    },
    /** Finishes what is in hand and lets go of the file. */
    async stop() {
      await formExpiry.stop();
      await delivery.stop();
      await database.close();
    },
  };
}
