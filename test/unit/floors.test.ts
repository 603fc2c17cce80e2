/** The house: who may import whom, what is pure, who touches the process. Read from the source itself. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '../..');
const MAX_LINES = 300;

const FLOORS_BELOW_COMPOSE = [
  ...['platform', 'store', 'delivery', 'registration', 'messages', 'chat'],
  ...['admin', 'http', 'pages', 'config', 'first-start'],
];

/** Each floor and what it may stand on. A file or folder directly in src/ is a floor by its name. */
const FLOORS: Record<string, string[]> = {
  platform: [],
  messages: [],
  migrations: [],
  store: ['platform', 'migrations'],
  delivery: ['platform', 'store'],
  registration: ['platform', 'store', 'delivery', 'messages'],
  admin: ['platform', 'store', 'registration'],
  config: ['platform', 'store', 'registration'],
  'first-start': ['platform', 'store', 'registration', 'config'],
  chat: ['platform', 'store', 'delivery', 'registration', 'messages'],
  http: ['platform', 'store', 'delivery', 'registration', 'messages', 'admin', 'chat', 'config', 'pages'],
  pages: ['platform', 'store', 'delivery', 'registration', 'messages', 'admin', 'chat', 'config', 'http'],
  compose: FLOORS_BELOW_COMPOSE,
  main: ['platform', 'config', 'first-start', 'compose'],
  cli: [...FLOORS_BELOW_COMPOSE, 'compose'],
};

const PURE = [
  /^src\/chat\/(machine|script|parsers|intent|verification)\.ts$/,
  /^src\/registration\/(otp|phone|lifecycle|form|verification-code)\.ts$/,
  /^src\/messages\//,
];
/** Packages that compute and do nothing else. */
const PURE_PACKAGES = ['zod', 'luxon'];
const IMPURE_CALLS =
  /^(Date\.now|Math\.random|performance\.now|DateTime\.(now|local|utc)|setTimeout|setInterval|setImmediate|fetch|Date)$/;

interface Import {
  /** A path in the project, or a package's name. */
  target: string;
  /** Gone after compiling. */
  typeOnly: boolean;
}

interface Module {
  path: string;
  imports: Import[];
  source: ts.SourceFile;
}

function filesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(join(ROOT, path)).isFile());
}

const isThere = (path: string) => statSync(join(ROOT, path), { throwIfNoEntry: false })?.isFile() ?? false;

function resolveImport(from: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  const base = join(dirname(from), specifier);
  const found = [base, `${base}.ts`, `${base}.tsx`, join(base, 'index.ts')].find(isThere);
  if (!found) throw new Error(`${from} imports ${specifier}, which is not there`);
  return found;
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  node.forEachChild((child) => visit(child, look));
}

/** Whether nothing of an import or a re-export is left after compiling. */
function isTypeOnly(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) {
    const named = node.exportClause && ts.isNamedExports(node.exportClause) ? node.exportClause : null;
    return node.isTypeOnly || Boolean(named?.elements.every((element) => element.isTypeOnly));
  }
  const { importClause: clause } = node;
  if (!clause || clause.isTypeOnly || clause.name) return Boolean(clause?.isTypeOnly);
  const bindings = clause.namedBindings;
  return Boolean(
    bindings && ts.isNamedImports(bindings) && bindings.elements.every((element) => element.isTypeOnly),
  );
}

function read(path: string): Module {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  const imports: Import[] = [];
  const add = (specifier: ts.Node, typeOnly: boolean) => {
    if (ts.isStringLiteral(specifier)) {
      imports.push({ target: resolveImport(path, specifier.text), typeOnly });
    }
  };
  visit(source, (node) => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
      add(node.moduleSpecifier, isTypeOnly(node));
    } else if (ts.isCallExpression(node) && /^(import|require)$/.test(node.expression.getText())) {
      if (node.arguments[0]) add(node.arguments[0], false);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, true);
    }
  });
  return { path, imports, source };
}

const modules = [...filesUnder('src'), ...filesUnder('migrations')]
  .filter((path) => /\.tsx?$/.test(path))
  .map(read);
const byPath = new Map(modules.map((module) => [module.path, module]));

/** `src/chat/machine.ts` → `chat`; `src/config.ts` and `src/config/schema.ts` → `config`. */
function floorOf(path: string): string | null {
  if (!byPath.has(path)) return null;
  return path.startsWith('migrations/') ? 'migrations' : /^src\/([^/.]+)/.exec(path)![1]!;
}

