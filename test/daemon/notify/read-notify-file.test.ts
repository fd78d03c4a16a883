import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { notifySchemaText, USUAL_RULES } from '../../../src/daemon/notify/notify-schema.ts';
import { readNotifyFile } from '../../../src/daemon/notify/read-notify-file.ts';

const text = (...lines: readonly string[]): string =>
  `version: 1\ntargets:\n${lines.map((line) => `  ${line}\n`).join('')}`;
const ONE = '- { name: ops, type: webhook, urlFrom: { env: URL } }';

test('the example is valid, and editors are given the schema that it is held to', async () => {
  const read = readNotifyFile(await readFile('examples/notify.yaml', 'utf8'), 'examples/notify.yaml');
  if (!('targets' in read)) throw new Error(read.problems.join('\n'));
  expect(read.targets.map(({ name, type, perMinute }) => [name, type, perMinute])).toEqual([
    ['team-channel', 'slack', 6],
    ['on-call', 'webhook', 2],
    ['audit', 'webhook', 60],
  ]);
  expect(await readFile('schema/notify.schema.json', 'utf8')).toBe(notifySchemaText());
});

test('what is left out has the usual value', () => {
  expect(readNotifyFile(text(ONE), 'n.yaml')).toEqual({
    targets: [
      {
        name: 'ops',
        type: 'webhook',
        urlFrom: { env: 'URL' },
        secretFrom: null,
        rules: new Set(USUAL_RULES),
        addresses: null,
        perMinute: 6,
        plainHttp: false,
      },
    ],
  });
});

describe('what is wrong is said with its place, and never repeated', () => {
  test.each<[string, string, string]>([
    ['no YAML', 'version: [', 'n.yaml:1:11: not valid YAML (BAD_INDENT)'],
    ['nothing', '', 'n.yaml:1:1: the file must be object'],
    ['another version', 'version: 2\ntargets: []\n', 'n.yaml:1:10: version: expected 1'],
    ['no targets', 'version: 1\n', 'n.yaml:1:1: targets is missing'],
    ['a key that is not known', text(ONE.replace(' }', ' }, retries: 3')), 'n.yaml:3:65: unknown key; expected one of'],
    [
      'the URL itself',
      text('- { name: ops, type: slack, url: https://hooks.example/T0/B0/secret }'),
      'write urlFrom: { env: NAME }',
    ],
    [
      'a rule that is not known',
      text('- name: ops', '  type: slack', '  urlFrom: { env: A }', '  rules: [drift, explosions]'),
      'n.yaml:6:20: rules: expected one of drift',
    ],
    [
      'two places',
      text('- { name: ops, type: slack, urlFrom: { env: A, file: b } }'),
      'must NOT have more than 1 propert',
    ],
    [
      'a name that no label can be',
      text('- { name: "Ops team", type: slack, urlFrom: { env: A } }'),
      'name: What logs and metrics call it',
    ],
    ['one name twice', text(ONE, ONE), 'n.yaml:4:13: two targets are called ops'],
    [
      'a Slack that is signed',
      text('- { name: ops, type: slack, urlFrom: { env: A }, secretFrom: { env: B } }'),
      'unknown key',
    ],
    [
      'a bomb',
      `version: 1\nx: &a [${'1,'.repeat(50)}1]\ny: &b [${'*a,'.repeat(50)}*a]\ntargets: [${'*b,'.repeat(50)}*b]\n`,
      'aliases repeat too much',
    ],
  ])('%s', (_, given, says) => {
    const read = readNotifyFile(given, 'n.yaml');
    if (!('problems' in read)) throw new Error('it is valid');
    expect(read.problems.join('\n')).toContain(says);
    expect(read.problems.join('\n')).not.toContain('hooks.example');
  });
});
