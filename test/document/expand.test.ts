import { describe, expect, test } from 'vitest';
import { expand, sourcesOf } from '../../src/document/expand.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { reveal, Secret } from '../../src/model/secret.ts';
import { sourceId, type Resolution, type Resolved, type SourceRef } from '../../src/model/source.ts';
import { UnknownValue } from '../../src/model/unknown-value.ts';
import { testKinds } from './kinds.ts';
import { allSaidOf, deploymentWith, desiredOf, loadText, resourceAt, say } from './load-text.ts';

const MAIN = 'project:shop/deployment:main';
const HEAD = 'version: 1\nteam: acme\n';

/** The variables of `shop/main` with their texts; sources as `<what gives it>`, absent ones as null. */
function variablesOf(text: string, resolution: Resolution | null = null): Record<string, string | null> {
  const own = desiredOf(text, resolution).resources.filter((resource) => resource.parent === MAIN);
  return Object.fromEntries(
    own.map(({ key, spec, absent }) => {
      const value = spec['value'];
      if (absent) return [key, null];
      return [key, value instanceof Secret ? reveal(value) : value instanceof UnknownValue ? `<${value.source}>` : '?'];
    }),
  );
}

/** Answers the sources of a text: `answer` by name or path. */
function resolve(text: string, answer: (ref: SourceRef) => Resolved): Resolution {
  const { state } = loadText(text);
  if (state === null) throw new Error('invalid');
  return new Map(sourcesOf(state).map((ref) => [sourceId(ref), answer(ref)]));
}

const UNRESOLVED: Diagnostic = { severity: 'error', code: 'CVG401', summary: 'not there' };
const dotenv = (values: Readonly<Record<string, string>>): Resolved => ({
  type: 'values',
  values: Object.entries(values).map(([name, value], index) => ({
    name,
    value: new Secret(value),
    where: { file: '.env', line: index + 1, column: 1 },
  })),
});

describe('collections (rules 1, 2, 6)', () => {
  test('an absent key is unmanaged, a present one managed, also when empty', () => {
    const collections = (lines: string): readonly string[] =>
      desiredOf(deploymentWith(lines)).collections.map(({ kind, parent }) => `${parent ?? ''} ${kind}`);
    const outer = [' project', 'project:shop deployment'];
    expect(collections('')).toEqual(outer);
    expect(collections('env: {}')).toEqual([...outer, `${MAIN} env-var`]);
    expect(collections('envFrom: []')).toEqual([...outer, `${MAIN} env-var`]);
    expect(desiredOf(HEAD).collections).toEqual([]);
  });

  test('defaults make the collection present; its place is the nearest one that says it', () => {
    const desired = desiredOf(deploymentWith('', 'defaults: { envFrom: [] }\n'));
    expect(desired.collections.at(-1)).toMatchObject({ kind: 'env-var', parent: MAIN, where: { line: 3 } });
    const own = desiredOf(deploymentWith('env: {}', 'defaults: { envFrom: [] }\n'));
    expect(own.collections.at(-1)?.where.line).toBe(8);
  });

  test.each([
    ['nowhere', '', '', false],
    ['outermost', 'policy: { prune: [env] }\n', '', true],
    ['the nearest replaces the outer whole', 'policy: { prune: [env] }\n', 'policy: { prune: [deployments] }', false],
    ['an empty list is off', 'policy: { prune: [env] }\n', 'policy: { prune: [] }', false],
    ['a policy without prune says nothing', 'policy: { prune: [env] }\n', 'policy: { visible: [A] }', true],
    ['only the nearest', '', 'policy: { prune: [env] }', true],
  ])('prune: %s', (_name, top, own, prune) => {
    const desired = desiredOf(deploymentWith(`env: {}\n${own}`, top));
    expect(desired.collections.at(-1)).toMatchObject({ kind: 'env-var', prune });
  });

  test('an entry’s policy does not act on the collection that it is in', () => {
    const desired = desiredOf(deploymentWith('policy: { prune: [deployments, env], maxDeletePercent: 5 }\nenv: {}'));
    expect(desired.collections.map(({ prune, maxDeletePercent }) => [prune, maxDeletePercent])).toEqual([
      [false, 30],
      [false, 30],
      [true, 5],
    ]);
  });

  test('maxDeletePercent: the nearest, 30 where nobody says', () => {
    const percent = (top: string, own: string): number | undefined =>
      desiredOf(deploymentWith(`env: {}\n${own}`, top)).collections.at(-1)?.maxDeletePercent;
    expect(percent('', '')).toBe(30);
    expect(percent('policy: { maxDeletePercent: 50 }\n', '')).toBe(50);
    expect(percent('policy: { maxDeletePercent: 50 }\n', 'policy: { maxDeletePercent: 0 }')).toBe(0);
  });
});

