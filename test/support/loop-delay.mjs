// Loaded into the program under test with `node --import`: at SIGUSR2 it writes the longest stall of the event loop
// since the last one, in milliseconds, to the file LOOP_DELAY_FILE.
import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();
process.on('SIGUSR2', () => {
  const file = process.env.LOOP_DELAY_FILE;
  writeFileSync(`${file}.new`, String(delays.max / 1e6));
  renameSync(`${file}.new`, file);
  delays.reset();
});
