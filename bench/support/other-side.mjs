// Talks to load.mjs.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Above this share of its core over a whole round, the load and not the server may be what is measured. */
const BUSY = 0.9;
const ROUND_MS = 500;

export function startOtherSide() {
  const child = fork(fileURLToPath(new URL('load.mjs', import.meta.url)));
  const ask = (task, options = {}) =>
    new Promise((resolve, reject) => {
      const gone = (code) => reject(new Error(`the load ended with ${code} in ${task}`));
      child.once('exit', gone);
      child.once('message', (result) => {
        child.off('exit', gone);
        if (result.ms > ROUND_MS && result.share > BUSY) {
          process.stderr.write(
            `  (${task}: the load itself used ${Math.round(result.share * 100)}% of a core)\n`,
          );
        }
        resolve(result);
      });
      child.send({ task, options });
    });
  return { ask, stop: () => child.disconnect() };
}
