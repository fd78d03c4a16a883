import { describe, expect, test } from 'vitest';
import { desiredOf, loadBytes, loadText, resourceAt, saidOf, say, deploymentWith } from './load-text.ts';
import { reveal } from '../../src/model/secret.ts';

const HEAD = 'version: 1\nteam: acme\n';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const MAIN = 'project:shop/deployment:main';

describe('what a file may be', () => {
  test('a byte order mark and CRLF change nothing', () => {
    const text = deploymentWith('env:\n  A: "one"\n  B: |\n    two\n');
    const { state } = loadBytes(bytes(`\uFEFF${text.replaceAll('\n', '\r\n')}`));
    expect(state?.team).toBe('acme');
    const desired = desiredOf(`\uFEFF${text.replaceAll('\n', '\r\n')}`);
    expect(reveal(resourceAt(desired, `${MAIN}/env-var:B`).spec['value'] as never)).toBe('two\n');
    expect(resourceAt(desired, `${MAIN}/env-var:A`).where).toEqual({ file: 'a.yaml', line: 8, column: 11 });
  });

  test('bytes that are not UTF-8, at the first of them', () => {
    const { diagnostics } = loadBytes(Uint8Array.from([...bytes('version: 1\nä'), 0xff, 0x41]));
    expect(diagnostics.map(say)).toEqual(['2:2 CVG105 the file is not valid UTF-8']);
  });

  test('a NUL byte', () => {
    expect(saidOf('version: 1\nteam: a\0b')).toEqual(['2:8 CVG105 the file holds a NUL byte']);
  });

  test('a NUL or half a surrogate pair by way of an escape', () => {
    expect(saidOf(`${HEAD}x-a: "\\0"\nx-b: "\\uD800"`)).toEqual([
      '3:6 CVG105 the text holds a NUL or half of a surrogate pair',
      '4:6 CVG105 the text holds a NUL or half of a surrogate pair',
    ]);
  });

  test('a file over the cap is refused unread, naming its size', () => {
    const { state, diagnostics } = loadBytes(new Uint8Array(20 * 1024 * 1024).fill(97));
    expect(state).toBeNull();
    expect(diagnostics.map(say)).toEqual(['1:1 CVG103 the file has 20971520 bytes; at most 16777216 are read']);
  });

  test.each([
    ['nothing', ''],
    ['a comment', '# later\n'],
    ['only document marks', '---\n---\n'],
    ['only a mark and a comment', '--- # nothing\n'],
  ])('%s: the version is missing', (_name, text) => {
    expect(saidOf(text)).toEqual(['1:1 CVG203 the key `version` is missing: the files say nothing']);
  });

  test('no files at all', () => {
    expect(saidOf({})).toEqual(['- CVG203 the key `version` is missing: the files say nothing']);
  });

  test('empty documents between others are skipped', () => {
    expect(saidOf(`---\n# first\n---\n${HEAD}---\n`)).toEqual([]);
  });

  test.each([
    ['a list', '- a\n', '1:1 CVG202 a state document must be a map'],
    ['text', 'hello\n', '1:1 CVG202 a state document must be a map'],
    ['a null with a tag', '!!null ""\n', '1:8 CVG202 a state document must be a map'],
  ])('%s is no document', (_name, text, said) => {
    expect(saidOf(text)).toEqual([said]);
  });
});

