// What rules 15, 16, 19 and 30 say of files that a golden folder cannot hold: links, NUL bytes, sizes.
import { expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/server.ts';
import { converge } from '../kit/converge.ts';
import { tempTree, type TreeEntry } from '../sources/temp-tree.ts';

const SECRET = 'hunter2-very-secret';

/** A document for the one deployment of {@link run}'s platform. */
function document(env: string): string {
  return `version: 1\nteam: acme\nprojects:\n  - slug: shop\n    deployments:\n      - reference: production\n        env:\n${env}\n`;
}

/** A command line, with `file:line:column code` of every diagnostic and the requests that were sent. */
async function run(entries: Readonly<Record<string, TreeEntry>>, line: string) {
  const sandbox = await startSandbox({
    seed: {
      teams: [
        {
          slug: 'acme',
          projects: [{ name: 'shop', deployments: [{ reference: 'production', type: 'prod', default: true }] }],
        },
      ],
    },
  });
  onTestFinished(() => sandbox.close());
  const ran = await converge([...line.split(' '), '--format', 'json'], {
    cwd: tempTree(entries),
    env: { CONVEX_PROVISION_HOST: sandbox.url, CONVEX_TEAM_ACCESS_TOKEN: 'sandbox' },
  });
  expect(ran.stdout + ran.stderr).not.toContain(SECRET);
  const printed = JSON.parse(ran.stdout) as {
    readonly diagnostics: readonly {
      readonly code: string;
      readonly where?: { readonly file: string; readonly line: number; readonly column: number };
    }[];
  };
  return {
    exit: ran.exit,
    requests: sandbox.log.length,
    found: printed.diagnostics.map(
      ({ code, where }) => `${where ? `${where.file}:${where.line}:${where.column} ` : ''}${code}`,
    ),
  };
}

test('rule 16: links count as what they lead to, and .git is closed whatever is allowed', async () => {
  const entries = {
    'state/state.yaml': document(
      '          A: { fromFile: link }\n          B: { fromFile: folder/secret }\n          C: { fromFile: .git/config }\n          D: { fromFile: to-git }\n          E: { fromFile: inside }',
    ),
    'state/.git/config': SECRET,
    'state/to-git': { link: '.git/config' },
    'state/link': { link: '../outside/secret' },
    'state/folder': { link: '../outside' },
    'state/value': 'fine',
    'state/inside': { link: 'value' },
    'outside/secret': SECRET,
  };
  const at = (line: number): string => `state/state.yaml:${line}:11 CVG403`;
  expect(await run(entries, 'plan -f state/state.yaml')).toEqual({
    exit: 1,
    requests: 0,
    found: [at(8), at(9), at(10), at(11)],
  });
  expect(await run(entries, 'plan -f state/state.yaml --allow-path outside --allow-path state/.git')).toEqual({
    exit: 1,
    requests: 0,
    found: [at(10), at(11)],
  });
});

test('rule 15: sources are UTF-8 without NUL', async () => {
  const entries = {
    'state/state.yaml': document(
      '          NUL: { fromFile: nul }\n          LATIN: { fromFile: latin }\n          FINE: { fromFile: fine }',
    ),
    'state/nul': `${SECRET}\0`,
    'state/latin': Buffer.concat([Buffer.from(SECRET), Buffer.from([0xe4])]),
    'state/fine': 'ä\r\n',
  };
  expect(await run(entries, 'plan -f state')).toEqual({
    exit: 1,
    requests: 0,
    found: ['state/state.yaml:8:11 CVG404', 'state/state.yaml:9:11 CVG404'],
  });
});

test('rule 30: state files that are no text or too large', async () => {
  const entries = {
    'state/fine.yaml': 'version: 1\nteam: acme\n',
    'state/large.yaml': `version: 1\n# ${'x'.repeat(16 * 1024 * 1024)}\n`,
    'state/nul.yaml': 'version: 1\nx-a: "\0"\n',
    'state/utf16.yaml': Buffer.from('version: 1\n', 'utf16le'),
  };
  const { exit, requests, found } = await run(entries, 'validate -f state');
  expect({ exit, requests }).toEqual({ exit: 1, requests: 0 });
  expect(found.toSorted()).toEqual(['CVG103', 'state/nul.yaml:2:7 CVG105', 'state/utf16.yaml:1:2 CVG105']);
});

test.each(['validate', 'plan'])('rule 19: the sizes that the platform takes, by %s', async (command) => {
  const long = 'N'.repeat(257);
  const entries = {
    'state/state.yaml': document(
      `          FITS: ${'x'.repeat(8192)}\n          TOO_LONG: ${'ä'.repeat(4097)}\n          ${long}: a\n          ${'M'.repeat(256)}: a`,
    ),
  };
  expect(await run(entries, `${command} -f state`)).toEqual({
    exit: 1,
    requests: 0,
    found: ['state/state.yaml:9:11 CVG304', 'state/state.yaml:10:11 CVG302'],
  });
});

test('rule 19: 512 variables and 512 KiB in one deployment, sourced values included', async () => {
  const named = (count: number): string => Array.from({ length: count }, (_, n) => `          V${n}: a`).join('\n');
  expect(await run({ 'state/state.yaml': document(named(512)) }, 'validate -f state')).toMatchObject({ exit: 0 });
  expect(await run({ 'state/state.yaml': document(named(513)) }, 'validate -f state')).toMatchObject({
    exit: 1,
    found: ['state/state.yaml:7:9 CVG305'],
  });
  const sourced = (count: number): Readonly<Record<string, TreeEntry>> => ({
    'state/state.yaml': document(
      Array.from({ length: count }, (_, n) => `          V${n}: { fromFile: large }`).join('\n'),
    ),
    'state/large': 'x'.repeat(8180),
  });
  expect(await run(sourced(64), 'plan -f state')).toMatchObject({ exit: 0 });
  expect(await run(sourced(65), 'plan -f state')).toMatchObject({ exit: 1, found: ['state/state.yaml:7:9 CVG305'] });
});
