/**
 * The port to WhatsApp: what the rest of the service may ask of a gateway, and the only answers it has to
 * understand. send() never throws and never waits without end; every outcome says whether trying again can help.
 */

/**
 * Whom a refusal concerns: this recipient only, our own request (a bug), the connected device (comes back by
 * itself or by a scan), or the account (nothing can be sent until a person acts).
 */
export type RefusalClass = 'number' | 'request' | 'device' | 'account';

export type SendOutcome =
  /** The gateway queued the message; its id, if it told one, is what later status events refer to. */
  | { kind: 'accepted'; gateway_id: string | null }
  /** WhatsApp is disabled: the message was kept and not sent. */
  | { kind: 'recorded' }
  /** The gateway said no. The reason is the gateway's text, bounded and free of token, phone and message. */
  | { kind: 'refused'; class: RefusalClass; reason: string }
  /**
   * No usable word from the gateway: try again. `no`: the message surely did not go out; `maybe`: it may have
   * (a timeout or a cut after the request left, an unreadable answer, 5xx, 429).
   */
  | { kind: 'unreachable'; sent: 'no' | 'maybe'; reason: string; retry_after_ms?: number };

export interface Gateway {
  /** For log lines and metrics: `WhatsApp sent … via <name>`. */
  readonly name: string;
  /** Sends one text, a message of the outbox, to one phone (digits, international form). Never throws. */
  send(phone: string, text: string, message_id: number): Promise<SendOutcome>;
  /** Lets calls in flight end (each is bounded by its own timeout), then frees the connections. */
  close(): Promise<void>;
}
