// `converge check-code`: the command on an app and a document in a folder, text and documents out.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { machineSchema } from '../../src/report/machine-schemas.ts';
import { converge, type Ran } from '../kit/converge.ts';
import { inFolder } from '../kit/scratch.ts';

const CONFIG = `import { defineApp } from "convex/server";
import { v } from "convex/values";
export default defineApp({ env: { MODE: v.union(v.literal("live"), v.literal("test")), TRACE: v.optional(v.string()) } });
`;
const CODE = `export const key = process.env.STRIPE_KEY!;
export const level = process.env.LOG_LEVEL ?? "info";
export const site = process.env.CONVEX_SITE_URL + process.env.NODE_ENV;
`;
const SECRET = 'liev-nobody-may-see-this';
const PROD = 'project:shop/deployment:production';

interface Case {
  readonly env?: string;
  readonly more?: string;
  readonly config?: string;
  readonly code?: string;
  readonly argv?: readonly string[];
}

/** Runs the command on an app and on a document with one deployment whose `env` is as given. */
function check({ env = '', more = '', config = CONFIG, code = CODE, argv = [] }: Case): Promise<Ran> {
  const document = `version: 1
team: acme
projects:
  - slug: shop
    deployments:
      - reference: production
        type: prod
${env === '' ? '' : `        env: ${env}\n`}${more}`;
  const files = { 'convex.state.yaml': document, 'app/convex/convex.config.ts': config, 'app/convex/a.ts': code };
  return inFolder(files, (cwd) => converge(['check-code', 'app', ...argv], { cwd }));
}

/** The document, held to its schema. */
async function documentOf(of: Case) {
  const { exit, stdout } = await check({ ...of, argv: [...(of.argv ?? []), '--format', 'json'] });
  const document = JSON.parse(stdout) as {
    readonly satisfied: boolean;
    readonly subjects: readonly { readonly name: string; readonly standing: string }[];
    readonly diagnostics: readonly { readonly code: string; readonly severity: string; readonly summary: string }[];
  };
  const validate = new Ajv2020({ strict: false }).compile(machineSchema('check-code'));
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  const codes = document.diagnostics.map(({ severity, code }) => `${severity} ${code}`);
  return { exit, document, codes, standing: document.subjects.map(({ standing }) => standing) };
}

const GOOD = '{ STRIPE_KEY: { fromEnv: NOT_SET_HERE }, LOG_LEVEL: debug, MODE: live }';

test('what the code needs is there: exit 0, sources unread', async () => {
  const { exit, stdout, stderr } = await check({ env: GOOD });
  expect([exit, stderr]).toEqual([0, '']);
  expect(stdout).toBe(`${PROD}  satisfied
  set before the deploy    LOG_LEVEL, MODE, STRIPE_KEY

Satisfied: 1 of 1. The code (2 files) asks for 6 variables.
`);
  const { document } = await documentOf({ env: GOOD });
  expect(document).toMatchObject({
    satisfied: true,
    variables: [
      { name: 'CONVEX_SITE_URL', builtIn: true },
      { name: 'LOG_LEVEL', needed: false, declared: null },
      { name: 'MODE', needed: true, uses: [], declared: { optional: false, allowed: ['live', 'test'] } },
      { name: 'NODE_ENV', builtIn: true },
      { name: 'STRIPE_KEY', needed: true, uses: [{ where: { file: 'app/convex/a.ts', line: 1, column: 20 } }] },
      { name: 'TRACE', needed: false, declared: { optional: true, allowed: null } },
    ],
    diagnostics: [],
  });
});

test('missing: an error at the line of the code, with the line of the document', async () => {
  const { exit, stdout } = await check({ env: '{ MODE: live, LOG_LEVEL: info }' });
  expect(exit).toBe(1);
  expect(stdout).toContain(`error[CVG801] STRIPE_KEY is missing in ${PROD}: the code reads it
  --> app/convex/a.ts:1:20
  and convex.state.yaml:8:9
`);
  expect(stdout).toContain('missing                  STRIPE_KEY');
});