describe('YAML that is refused', () => {
  test.each([
    ['a tab as indentation', 'version: 1\nteam:\n\tacme\n', '3:1 CVG104 a tab is used as indentation'],
    ['an unknown tag', `${HEAD}x-a: !secret abc\n`, '3:6 CVG107 unknown tag, or the value does not fit it'],
    ['a known tag of YAML 1.1', `${HEAD}x-a: !!binary aGk=\n`, '3:6 CVG107 unknown tag, or the value does not fit it'],
    ['a version directive', `%YAML 1.1\n---\n${HEAD}`, '1:1 CVG108 YAML directives are not supported'],
    ['a tag directive', `%TAG !e! tag:e,2000:\n---\n${HEAD}`, '1:1 CVG108 YAML directives are not supported'],
    ['a directive without a document', '%YAML 1.2\n', '1:1 CVG108 YAML directives are not supported'],
    ['a duplicate key', `${HEAD}team: b\n`, '3:1 CVG106 the key `team` stands twice in one map'],
    [
      'a duplicate merge key',
      `${HEAD}x-a: { <<: {a: b}, <<: {c: d} }\n`,
      '3:20 CVG106 the key `<<` stands twice in one map',
    ],
    ['a number as key', `${HEAD}x-a: { 012: b }\n`, '3:8 CVG112 a key must be text: write "012" with quotes'],
    ['a list as key', `${HEAD}x-a: { [a]: b }\n`, '3:8 CVG112 a key must be text, not a map or a list'],
    ['nothing as key', `${HEAD}x-a: { : b }\n`, '3:8 CVG112 there is no key before this `:`'],
    ['an undefined alias', `${HEAD}x-a: *nope\n`, '3:6 CVG109 no anchor of this name stands before this alias'],
    [
      'an alias before its anchor',
      `${HEAD}x-a: *b\nx-b: &b c\n`,
      '3:6 CVG109 no anchor of this name stands before this alias',
    ],
    [
      'an alias inside its anchor',
      `${HEAD}x-a: &a { k: [*a] }\n`,
      '3:15 CVG109 the alias `a` stands inside what it refers to',
    ],
    ['merging itself', `${HEAD}x-a: &a { <<: *a }\n`, '3:15 CVG109 the alias `a` stands inside what it refers to'],
    ['merging text', `${HEAD}x-a: { <<: text }\n`, '3:12 CVG202 `<<` merges a map or a list of maps, and nothing else'],
    [
      'merging an alias of text',
      `${HEAD}x-a: &a t\nx-b: { <<: *a }\n`,
      '4:12 CVG202 `<<` merges a map or a list of maps, and nothing else',
    ],
    ['an escape that is none', `${HEAD}x-a: "\\q"\n`, '3:7 CVG104 invalid escape sequence in double quotes'],
  ])('%s', (_name, text, said) => {
    expect(saidOf(text)).toContain(said);
    expect(loadText(text).state).toBeNull();
  });

  test('the message of a duplicate key names both places', () => {
    const [diagnostic] = loadText(`${HEAD}team: b\n`).diagnostics;
    expect(diagnostic?.also).toEqual({ file: 'a.yaml', line: 2, column: 1 });
  });

  test('a syntax error is the only thing said of its file, and other files are still checked', () => {
    expect(saidOf({ 'a.yaml': 'version: 1\nnonsense: [\n', 'b.yaml': 'version: 1\nnonsense: 1\n' })).toEqual([
      expect.stringMatching(/^\d+:\d+ CVG104 /),
      'b.yaml:2:1 CVG201 unknown key `nonsense` in the document',
    ]);
  });

  test('a closing brace at the column of its key is accepted', () => {
    const nested = '  - slug: shop\n    policy: {\n      prune: []\n    }\n';
    expect(saidOf(`${HEAD}envSets: {\n  a: { A: b }\n}\nprojects:\n${nested}`)).toEqual([]);
  });

  test.each([
    ['a double quote', 'team: "acme\nprojects: []\n', '2:7 CVG104 this quote is never closed'],
    ['a single quote', "team: acme\nx-a: [a, 'b, c]\n", '3:10 CVG104 this quote is never closed'],
  ])('%s that is never closed is told where it opens', (_name, text, said) => {
    expect(saidOf(`version: 1\n${text}`)).toContain(said);
  });

  test('what is missing at the end is told on the last line that has something', () => {
    expect(saidOf(`${HEAD}x-a: [a, b\n\n\n`)).toEqual([expect.stringMatching(/^3:11 CVG104 /)]);
  });

  test.each([
    ['an entry', 'projects: *nope'],
    ['a set', 'envSets: { s: *nope }'],
    ['an item', 'projects: [*nope]'],
    ['a merge', 'projects: [{ <<: *nope }]'],
    ['a key', 'envSets: { s: { *nope : a } }'],
    ['a field', 'projects: [{ slug: *nope }]'],
    ['text that is none', 'projects: [{ slug: "\\0" }]'],
    ['a bad alias through another', 'envSets: { s: &s { A: *nope }, t: *s }'],
  ])('%s that YAML itself refuses is reported once', (_name, lines) => {
    expect(saidOf(`${HEAD}${lines}\n`)).toHaveLength(1);
  });

  test('an undefined alias names what it may have meant, and not itself', () => {
    const [found] = loadText(`${HEAD}x-a: &common { A: b }\nenvSets: { s: *comon }\n`).diagnostics;
    expect(found?.hint).toBe('Did you mean `common`?');
  });

  test('one error for one place', () => {
    expect(saidOf(`${HEAD}projects:\n  - slug: shop\n    deployments: [\n]\n`)).toEqual([
      '6:1 CVG104 wrong indentation',
    ]);
  });
});

