/**
 * What comes in from the gateway: judged, counted once, stored, and answered, all in one unit of work. When the
 * promise resolves, the message's whole effect is on disk; it rejects only when nothing could be stored.
 */
import { type Clock, DAY, MINUTE } from '../platform/clock';
import { type Vault } from '../platform/crypto';
import { type Logger } from '../platform/logger';
import { type Metrics } from '../platform/metrics';
import { type Alerts } from '../delivery/alerts';
import { type IncomingMessage } from '../delivery/fonnte-webhooks';
import { type Outbox } from '../delivery/outbox';
import { chatTexts } from '../messages/id/chat';
import { foreignNumber } from '../messages/id/notices';
import { isMobile } from '../registration/phone';
import { StoreUnavailableError } from '../store/errors';
import { inboundMessages, type InboundMessageRow } from '../store/tables/chats';
import { type Throttle } from '../store/throttle';
import { type Tx, type UnitOfWork } from '../store/unit-of-work';
import { CLOCK_TOLERANCE_MS, isAhead } from '../store/windows';
import { type Chat, type LoadedChat } from './chat';
import { plainWords } from './intent';
import { GUARDED_MS, isLooping } from './loop-guard';
import { findCode } from './parsers';
import { withoutSentCodes } from './verification';

export type Received = 'handled' | 'repeated' | 'ignored' | 'failed';

/** The text of a message as it is kept; of one kept masked also a keyed hash, by which repeats are known. */
type Kept = Pick<InboundMessageRow, 'text' | 'text_hash'>;

export type Inbound = ReturnType<typeof createInbound>;

/** The gateway repeats a webhook for 15 minutes; older than this is a backlog nobody waits for any more. */
const STALE_MS = 20 * MINUTE;
const FUTURE_MS = 2 * MINUTE;
const FOREIGN_RULE = { scope: 'foreign_number', limit: 1, window: DAY };

