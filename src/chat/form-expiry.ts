/** Erases forms whose customers have gone silent, also when they never write again; a little at a time. */
import { type Logger } from '../platform/logger';
import { type UnitOfWork } from '../store/unit-of-work';
import { type Chat } from './chat';

const MOST_AT_ONCE = 100;

export interface FormExpiry {
  start(): void;
  runOnce(): Promise<void>;
  stop(): Promise<void>;
}

export function createFormExpiry(deps: {
  unitOfWork: UnitOfWork;
  chat: Chat;
  logger: Logger;
  everyMs: number;
}): FormExpiry {
  const { unitOfWork, chat, logger } = deps;
  let timer: NodeJS.Timeout | null = null;
  let running = Promise.resolve();

  async function runOnce(): Promise<void> {
    let found: number;
    do {
      found = await unitOfWork.run((tx) => chat.expireSilent(tx, MOST_AT_ONCE));
    } while (found === MOST_AT_ONCE);
  }

  return {
    runOnce,
    start() {
      timer = setInterval(() => {
        running = runOnce().catch((error: unknown) =>
          logger.error({ err: error }, 'silent forms were not erased'),
        );
      }, deps.everyMs);
    },
    async stop() {
      if (timer) clearInterval(timer);
      await running;
    },
  };
}