test('what the code can do without is a warning, and what it declares optional is nothing', async () => {
  const { exit, codes } = await documentOf({ env: '{ MODE: live, STRIPE_KEY: x }' });
  expect([exit, codes]).toEqual([0, ['warning CVG802']]);
  const strict = await documentOf({ env: '{ MODE: live, STRIPE_KEY: x }', argv: ['--warnings-as-errors'] });
  expect([strict.exit, strict.codes]).toEqual([1, ['error CVG802']]);
  const quiet = await documentOf({ env: '{ MODE: live, STRIPE_KEY: x }', argv: ['--suppress', 'CVG802'] });
  expect([quiet.exit, quiet.codes]).toEqual([0, []]);
});

test('a wrong literal: what is allowed is told, and what is there is not', async () => {
  for (const format of ['text', 'json', 'markdown']) {
    const { exit, stdout, stderr } = await check({
      env: `{ STRIPE_KEY: x, LOG_LEVEL: info, MODE: { value: ${SECRET}, visible: true } }`,
      argv: ['--format', format],
    });
    expect(exit).toBe(1);
    expect(stdout).toContain('CVG805');
    expect(stdout + stderr).not.toContain(SECRET);
  }
  const { document, standing } = await documentOf({ env: `{ STRIPE_KEY: x, LOG_LEVEL: info, MODE: ${SECRET} }` });
  expect(document.diagnostics[0]?.summary).toContain('"live" or "test"');
  expect(standing).toEqual(['unsatisfied']);
});

test('whether a value from a source is one of those is not known', async () => {
  const { exit, standing, codes } = await documentOf({
    env: '{ STRIPE_KEY: x, LOG_LEVEL: x, MODE: { fromEnv: MODE } }',
  });
  expect([exit, standing, codes]).toEqual([0, ['unknown'], ['warning CVG810']]);
});

test('removing comes last: absent and prune are refused while the code reads it', async () => {
  const absent = await documentOf({ env: '{ STRIPE_KEY: { absent: true }, LOG_LEVEL: x, MODE: live }' });
  expect([absent.exit, absent.codes]).toEqual([3, ['error CVG803']]);
  expect(absent.document.subjects).toMatchObject([{ removed: ['STRIPE_KEY'], standing: 'unsatisfied' }]);
  const optional = await documentOf({
    env: '{ STRIPE_KEY: x, LOG_LEVEL: { absent: true }, TRACE: { absent: true }, MODE: live }',
  });
  expect([optional.exit, optional.codes]).toEqual([3, ['error CVG803', 'error CVG803']]);
  const pruned = await documentOf({ env: '{ MODE: live, LOG_LEVEL: x }', more: '        policy: { prune: [env] }\n' });
  expect([pruned.exit, pruned.codes]).toEqual([3, ['error CVG803', 'warning CVG802']]);
  const both = await documentOf({ env: '{ STRIPE_KEY: { absent: true }, LOG_LEVEL: x }' });
  expect(both.exit).toBe(1);
});

test('set, deploy, remove: nothing reads it any more, so it may go after the deploy', async () => {
  const { exit, document, codes } = await documentOf({
    env: '{ STRIPE_KEY: x, LOG_LEVEL: x, MODE: live, OLD: { absent: true }, LEGACY: x }',
  });
  expect([exit, codes]).toEqual([0, ['warning CVG804']]);
  expect(document.subjects).toMatchObject([
    { unused: ['LEGACY'], order: { before: ['LOG_LEVEL', 'MODE', 'STRIPE_KEY'], after: ['LEGACY', 'OLD'] } },
  ]);
});

test('computed names: unused is not certain then', async () => {
  const { exit, stdout } = await check({
    env: '{ STRIPE_KEY: x, LOG_LEVEL: x, MODE: live, LEGACY: x }',
    code: `${CODE}Object.keys(process.env);\n`,
  });
  expect(exit).toBe(0);
  expect(stdout).toContain('warning[CVG806]');
  expect(stdout).toContain('note[CVG804] LEGACY');
});

