/** What the routes are given to work with. */
import { type Config } from '../config';
import { type Clock } from '../platform/clock';
import { type Logger } from '../platform/logger';
import { type Metrics } from '../platform/metrics';
import { type Login } from '../admin/login';
import { type Sessions } from '../admin/sessions';
import { type Inbound } from '../chat/inbound';
import { type InboundFailures } from '../chat/inbound-failures';
import { type Delivery } from '../delivery/delivery';
import { type Simulator } from '../pages/simulator';
import { type createPublicStatus } from '../registration/public-status';
import { type Registrations } from '../registration/registrations';
import { type createRequestOtp } from '../registration/request-otp';
import { type Review } from '../registration/review';
import { type createVerificationState } from '../registration/verification-state';
import { type VerificationTexts } from '../registration/verification-texts';
import { type Reader } from '../store/statements';
import { type UnitOfWork } from '../store/unit-of-work';

export interface Services {
  config: Config;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  reads: Reader;
  unitOfWork: UnitOfWork;
  /** Resolves once something was really written. */
  checkWritable: () => Promise<void>;
  delivery: Delivery;
  registrations: Registrations;
  requestOtp: ReturnType<typeof createRequestOtp>;
  publicStatus: ReturnType<typeof createPublicStatus>;
  verificationTexts: VerificationTexts;
  verificationState: ReturnType<typeof createVerificationState>;
  inbound: Inbound;
  inboundFailures: InboundFailures;
  login: Login;
  sessions: Sessions;
  review: Review;
  /** Null in production. */
  simulator: Simulator | null;
  /** Whether PUBLIC_URL is https: cookies are `Secure` then. */
  isSecure: () => boolean;
}
