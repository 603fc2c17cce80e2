// Programs under measurement: started until they say their port, read through /proc, stopped in order.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Clock ticks a second in /proc: fixed at 100 on Linux. */
const MS_PER_TICK = 10;

const running = new Set();

/** Starts `node ...args`; resolves at the first line of JSON that names a port. `startMs`: from spawn until then. */
export function start(args, env = {}) {
  const began = performance.now();
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const program = {
    pid: child.pid,
    async stop() {
      child.kill('SIGTERM');
      await exited;
      running.delete(program);
    },
  };
  running.add(program);
  return new Promise((resolve, reject) => {
    void exited.then((code) => reject(new Error(`${args[0]} ended with ${code} before it listened`)));
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      const port = /"port":(\d+)/.exec(line)?.[1];
      if (!port) return;
      resolve(Object.assign(program, { port: Number(port), startMs: performance.now() - began }));
      // From here on the log is only taken off the pipe: reading its lines would cost the other core's time.
      lines.close();
      child.stdout.resume();
    });
  });
}

/** Runs a program to its end; resolves with the JSON of its last line, if it is any. */
export function run(args, env = {}) {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last = '';
  createInterface({ input: child.stdout }).on('line', (line) => (last = line));
  return new Promise((resolve, reject) => {
    child.once('close', (code) => {
      if (code !== 0) reject(new Error(`${args[0]} ended with ${code}`));
      else resolve(last.startsWith('{') ? JSON.parse(last) : last);
    });
  });
}

export async function stopAll() {
  await Promise.all([...running].map((program) => program.stop()));
}

/** Processor time used so far, all threads, user and system, in ms. Unlike the clock it does not see who else is busy. */
export function cpuMs({ pid }) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

export function rssMb({ pid }) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)[1]) / 1024;
}
