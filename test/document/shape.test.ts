import { describe, expect, test } from 'vitest';
import { whyUnmatchable } from '../../src/document/address-globs.ts';
import { testKinds } from './kinds.ts';
import { allSaidOf, deploymentWith, loadText, saidOf } from './load-text.ts';

const HEAD = 'version: 1\nteam: acme\n';

/** Diagnostics of a document about one deployment, without their places. */
const saidOfDeployment = (lines: string, top = ''): readonly string[] =>
  allSaidOf(deploymentWith(lines, top)).map((said) => said.slice(said.indexOf(' ') + 1));

describe('version and team', () => {
  test.each([
    ['version: 2\nteam: acme\n', '1:1 CVG206 unknown version 2: the newest that this tool knows is 1'],
    ['version: "1"\nteam: acme\n', '1:1 CVG206 unknown version "1": the newest that this tool knows is 1'],
    ['version: some text\nteam: acme\n', '1:1 CVG206 unknown version: the newest that this tool knows is 1'],
    ['version: ~\nteam: acme\n', '1:1 CVG204 `version` is `~`, which is null in YAML'],
    ['version:\nteam: acme\n', '1:1 CVG204 `version` is empty, which is null in YAML'],
    ['team: acme\n', '1:1 CVG203 the key `version` is missing'],
    ['version: 1\n', '1:1 CVG203 no document says `team`'],
    ['version: 1\nteam: ""\n', '2:7 CVG202 `team` must not be empty'],
    ['version: 1\nteam: 0\n', '2:7 CVG202 `team` must be at least 1'],
    ['version: 1\nteam: [a]\n', '2:7 CVG202 `team` must be text or a whole number, not a list'],
    ['version: 1\nteam:\n', '2:1 CVG204 `team` is empty, which is null in YAML'],
  ])('%j', (text, said) => {
    expect(saidOf(text)).toEqual([said]);
  });

  test('a version in quotes is told to lose them', () => {
    expect(loadText('version: "1"\nteam: acme\n').diagnostics[0]?.hint).toBe('Write it without quotes: 1');
    expect(loadText('version: "2"\nteam: acme\n').diagnostics[0]?.hint).toBeUndefined();
  });

  test('a team is a slug or a number', () => {
    expect(loadText('version: 1\nteam: 41\n').state?.team).toBe(41);
    expect(loadText('version: 1\nteam: "41"\n').state?.team).toBe('41');
  });

  test('an unknown version is all that is said of its document', () => {
    expect(saidOf('version: 9\nnew-things: 1\n')).toHaveLength(1);
  });

  test('anything may stand under x-', () => {
    expect(saidOf(`${HEAD}x-a: 012\nx-b: ~\nx-c: { d: [1] }\n`)).toEqual([]);
    expect(saidOf(`${HEAD}x-a: !nope 1\n`)).toHaveLength(1);
  });
});