describe('resources', () => {
  test('fields are read, null is kept, the rest is not there', () => {
    const desired = desiredOf(
      deploymentWith('type: prod\nexpiresAt: 2030-01-01T00:00:00Z\nlogs:\nprotect: false\nrenamedFrom: old\n'),
    );
    expect(resourceAt(desired, MAIN)).toEqual({
      address: MAIN,
      kind: 'deployment',
      key: 'main',
      parent: 'project:shop',
      spec: { reference: 'main', type: 'prod', expiresAt: 1_893_456_000_000, logs: null },
      atCreation: {},
      absent: false,
      renamedFrom: 'old',
      protect: false,
      visible: false,
      selector: null,
      where: { file: 'a.yaml', line: 6, column: 9 },
    });
    expect(resourceAt(desired, 'project:shop')).toMatchObject({
      protect: null,
      renamedFrom: null,
      where: { line: 4, column: 5 },
    });
    expect(resourceAt(desiredOf(deploymentWith('expiresAt: ~')), MAIN).spec).toEqual({
      reference: 'main',
      expiresAt: null,
    });
  });

  test('an entry’s line is that of its key field, wherever it stands', () => {
    const desired = desiredOf(`${HEAD}projects:\n  - name: Shop\n    slug: shop\n`);
    expect(desired.resources[0]?.where).toEqual({ file: 'a.yaml', line: 5, column: 5 });
  });

  test('defaults fill what is not written; immutable ones act at creation only (rule 10)', () => {
    const top = 'defaults: { region: eu, class: s16, logs: null }\n';
    expect(resourceAt(desiredOf(deploymentWith('', top)), MAIN)).toMatchObject({
      spec: { reference: 'main', class: 's16', logs: null },
      atCreation: { region: 'eu' },
    });
    expect(resourceAt(desiredOf(deploymentWith('region: us\nclass: s256\nlogs: true', top)), MAIN)).toMatchObject({
      spec: { reference: 'main', region: 'us', class: 's256', logs: true },
      atCreation: {},
    });
  });

  test('policies keep their globs with where they act', () => {
    const top = 'policy: { protect: ["project:*"], ignore: ["**/env-var:X"] }\n';
    const desired = desiredOf(deploymentWith('policy: { unprotect: ["**"], visible: [A] }', top));
    expect(desired.policies).toEqual([
      { within: null, protect: ['project:*'], unprotect: [], ignore: ['**/env-var:X'] },
      { within: MAIN, protect: [], unprotect: ['**'], ignore: [] },
    ]);
  });

  test('visible: the lists of all levels together, and a variable’s own word over them', () => {
    const text = deploymentWith(
      'policy: { visible: [NEAR] }\nenv: { NEAR: a, FAR_A: b, NOT: c, OWN: { value: d, visible: true }, FAR_B: { value: e, visible: false } }',
      'policy: { visible: ["FAR_*"] }\n',
    );
    const visible = desiredOf(text).resources.filter((resource) => resource.visible);
    expect(visible.map(({ key }) => key)).toEqual(['FAR_A', 'NEAR', 'OWN']);
  });
});

