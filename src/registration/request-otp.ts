/**
 * `request-otp` for the web form: queue the code, then wait for the gateway's own word. It says "sent" only when
 * the gateway has taken the message; what failed for a reason of ours is taken back and said so.
 */
import { type Clock } from '../platform/clock';
import { type Changes } from '../delivery/changes';
import { type Circuit } from '../delivery/circuit';
import { type MessageStatus, type Outbox } from '../delivery/outbox';
import { type Reader } from '../store/statements';
import { type UnitOfWork } from '../store/unit-of-work';
import { refuse, wholeSeconds, type Refusal } from './refusals';
import { type Registrations, type RequestedOtp } from './registrations';

export type OtpDelivery = 'sent' | 'sending' | 'recorded';
export type OtpAnswer = (RequestedOtp & { delivery: OtpDelivery }) | Refusal;

/** Another process may be the one that sends: the row is read again at least this often. */
const POLL_MS = 50;

export function createRequestOtp(deps: {
  unitOfWork: UnitOfWork;
  reads: Reader;
  outbox: Outbox;
  registrations: Registrations;
  whatsappEnabled: boolean;
  waitMs: number;
  circuit: Circuit;
  clock: Clock;
  changes: Changes;
}) {
  const { unitOfWork, outbox, registrations, circuit, clock } = deps;

  /** Refuses as requestOtp does, and WHATSAPP_UNAVAILABLE or PHONE_UNREACHABLE when the message failed. */
  return async function requestOtp(request: {
    phone: string;
    full_name: string;
    address: string;
  }): Promise<OtpAnswer> {
    const issued = await unitOfWork.run(
      (tx) => isCut(tx) ?? registrations.requestOtp(tx, { ...request, channel: 'web' }),
    );
    if (!issued.ok) return issued;
    if (!deps.whatsappEnabled) return { ...issued, delivery: 'recorded' };
    const deadline = performance.now() + deps.waitMs;
    for (;;) {
      const isOver = performance.now() >= deadline;
      const verdict = await judge(outbox.status(issued.message_id), isOver);
      if (verdict !== 'wait') return typeof verdict === 'string' ? { ...issued, delivery: verdict } : verdict;
      await deps.changes.waitFor(issued.message_id, POLL_MS);
    }
  };

  /** While the circuit is open nothing can be sent: said at once, and no code is made. */
  function isCut(reads: Reader): Refusal | null {
    const wait = deps.whatsappEnabled ? circuit.blockedFor(reads, clock.now()) : 0;
    return wait > 0 ? refuse('WHATSAPP_UNAVAILABLE', { retry_after: wholeSeconds(wait) }) : null;
  }

  async function judge(
    message: MessageStatus | undefined,
    isOver: boolean,
  ): Promise<OtpDelivery | 'wait' | Refusal> {
    switch (message?.state) {
      case 'accepted':
      case 'sent':
      case 'delivered':
      case 'read':
        return 'sent';
      case 'recorded':
        return 'recorded';
      case 'failed':
        return refuse(message.trouble === 'number' ? 'PHONE_UNREACHABLE' : 'WHATSAPP_UNAVAILABLE', {
          retry_after: 5,
        });
      case 'queued':
        return judgeQueued(message, isOver);
      case 'sending':
        return isOver ? 'sending' : 'wait';
      case 'expired':
      case undefined:
        return refuse('WHATSAPP_UNAVAILABLE', { retry_after: 5 });
    }
  }

  /** Waits for its turn, or for another try after the gateway said no or could not be reached. */
  async function judgeQueued(message: MessageStatus, isOver: boolean): Promise<'wait' | 'sending' | Refusal> {
    const isOurTrouble = message.trouble === 'device' || message.trouble === 'account';
    const isCutOff = message.trouble === 'no_connection' && isOver;
    if (isOurTrouble || isCutOff || isCut(deps.reads)) {
      const withdrawn = await unitOfWork.run((tx) =>
        outbox.withdraw(tx, message.id, 'the customer was told to retry'),
      );
      if (withdrawn) return refuse('WHATSAPP_UNAVAILABLE', { retry_after: 5 });
    }
    return isOver ? 'sending' : 'wait';
  }
}
