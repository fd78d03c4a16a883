import { describe, expect, test } from 'vitest';
import { sourcesOf } from '../../src/document/expand.ts';
import { reveal, Secret } from '../../src/model/secret.ts';
import type { Selector } from '../../src/model/selector.ts';
import { sourceId, type Resolution } from '../../src/model/source.ts';
import { UnknownValue } from '../../src/model/unknown-value.ts';
import { allSaidOf, desiredOf, loadText, saidOf } from './load-text.ts';

const HEAD = 'version: 1\nteam: acme\n';

function selectorsOf(text: string | Readonly<Record<string, string>>, resolution: Resolution | null = null) {
  return desiredOf(text, resolution).selectors;
}

/** The members of the first collection with their texts. */
function membersOf(selector: Selector | undefined): Readonly<Record<string, string | null>> {
  const members = selector?.collections[0]?.members ?? [];
  return Object.fromEntries(
    members.map(({ key, spec, absent }) => {
      const value = spec['value'];
      if (absent) return [key, null];
      return [key, value instanceof Secret ? reveal(value) : value instanceof UnknownValue ? `<${value.source}>` : '?'];
    }),
  );
}

describe('what a selector says (rule 27)', () => {
  test('conditions of its own and of those around it, outermost first', () => {
    const [outer, inner] = selectorsOf(
      `${HEAD}eachProject:\n  - match: { slug: [a, b*] }\n    eachDeployment:\n      - match: { type: prod, reference: "x/**" }\n`,
    );
    expect(outer).toMatchObject({ name: 'eachProject(slug: a|b*)', kind: 'project', within: null, collections: [] });
    expect(inner?.name).toBe('eachProject(slug: a|b*)/eachDeployment(reference: x/**, type: prod)');
    expect(inner?.matches).toEqual([
      { kind: 'project', undeclared: true, fields: new Map([['slug', ['a', 'b*']]]) },
      {
        kind: 'deployment',
        undeclared: true,
        fields: new Map([
          ['reference', ['x/**']],
          ['type', ['prod']],
        ]),
      },
    ]);
  });

  test('at the top it may name the project, which may then have an entry', () => {
    const [selector] = selectorsOf(`${HEAD}eachDeployment: [{ match: { slug: shop, class: big } }]\n`);
    expect(selector?.matches.map(({ kind, undeclared }) => [kind, undeclared])).toEqual([
      ['project', false],
      ['deployment', true],
    ]);
  });

  test('sets, sources and its own variables, the later over the earlier; defaults do not apply', () => {
    const text = `${HEAD}defaults: { env: { D: d }, class: big }
envSets: { common: { A: set, B: set } }
eachDeployment:
  - match: { type: dev }
    class: small
    envFrom: [common, { file: .env }]
    env: { B: own, C: { fromEnv: C }, GONE: { absent: true } }
`;
    const { state } = loadText(text);
    const refs = state === null ? [] : sourcesOf(state);
    expect(refs.map(({ from }) => from)).toEqual(['dotenv', 'env']);
    const resolution: Resolution = new Map(
      refs.map((ref) => [
        sourceId(ref),
        ref.from === 'dotenv'
          ? { type: 'values', values: [{ name: 'F', value: new Secret('file'), where: ref.where }] }
          : { type: 'value', value: new Secret('from env') },
      ]),
    );
    const [selector] = selectorsOf(text, resolution);
    expect(selector?.spec).toEqual({ class: 'small' });
    expect(membersOf(selector)).toEqual({ A: 'set', B: 'own', C: 'from env', F: 'file', GONE: null });
    const [offline] = selectorsOf(text);
    expect(membersOf(offline)).toEqual({ A: 'set', B: 'own', C: '<fromEnv C>', GONE: null });
    expect(offline?.collections[0]?.incomplete).toBe(true);
  });

  test.each([
    ['an outer policy does not reach inside (rule 3)', '', null],
    ['itself', 'policy: { prune: [env] }', true],
    ['itself, off', 'policy: { prune: [] }', false],
  ])('who prunes in it: %s', (_name, own, prune) => {
    const [selector] = selectorsOf(
      `${HEAD}policy: { prune: [env] }\neachDeployment:\n  - match: { type: dev }\n    env: {}\n    ${own}\n`,
    );
    expect(selector?.collections[0]?.prune).toBe(prune);
  });

  test('a selector around it says it too, and the nearest wins', () => {
    const prunes = (own: string) =>
      selectorsOf(
        `${HEAD}eachProject:\n  - match: { slug: a }\n    policy: { prune: [env] }\n    eachDeployment:\n      - { match: { type: dev }, env: {}${own} }\n`,
      )[1]?.collections[0]?.prune;
    expect(prunes('')).toBe(true);
    expect(prunes(', policy: { prune: [] }')).toBe(false);
  });

  test('other policies around it hold in it', () => {
    const [selector] = selectorsOf(
      `${HEAD}policy: { visible: [V], maxDeletePercent: 7 }\neachDeployment: [{ match: { type: dev }, env: { V: v, W: w } }]\n`,
    );
    expect(selector?.collections[0]).toMatchObject({
      maxDeletePercent: 7,
      members: [{ visible: true }, { visible: false }],
    });
  });
});