describe('YAML that is understood', () => {
  test('core tags', () => {
    const desired = desiredOf(deploymentWith('env: !!map\n  A: !!str 012\n  B: !!str yes\n'));
    expect(reveal(resourceAt(desired, `${MAIN}/env-var:A`).spec['value'] as never)).toBe('012');
  });

  test('merge keys: own keys win, then earlier maps; a quoted `<<` is a key', () => {
    const text = deploymentWith(
      'env:\n  <<: [*one, *two]\n  C: own\n',
      'x-a: &one { A: "1", B: "1", C: "1" }\nx-b: &two { B: "2", D: "2" }\n',
    );
    const desired = desiredOf(text);
    const values = ['A', 'B', 'C', 'D'].map((name) =>
      reveal(resourceAt(desired, `${MAIN}/env-var:${name}`).spec['value'] as never),
    );
    expect(values).toEqual(['1', '1', 'own', '2']);
    expect(resourceAt(desired, `${MAIN}/env-var:A`).where.line).toBe(3);
    expect(saidOf(`${HEAD}"<<": { team: b }\n`)).toEqual(['3:1 CVG201 unknown key `<<` in the document']);
  });

  test('an anchor name given again means the newer one from there on', () => {
    const desired = desiredOf(
      deploymentWith('env: { A: *v, B: &v two, C: *v, D: *m }\n', 'x-a: &v one\nx-m: &m inner\n'),
    );
    const values = ['A', 'C'].map((name) =>
      reveal(resourceAt(desired, `${MAIN}/env-var:${name}`).spec['value'] as never),
    );
    expect(values).toEqual(['one', 'two']);
  });

  test('an alias as key', () => {
    expect(desiredOf(deploymentWith('env: { *k : v }\n', 'x-a: &k NAME\n')).resources.at(-1)?.key).toBe('NAME');
  });

  test('what is wrong in an anchor is said once, where it is written', () => {
    const text = deploymentWith('env: *bad\n', 'x-a: &bad { A: 1, A: 2 }\nenvSets: { s: *bad, t: *bad }\n');
    expect(saidOf(text)).toEqual([
      '3:16 CVG205 `A` must be text: write "1" with quotes',
      '3:19 CVG106 the key `A` stands twice in one map',
    ]);
  });
});