describe('unknown keys', () => {
  test.each([
    [
      'at the top, with a suggestion',
      `${HEAD}polcy: {}\n`,
      '3:1 CVG201 unknown key `polcy` in the document',
      'Did you mean `policy`?',
    ],
    [
      'another spelling',
      `${HEAD}env_sets: {}\n`,
      '3:1 CVG201 unknown key `env_sets` in the document',
      'Did you mean `envSets`?',
    ],
    [
      'like nothing',
      `${HEAD}zzzzzz: {}\n`,
      '3:1 CVG201 unknown key `zzzzzz` in the document',
      'Known here: `version`, `team`, `policy`, `mode`, `pauses`, `defaults`, `envSets`, `projects`, `eachProject`, `eachDeployment`.',
    ],
    [
      'in policy',
      `${HEAD}policy: { prun: [] }\n`,
      '3:11 CVG201 unknown key `prun` in `policy`',
      'Did you mean `prune`?',
    ],
    [
      'in defaults',
      `${HEAD}defaults: { regoin: x }\n`,
      '3:13 CVG201 unknown key `regoin` in `defaults`',
      'Did you mean `region`?',
    ],
    [
      'right elsewhere',
      `${HEAD}projects: [{ slug: a, env: {} }]\n`,
      '3:23 CVG201 unknown key `env` in item 1 of `projects`',
      'It belongs in an entry of `deployments`.',
    ],
    [
      'not to be a default',
      `${HEAD}defaults: { type: prod }\n`,
      '3:13 CVG201 unknown key `type` in `defaults`',
      'It belongs in an entry of `deployments`.',
    ],
  ])('%s', (_name, text, said, hint) => {
    expect(saidOf(text)).toEqual([said]);
    expect(loadText(text).diagnostics[0]?.hint).toBe(hint);
  });

  test('a key with control characters is shown escaped, a long one cut', () => {
    expect(saidOf(`${HEAD}"\\e[31mred": 1\n`)).toEqual(['3:1 CVG201 unknown key `\\u{1b}[31mred` in the document']);
    expect(saidOf(`${HEAD}${'k'.repeat(500)}: 1\n`)[0]?.length).toBeLessThan(150);
  });

  test('a misspelt key is not reported as missing too', () => {
    expect(saidOf(`${HEAD}projects: [{ slgu: shop }]\n`)).toEqual([
      '3:14 CVG201 unknown key `slgu` in item 1 of `projects`',
    ]);
    expect(saidOf(`${HEAD}projects: [{}]\n`)).toEqual(['3:12 CVG203 item 1 of `projects` needs the key `slug`']);
  });
});

describe('what is not built yet is refused by name', () => {
  test.each([
    [`${HEAD}eachDeployment: [{ match: { type: prod }, mode: observe }]\n`, '3:43', 'mode'],
    [`${HEAD}eachProject: [{ match: { slug: x }, policy: { windows: [] } }]\n`, '3:47', 'windows'],
    [deploymentWith('mode: observe'), '7:9', 'mode'],
  ])('%j', (text, at, name) => {
    expect(saidOf(text)).toContain(`${at} CVG207 \`${name}\` is not built yet in this version`);
    expect(saidOf(text).filter((said) => /CVG20[38]/.test(said))).toEqual([]);
  });
});

describe('null (rule 11)', () => {
  test.each([
    ['env:', '`env` is empty, which is null in YAML', '{}'],
    ['envFrom:', '`envFrom` is empty, which is null in YAML', '[]'],
    ['env: { A: }', '`A` is empty, which is null in YAML', '""'],
    ['env: { A: ~ }', '`A` is `~`, which is null in YAML', '{ absent: true }'],
    ['env: { A: null }', '`A` is null', '{ absent: true }'],
    ['env: { A: !!null "" }', '`A` is null', '{ absent: true }'],
    ['env: { A: { value: ~ } }', '`value` of `A` is `~`, which is null in YAML', '{ absent: true }'],
    ['env: { A: { value: } }', '`value` of `A` is empty, which is null in YAML', '{ absent: true }'],
    ['class:', '`class` is empty, which is null in YAML', 'take the line out'],
    ['policy:', '`policy` is empty, which is null in YAML', '{}'],
    ['policy: { prune: }', '`prune` is empty, which is null in YAML', '[]'],
  ])('%s', (lines, summary, hint) => {
    const [diagnostic, ...more] = loadText(deploymentWith(lines)).diagnostics;
    expect(more).toEqual([]);
    expect(diagnostic).toMatchObject({ code: 'CVG204', summary, where: { line: 7 } });
    expect(diagnostic?.hint).toContain(hint);
  });

  test.each([
    ['projects:', 'take the line out to leave it unmanaged.'],
    ['envSets: { env: }', 'take the line out.'],
    ['envSets:', 'take the line out.'],
    ['defaults: { env: }', 'take the line out.'],
  ])('%s', (lines, hint) => {
    expect(loadText(`${HEAD}${lines}\n`).diagnostics[0]?.hint).toContain(hint);
  });

  test.each(['projects', 'envSets', 'defaults', 'policy'])('%s at the top', (key) => {
    expect(saidOf(`${HEAD}${key}:\n`)).toEqual([`3:1 CVG204 \`${key}\` is empty, which is null in YAML`]);
  });

  test('nullable fields take null', () => {
    expect(saidOfDeployment('expiresAt: null\nlogs:\n')).toEqual([]);
  });
});

