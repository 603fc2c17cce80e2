/** Every table, as TypeORM knows it. A test holds the migrated schema against these. */
import { admins } from './admins';
import { chats, inboundMessages } from './chats';
import { events } from './events';
import { gatewayState, messageHistory, messages } from './messages';
import { otps, otpWrongTries } from './otps';
import { packages } from './packages';
import { idCardPhotos, registrationCounters, registrations } from './registrations';
import { throttleHits } from './throttle-hits';
import { verifications } from './verifications';

export const tables = [
  admins,
  chats,
  events,
  gatewayState,
  idCardPhotos,
  inboundMessages,
  messageHistory,
  messages,
  otps,
  otpWrongTries,
  packages,
  registrationCounters,
  registrations,
  throttleHits,
  verifications,
];
