/** Every table, as TypeORM knows it. A test holds the migrated schema against these. */
import { adminSessions } from './admin-sessions';
import { admins } from './admins';
import { chats, inboundMessages } from './chats';
import { hourlyCounts, registrationTotals } from './counts';
import { decisionNotes } from './decision-notes';
import { events } from './events';
import { alertPosts, alerts, checks, gatewayState, receipts } from './delivery-health';
import { messageHistory, messages } from './messages';
import { otps, otpWrongTries } from './otps';
import { packages } from './packages';
import { idCardPhotos, registrationCounters, registrations } from './registrations';
import { throttleHits } from './throttle-hits';
import { verificationTexts } from './verification-texts';
import { verifications } from './verifications';

export const tables = [
  admins,
  adminSessions,
  alertPosts,
  alerts,
  chats,
  checks,
  decisionNotes,
  events,
  gatewayState,
  hourlyCounts,
  idCardPhotos,
  inboundMessages,
  messageHistory,
  messages,
  otps,
  otpWrongTries,
  packages,
  receipts,
  registrationCounters,
  registrations,
  registrationTotals,
  throttleHits,
  verificationTexts,
  verifications,
];