export function createInbound(deps: {
  unitOfWork: UnitOfWork;
  clock: Clock;
  vault: Vault;
  throttle: Throttle;
  outbox: Outbox;
  chat: Chat;
  alerts: Alerts;
  metrics: Metrics;
  logger: Logger;
  /** Our own number at the gateway. */
  device: string | null;
  brandName: string;
}) {
  const { unitOfWork, clock, vault, throttle, outbox, chat, metrics, logger } = deps;

  /** `null`: a webhook that could not be understood. */
  async function receive(message: IncomingMessage | null): Promise<Received> {
    const reason = message ? reasonToIgnore(message) : 'unreadable';
    if (!message || reason) {
      await unitOfWork.run((tx) => ignore(tx, message, reason!));
      return 'ignored';
    }
    try {
      const received = await unitOfWork.run((tx) => handle(tx, message));
      metrics.chatTurns.inc({ outcome: received });
      return received;
    } catch (error) {
      if (error instanceof StoreUnavailableError) throw error;
      return keepFailed(message, error);
    }
  }

  function reasonToIgnore(message: IncomingMessage): string | null {
    const { sender, device, timestamp } = message;
    if (message.is_group) return 'group';
    if (message.from_me || sender === deps.device) return 'own';
    if (device !== null && device !== deps.device) return 'other_device';
    if (!/^\d{8,15}$/.test(sender)) return 'bad_sender';
    if (timestamp !== null && timestamp < clock.now() - STALE_MS) return 'stale';
    if (timestamp !== null && timestamp > clock.now() + FUTURE_MS) return 'future';
    return null;
  }

  function ignore(tx: Tx, message: IncomingMessage | null, reason: string): void {
    tx.insert(inboundMessages, {
      phone: message?.sender.slice(0, 64) ?? null,
      kind: message?.content.kind ?? 'unknown',
      received_at: clock.now(),
      outcome: 'ignored',
      reason,
    });
    tx.afterCommit(() => metrics.ignoredMessages.inc({ reason }));
  }

  function handle(tx: Tx, message: IncomingMessage): Received {
    const now = clock.now();
    const dedupe_key = firstTimeKey(tx, message, now);
    if (dedupe_key === null) return 'repeated';
    if (!isMobile(message.sender)) return refuseForeign(tx, message, now);

    const loaded = chat.load(tx, message.sender, now);
    const kept = textToKeep(message, loaded.state.step === 'otp');
    store(tx, message, { dedupe_key, ...kept, outcome: 'handled' }, now);
    const written = message.content.kind === 'text' ? kept : null;
    if (!isGuarded(tx, loaded, written, isAnswered(loaded, message, now), now))
      chat.turn(tx, loaded, message.content);
    return 'handled';
  }

  /**
   * The key to keep a message under; null for a repeat. Without a timestamp the same words can be meant twice, so they
   * count as a repeat for 20 minutes only.
   */
  function firstTimeKey(tx: Tx, message: IncomingMessage, now: number): string | null {
    const keys = dedupeKeys(message);
    for (const key of keys) {
      const seen = tx.get<Pick<InboundMessageRow, 'id' | 'received_at'>>(
        'SELECT id, received_at FROM inbound_messages WHERE dedupe_key = ?',
        key,
      );
      if (!seen) continue;
      const isSure = message.inboxid !== null || message.timestamp !== null;
      const age = now - seen.received_at;
      if (isSure || (age < STALE_MS && age >= -CLOCK_TOLERANCE_MS)) return null;
      tx.run('UPDATE inbound_messages SET dedupe_key = NULL WHERE id = ?', seen.id);
    }
    return keys[0]!;
  }

  /**
   * One key for every repeat of a message: by the gateway's own number if it has one, else by all it says, hashed
   * (also as it was before APP_SECRET was changed) so that nobody can guess it back.
   */
  function dedupeKeys({ device, sender, inboxid, identity }: IncomingMessage): string[] {
    // The number, which grows, comes first: its index is then written at one end, and stays quick however long it is.
    if (inboxid !== null) return [JSON.stringify([inboxid, sender, device ?? ''])];
    return vault.hashes('inbound_message', ...identity);
  }

  function store(
    tx: Tx,
    { sender, content }: IncomingMessage,
    row: Kept & Pick<InboundMessageRow, 'dedupe_key' | 'outcome'> & { reason?: string },
    now: number,
  ): void {
    tx.insert(inboundMessages, { ...row, phone: sender, kind: content.kind, received_at: now });
  }

  /** While a person of ours has the word the bot keeps silent, and cannot loop; but for verification texts. */
  function isAnswered({ state }: LoadedChat, { content }: IncomingMessage, now: number): boolean {
    const isSilent = state.silent_until !== null && now < state.silent_until;
    return !isSilent || (content.kind === 'text' && withoutSentCodes(content.text) !== null);
  }

  /** Says once that it is too much; then, for a while, messages are stored and change nothing. */
  function isGuarded(
    tx: Tx,
    loaded: LoadedChat,
    written: Kept | null,
    answers: boolean,
    now: number,
  ): boolean {
    const { row } = loaded;
    if (isAhead(row.guarded_until, GUARDED_MS, now)) return true;
    if (!answers || !isLooping(tx, row.phone, written, now)) return false;
    row.guarded_until = now + GUARDED_MS;
    outbox.enqueue(tx, { phone: row.phone, kind: 'chat', text: chatTexts.guarded });
    chat.keep(tx, loaded);
    return true;
  }

  function refuseForeign(tx: Tx, message: IncomingMessage, now: number): Received {
    ignore(tx, message, 'foreign');
    if (throttle.blockedFor(tx, FOREIGN_RULE, message.sender, now) > 0) return 'ignored';
    throttle.hit(tx, FOREIGN_RULE, message.sender, now);
    outbox.enqueue(tx, { phone: message.sender, kind: 'chat', text: foreignNumber(deps.brandName) });
    return 'ignored';
  }

  /** A bug of ours: the message is kept with the error for a person to look at, and the chat goes on. */
  async function keepFailed(message: IncomingMessage, error: unknown): Promise<Received> {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    logger.error({ err: error }, 'a message could not be handled; it is kept');
    await unitOfWork.run((tx) => {
      const dedupe_key = firstTimeKey(tx, message, clock.now());
      if (dedupe_key === null) return;
      // Which question it answered is not known here, so any code in it is masked.
      const kept = textToKeep(message, true);
      store(tx, message, { dedupe_key, ...kept, outcome: 'failed', reason }, clock.now());
      deps.alerts.raise(
        tx,
        'message_failed',
        'An incoming message could not be handled; it is kept.',
        clock.now(),
      );
    });
    metrics.chatTurns.inc({ outcome: 'failed' });
    return 'failed';
  }

  /** What is kept of a message: at the code question, and wherever there may be a code, its digits are masked at once. */
  function textToKeep({ content }: IncomingMessage, masksAll: boolean): Kept {
    if (content.kind === 'media') return { text: null, text_hash: null };
    if (content.kind === 'location')
      return { text: `${content.latitude},${content.longitude}`, text_hash: null };
    const text = withoutSentCodes(content.text) ?? content.text;
    if (!masksAll && text === content.text && findCode(text) === null) return { text, text_hash: null };
    return {
      text: text.normalize('NFKC').replace(/\d(?:\D{0,3}\d){5,}/g, '••••••'),
      text_hash: vault.hash('inbound_text', plainWords(content.text)),
    };
  }

  return { receive };
}