test('those of entries are stronger than those at the top, among equals the later is (rule 28)', () => {
  const names = selectorsOf({
    'b.yaml': 'version: 1\neachDeployment: [{ match: { type: three } }]\n',
    'a.yaml': `${HEAD}projects: [{ slug: shop, eachDeployment: [{ match: { type: four } }] }]
eachDeployment: [{ match: { type: one } }, { match: { type: two } }]
`,
  }).map(({ name }) => name);
  expect(names).toEqual([
    'eachDeployment(type: one)',
    'eachDeployment(type: two)',
    'eachDeployment(type: three)',
    'project:shop/eachDeployment(type: four)',
  ]);
});

describe('what is said of selectors offline', () => {
  test.each([
    ['eachDeployment: [{ env: {} }]', '3:18 CVG203 item 1 of `eachDeployment` needs the key `match`'],
    [
      'eachDeployment: [{ match: {} }]',
      '3:27 CVG203 `match` needs one of `slug`, `reference`, `type`, `class`, `region`',
    ],
    ['eachDeployment: [{ match: { type: [] } }]', '3:35 CVG202 `type` must not be empty'],
    ['eachDeployment: [{ match: { type: "" } }]', '3:35 CVG202 `type` must not be empty'],
    ['eachProject: [{ match: { type: a } }]', '3:26 CVG201 unknown key `type` in `match`'],
    [
      'eachDeployment: [{ match: { type: a }, region: moon }]',
      '3:40 CVG201 unknown key `region` in item 1 of `eachDeployment`',
    ],
    [
      'eachDeployment: [{ match: { type: a }, policy: { prune: [projects] } }]',
      '3:58 CVG202 item 1 of `prune` must be one of `env`, not `projects`',
    ],
    ['eachDeployment: [{ match: { type: a }, envFrom: [none] }]', '3:50 CVG308 no set `none` is declared'],
    ['eachEnvVar: []', '3:1 CVG201 unknown key `eachEnvVar` in the document'],
  ])('%s', (line, said) => {
    expect(saidOf(`${HEAD}${line}\n`)).toEqual([said]);
  });

  test('the kinds’ own checks, at the line to blame', () => {
    const text = `${HEAD}eachDeployment:\n  - match: { type: dev }\n    class: bad\n    env: { 1X: a }\n`;
    expect(allSaidOf(text)).toEqual(['5:5 CVG302 bad class', '6:12 CVG302 not a variable name']);
  });

  test('an entry that a selector of projects would match is shadowed, once for each', () => {
    const inner = 'eachDeployment: [{ match: { type: dev }, env: {} }]';
    const text = `${HEAD}projects: [{ slug: app-1 }, { slug: shop }]\neachProject:\n  - match: { slug: "app-*" }\n    ${inner}\n${inner}\n`;
    expect(allSaidOf(text)).toEqual([
      '5:5 CVG313 project:app-1 is shadowed: `eachProject` matches it, and does not reach it, because it has an entry of its own',
    ]);
  });
});
