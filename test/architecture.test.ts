import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  AIM_LINES,
  floors,
  generic,
  kindFolders,
  longFiles,
  MOST_LINES,
  namedExports,
  nameless,
  purity,
  reexports,
  reveals,
  sizes,
  topLevelState,
  vagueNames,
  type Rule,
} from './architecture/rules.ts';
import { sourceText } from './architecture/source-text.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

/** Who may open a {@link Secret}, and why. */
const REVEALS: Readonly<Record<string, string>> = {
  'src/model/secret.ts': 'defines it',
  'src/index.ts': 'the wire of kinds that others write',
  'src/diff/field-changes.ts': 'the values of `visible` variables in a plan',
  'src/daemon/notify/signature.ts': 'the key that signs a notification',
  'src/compose/post.ts': 'the wire: the URL of a receiver is its credential',
  'src/daemon/lease/lease-client.ts': 'the wire: the Authorization header of the cluster',
  'src/document/dump/written-value.ts': 'values that are plainly harmless, or that `dump --include-values` asks for',
  'src/document/dump/values-file.ts': 'the file that `dump --values-file` names',
  'src/sources/encrypt-sops.ts': 'the pipe to the sops program, for `dump --secrets sops`',
  'src/providers/convex/connection.ts': 'the wire: the Authorization header',
  'src/providers/convex/env-var/values.ts': 'the wire: the values that are written',
  'src/providers/http/scrub.ts': 'takes the values out of the messages of the platform',
};

/** Texts with the platform's or a kind's name in a generic floor, and why. */
const NAMED_ON_PURPOSE: Readonly<Record<string, readonly string[]>> = {
  // A class of hosts, which has limits of its own.
  'src/providers/http/limiter.ts': ['deployment'],
  // The schema's $id is made of the package's name.
  'src/document/document-schema.ts': ['urn:convex-converge:schema:state:1'],
};

/** Files over the aim, and why they are not two. */
const LONG_ON_PURPOSE: Readonly<Record<string, string>> = {};

const sources = globSync('src/**/*.{ts,js}', { cwd: ROOT })
  .map((file) => file.replaceAll(path.sep, '/'))
  .sort()
  .map((file) => sourceText(file, readFileSync(path.join(ROOT, file), 'utf8')));

/** The kinds by their folders, so that a new one is held to the rule at once. */
const KINDS = sources
  .map((file) => /^src\/providers\/[^/]+\/([^/]+)\/kind\.ts$/.exec(file.path)?.[1])
  .filter((name) => name !== undefined);

/** The dialects by the files that serve them in the sandbox. */
const DIALECTS = sources
  .map((file) => /^src\/sandbox\/([a-z]+)-routes\.ts$/.exec(file.path)?.[1])
  .filter((name) => name !== undefined);

describe('the house', () => {
  test.each<[string, Rule]>([
    ['imports go down the floors', floors],
    ['the middle is pure', purity],
    ['generic floors name neither the platform nor a kind', generic(KINDS, NAMED_ON_PURPOSE)],
    ['nothing else knows a kind or a dialect by name', nameless([...KINDS, ...DIALECTS], NAMED_ON_PURPOSE)],
    ['secrets are revealed only where listed', reveals(REVEALS)],
    ['every kind is made of the same files', kindFolders],
    [`no file has more than ${MOST_LINES} lines`, sizes],
    ['names say something', vagueNames],
    ['exports are named', namedExports],
    ['index.ts alone re-exports', reexports],
    ['there is no mutable state at the top level', topLevelState],
  ])('%s', (_, rule) => {
    expect(rule(sources)).toEqual([]);
  });

  test('there are files and kinds to hold to the rules', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(KINDS).toEqual(expect.arrayContaining(['project', 'deployment', 'env-var']));
    expect(DIALECTS).toEqual(expect.arrayContaining(['official', 'catalog']));
  });

  test(`files over ${AIM_LINES} lines are few and known`, () => {
    const long = longFiles(LONG_ON_PURPOSE)(sources);
    if (long.length > 0) console.warn(`longer than ${AIM_LINES} lines: ${long.join(', ')}`);
    expect(long.length).toBeLessThanOrEqual(3);
  });
});

