/**
 * Stands before every test file: a connection that would leave loopback, or anything printed to the console,
 * fails the test that caused it.
 */
import { Socket } from 'node:net';

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const violations: string[] = [];

const connect = Socket.prototype.connect;
Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
  type Target = { host?: string; path?: string } | number;
  const first = (Array.isArray(args[0]) ? (args[0] as unknown[])[0] : args[0]) as Target;
  const host =
    typeof first === 'object'
      ? (first.host ?? 'localhost')
      : typeof args[1] === 'string'
        ? args[1]
        : 'localhost';
  const isLocalSocket = typeof first === 'object' && first.path !== undefined;
  if (!isLocalSocket && !LOOPBACK.test(host)) {
    violations.push(`connection to ${host}`);
    throw new Error(`Tests must not leave loopback: ${host}`);
  }
  return (connect as (...all: unknown[]) => Socket).apply(this, args);
};

for (const method of ['log', 'info', 'warn', 'error'] as const) {
  // eslint-disable-next-line no-console -- replaced, not used
  console[method] = (...args: unknown[]) => {
    violations.push(`console.${method}: ${args.map(String).join(' ')}`);
  };
}

afterEach(() => {
  const seen = violations.splice(0);
  if (seen.length > 0) throw new Error(`Unexpected side effects:\n${seen.join('\n')}`);
});
