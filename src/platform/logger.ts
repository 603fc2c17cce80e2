/**
 * The log: pino, JSON lines, pretty on a terminal. Nothing that a customer typed, no code, token or full phone is
 * ever passed in; errors are reduced to name, message and stack, since some carry their statement's parameters.
 */
import pino, { type DestinationStream, type Logger } from 'pino';

export type { Logger };

/**
 * Lines are written together, after a tenth of a second at most, and at exit: else each is a system call in the middle
 * of a request.
 */
const GATHERED = { sync: false, minLength: 4096, periodicFlush: 100 };

export interface LoggerOptions {
  level: string;
  pretty: boolean;
  /** Where the lines go; standard output when left out. */
  destination?: DestinationStream;
}

export function createLogger({ level, pretty, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: plainError },
  };
  if (destination) return pino(options, destination);
  if (!pretty) return pino(options, pino.destination(GATHERED));
  const transport: unknown = pino.transport({
    target: 'pino-pretty',
    options: { translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname' },
  });
  return pino({ ...options, formatters: undefined }, transport as DestinationStream);
}

function plainError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  return { type: error.name, message: error.message, stack: error.stack };
}
