// What people see while they write a state document: the real language server of VS Code, Neovim and others.
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLanguageServer, type CompletionItem, type LanguageServer, type Place } from './language-server.ts';

const fileAt = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const EXAMPLE = fileAt('examples/convex.state.yaml');
const SCHEMA = fileAt('schema/convex.state.schema.json');

let server: LanguageServer;

beforeAll(async () => {
  server = await startLanguageServer();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

/** The place of `|`, and the text without it. */
function cursor(text: string): { readonly text: string; readonly at: Place } {
  const before = text.slice(0, text.indexOf('|')).split('\n');
  return {
    text: text.replace('|', ''),
    at: { line: before.length - 1, character: before.at(-1)?.length ?? 0 },
  };
}

let documents = 0;

/** Opens a new document; `|` is where the cursor stands. */
async function written(body: string): Promise<{ readonly path: string; readonly at: Place }> {
  const { text, at } = cursor(`# yaml-language-server: $schema=${SCHEMA}\nversion: 1\nteam: acme\n${body}`);
  const path = fileAt(`test/editors/document-${String(++documents)}.yaml`);
  await server.open(path, text);
  return { path, at };
}

async function completionsOf(body: string): Promise<readonly CompletionItem[]> {
  const { path, at } = await written(body);
  return server.complete(path, at);
}

const labels = (items: readonly CompletionItem[]): readonly string[] => items.map(({ label }) => label);

const DEPLOYMENT = `projects:
  - slug: shop
    deployments:
      - reference: production
`;

describe('completions', () => {
  test('the keys of a deployment, each explained', async () => {
    const items = await completionsOf(`${DEPLOYMENT}        |\n`);
    expect(labels(items)).toEqual(
      expect.arrayContaining([
        'type',
        'default',
        'class',
        'region',
        'expiresAt',
        'sendLogsToClient',
        'dashboardEditConfirmation',
        'protect',
        'renamedFrom',
        'policy',
        'env',
        'envFrom',
      ]),
    );
    // It is there already.
    expect(labels(items)).not.toContain('reference');
    expect(items.filter(({ documentation }) => documentation === undefined || documentation === '')).toEqual([]);
  });

  test('the words of `type`', async () => {
    const words = labels(await completionsOf(`${DEPLOYMENT}        type: |\n`));
    expect(words).toEqual(['prod', 'dev', 'custom']);
  });

  test('what regions and classes look like', async () => {
    expect(labels(await completionsOf(`${DEPLOYMENT}        region: |\n`))).toContain('aws-eu-west-1');
    expect(labels(await completionsOf(`${DEPLOYMENT}        class: |\n`))).toContain('s256');
  });

  test('the keys of `policy`', async () => {
    const items = await completionsOf('policy:\n  |\n');
    const keys = ['prune', 'protect', 'unprotect', 'ignore', 'visible', 'maxDeletePercent'];
    expect(labels(items)).toEqual(expect.arrayContaining(keys));
  });

  test('a selector: what it may say, and what it matches by', async () => {
    const keys = await completionsOf('eachDeployment:\n  - match: { type: preview }\n    |\n');
    expect(labels(keys).toSorted()).toEqual(
      ['class', 'dashboardEditConfirmation', 'env', 'envFrom', 'policy', 'sendLogsToClient'].toSorted(),
    );
    expect(keys.filter(({ documentation }) => documentation === undefined || documentation === '')).toEqual([]);
    const fields = await completionsOf('eachDeployment:\n  - match:\n      |\n');
    expect(labels(fields).toSorted()).toEqual(['class', 'reference', 'region', 'slug', 'type']);
    expect(labels(await completionsOf('eachProject:\n  - match:\n      |\n'))).toEqual(['slug']);
  });

  test('what can be pruned', async () => {
    const words = labels(await completionsOf('policy:\n  prune: [|]\n'));
    expect(words).toEqual(expect.arrayContaining(['projects', 'deployments', 'env']));
  });

  test('where a value may come from', async () => {
    const items = await completionsOf(`${DEPLOYMENT}        env:\n          STRIPE_KEY:\n            |\n`);
    expect(labels(items)).toEqual(expect.arrayContaining(['value', 'fromEnv', 'fromFile', 'absent']));
  });

  test('a key that is taken writes nothing that was not asked for', async () => {
    const items = await completionsOf(`${DEPLOYMENT}        |\n`);
    expect(items.find(({ label }) => label === 'policy')?.insertText?.trim()).toBe('policy:');
    const long = await completionsOf(`${DEPLOYMENT}        env:\n          STRIPE_KEY:\n            |\n`);
    expect(long.find(({ label }) => label === 'allowEmpty')?.insertText).toBe('allowEmpty: ');
  });

  test('every proposal has a name', async () => {
    for (const body of [
      `${DEPLOYMENT}        env:\n          STRIPE_KEY: |\n`,
      `${DEPLOYMENT}        envFrom:\n          - |\n`,
    ]) {
      expect(labels(await completionsOf(body)).filter((label) => label.includes('[object'))).toEqual([]);
    }
  });
});

/** The members of the example that are explained, by the line that they stand in. */
const EXPLAINED: readonly (readonly [string, string])[] = [
  ['version:', 'The version of this format'],
  ['policy:', 'Rules for the whole team'],
  ['prune:', 'Collections whose undeclared live members are deleted'],
  ['visible:', 'plans may show'],
  ['region: aws-us-east-1', 'Cannot be changed'],
  ['x-payments:', 'a home for anchors'],
  ['envSets:', 'Named sets'],
  ['slug: shop', 'its slug in the team'],
  ['type: prod', 'Needed to create'],
  ['default: true', 'default production deployment'],
  ['envFrom: [common, {', 'later ones over earlier ones'],
  ['FEATURE_CHECKOUT:', 'The text (quote numbers, yes and no), or where it comes from'],
  ['fromEnv: STRIPE_TEST_KEY', 'An environment variable of the machine'],
  ['absent: true', 'a live one is deleted'],
  ['fromFile: vat-table.json', 'A file whose content is the value'],
  ['protect: true', 'never deleted or replaced'],
];

// Seeds are the sandbox's, SOPS files are not state documents, and a kind of one's own is in no schema that is shipped.
const EXAMPLES = globSync('examples/**/*.yaml', { cwd: fileAt('.') }).filter(
  (path) => !/\.(?:seed|sops)\.yaml$|^examples\/own-kind\//.test(path),
);

test.each(EXAMPLES.toSorted())('%s is without fault by the schema that its first line names', async (path) => {
  const text = readFileSync(fileAt(path), 'utf8');
  expect(text).toMatch(
    /^# yaml-language-server: \$schema=(\.\.\/)+schema\/(?:convex\.state(?:\.catalog)?|notify)\.schema\.json\n/,
  );
  expect(await server.open(fileAt(path), text)).toEqual([]);
});

describe('the example', () => {
  const text = readFileSync(EXAMPLE, 'utf8');
  const place = (needle: string): Place => {
    const lines = text.split('\n');
    const line = lines.findIndex((one) => one.includes(needle));
    return { line, character: (lines[line]?.indexOf(needle) ?? 0) + 1 };
  };

  beforeAll(async () => {
    await server.open(EXAMPLE, text);
  });

  test.each(EXPLAINED)('hovering %s explains it', async (needle, words) => {
    // The server escapes what Markdown would take for markup.
    expect((await server.hover(EXAMPLE, place(needle))).replaceAll('\\', '')).toContain(words);
  });
});

test('a broken document is marked where it is broken', async () => {
  const text = `# yaml-language-server: $schema=${SCHEMA}
version: 1
team: acme
projects:
  - slug: shop
    deploymets: []
    deployments:
      - reference: production
        type: prdo
        default: "yes"
        env:
          PORT: 3000
          BOTH: { value: a, fromEnv: B }
          NONE: {}
      - type: dev
    policy:
      maxDeletePercent: 300
      prune: [domainz]
`;
  const found = await server.open(fileAt('test/editors/broken.yaml'), text);
  const lines = text.split('\n');
  const said = found.map(({ range, message, severity }) => {
    const { start, end } = range;
    expect(end.line).toBe(start.line);
    return [severity, start.line + 1, lines[start.line]?.slice(start.character, end.character), message];
  });
  expect(said.toSorted((a, b) => Number(a[1]) - Number(b[1]) || String(a[3]).localeCompare(String(b[3])))).toEqual([
    [1, 6, 'deploymets', 'Property deploymets is not allowed.'],
    [1, 9, 'prdo', 'Value is not accepted. Valid values: "prod", "dev", "custom".'],
    [1, 10, '"yes"', 'Incorrect type. Expected "boolean".'],
    [1, 12, '3000', 'Incorrect type. Expected "string".'],
    [1, 12, '3000', 'Incorrect type. Expected one of string, object.'],
    [1, 13, '{', 'Matches multiple schemas when only one must validate.'],
    [1, 14, 'NONE', 'Missing property "value".'],
    [1, 15, 't', 'Missing property "reference".'],
    [1, 17, '300', 'Value is above the maximum of 100.'],
    [1, 18, 'domainz', expect.stringContaining('Valid values: "projects"')],
  ]);
});

test('the server had nothing to complain about and looked for nothing outside of this machine', async () => {
  await written('projects: []\n|');
  expect(server.complaints()).toBe('');
});