describe('variables (rules 12, 14, 17)', () => {
  const SETS =
    'envSets:\n  one: { A: one, B: one, C: one, D: one, E: one }\n  two: { B: two, C: two, D: two, E: two }\n';

  test('precedence: defaults.envFrom, defaults.env, own envFrom in order, own env', () => {
    const text = deploymentWith(
      'envFrom: [two]\nenv: { E: own }',
      `${SETS}defaults: { envFrom: [one], env: { B: default, C: default } }\n`,
    );
    expect(variablesOf(text)).toEqual({ A: 'one', B: 'two', C: 'two', D: 'two', E: 'own' });
    const order = (list: string): unknown => variablesOf(deploymentWith(`envFrom: ${list}`, SETS))['B'];
    expect([order('[one, two]'), order('[two, one]')]).toEqual(['two', 'one']);
    expect(variablesOf(deploymentWith('', `${SETS}defaults: { envFrom: [one], env: { A: default } }\n`))['A']).toBe(
      'default',
    );
  });

  test('whole variables: nothing of the weaker one is left', () => {
    const text = deploymentWith(
      'env: { A: { value: own } }',
      'defaults: { env: { A: { fromEnv: X, visible: true } } }\n',
    );
    expect(resourceAt(desiredOf(text), `${MAIN}/env-var:A`).visible).toBe(false);
    expect(variablesOf(text)).toEqual({ A: 'own' });
  });

  test('absent at a stronger level removes, and is itself set over by a stronger one', () => {
    expect(variablesOf(deploymentWith('envFrom: [one]\nenv: { A: { absent: true } }', SETS))['A']).toBeNull();
    const text = deploymentWith(
      'env: { A: again }',
      'defaults: { env: { A: { absent: true }, B: { absent: true } } }\n',
    );
    expect(variablesOf(text)).toEqual({ A: 'again', B: null });
    expect(resourceAt(desiredOf(text), `${MAIN}/env-var:B`).spec).toEqual({ name: 'B' });
  });

  test('where: the line that says it, in the defaults, the set or the dotenv file', () => {
    const text = deploymentWith('envFrom: [one, { file: .env }]', `${SETS}defaults: { env: { Z: z } }\n`);
    const desired = desiredOf(
      text,
      resolve(text, () => dotenv({ A: '1', Q: '2' })),
    );
    const place = (name: string): string => {
      const { where } = resourceAt(desired, `${MAIN}/env-var:${name}`);
      return `${where.file}:${where.line}:${where.column}`;
    };
    expect(['B', 'Z', 'A', 'Q'].map(place)).toEqual(['a.yaml:4:18', 'a.yaml:6:20', '.env:1:1', '.env:2:1']);
  });

  test('offline: values are unknown, dotenv files make the collection incomplete', () => {
    const text = deploymentWith(
      'envFrom: [{ file: .env, optional: true }]\nenv: { A: { fromEnv: X }, B: { fromFile: ./k } }',
    );
    expect(variablesOf(text)).toEqual({ A: '<fromEnv X>', B: '<fromFile ./k>' });
    expect(desiredOf(text).collections.at(-1)?.incomplete).toBe(true);
    expect(desiredOf(deploymentWith('env: { A: { fromEnv: X } }')).collections.at(-1)?.incomplete).toBe(false);
  });

  test('offline: what a command or a SOPS file would give is unknown, told without arguments', () => {
    const text = deploymentWith(
      'envFrom: [{ sops: s.yaml }]\nenv: { A: { fromCommand: [op, "--token=x"] }, B: { fromSops: s.yaml, key: a.b } }',
    );
    expect(variablesOf(text)).toEqual({ A: '<fromCommand op>', B: '<fromSops s.yaml, key a.b>' });
    expect(desiredOf(text).collections.at(-1)?.incomplete).toBe(true);
  });

  test('resolved: values are secrets, the collection is whole', () => {
    const text = deploymentWith('envFrom: [{ file: .env }]\nenv: { A: { fromEnv: X } }');
    const resolution = resolve(text, (ref) =>
      ref.from === 'dotenv' ? dotenv({ A: 'file', B: 'file' }) : { type: 'value', value: new Secret('env') },
    );
    expect(variablesOf(text, resolution)).toEqual({ A: 'env', B: 'file' });
    expect(desiredOf(text, resolution).collections.at(-1)?.incomplete).toBe(false);
  });

  test('unresolved: unknown and incomplete, and nothing is said again', () => {
    const text = deploymentWith('envFrom: [{ file: .env }]\nenv: { A: { fromEnv: X } }');
    const resolution = resolve(text, () => ({ type: 'unresolved', diagnostic: UNRESOLVED }));
    const { state } = loadText(text);
    const { desired, diagnostics } =
      state === null ? { desired: null, diagnostics: [] } : expand(state, testKinds, resolution);
    expect(diagnostics).toEqual([]);
    expect(desired?.collections.at(-1)?.incomplete).toBe(true);
    expect(resourceAt(desiredOf(text, resolution), `${MAIN}/env-var:A`).spec['value']).toBeInstanceOf(UnknownValue);
  });

  test('names of a dotenv file are checked at their line in it, once for all who use it', () => {
    const text = `${HEAD}defaults: { envFrom: [{ file: .env }] }\nprojects:\n  - slug: a\n    deployments: [{ reference: b }, { reference: c }]\n`;
    const { state } = loadText(text);
    if (state === null) throw new Error('invalid');
    const expanded = expand(
      state,
      testKinds,
      resolve(text, () => dotenv({ OK: '', 'not-ok': '' })),
    );
    expect(expanded.desired).toBeNull();
    expect(expanded.diagnostics.map(say)).toEqual(['.env:2:1 CVG302 not a variable name']);
  });
});

