import path from 'node:path';
import { lineAt, type Import, type SourceText } from './source-text.ts';

/** What a rule finds, one line each: `src/diff/plan.ts:12 …`. Empty: the rule holds. */
export type Rule = (files: readonly SourceText[]) => readonly string[];

/**
 * The floors: what each folder of src/ may import, beside itself. Only ever downwards; see the drawing in
 * CONTRIBUTING.md. `cli` has rules of its own below.
 */
const FLOORS: Readonly<Record<string, readonly string[] | 'anything but cli'>> = {
  model: [],
  document: ['model'],
  diff: ['model'],
  report: ['model'],
  code: ['model'],
  sources: ['model'],
  providers: ['model'],
  reconcile: ['model', 'diff'],
  daemon: ['model', 'diff', 'report', 'reconcile'],
  // Runs in a browser, and knows of the daemon what it answers.
  page: [],
  compose: 'anything but cli',
  index: 'anything but cli',
  sandbox: [],
};

/** What the command line may reach: wiring and words, never the engine's inside. */
const CLI_REACH: readonly RegExp[] = [
  /^src\/(?:cli|model|report|compose)\//,
  /^src\/compose\.ts$/,
  /^src\/document\/(?:[a-z-]*-)?schema(?:-[a-z-]*)?\.ts$/,
  /^src\/providers\/(?:[a-z-]+\/)?registry\.ts$/,
];

/** What the GitHub Action may reach: the command line's front door, the machine, and words. */
const ACTION_REACH: readonly RegExp[] = [
  /^src\/(?:action|model|report)\//,
  /^src\/cli\/(?:run|io|exit-codes)\.ts$/,
  /^src\/compose\/machine\.ts$/,
];

/** The one file that has the sandbox for company, and is itself loaded only when asked for. */
const SANDBOX_COMMAND = 'src/cli/commands/sandbox.ts';

export const floors: Rule = (files) =>
  files.flatMap((file) =>
    file.imports.flatMap((used) => {
      const target = targetOf(file, used);
      if (target === null) return [];
      const why = whyNot(file, used, target);
      return why === null ? [] : [`${file.path}:${used.line} imports ${target}: ${why}`];
    }),
  );

function whyNot(file: SourceText, used: Import, target: string): string | null {
  const to = floorOf(target);
  if (target === SANDBOX_COMMAND && used.how !== 'dynamic') return 'it brings the sandbox, so it is loaded lazily';
  if (to === file.floor) return null;
  if (file.floor === 'cli') {
    if (to === 'action') return 'action is the top';
    if (to === 'sandbox' && file.path === SANDBOX_COMMAND) return null;
    if (to === 'sandbox') return used.how === 'dynamic' ? null : 'the sandbox is loaded only when it is asked for';
    return CLI_REACH.some((allowed) => allowed.test(target)) ? null : 'cli reaches compose, report and the registries';
  }
  if (file.floor === 'action')
    return ACTION_REACH.some((allowed) => allowed.test(target))
      ? null
      : 'action uses the command line by its front door';
  if (to === 'action') return 'action is the top';
  const allowed = FLOORS[file.floor];
  if (allowed === undefined) return `${file.floor} is no floor that this test knows`;
  if (allowed === 'anything but cli') return to === 'cli' ? 'cli is the top' : null;
  return allowed.includes(to) ? null : `${file.floor} may import ${['itself', ...allowed].join(', ')}`;
}

/** The file of ours that an import names; null for a package or a module of Node's. */
function targetOf(file: SourceText, used: Import): string | null {
  return used.specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file.path), used.specifier) : null;
}

function floorOf(file: string): string {
  return (file.split('/')[1] ?? '').replace(/\.ts$/, '');
}

const PURE: readonly string[] = ['model', 'document', 'diff', 'report', 'code'];

/** Computation only. Hashing is pure; making random bytes is not. */
const PURE_MODULES: Readonly<Record<string, readonly string[]>> = {
  'node:crypto': PURE,
  'node:util': ['report'],
  yaml: ['document'],
  ajv: ['document'],
  'ajv/dist/2020.js': ['document'],
  'fastest-levenshtein': ['document', 'diff'],
  '@babel/parser': ['code'],
};

