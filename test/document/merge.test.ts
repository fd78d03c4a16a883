import { expect, test } from 'vitest';
import { desiredOf, loadText, saidOf } from './load-text.ts';

const doc = (rest: string): string => `version: 1\n${rest}`;

test('files and documents make one state', () => {
  const desired = desiredOf({
    'b.yaml': `${doc('team: acme\npolicy: { prune: [env] }\n')}---\n${doc('projects: [{ slug: beta }]\n')}`,
    'a.yaml': doc('defaults: { class: s16 }\nprojects: [{ slug: alpha, deployments: [{ reference: main }] }]\n'),
    'c.yaml': doc('envSets: { one: { A: "1" } }\n'),
  });
  expect(desired.team).toBe('acme');
  expect(desired.teamWhere).toEqual({ file: 'b.yaml', line: 2, column: 1 });
  expect(desired.resources.map(({ address }) => address)).toEqual([
    'project:alpha',
    'project:alpha/deployment:main',
    'project:beta',
  ]);
  expect(desired.resources[1]?.spec).toEqual({ reference: 'main', class: 's16' });
  expect(desired.collections[0]).toMatchObject({ kind: 'project', parent: null, where: { file: 'a.yaml', line: 3 } });
});

test('version stands in each document', () => {
  expect(saidOf({ 'a.yaml': `${doc('team: acme\n')}---\nprojects: []\n`, 'b.yaml': 'projects: []\n' })).toEqual([
    '4:1 CVG203 the key `version` is missing',
    'b.yaml:1:1 CVG203 the key `version` is missing',
  ]);
});

test.each([
  ['team: acme', '`team`'],
  ['policy: {}', '`policy`'],
  ['defaults: {}', '`defaults`'],
  ['envSets: { common: {} }', 'the set `common`'],
  ['projects: [{ slug: shop }]', '`project:shop`'],
])('%s twice', (line, what) => {
  const team = line.startsWith('team') ? '' : 'team: acme\n';
  const { state, diagnostics } = loadText({ 'b.yaml': doc(`${line}\n`), 'a.yaml': doc(`${team}${line}\n`) });
  expect(state).toBeNull();
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]).toMatchObject({
    code: 'CVG301',
    summary: `${what} is declared twice`,
    where: { file: 'b.yaml', line: 2 },
    also: { file: 'a.yaml' },
  });
});

test('one entry twice in one list, and below one parent in two files', () => {
  const deployment = 'projects:\n  - slug: shop\n    deployments: [{ reference: a/b }, { reference: a/b }]\n';
  const { diagnostics } = loadText(doc(`team: acme\n${deployment}`));
  expect(diagnostics).toMatchObject([
    {
      code: 'CVG301',
      summary: '`project:shop/deployment:a%2Fb` is declared twice',
      address: 'project:shop/deployment:a%2Fb',
      where: { line: 5, column: 41 },
      also: { line: 5, column: 21 },
    },
  ]);
});

test('two different sets may have the same variable, and one file two documents', () => {
  expect(saidOf(`${doc('team: a\nenvSets: { s: { A: x } }\n')}---\n${doc('envSets: { t: { A: z } }\n')}`)).toEqual([]);
});

test('no team anywhere is said once, at the first document', () => {
  expect(saidOf({ 'b.yaml': doc(''), 'a.yaml': doc('') })).toEqual(['1:1 CVG203 no document says `team`']);
});

test('a team that is wrong is not missing too, and neither is one in a file that cannot be read', () => {
  expect(saidOf({ 'a.yaml': doc('team: true\n'), 'b.yaml': doc('') })).toHaveLength(1);
  expect(saidOf({ 'a.yaml': 'version: [\n', 'b.yaml': doc('projects: [{ slug: a }]\n') })).toEqual([
    expect.stringContaining('CVG104'),
  ]);
});

test('a set is found in whatever file declares it', () => {
  const use = 'projects: [{ slug: shop, deployments: [{ reference: main, envFrom: [common, comon] }] }]\n';
  const texts = { 'a.yaml': doc(`team: acme\n${use}`), 'z.yaml': doc('envSets: { common: {} }\n') };
  const { diagnostics } = loadText(texts);
  expect(diagnostics).toMatchObject([
    {
      code: 'CVG308',
      summary: 'no set `comon` is declared',
      hint: 'Did you mean `common`?',
      where: { line: 3, column: 77 },
    },
  ]);
});

test('what is no name of a set is not repeated: it may be a value', () => {
  const { diagnostics } = loadText(doc('team: a\ndefaults: { envFrom: ["KEY=sk_live_canary123"] }\n'));
  expect(diagnostics).toMatchObject([{ code: 'CVG308', summary: 'no set of this name is declared' }]);
});