describe('text that is not quoted (rule 13)', () => {
  test.each(['012', '1.0', 'true', 'False', '0x1F', '0o14', '1e3', '-0', '.inf', '123456789012345678901234567890'])(
    '%s',
    (written) => {
      expect(saidOfDeployment(`env: { A: ${written} }`)).toEqual([
        `CVG205 \`A\` must be text: write "${written}" with quotes`,
      ]);
      expect(saidOfDeployment(`env: { A: { value: ${written} } }`)).toEqual([
        `CVG205 \`value\` of \`A\` must be text: write "${written}" with quotes`,
      ]);
      expect(saidOfDeployment(`env: { A: "${written}" }`)).toEqual([]);
    },
  );

  test('in other fields too', () => {
    expect(saidOf(`${HEAD}projects: [{ slug: 007 }]\n`)).toEqual([
      '3:20 CVG205 `slug` must be text: write "007" with quotes',
    ]);
  });

  test.each([
    ['yes', 'true or false'],
    ['No', 'true or false'],
    ['ON', 'true or false'],
    ['off', 'true or false'],
    ['y', 'true or false'],
    ['N', 'true or false'],
    ['2024-01-01', 'a date'],
    ['2024-01-01T10:00:00Z', 'a date'],
    ['12:30:45', 'a number to base 60'],
    ['1_000', 'a number'],
    ['0b11', 'a binary number'],
    ['0_17', 'an octal number'],
  ])('%s is a warning, without the value', (written, reading) => {
    expect(saidOfDeployment(`env: { A: ${written} }`)).toEqual([
      `CVG310 \`A\` is text here, and ${reading} to tools that read YAML 1.1`,
    ]);
    expect(saidOfDeployment(`env: { A: '${written}' }`)).toEqual([]);
    expect(saidOfDeployment(`env: { A: !!str ${written} }`)).toEqual([]);
  });
});