test('the scan sees the house: all floors, and imports between them', () => {
  expect(new Set(modules.map(({ path }) => floorOf(path)))).toEqual(new Set(Object.keys(FLOORS)));
  expect(byPath.get('src/main.ts')!.imports).toContainEqual({ target: 'src/compose.ts', typeOnly: false });
  expect(byPath.get('src/delivery/sender.ts')!.imports).toContainEqual({
    target: 'src/store/unit-of-work.ts',
    typeOnly: true,
  });
});

test('nothing imports upwards, types included', () => {
  const forbidden = modules.flatMap(({ path, imports }) => {
    const own = floorOf(path)!;
    return imports
      .map(({ target }) => ({ target, floor: floorOf(target) }))
      .filter(({ floor }) => floor !== null && floor !== own && !FLOORS[own]?.includes(floor))
      .map(({ target }) => `${path} imports ${target}`);
  });
  expect(forbidden).toEqual([]);
});

test('there are no circles', () => {
  const done = new Set<string>();
  const circles: string[] = [];
  const follow = (path: string, trail: string[]): void => {
    if (trail.includes(path)) {
      circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
      return;
    }
    if (done.has(path)) return;
    for (const { target } of byPath.get(path)?.imports ?? []) follow(target, [...trail, path]);
    done.add(path);
  };
  for (const { path } of modules) follow(path, []);
  expect(circles).toEqual([]);
});

describe('what is pure', () => {
  const isPure = (path: string) => PURE.some((pattern) => pattern.test(path));
  const pure = modules.filter(({ path }) => isPure(path));

  /** Everything a module brings along when it runs. */
  function reach(path: string, seen = new Set<string>()): Set<string> {
    for (const { target, typeOnly } of byPath.get(path)?.imports ?? []) {
      if (typeOnly || seen.has(target)) continue;
      seen.add(target);
      reach(target, seen);
    }
    return seen;
  }

  test('the rules find their modules', () => {
    for (const pattern of PURE) expect(pure.some(({ path }) => pattern.test(path))).toBe(true);
    expect(pure.length).toBeGreaterThanOrEqual(14);
  });

  test.each(pure.map(({ path }) => path))('%s brings no I/O along, not even through others', (path) => {
    const packages = [...reach(path)].filter((target) => !byPath.has(target));
    expect(packages.filter((name) => !PURE_PACKAGES.includes(name))).toEqual([]);
  });

  test.each(pure.map(({ path }) => path))('%s knows neither clock nor chance', (path) => {
    const found: string[] = [];
    visit(byPath.get(path)!.source, (node) => {
      const isNow =
        ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length;
      const isImpure = ts.isCallExpression(node) && IMPURE_CALLS.test(node.expression.getText());
      const isSystem = ts.isIdentifier(node) && /^system(Clock|Random)$/.test(node.text);
      if (isNow || isImpure || isSystem) found.push(node.getText().slice(0, 80));
    });
    expect(found).toEqual([]);
  });
});

test('messages stand alone', () => {
  const others = modules
    .filter(({ path }) => floorOf(path) === 'messages')
    .flatMap(({ path, imports }) => imports.map(({ target }) => `${path} imports ${target}`))
    .filter((line) => !/ imports src\/messages\//.test(line));
  expect(others).toEqual([]);
});

test('http never sees the database driver', () => {
  const seen = modules
    .filter(({ path }) => ['http', 'pages'].includes(floorOf(path)!))
    .flatMap(({ path, imports }) => imports.map(({ target }) => `${path} imports ${target}`))
    .filter((line) => /imports (typeorm|better-sqlite3)/.test(line));
  expect(seen).toEqual([]);
});

test('only main.ts and cli/ touch the process', () => {
  const found: string[] = [];
  for (const { path, source, imports } of modules) {
    if (path === 'src/main.ts' || path.startsWith('src/cli/')) continue;
    if (imports.some(({ target }) => /^(node:)?process$/.test(target))) found.push(`${path} imports process`);
    visit(source, (node) => {
      const isProcess =
        ts.isIdentifier(node) &&
        /^(process|globalThis|global)$/.test(node.text) &&
        !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) &&
        !(ts.isPropertyAssignment(node.parent) && node.parent.name === node);
      if (isProcess) found.push(`${path}: ${node.parent.getText()}`);
    });
  }
  expect(found).toEqual([]);
});

test(`no file has more than ${MAX_LINES} lines`, () => {
  const long = [...filesUnder('src'), ...filesUnder('migrations')]
    .map((path) => ({ path, lines: readFileSync(join(ROOT, path), 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > MAX_LINES)
    .map(({ path, lines }) => `${path}: ${lines} lines`);
  expect(long).toEqual([]);
});
