/**
 * Where settings come from: the environment, else `config.env`; a secret also from the file that `<NAME>_FILE`
 * names. Finds out what is set and where, so that every problem can say so; judges no value and never repeats
 * one, since a token may have been pasted into the wrong variable.
 */
import { lstatSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv, TextDecoder } from 'node:util';

export interface ConfigProblem {
  readonly variable: string;
  /** What is wrong and what to do about it; reads on from the variable's name. */
  readonly problem: string;
  /** `environment`, `config.env` or `default`, with more where that helps (`environment, APP_SECRET_FILE`). */
  readonly source: string;
}

export interface Settings {
  /** Every setting that was found, as text. */
  readonly values: Readonly<Record<string, string>>;
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly string[];
  source(name: string): string;
  /** Nowhere set. False for one that is set but could not be read: that is a problem of its own. */
  missing(name: string): boolean;
}

interface SettingsInput {
  environment: Record<string, string | undefined>;
  directory: string;
  names: readonly string[];
  secrets: readonly string[];
}

type Origin = 'environment' | 'config.env';
type Found = { value: string; source: string } | { problem: ConfigProblem };

const CONFIG_FILE = 'config.env';
const QUOTED = /^(["'])[^]*\1$/;

export function readSettings({ environment, directory, names, secrets }: SettingsInput): Settings {
  const file = readConfigFile(directory, [...names, ...secrets.map((name) => `${name}_FILE`)]);
  const problems = [...file.problems];
  const warnings = [...file.warnings];
  const values: Record<string, string> = {};
  const sources = new Map<string, string>();
  const unreadable = new Set<string>();
  const overriding: string[] = [];

  for (const name of names) {
    const secret = secrets.includes(name);
    const fromEnvironment = find(environment, 'environment', name, secret, directory);
    const fromFile = find(file.values, CONFIG_FILE, name, secret, directory);
    const found = fromEnvironment ?? fromFile;
    if (!found) {
      if (file.unreadable(name)) unreadable.add(name);
      continue;
    }
    // A process manager's stale environment that beats an edited file is hard to see: say that both are there.
    const overrides = fromEnvironment !== undefined && fromFile !== undefined;
    const note = overrides ? `, overriding ${CONFIG_FILE}` : '';
    if ('problem' in found) {
      problems.push({ ...found.problem, source: found.problem.source + note });
      unreadable.add(name);
      continue;
    }
    values[name] = found.value;
    sources.set(name, found.source + note);
    if (overrides && !('value' in fromFile && fromFile.value === found.value)) overriding.push(name);
  }

  if (overriding.length > 0) {
    warnings.push(`The environment overrides what ${CONFIG_FILE} says about: ${overriding.join(', ')}.`);
  }
  return {
    values,
    problems,
    warnings,
    source: (name) => sources.get(name) ?? 'default (not set)',
    missing: (name) => !(name in values) && !unreadable.has(name),
  };
}

/** One setting in one place. Secrets stay as they are: a blank around one is refused later, not repaired. */
function find(
  from: Readonly<Record<string, string | undefined>>,
  origin: Origin,
  name: string,
  secret: boolean,
  directory: string,
): Found | undefined {
  const value = from[name] ?? '';
  const path = secret ? (from[`${name}_FILE`] ?? '').trim() : '';
  const refuse = (problem: string, source: string): Found => ({
    problem: { variable: name, problem, source },
  });

  if (value.trim() === '') {
    if (path === '') return undefined;
    const source = `${origin}, ${name}_FILE`;
    const text = readText(resolve(directory, path));
    if ('problem' in text) return refuse(`names a file that ${text.problem}`, source);
    // The line end that every editor leaves is no part of the secret.
    const content = text.content.replace(/(?:\r?\n)+$/, '');
    // A file was named on purpose, so an empty one is a delivery that went wrong, not "not set".
    return content.trim() === '' ? refuse('names a file that is empty', source) : { value: content, source };
  }
  if (path !== '') return refuse(`and ${name}_FILE are both set: keep one of them`, origin);
  if (origin === 'environment' && QUOTED.test(value.trim())) {
    return refuse(
      'is wrapped in quotation marks, which would be part of it (docker --env-file and the like keep them): remove them',
      origin,
    );
  }
  return { value: secret ? value : value.trim(), source: origin };
}

interface ConfigFile {
  values: Record<string, string>;
  problems: ConfigProblem[];
  warnings: string[];
  /** Whether the file may well set this name, in a way that could not be understood. */
  unreadable(name: string): boolean;
}

function readConfigFile(directory: string, known: readonly string[]): ConfigFile {
  const path = join(directory, CONFIG_FILE);
  if (!isThere(path)) {
    return { values: {}, problems: [], warnings: [], unreadable: () => false };
  }
  const text = readText(path);
  if ('content' in text) return parseConfigFile(text.content, known);
  const problem = { variable: CONFIG_FILE, problem: text.problem, source: CONFIG_FILE };
  return { values: {}, problems: [problem], warnings: [], unreadable: () => true };
}

/** A link that leads nowhere is there, too: somebody believes it to be a file. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true; // Reading it will say why it cannot be looked at.
  }
}

const SETTING = /^(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/;
const QUOTED_TO_THE_END = /^(?:"[^"]*"|'[^']*'|`[^`]*`)\s*(?:#.*)?$/;

/**
 * Line by line, since `parseEnv` drops without a word what it does not understand, and at times the line after
 * that too; it reads each value once the line is known to be sound.
 */
function parseConfigFile(content: string, known: readonly string[]): ConfigFile {
  const values: Record<string, string> = {};
  const problems: ConfigProblem[] = [];
  const warnings: string[] = [];
  const lines = new Map<string, number>();
  const unreadable = new Set<string>();

  content.split(/\r\n|\n|\r/).forEach((text, index) => {
    const number = index + 1;
    const line = text.trim();
    if (line === '' || line.startsWith('#')) return;
    const [, name, rest] = SETTING.exec(line) ?? [];
    if (name === undefined || rest === undefined) {
      const problem = `line ${number} is neither NAME=value nor a comment`;
      problems.push({ variable: CONFIG_FILE, problem, source: CONFIG_FILE });
      return;
    }
    if (!known.includes(name)) {
      // The number only: what stands there may be half of a secret.
      warnings.push(`${CONFIG_FILE}, line ${number}: no setting has this name. Is it misspelt?`);
      return;
    }
    const earlier = lines.get(name);
    const problem =
      earlier === undefined
        ? unsound(rest, number)
        : `is set twice, in lines ${earlier} and ${number}: keep one of them`;
    lines.set(name, number);
    if (problem !== null) {
      problems.push({ variable: name, problem, source: CONFIG_FILE });
      unreadable.add(name.replace(/_FILE$/, ''));
      delete values[name];
      return;
    }
    values[name] = parseEnv(`${name}=${rest.trim()}`)[name] ?? '';
  });
  return { values, problems, warnings, unreadable: (name) => unreadable.has(name) };
}

/** What would make a value mean something else than it looks like. */
function unsound(rest: string, line: number): string | null {
  const value = rest.trim();
  if (/^["'`]/.test(value)) {
    if (QUOTED_TO_THE_END.test(value)) return null;
    return `has quotation marks that do not close, or close too early (line ${line})`;
  }
  const comment = rest.indexOf('#');
  if (comment === -1 || /\s/.test(rest.charAt(comment - 1))) return null;
  return `has a # inside, which would start a comment and cut the value off: put it in quotation marks (line ${line})`;
}

/** UTF-8, with or without a byte order mark. The path itself stays out of the problem. */
function readText(path: string): { content: string } | { problem: string } {
  try {
    return { content: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    return { problem: READ_PROBLEMS[code] ?? `cannot be read (${code})` };
  }
}

const READ_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  EISDIR: 'is a folder',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'is not UTF-8 text',
};