describe('values (rule 14)', () => {
  test.each([
    ['text', []],
    ['""', []],
    ['{ value: "", visible: true }', []],
    ['{ fromEnv: B, allowEmpty: true, visible: false }', []],
    ['{ fromFile: ./b, allowEmpty: true, keepNewline: true }', []],
    ['{ absent: true }', []],
    ['{}', ['CVG208 `A` needs one of `value`, `fromEnv`, `fromFile`, `fromCommand`, `fromSops`, `absent`']],
    [
      '{ visible: true }',
      ['CVG208 `A` needs one of `value`, `fromEnv`, `fromFile`, `fromCommand`, `fromSops`, `absent`'],
    ],
    ['{ value: a, fromEnv: B }', ['CVG208 `A` has `value`, `fromEnv`, and takes only one of them']],
    [
      '{ value: a, allowEmpty: true }',
      ['CVG307 `allowEmpty` in `A` goes with `fromEnv` or `fromFile` or `fromCommand` or `fromSops` only'],
    ],
    [
      '{ fromEnv: B, keepNewline: true }',
      ['CVG307 `keepNewline` in `A` goes with `fromFile` or `fromCommand` or `fromSops` only'],
    ],
    ['{ absent: false }', ['CVG202 `absent` of `A` can only be true']],
    ['{ fromEnv: "" }', ['CVG202 `fromEnv` of `A` must not be empty']],
    ['{ fromEnv: [a] }', ['CVG202 `fromEnv` of `A` must be text, not a list']],
    ['{ fromEnv: B, visible: "yes" }', ['CVG202 `visible` of `A` must be true or false, not text']],
    ['{ fromCommand: [op, read, "op://a b"], allowEmpty: true, keepNewline: true }', []],
    ['{ fromSops: s.yaml, key: a.b, allowEmpty: true, keepNewline: true }', []],
    ['{ fromCommand: [] }', ['CVG202 `fromCommand` of `A` must not be empty']],
    ['{ fromCommand: op read x }', ['CVG202 `fromCommand` of `A` must be a list, not text']],
    ['{ fromCommand: [sleep, 5] }', ['CVG205 item 2 of `fromCommand` must be text: write "5" with quotes']],
    ['{ fromCommand: [a, ] }', []],
    ['{ fromCommand: [a, ~] }', ['CVG204 item 2 of `fromCommand` is `~`, which is null in YAML']],
    ['{ fromCommand: [a], fromEnv: B }', ['CVG208 `A` has `fromEnv`, `fromCommand`, and takes only one of them']],
    ['{ fromSops: s.yaml }', ['CVG203 `A` needs the key `key`']],
    ['{ fromSops: s.yaml, kye: a }', ['CVG201 unknown key `kye` in `A`']],
    ['{ fromSops: s.yaml, key: "" }', ['CVG202 `key` of `A` must not be empty']],
    ['{ fromSops: s.yaml, key: [a, b] }', ['CVG202 `key` of `A` must be text, not a list']],
    ['{ fromSops: "", key: a }', ['CVG202 `fromSops` of `A` must not be empty']],
    ['{ fromEnv: B, key: a }', ['CVG307 `key` in `A` goes with `fromSops` only']],
    ['{ fromComand: [a] }', ['CVG201 unknown key `fromComand` in `A`']],
    ['{ fromEnvv: B }', ['CVG201 unknown key `fromEnvv` in `A`']],
    ['[a]', ['CVG202 `A` must be text or a map, not a list']],
  ])('%s', (written, said) => {
    expect(saidOfDeployment(`env: { A: ${written} }`)).toEqual(said);
  });

  test.each([
    ['env: [A=b]', ['CVG202 `env` must be a map, not a list']],
    ['envFrom: common', ['CVG202 `envFrom` must be a list, not text']],
    ['envFrom: [""]', ['CVG202 item 1 of `envFrom` must not be empty']],
    ['envFrom: [{ optional: true }]', ['CVG208 item 1 of `envFrom` needs one of `file`, `sops`']],
    ['envFrom: [{ sops: s.yaml, optional: true }]', []],
    [
      'envFrom: [{ sops: s.yaml, file: .env }]',
      ['CVG208 item 1 of `envFrom` has `file`, `sops`, and takes only one of them'],
    ],
    ['envFrom: [{ sops: s.yaml, key: a }]', ['CVG201 unknown key `key` in item 1 of `envFrom`']],
    ['envFrom: [{ sops: "" }]', ['CVG202 `sops` must not be empty']],
    ['envFrom: [{ file: .env, optional: 1 }]', ['CVG202 `optional` must be true or false, not a number']],
    ['type: prdo', ['CVG202 `type` must be one of `prod`, `dev`, `custom`, not `prdo`']],
    ['default: "true"', ['CVG202 `default` must be true or false, not text']],
    ['protect: yes', ['CVG202 `protect` must be true or false, not text']],
    ['renamedFrom: ""', ['CVG202 `renamedFrom` must not be empty']],
    ['policy: { maxDeletePercent: 101 }', ['CVG202 `maxDeletePercent` must be at most 100']],
    ['policy: { maxDeletePercent: -1 }', ['CVG202 `maxDeletePercent` must be at least 0']],
    [
      'policy: { prune: [envv] }',
      ['CVG202 item 1 of `prune` must be one of `projects`, `deployments`, `env`, not `envv`'],
    ],
    ['policy: { prune: env }', ['CVG202 `prune` must be a list, not text']],
  ])('%s', (lines, said) => {
    expect(saidOfDeployment(lines)).toEqual(said);
  });

  test('a word that begins with a known one is told so', () => {
    expect(loadText(deploymentWith('type: production')).diagnostics[0]?.hint).toBe('Did you mean `prod`?');
    expect(loadText(deploymentWith('type: protected')).diagnostics[0]?.hint).toBeUndefined();
  });

  test('a word that a field refuses is explained by the field, and never proposed', () => {
    expect(saidOfDeployment('type: preview')).toEqual(['CVG312 no previews']);
    const [found] = loadText(deploymentWith('type: prview')).diagnostics;
    expect(found?.summary).toBe('`type` must be one of `prod`, `dev`, `custom`, not `prview`');
    expect(found?.hint ?? '').not.toContain('preview');
  });

  test.each([
    ['env: { KEY=hunter2 }', ['CVG204 a key stands here without a value']],
    ['env: { KEY:hunter2 }', ['CVG204 a key stands here without a value']],
    ['env:\n  KEY="hunter2: more"', ['CVG302 `KEY…` is not a name']],
    ['env: { hunter2 }', ['CVG204 a key stands here without a value']],
    ['env: { A: { hunter2 } }', ['CVG201 unknown key in `A`']],
    ['env: { A: { vlaue } }', ['CVG201 unknown key `vlaue` in `A`']],
  ])('%s: what may be a value in a key is not repeated', (lines, said) => {
    expect(saidOfDeployment(lines)).toEqual(said);
  });

  test.each([
    ['project:shop', null],
    ['project:*/deployment:*', null],
    ['project:shop/**', null],
    ['project:**/env-var:A', null],
    ['**/env-var:A', null],
    ['**', null],
    ['*', null],
    ['*/deployment:*', null],
    ['*/*/env-var:*', null],
    ['p*:shop', null],
    ['project*', null],
    ['deployment:*', '`deployment` is not the kind of anything there'],
    ['env-var:X', '`env-var` is not the kind of anything there'],
    ['project:a/env-var:X', '`env-var` is not the kind of anything there'],
    ['project:a/deployment:b/env-var:C/env-var:D', '`env-var` is not the kind of anything there'],
    ['d*:x', '`deployment` is not the kind of anything there'],
    ['*/project:a', '`project` is not the kind of anything there'],
    ['project:**/b', '`b` is not a kind'],
    ['project', '`project` is not a kind'],
  ])('the glob %j', (glob, why) => {
    const found = whyUnmatchable(glob, testKinds);
    expect(found?.summary ?? null).toBe(why);
  });

  test('a glob of a kind that stands deeper is told the whole path', () => {
    expect(whyUnmatchable('env-var:X', testKinds)?.hint).toBe('Write `project:*/deployment:*/env-var:*`.');
  });

  test('address globs that can match nothing are a warning', () => {
    const globs = '["projct:shop", "project:shop/**", "**/env-var:A", "*:x", "shop", "project:a/deployment:b/c"]';
    expect(saidOfDeployment(`policy: { protect: ${globs} }`)).toEqual([
      'CVG202 the glob `projct:shop` matches no address: `projct` is not a kind',
      'CVG202 the glob `shop` matches no address: `shop` is not a kind',
      'CVG202 the glob `project:a/deployment:b/c` matches no address: `c` is not a kind',
    ]);
  });
});