describe('sources', () => {
  const sources = (text: string): readonly unknown[] => {
    const { state } = loadText(text);
    return state === null ? ['invalid'] : sourcesOf(state).map(({ where, ...rest }) => ({ ...rest, line: where.line }));
  };

  test('each once, by place, with what it allows', () => {
    const lines =
      'env:\n  A: { fromEnv: X }\n  B: { fromEnv: X }\n  C: { fromEnv: X, allowEmpty: true }\n  D: { fromFile: ./d, keepNewline: true }\nenvFrom: [{ file: .env, optional: true }]\n';
    expect(sources(deploymentWith(lines))).toEqual([
      { from: 'env', name: 'X', allowEmpty: false, line: 8 },
      { from: 'env', name: 'X', allowEmpty: true, line: 10 },
      { from: 'file', path: './d', keepNewline: true, allowEmpty: false, line: 11 },
      { from: 'dotenv', path: '.env', optional: true, allowEmpty: false, line: 12 },
    ]);
  });

  test('commands and SOPS files', () => {
    const lines =
      'envFrom: [{ sops: s.yaml }, { sops: t.yaml, optional: true }]\nenv:\n  A: { fromCommand: [op, read, "a b"] }\n  B: { fromCommand: [op], keepNewline: true, allowEmpty: true }\n  C: { fromSops: s.yaml, key: a.b }\n';
    expect(sources(deploymentWith(lines))).toEqual([
      { from: 'sops-map', path: 's.yaml', optional: false, allowEmpty: false, line: 7 },
      { from: 'sops-map', path: 't.yaml', optional: true, allowEmpty: false, line: 7 },
      { from: 'command', argv: ['op', 'read', 'a b'], keepNewline: false, allowEmpty: false, line: 9 },
      { from: 'command', argv: ['op'], keepNewline: true, allowEmpty: true, line: 10 },
      { from: 'sops', path: 's.yaml', key: 'a.b', keepNewline: false, allowEmpty: false, line: 11 },
    ]);
  });

  test('not those of unused sets, unused defaults, or variables that are set over', () => {
    const top =
      'envSets: { unused: { A: { fromEnv: A } }, used: { B: { fromEnv: B }, C: { fromEnv: C } } }\ndefaults: { env: { D: { fromEnv: D } } }\n';
    expect(sources(deploymentWith('envFrom: [used]\nenv: { B: own, D: { absent: true } }', top))).toMatchObject([
      { name: 'C' },
    ]);
    expect(sources(`${HEAD}${top}`)).toEqual([]);
  });
});

