// The other side, in a process of its own on the second core: customers, web forms and the gateway. Forked by
// other-side.mjs; does one thing at a time and tells how much of its core that took.
import { startGateway } from './gateway.mjs';
import { registerInChat, registerOnWeb } from './load-registrations.mjs';
import { askCodes } from './load-codes.mjs';
import { closedTurns, steadyTurns } from './load-turns.mjs';

const gateway = await startGateway();

const tasks = {
  gateway({ delayMs = 0, hold = false }) {
    gateway.answerAfter(delayMs);
    if (hold) gateway.hold();
    return { port: gateway.port };
  },
  async release() {
    while (gateway.heldCount() === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    gateway.release();
  },
  closedTurns,
  steadyTurns,
  codes: (options) => askCodes(gateway, options),
  registerInChat: (options) => registerInChat(gateway, options),
  registerOnWeb: (options) => registerOnWeb(gateway, options),
};

process.on('message', ({ task, options }) => {
  void (async () => {
    const before = process.cpuUsage();
    const began = performance.now();
    const result = await tasks[task](options);
    const { user, system } = process.cpuUsage(before);
    const ms = performance.now() - began;
    process.send({ ...result, ms, share: (user + system) / 1000 / ms });
  })();
});
process.on('disconnect', () => process.exit(0));