describe('everything at once (rule 30)', () => {
  test('errors of shape and of meaning in one list, sorted by place', () => {
    const text = deploymentWith(
      'type: prdo\nclass: bad\nregion: moon\nenvFrom: [nope]\nenv:\n  a-b: x\n  N: 1\n',
      'polcy: {}\n',
    );
    expect(saidOf(text)).toEqual([
      '3:1 CVG201 unknown key `polcy` in the document',
      '8:15 CVG202 `type` must be one of `prod`, `dev`, `custom`, not `prdo`',
      '11:19 CVG308 no set `nope` is declared',
      '13:11 CVG302 not a variable name',
      '14:14 CVG205 `N` must be text: write "1" with quotes',
    ]);
  });

  test('what follows only from a field that was refused is not said', () => {
    expect(saidOfDeployment('type: prdo\ndefault: true\n')).toHaveLength(1);
    expect(saidOfDeployment('type: dev\ndefault: true\n')).toEqual(['CVG302 default is for prod']);
  });

  test('at most two hundred of one file, errors first, then how many more', () => {
    const warnings = Array.from({ length: 150 }, (_, index) => `  W${index}: yes\n`).join('');
    const errors = Array.from({ length: 120 }, (_, index) => `  E${index}: 1\n`).join('');
    const { state, diagnostics } = loadText(deploymentWith(`env:\n${warnings}${errors}`));
    expect(state).toBeNull();
    expect(diagnostics).toHaveLength(201);
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toHaveLength(120 + 1);
    expect(diagnostics.at(-1)?.summary).toMatch(/^and \d+ more in this file$/);
  });
});