/** What a rule finds in made-up files. */
function find(rule: Rule, files: Readonly<Record<string, string>>): readonly string[] {
  return rule(Object.entries(files).map(([file, text]) => sourceText(file, text)));
}

describe('the rules can fail', () => {
  test.each([
    ['src/model/a.ts', "import { b } from '../diff/b.ts';"],
    ['src/diff/a.ts', "import { b } from '../document/b.ts';"],
    ['src/report/a.ts', "import type { b } from '../diff/b.ts';"],
    ['src/code/a.ts', "import { b } from '../document/b.ts';"],
    ['src/document/a.ts', "const b = await import('../report/b.ts');"],
    ['src/diff/a.ts', "type B = import('../report/b.ts').B;"],
    ['src/sources/a.ts', "import {\n  b,\n  c,\n} from '../reconcile/b.ts';"],
    ['src/providers/http/a.ts', "import { b } from '../../sources/b.ts';"],
    ['src/reconcile/a.ts', "import '../providers/b.ts';"],
    ['src/reconcile/a.ts', "import { b } from '../compose.ts';"],
    ['src/compose.ts', "import { b } from './cli/b.ts';"],
    ['src/index.ts', "export { b } from './cli/b.ts';"],
    ['src/cli/a.ts', "import { b } from '../diff/b.ts';"],
    ['src/cli/a.ts', "import { b } from '../document/parse.ts';"],
    ['src/cli/a.ts', "import { b } from '../providers/http/client.ts';"],
    ['src/cli/a.ts', "import { b } from '../sandbox/server.ts';"],
    ['src/cli/a.ts', "import { b } from './commands/sandbox.ts';"],
    ['src/sandbox/a.ts', "import type { b } from '../model/b.ts';"],
    ['src/action/a.ts', "import { b } from '../compose.ts';"],
    ['src/action/a.ts', "import { b } from '../cli/commands/plan.ts';"],
    ['src/cli/a.ts', "import { b } from '../action/b.ts';"],
    ['src/compose.ts', "import { b } from './action/b.ts';"],
    ['src/unheard-of/a.ts', "import { b } from '../model/b.ts';"],
  ])('floors: %s with %s', (file, text) => {
    expect(find(floors, { [file]: text })).toHaveLength(1);
  });

  test.each([
    ['src/diff/a.ts', "import { b } from '../model/b.ts';\nimport { c } from './c.ts';"],
    ['src/reconcile/a.ts', "import { b } from '../diff/b.ts';"],
    ['src/cli/commands/a.ts', "const { b } = await import('../../sandbox/server.ts');"],
    ['src/cli/commands/sandbox.ts', "import { b } from '../../sandbox/server.ts';"],
    ['src/action/a.ts', "import { b } from '../cli/run.ts';\nimport { c } from '../report/c.ts';"],
    ['src/cli/run.ts', "const { b } = await import('./commands/sandbox.ts');"],
    ['src/cli/a.ts', "import { b } from '../document/document-schema.ts';\nimport { c } from '../compose.ts';"],
    ['src/cli/a.ts', "import { b } from '../providers/convex/registry.ts';\nimport { c } from '../model/c.ts';"],
    ['src/model/a.ts', "// import { b } from '../diff/b.ts';\nconst text = `import { b } from '../diff/b.ts'`;"],
    ['src/sandbox/a.ts', "import { createServer } from 'node:http';\nimport { b } from './platform/b.ts';"],
  ])('floors: %s may say %s', (file, text) => {
    expect(find(floors, { [file]: text })).toEqual([]);
  });

  test.each([
    "import { readFile } from 'node:fs/promises';",
    "import http from 'node:http';",
    "import net from 'node:net';",
    "import { spawn } from 'node:child_process';",
    "import os from 'node:os';",
    "import { request } from 'undici';",
    "import pino from 'pino';",
    "const fs = await import('fs');",
    'const now = Date.now();',
    'const now = new Date();',
    'const roll = Math.random();',
    'const home = process.env.HOME;',
    'const start = performance.now();',
    'setTimeout(() => {}, 1);',
    "import { randomUUID } from 'node:crypto';",
    'const text = `${Date.now()}`;',
  ])('purity: %s', (text) => {
    for (const floor of ['model', 'document', 'diff', 'report', 'code']) {
      expect(find(purity, { [`src/${floor}/a.ts`]: text })).not.toEqual([]);
    }
    expect(find(purity, { 'src/reconcile/a.ts': text })).toEqual([]);
  });

  test('purity: hashing, given dates and talk of clocks are pure; styles only in reports', () => {
    const text =
      "import { createHmac } from 'node:crypto';\nconst at = new Date(given);\n// Date.now()\nconst say = 'process.env';";
    expect(find(purity, { 'src/model/a.ts': text })).toEqual([]);
    const styled = "import { styleText } from 'node:util';";
    expect(find(purity, { 'src/report/a.ts': styled })).toEqual([]);
    expect(find(purity, { 'src/diff/a.ts': styled })).toHaveLength(1);
  });

  test.each([
    "const host = 'https://api.convex.dev';",
    'function readConvexValue() {}',
    "if (kind === 'deployment') {}",
    "const prefix = 'env-var:';",
    'const address = `project:${slug}`;',
    'const text = /convex/;\nconst CONVEX = 1;',
  ])('generic: %s', (text) => {
    const rule = generic(['project', 'deployment', 'env-var'], {});
    for (const floor of ['model', 'document', 'diff', 'report', 'code', 'reconcile']) {
      expect(find(rule, { [`src/${floor}/a.ts`]: text })).toHaveLength(1);
    }
    expect(find(rule, { 'src/providers/convex/a.ts': text })).toEqual([]);
  });

  test('generic: comments, longer words and excused texts are fine; cli and sources name no kind', () => {
    const rule = generic(['project'], { 'src/report/b.ts': ['convex.state.yaml'] });
    expect(find(rule, { 'src/report/a.ts': "// convex project\nconst noun = 'projects';" })).toEqual([]);
    expect(find(rule, { 'src/report/b.ts': "const file = 'convex.state.yaml';" })).toEqual([]);
    const named = "const kind = 'project', token = 'CONVEX_TOKEN';";
    expect(find(rule, { 'src/cli/a.ts': named, 'src/sources/a.ts': named })).toHaveLength(2);
  });

  test('nameless: a branch on a name, but not a longer text, and not where the names are made', () => {
    const rule = nameless(['project', 'catalog'], { 'src/providers/http/b.ts': ['project'] });
    const branch = "if (dialect === 'catalog') send();\nswitch (kind) {\n  case 'project':\n}";
    expect(find(rule, { 'src/compose/a.ts': branch, 'src/providers/registry.ts': branch })).toHaveLength(4);
    expect(find(rule, { 'src/providers/http/a.ts': branch })).toHaveLength(2);
    expect(find(rule, { 'src/providers/convex/a.ts': branch, 'src/sandbox/a.ts': branch })).toEqual([]);
    expect(find(rule, { 'src/providers/http/b.ts': branch })).toHaveLength(1);
    expect(find(rule, { 'src/cli/a.ts': "const about = 'the catalog'; // 'catalog'" })).toEqual([]);
  });

  test('reveals: a call, an alias, a callback and a stale entry', () => {
    const rule = reveals({ 'src/model/secret.ts': 'defines it', 'src/model/gone.ts': 'no more' });
    expect(
      find(rule, {
        'src/model/secret.ts': 'export function reveal() {}',
        'src/model/gone.ts': '// reveal(secret)',
        'src/diff/a.ts': 'const text = reveal(secret);',
        'src/diff/b.ts': "import { reveal as open } from '../model/secret.ts';",
        'src/diff/c.ts': 'secrets.map(reveal);',
        'src/diff/d.ts': 'const text = Secret.reveal(secret);',
        'src/diff/e.ts': 'const revealed = 1; // reveal(secret)',
      }),
    ).toHaveLength(5);
  });

  test('kind folders: a missing file', () => {
    const files = { 'src/providers/convex/project/kind.ts': '', 'src/providers/convex/registry.ts': '' };
    expect(find(kindFolders, files)).toEqual(['src/providers/convex/project has no official.ts']);
    expect(find(kindFolders, { ...files, 'src/providers/convex/project/official.ts': '' })).toEqual([]);
  });

  test('sizes', () => {
    const files = (lines: number) => ({ 'src/diff/a.ts': 'x\n'.repeat(lines) });
    expect(find(sizes, files(400))).toEqual([]);
    expect(find(sizes, files(401))).toHaveLength(1);
    expect(find(longFiles({}), files(250))).toEqual([]);
    expect(find(longFiles({}), files(251))).toHaveLength(1);
    expect(find(longFiles({ 'src/diff/a.ts': 'one table' }), files(251))).toEqual([]);
  });

  test.each([
    ['src/diff/a.ts', 'class PlanManager {}'],
    ['src/diff/a.ts', 'const errorHandler = 1;'],
    ['src/diff/a.ts', 'import { stringUtils } from "./b.ts";'],
    ['src/diff/a.ts', 'class BaseKind {}'],
    ['src/diff/plan-helper.ts', ''],
    ['src/utils/plan.ts', ''],
  ])('vague names: %s with %s', (file, text) => {
    expect(find(vagueNames, { [file]: text })).toHaveLength(1);
  });

  test('vague names: words that only contain one are fine', () => {
    const text = "const baseUrl = '', baseline = 1, database = 2, utility = 3; // the Manager";
    expect(find(vagueNames, { 'src/diff/baseline.ts': text })).toEqual([]);
  });

  test('default exports, re-exports and top-level state', () => {
    const files = (text: string) => ({ 'src/diff/a.ts': text });
    expect(find(namedExports, files('export default function f() {}'))).toHaveLength(1);
    expect(find(namedExports, files('const a = 1;\nexport { a as default };'))).toHaveLength(1);
    for (const text of ["export { b } from './b.ts';", "export * from './b.ts';", "export type { b } from './b.ts';"]) {
      expect(find(reexports, files(text))).toHaveLength(1);
      expect(find(reexports, { 'src/index.ts': text })).toEqual([]);
    }
    expect(find(topLevelState, files('let count = 0;\nexport let total = 0;\nvar old;'))).toHaveLength(3);
    expect(find(topLevelState, files('function f() {\n  let count = 0;\n}\nconst text = `\nlet x`;'))).toEqual([]);
  });

  test('the scanner tells code from strings, templates, comments and regular expressions', () => {
    const text = [
      'const a = /[\'"/`]/.test(b) ? "it\'s" : `x ${c ? `${"in"}ner` : {}} y`; // "no"',
      "const d = e / 2 / f; /* Date.now() */ const g = 'Date.now()';",
      "const h = 'end';",
    ].join('\n');
    const scanned = sourceText('src/diff/a.ts', text);
    expect(scanned.strings.map((literal) => literal.text).join('|')).toBe("it's|x ||in|ner| y|Date.now()|end");
    expect(scanned.code).not.toContain('Date.now');
    expect(scanned.strings.at(-1)?.line).toBe(3);
    expect(scanned.code).toHaveLength(text.length);
  });
});