const IMPURE: readonly RegExp[] = [
  /\bDate\.now\b/g,
  /\bnew Date\(\s*\)/g,
  /(?<!new )\bDate\(/g,
  /\bMath\.random\b/g,
  /\bprocess\./g,
  /\bperformance\./g,
  /\b(?:setTimeout|setInterval|setImmediate|queueMicrotask|fetch)\(/g,
  /\bconsole\./g,
  /\bglobalThis\b/g,
  /\b(?:randomBytes|randomUUID|randomInt|getRandomValues)\b/g,
  /\bcreateRequire\b/g,
];

/** No input or output, clock, chance or environment in the middle. */
export const purity: Rule = (files) =>
  files.flatMap((file) => (PURE.includes(file.floor) ? [...impureImports(file), ...impureCode(file)] : []));

function impureImports(file: SourceText): readonly string[] {
  return file.imports
    .filter(({ specifier }) => !specifier.startsWith('.') && !PURE_MODULES[specifier]?.includes(file.floor))
    .map(({ specifier, line }) => `${file.path}:${line} imports ${specifier}`);
}

function impureCode(file: SourceText): readonly string[] {
  return IMPURE.flatMap((pattern) => matches(file, pattern));
}

const GENERIC: readonly string[] = ['model', 'document', 'diff', 'report', 'code', 'reconcile', 'daemon'];

/** Also generic, but they know by contract what the environment variables and the default file are called. */
const KINDLESS: ReadonlySet<string> = new Set([...GENERIC, 'sources', 'cli', 'action', 'compose', 'index']);

/**
 * Generic floors never name the platform, and never name a kind: no word `convex` in code or text, no kind's name as a
 * string or as the start of an address. `allowed` are texts with a reason, by file.
 */
export function generic(kinds: readonly string[], allowed: Readonly<Record<string, readonly string[]>>): Rule {
  return (files) =>
    files.flatMap((file) => {
      const excused = allowed[file.path] ?? [];
      const names = KINDLESS.has(file.floor)
        ? file.strings
            .filter(({ text }) => kinds.some((kind) => text === kind || text.startsWith(`${kind}:`)))
            .filter(({ text }) => !excused.includes(text))
            .map(({ text, line }) => `${file.path}:${line} names the kind '${text}'`)
        : [];
      if (!GENERIC.includes(file.floor)) return names;
      const words = file.strings
        .filter(({ text }) => /convex/i.test(text) && !excused.includes(text))
        .map(({ text, line }) => `${file.path}:${line} says '${text}'`);
      return [...names, ...words, ...matches(file, /\w*convex\w*/gi)];
    });
}

/**
 * What a kind or a dialect is called decides nothing outside of the platform's own folder and the sandbox: their names
 * stand nowhere else, not even to be compared with. Tables are asked by a name that came from outside. `allowed` are texts
 * that mean something else, by file.
 */
export function nameless(names: readonly string[], allowed: Readonly<Record<string, readonly string[]>>): Rule {
  return (files) =>
    files
      .filter(({ path }) => !/^src\/(?:providers\/convex|sandbox)\//.test(path))
      .flatMap((file) =>
        file.strings
          .filter(({ text }) => names.includes(text) && !(allowed[file.path] ?? []).includes(text))
          .map(({ text, line }) => `${file.path}:${line} knows '${text}'`),
      );
}

/** The texts of secrets leave only in the files listed, and every file listed still needs it. */
export function reveals(listed: Readonly<Record<string, string>>): Rule {
  return (files) => [
    ...files.filter((file) => !(file.path in listed)).flatMap((file) => matches(file, /\breveal\b/g)),
    ...Object.keys(listed)
      .filter((listedPath) => !files.some(({ path, code }) => path === listedPath && /\breveal\b/.test(code)))
      .map((listedPath) => `${listedPath} is listed and reveals nothing`),
  ];
}

/** Every folder of a provider is a kind, and every kind is made of the same files. */
export const kindFolders: Rule = (files) => {
  const folders = new Set(files.flatMap(({ path }) => /^(src\/providers\/convex\/[^/]+)\//.exec(path)?.[1] ?? []));
  return [...folders].flatMap((folder) =>
    ['kind.ts', 'official.ts']
      .filter((name) => !files.some(({ path }) => path === `${folder}/${name}`))
      .map((name) => `${folder} has no ${name}`),
  );
};

export const AIM_LINES = 250;
export const MOST_LINES = 400;

export const sizes: Rule = (files) =>
  files.filter(({ lines }) => lines > MOST_LINES).map(({ path, lines }) => `${path} has ${lines} lines`);

/** Over the aim: allowed, worth a look. `because` are the files that have a reason. */
export function longFiles(because: Readonly<Record<string, string>>): Rule {
  return (files) =>
    files
      .filter(({ path, lines }) => lines > AIM_LINES && lines <= MOST_LINES && !(path in because))
      .map(({ path, lines }) => `${path} has ${lines} lines`);
}

const VAGUE = /\b\w*(?:Manager|Helper|Util|Service|Handler|Base)s?(?![a-z])\w*/g;

/** Names that say nothing (and the same as words of a file's name). */
export const vagueNames: Rule = (files) =>
  files.flatMap((file) => [
    ...matches(file, VAGUE),
    ...(/(?:^|[/-])(?:manager|helper|util|service|handler|base)s?(?=[-./])/.test(file.path.slice('src'.length))
      ? [`${file.path} is named after nothing`]
      : []),
  ]);

export const namedExports: Rule = (files) =>
  files.flatMap((file) => matches(file, /\bexport default\b|\bas default\b/g));

/** index.ts is the library's face; elsewhere a name is imported from where it is made. */
export const reexports: Rule = (files) =>
  files
    .filter(({ path }) => path !== 'src/index.ts')
    .flatMap(({ path, imports }) =>
      imports.filter(({ how }) => how === 'reexport').map(({ line }) => `${path}:${line} re-exports`),
    );

/** The formatter puts top-level statements, and only those, into the first column. */
export const topLevelState: Rule = (files) =>
  files.flatMap((file) => matches(file, /^(?:export\s+)?(?:declare\s+)?(?:let|var)\b/gm));

function matches(file: SourceText, pattern: RegExp): readonly string[] {
  return [...file.code.matchAll(pattern)].map((found) => `${file.path}:${lineAt(file.code, found.index)} ${found[0]}`);
}