test('what the document does not say is not known: unmanaged, files of variables', async () => {
  const unmanaged = await documentOf({});
  expect([unmanaged.exit, unmanaged.codes, unmanaged.standing]).toEqual([0, ['warning CVG810'], ['unknown']]);
  expect(unmanaged.document.subjects).toMatchObject([{ unknown: ['MODE', 'STRIPE_KEY'] }]);
  const file = await documentOf({ env: '{ MODE: test }', more: '        envFrom: [{ file: .env.not.there }]\n' });
  expect([file.exit, file.codes, file.standing]).toEqual([0, ['warning CVG810'], ['unknown']]);
  expect(file.document.subjects).toMatchObject([{ unknown: ['STRIPE_KEY'] }]);
});

const SELECTOR = 'project:shop/eachDeployment(type: preview)';
const PREVIEWS = `    eachDeployment:
      - match: { type: preview }
        env: { MODE: wrong, STRIPE_KEY: { absent: true } }
`;

test('selectors: what they give and remove is known, what is there before them is not', async () => {
  const { document } = await documentOf({ env: GOOD, more: PREVIEWS });
  expect(document.subjects).toMatchObject([
    { name: PROD, standing: 'satisfied' },
    { name: SELECTOR, address: null, removed: ['STRIPE_KEY'], wrong: ['MODE'], standing: 'unsatisfied' },
  ]);
  const little = await documentOf({ env: GOOD, more: PREVIEWS.replace(/env: .*/, 'env: { MODE: test }') });
  expect([little.exit, little.codes]).toEqual([0, ['warning CVG810']]);
  expect(little.document.subjects).toMatchObject([{}, { unknown: ['STRIPE_KEY'], standing: 'unknown' }]);
});

test('--deployment: an address, a glob, a selector by name; a stranger is an error', async () => {
  const names = async (...deployments: readonly string[]) => {
    const argv = deployments.flatMap((one) => ['--deployment', one]);
    const { document } = await documentOf({ env: GOOD, more: PREVIEWS, argv });
    return document.subjects.map(({ name }) => name);
  };
  expect(await names(PROD)).toEqual([PROD]);
  expect(await names('project:shop/deployment:*')).toEqual([PROD]);
  expect(await names(SELECTOR)).toEqual([SELECTOR]);
  expect(await names('project:shop/**')).toEqual([PROD, SELECTOR]);
  const stranger = await check({ env: GOOD, argv: ['--deployment', 'project:shop/deployment:prodution'] });
  expect([stranger.exit, stranger.stdout]).toEqual([1, '']);
  expect(stranger.stderr).toContain(`Did you mean \`${PROD}\``);
});

test('an invalid document, a folder without code and broken code prove nothing', async () => {
  const invalid = await check({ env: '{ A: 1 }', argv: ['--format', 'json'] });
  expect([invalid.exit, JSON.parse(invalid.stdout)]).toMatchObject([1, { kind: 'error' }]);
  const nowhere = await inFolder({ 'convex.state.yaml': 'version: 1\nteam: acme\nprojects: []\n' }, (cwd) =>
    converge(['check-code', '.'], { cwd }),
  );
  expect([nowhere.exit, nowhere.stderr]).toMatchObject([1, expect.stringContaining('CVG522')]);
  const broken = await documentOf({ env: GOOD.replace(/}$/, ', LEGACY: x }'), code: 'export const a = process.env.' });
  expect([broken.exit, broken.codes, broken.standing]).toEqual([1, ['error CVG807'], ['unknown']]);
});

test('one finding for a variable, whatever the number of deployments', async () => {
  const rest = Array.from(
    { length: 5 },
    (_, n) => `      - { reference: dev-${n}, type: dev, env: { MODE: test, LOG_LEVEL: x } }\n`,
  );
  const { document, codes } = await documentOf({ env: GOOD, more: rest.join('') });
  expect(codes).toEqual(['error CVG801']);
  expect(document.diagnostics[0]?.summary).toContain(
    'deployment:dev-0, project:shop/deployment:dev-1, project:shop/deployment:dev-2 and 2 more',
  );
});

test('markdown: nothing from outside is markup', async () => {
  const { exit, stdout } = await check({
    env: GOOD,
    code: `${CODE}process.env["<img src=x> [a](b) @ada | x"]!;\n`,
    argv: ['--format', 'markdown'],
  });
  expect(exit).toBe(1);
  expect(stdout).not.toMatch(/<img|\[a\]|@ada| \| x"/);
  expect(stdout).toContain('not satisfied');
});