describe('checks', () => {
  test('a finding stands at the line of its field, with the address', () => {
    const { state } = loadText(deploymentWith('type: prod\nregion: moon\n'));
    const { desired, diagnostics } =
      state === null ? { desired: null, diagnostics: [] } : expand(state, testKinds, null);
    expect(desired).not.toBeNull();
    expect(diagnostics).toEqual([
      {
        severity: 'warning',
        code: 'CVG311',
        summary: 'no such region',
        address: MAIN,
        where: { file: 'a.yaml', line: 8, column: 9 },
      },
    ]);
  });

  test('a finding about a default or a shared variable is said once, at its line', () => {
    const projects = 'projects:\n  - slug: a\n    deployments: [{ reference: b }, { reference: c }]\n';
    expect(allSaidOf(`${HEAD}defaults: { region: moon, env: { a-b: x } }\n${projects}`)).toEqual([
      '3:13 CVG311 no such region',
      '3:34 CVG302 not a variable name',
    ]);
  });

  test('checks of a whole collection, over all layers, stand at the collection', () => {
    const many = (from: number): string => Array.from({ length: 30 }, (_, index) => `V${from + index}: x`).join(', ');
    const said = allSaidOf(deploymentWith(`env: { ${many(0)} }`, `defaults: { env: { ${many(30)} } }\n`));
    expect(said).toEqual(['8:9 CVG302 too many variables']);
    expect(allSaidOf(deploymentWith(`env: { ${many(0)} }`, `defaults: { env: { ${many(0)} } }\n`))).toEqual([]);
  });

  test('a claim twice among siblings names both; in two projects it is fine', () => {
    const two = '[{ reference: b, type: prod, default: true }, { reference: a, type: prod, default: true }]';
    const { state } = loadText(`${HEAD}projects:\n  - slug: p\n    deployments: ${two}\n`);
    expect(state === null ? [] : expand(state, testKinds, null).diagnostics).toMatchObject([
      {
        code: 'CVG306',
        summary: 'project:p/deployment:a and project:p/deployment:b both ask to be the main one',
        address: 'project:p/deployment:a',
        where: { line: 5, column: 66 },
        also: { line: 5, column: 21 },
      },
    ]);
    const one = '[{ reference: b, type: prod, default: true }]';
    expect(
      allSaidOf(`${HEAD}projects:\n  - slug: p\n    deployments: ${one}\n  - slug: q\n    deployments: ${one}\n`),
    ).toEqual([]);
  });

  test.each([
    ['itself', '[{ slug: a, renamedFrom: a }]', ['4:15 CVG307 `renamedFrom` names the entry itself, `a`']],
    [
      'another entry',
      '[{ slug: a }, { slug: b, renamedFrom: a }]',
      ['4:28 CVG307 `renamedFrom` names `a`, which is another declared project'],
    ],
    [
      'one old name twice',
      '[{ slug: a, renamedFrom: x }, { slug: b, renamedFrom: x }]',
      ['4:44 CVG307 `renamedFrom` names `x` in two entries'],
    ],
    ['a name of its own', '[{ slug: a, renamedFrom: x }, { slug: b, renamedFrom: y }]', []],
  ])('renamedFrom: %s', (_name, projects, said) => {
    expect(allSaidOf(`${HEAD}projects:\n  ${projects}\n`)).toEqual(said);
  });
});

test('a literal that looks like a credential is a warning that names the variable only (rule 18)', () => {
  const [diagnostic, ...more] = loadText(deploymentWith('env: { STRIPE: sk_live_abcdefghijk }')).diagnostics;
  expect(more).toEqual([]);
  expect(diagnostic).toMatchObject({ severity: 'warning', code: 'CVG309', where: { line: 7, column: 16 } });
  expect(diagnostic?.summary).toContain('`STRIPE`');
  expect(JSON.stringify(diagnostic)).not.toContain('sk_live');
});
