/**
 * Starts the built program (`npm run build` first) as an operator would: `node <project folder>`, from a working
 * folder of its own, with nothing in the environment but what the test says. stopPrograms() leaves none behind.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const PROJECT = join(__dirname, '../..');
const MIGRATE = join(PROJECT, 'dist/src/cli/migrate.js');
/** Generous: a start takes half a second, unless the machine has much else to do. */
const PATIENCE_MS = 20_000;

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Program {
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  /** Resolves with the first match in what it has printed; rejects when it ends or takes too long. */
  prints(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves with the base URL once it listens. */
  listens(): Promise<string>;
  /** How it ended; everything it printed has been read by then. */
  readonly exit: Promise<Exit>;
  signal(name: NodeJS.Signals): void;
  /** Kills it with no warning, and resolves when it is gone. */
  kill(): Promise<Exit>;
}

export interface ProgramOptions {
  /** Its working folder. */
  folder: string;
  env?: Record<string, string>;
}

const running = new Set<Program>();

/** `node <project folder>`; on a free port unless the test names one. */
export const startProgram = ({ folder, env }: ProgramOptions): Program =>
  run(PROJECT, { folder, env: { PORT: '0', ...env } });

/** What `npm run migrate` runs. */
export const startMigration = (options: ProgramOptions): Program => run(MIGRATE, options);

export async function stopPrograms(): Promise<void> {
  await Promise.all([...running].map((program) => program.kill()));
}

function run(entry: string, { folder, env }: ProgramOptions): Program {
  if (!existsSync(MIGRATE)) throw new Error('There is no built program: run `npm run build` first');
  const child = spawn(process.execPath, [entry], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const program = watch(child);
  running.add(program);
  void program.exit.then(() => running.delete(program));
  return program;
}

function watch(child: ChildProcess): Program {
  let stdout = '';
  let stderr = '';
  const lookers = new Set<() => void>();
  const heard = () => lookers.forEach((look) => look());
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    heard();
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    heard();
  });
  const exit = new Promise<Exit>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal }));
  });

  const prints = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        lookers.delete(look);
        settle();
      };
      const fail = (why: string) =>
        end(() => reject(new Error(`${why} before it printed ${pattern}:\n${stdout}\n${stderr}`)));
      const look = () => {
        const match = pattern.exec(stdout + stderr);
        if (match) end(() => resolve(match));
      };
      const timer = setTimeout(() => fail(`${PATIENCE_MS} ms passed`), PATIENCE_MS);
      lookers.add(look);
      look();
      void exit.then(({ code, signal }) => fail(`It ended (${code ?? signal})`), reject);
    });

  return {
    pid: child.pid!,
    stdout: () => stdout,
    stderr: () => stderr,
    prints,
    async listens() {
      const [line] = await prints(/^.*"msg":"listening".*$/m);
      return `http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}`;
    },
    exit,
    signal: (name) => void child.kill(name),
    kill() {
      child.kill('SIGKILL');
      return exit;
    },
  };
}

export interface JsonAnswer {
  status: number;
  /** Parsed JSON; of `data`, tests read the texts. */
  body: { code?: string; message?: string; attemptsLeft?: number; data: Record<string, string> };
}

export async function postJson(url: string, body: unknown): Promise<JsonAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as JsonAnswer['body'] };
}