describe('YAML that attacks', () => {
  test('an alias bomb is refused', () => {
    const names = Array.from({ length: 10 }, (_, index) => `a${index}`);
    const layers = names.map(
      (name, index) =>
        `x-${name}: &${name} [${Array(9)
          .fill(index === 0 ? 'l' : `*a${index - 1}`)
          .join(',')}]`,
    );
    expect(saidOf(`${HEAD}${layers.join('\n')}\n`)).toEqual([
      expect.stringMatching(/^\d+:\d+ CVG110 the aliases of this file expand to more than 1000000 values$/),
    ]);
  });

  test('thousands of aliases of one set are fine', () => {
    const sets = Array.from({ length: 5_000 }, (_, index) => `  s${index}: *base`).join('\n');
    expect(saidOf(`${HEAD}x-base: &base { A: b, C: d }\nenvSets:\n${sets}\n`)).toEqual([]);
  });

  test.each([
    ['flow lists', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['flow lists never closed', '['.repeat(10_000)],
    ['flow maps', `${'{a: '.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['block lists', `${'- '.repeat(10_000)}a`],
    ['complex keys', `${'? '.repeat(10_000)}a`],
    ['block maps', Array.from({ length: 1_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ])('10,000 nested %s', (_name, text) => {
    expect(saidOf(text)).toContainEqual(expect.stringContaining('CVG111 nested too deeply'));
  });

  test('depth by way of aliases', () => {
    const chain = Array.from({ length: 150 }, (_, index) => `x-${index + 1}: &a${index + 1} [*a${index}]`).join('\n');
    expect(saidOf(`${HEAD}x-0: &a0 [end]\n${chain}\n`)).toContainEqual(expect.stringContaining('CVG111'));
  });

  test('99 levels are fine', () => {
    expect(saidOf(`${HEAD}x-a: ${'['.repeat(98)}${']'.repeat(98)}\n`)).toEqual([]);
  });

  test.each([
    '{' + ','.repeat(50_000),
    ']'.repeat(50_000),
    '! '.repeat(50_000),
    `"${'\\q'.repeat(50_000)}"`,
    '&a '.repeat(50_000),
  ])('fifty thousand mistakes make a short list (%#)', (text) => {
    const { diagnostics } = loadText(text);
    expect(diagnostics).toHaveLength(201);
    expect(diagnostics.at(-1)?.summary).toBe('and 800 more in this file');
  });

  test('a list of a hundred thousand wrong items makes a short list', () => {
    const { diagnostics } = loadText(`${HEAD}projects: [${'1,'.repeat(100_000)}]\n`);
    expect(diagnostics).toHaveLength(201);
  });

  test('a value of five megabytes', () => {
    expect(saidOf(deploymentWith(`env: { A: "${'b c '.repeat(1_250_000)}" }\n`))).toEqual([]);
  });

  test('keys that objects have by nature are keys like any other', () => {
    expect(saidOf(`${HEAD}__proto__: { polluted: true }\nconstructor: 1\ntoString: 2\n`)).toEqual([
      '3:1 CVG201 unknown key `__proto__` in the document',
      '4:1 CVG201 unknown key `constructor` in the document',
      '5:1 CVG201 unknown key `toString` in the document',
    ]);
    expect(saidOf(deploymentWith('__proto__: { type: prod }\n'))).toEqual([
      '7:9 CVG201 unknown key `__proto__` in item 1 of `deployments`',
    ]);
    const desired = desiredOf(
      deploymentWith(
        'env: { __proto__: a, constructor: b, hasOwnProperty: c }\nenvFrom: [toString]\n',
        'envSets: { toString: { valueOf: d } }\n',
      ),
    );
    expect(
      desired.resources
        .slice(2)
        .map(({ key }) => key)
        .sort(),
    ).toEqual(['__proto__', 'constructor', 'hasOwnProperty', 'valueOf']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

test('a thousand deployments of twenty variables load and expand', () => {
  const variables = Array.from({ length: 20 }, (_, index) => `          VARIABLE_${index}: "the value of it"\n`).join(
    '',
  );
  const deployments = Array.from(
    { length: 1_000 },
    (_, index) => `      - reference: d${index}\n        env:\n${variables}`,
  ).join('');
  const desired = desiredOf(`${HEAD}projects:\n  - slug: shop\n    deployments:\n${deployments}`);
  expect(desired.resources).toHaveLength(1 + 1_000 + 20_000);
});
