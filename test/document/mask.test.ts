import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { onCpu } from '../kit/cpu.ts';
import { diagnosticsJson } from '../../src/report/diagnostic-json.ts';
import { renderDiagnostics } from '../../src/report/diagnostic-text.ts';
import { deploymentWith, loadText } from './load-text.ts';

const HEAD = 'version: 1\nteam: acme\n';

/** The masked text, each run of masked characters as one `…`. */
const legibleOf = (text: string): string =>
  (loadText(text).texts.get('a.yaml') ?? '').replaceAll(/…[… ]*…/g, '…').replaceAll(/ +$/gm, '');

/** The masked lines of a deployment's own keys. */
const linesOf = (lines: string): string =>
  legibleOf(deploymentWith(lines))
    .split('\n')
    .slice(6)
    .map((line) => line.slice(8))
    .join('\n')
    .trim();

describe('the texts for code frames', () => {
  test('stand as the file does', () => {
    const text = deploymentWith(
      'env:\n  A: canary # note\n  B: |\n    canary\n      canary\n\n  C: "a\n\n   b"\n',
      'x-é: 😀\n',
    );
    const masked = loadText(text).texts.get('a.yaml') ?? '';
    const shape = (written: string): string =>
      written.replaceAll(/[^\s]/g, '.').replaceAll(/(?<=\.) +(?=\.)/g, (gap) => '.'.repeat(gap.length));
    expect(shape(masked)).toBe(shape(text));
  });

  test('show the structure: keys, names, references, policies', () => {
    const text = deploymentWith(
      'type: prod\nclass: s16\ndefault: true\npolicy: { prune: [env], protect: ["project:shop/**"], maxDeletePercent: 10 }\nenvFrom: [common, { file: ./.env.prod, optional: true }]\n',
      'defaults: { region: moon }\n',
    );
    expect(legibleOf(text)).toBe(text);
  });

  test.each([
    ['env: { A: canary }', 'env: { A: … }'],
    ['env: { A: { value: "canary", visible: true } }', 'env: { A: { value: …, visible: true } }'],
    ['env: { A: { fromEnv: NAME }, B: { fromFile: ./a/b.pem }, C: { absent: true } }', null],
    ['env: { A: ~, B: }', null],
    ['env: { A: 4711, B: true }', 'env: { A: …, B: … }'],
    ['env: { type: canary, slug: canary }', 'env: { type: …, slug: … }'],
    ['env: canary', 'env: …'],
    ['env: { canary }', 'env: { … }'],
    ['env: [A=canary, { B: canary }]', 'env: […, { …: … }]'],
    [
      'env: { A=canary, B:canary, K=canary: x, 9C: canary, ÜBER: canary, "D E": canary }',
      'env: { …, …, K…: …, 9C: …, ÜBER: …, …: … }',
    ],
    ['env: { A: { canary } }', 'env: { A: { … } }'],
    ['env: { A: {{ canary }} }', 'env: { A: {{ … }} }'],
    [
      'env: { A: { vlaue: canary, fromSopss: canary, canary: canary } }',
      'env: { A: { vlaue: …, fromSopss: …, …: … } }',
    ],
    [
      'env: { A: { fromCommand: [canary, canary], key: "canary:x", fromSops: "a=b" } }',
      'env: { A: { fromCommand: […, …], key: …, fromSops: … } }',
    ],
    ['env: { A: { fromSops: ./secrets.yaml, key: a.b-c.0 } }', null],
    ['envFrom: [{ sops: ./secrets.yaml }]', null],
    ['env: { A: !canary canary, B: &canary }', 'env: { A: !… …, B: &… }'.replace('!… …', '…')],
    ['env: { A: !!str canary }', 'env: { A: !!str … }'],
    ['env: { A: canary } # canary: canary', 'env: { A: … } …'],
    ['env:\n  A: |-\n    canary\n  B: b', 'env:\n  A: …\n    …\n  B: …'],
    ['env:\n  A: "one\n   slug: canary"\n  B: b', 'env:\n  A: …\n   …\n  B: …'],
    ['evn: { A: canary, slug: canary }', 'evn: { A: …, slug: … }'],
    ['slug: canary', 'slug: …'],
    ['domains: [{ domain: canary }]', 'domains: [{ …: … }]'],
    ['type: [canary]', 'type: […]'],
    ['class: sk_live_51H8canary', 'class: …'],
    ['sk_live_51H8canary: 1', '…: …'],
    ['envFrom: [A=canary, { file: "canary:x", sops: "canary:y" }]', 'envFrom: […, { file: …, sops: … }]'],
    ['class: "one\n  type: two"', 'class: …\n  …'],
  ])('%s', (lines, shown) => {
    expect(linesOf(lines)).toBe(shown ?? lines);
  });

  test('hide what stands under x- keys and in sets', () => {
    const text = `${HEAD}x-base: &base { slug: canary, K: { fromEnv: canary } }\nenvSets:\n  common: { name: canary }\n`;
    expect(legibleOf(text)).toBe(`${HEAD}x-base: &… { slug: …, K: { fromEnv: … } }\nenvSets:\n  common: { name: … }\n`);
  });

  test('hide comments and directives', () => {
    expect(legibleOf(`%TAG !e! canary:\n--- # canary\n${HEAD}`)).toBe(`…\n--- …\n${HEAD}`);
  });

  test('show aliases that exist, and their anchors', () => {
    expect(legibleOf(`${HEAD}x-a: &base { K: v }\nenvSets: { s: *base, t: { <<: *base, A: *canary } }\n`)).toBe(
      `${HEAD}x-a: &base { K: … }\nenvSets: { s: *base, t: { <<: *base, A: … } }\n`,
    );
  });

  test('hide a name that a variable has as its value', () => {
    const projects = (name: string): string =>
      `projects: [{ slug: &it ${name}, name: shop }]\nenvSets: { s: { A: *it } }\n`;
    expect(legibleOf(HEAD + projects('canary'))).toBe(HEAD + projects('…'));
    const chain = 'projects: [{ slug: &a canary }]\npolicy: &b { protect: [*a] }\nenvSets: { s: *b }\n';
    expect(legibleOf(HEAD + chain)).not.toContain('canary');
  });

  test.each([
    ['a quote that is not closed', 'env:\n  KEY: "canary\n  B: x\n', 'env:\n  KEY: …'],
    ['a bracket that is not closed', 'env: { KEY: canary, OTHER: canary\n', 'env: { KEY: …, OTHER: …'],
    ['a tab', 'env:\n\tKEY: canary\n  PEM: |\n    canary/canary==\n', 'env:'],
    ['text after a quote', 'env:\n  KEY: "a" canary\n', 'env:\n  KEY: …'],
    [
      'an error after variables with known names',
      'env:\n  name: canary\n  class: canary\nenvFrom: [\n',
      'env:\n  name: …\n  class: …',
    ],
    ['a bad escape', 'env:\n  KEY: "canary\\q"\n', 'env:\n  KEY: …'],
    ['a missing space', 'env:\n  KEY:canary\n  OTHER: x\n  : : canary\n', 'env:'],
    [
      'quotes inside out',
      'name: "A\nenv:\n  K: "canary"\n  L: "slug: canary"\nclass: canary\n',
      'name: …\nenv:\n  …\n  …\nclass: …',
    ],
    ['pasted lines', 'env:\n  K: "canary\nslug: canary\nclass: canary"\nclass: s16\n]\n', 'env:'],
  ])('of a file with %s', (_name, lines, shown) => {
    const { state, texts } = loadText(deploymentWith(lines));
    expect(state).toBeNull();
    expect(texts.get('a.yaml')).not.toContain('canary');
    expect(texts.get('a.yaml')).toContain('  - slug: shop\n');
    expect(linesOf(lines).startsWith(shown)).toBe(true);
  });

  test('behind a syntax error only words of the format are left', () => {
    const text = `version: 1\n]\nteam: canary\nprojects:\n  - slug: canary\n    canary: x\n    deployments: []\n`;
    expect(legibleOf(text)).toBe(
      'version: 1\n]\nteam: …\nprojects:\n  - slug: …\n    …\n    deployments: …\n'.replace('\n]', '\n…'),
    );
  });

  test('fifty thousand anchors and aliases are told apart in time linear in them', async () => {
    const anchors = Array.from({ length: 50_000 }, (_, index) => `  - { k: &a${index} [*a${index - 1}] }\n`).join('');
    const { result, ms } = await onCpu(() => loadText(`${HEAD}projects:\n${anchors}envSets: { s: *a49999 }\n`));
    expect(result.texts.size).toBe(1);
    expect(ms).toBeLessThan(20_000);
  });
});

describe('nothing that is shown of a wrong document holds a value', () => {
  /** Every piece that could be seen on its own begins with the mark. */
  const piece = fc.stringMatching(/^zq[A-Za-z0-9_/+=.]{1,8}$/);
  const glue = fc.constantFrom('', ' ', ' #', ': ', ':', ', ', '-', '"', "'", '|', '=', '}', ']', '\t', '…');
  const first = fc.constantFrom(
    '',
    '',
    '',
    '*',
    '&',
    '!',
    '%',
    '@',
    '`',
    '- ',
    '? ',
    '{',
    '[',
    '#',
    '"',
    "'",
    '|',
    '>',
  );
  const secret = fc
    .tuple(first, fc.array(fc.tuple(piece, glue), { minLength: 1, maxLength: 4 }))
    .map(
      ([start, rest]) =>
        start + rest.map(([one, other], index) => one + (index === rest.length - 1 ? '' : other)).join(''),
    );

  /** What reads `{ key: text` or `, key: text` is a key to everyone. */
  const plain = (text: string): string => (/[,[\]{}]/.test(text) ? text.replaceAll(/:(?=\s)/g, '') : text);
  const quote = (text: string): string => JSON.stringify(text);
  const single = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  const forms: readonly ((value: string, indent: string) => string)[] = [
    plain,
    quote,
    single,
    (value) => `"${value}`,
    (value) => `'${value}`,
    (value) => `${quote(value)} ${plain(value)}`,
    (value) => `{ value: ${quote(value)} }`,
    (value) => `{ value: ${plain(value)} }`,
    (value) => `{ value: ${single(value)}, fromEnv: X }`,
    (value) => `{ vlaue: ${quote(value)} }`,
    (value) => `{ value: [${quote(value)}] }`,
    (value) => `{ value: { a: ${quote(value)} } }`,
    (value) => `{ absent: ${quote(value)} }`,
    (value) => `{ visible: ${quote(value)} }`,
    (value) => `{ ${quote(value)} }`,
    (value) => `{ value: ${quote(value)}`,
    (value) => `[${quote(value)}, { a: ${quote(value)} }]`,
    (value) => `!secret ${quote(value)}`,
    (value) => `!!int ${quote(value)}`,
    (value) => `&anchor ${quote(value)}`,
    (value) => `*nope # ${value}`,
    (value) => `{{ ${plain(value)} }}`,
    (value, indent) => `|\n${indent}  ${value}\n${indent}    slug: ${value}`,
    (value, indent) => `>-\n\n${indent}  ${value}\n${indent}  class: ${value}:`,
    (value, indent) => `|\n${indent}${value.replaceAll(/:(?=\s)/g, '')}`,
    (value, indent) => `"a\n${indent}  slug: ${value.replaceAll(/["\\]/g, '')}"`,
    (value, indent) => `"a\n slug: ${value.replaceAll(/["\\]/g, '')}\n${indent}"`,
    (value, indent) => `a\n${indent}  ${plain(value)}`,
    (value, indent) => `[\n${indent}  ${quote(value)},\n${indent}  ${plain(value)}\n${indent}]`,
    (value, indent) => `\n${indent}  - ${quote(value)}`,
    (value, indent) => `\n${indent}\t${quote(value)}`,
    (value) => `"-----BEGIN\nslug: ${value.replaceAll(/["\\]/g, '')}\n-----END"`,
  ];
  const places: readonly ((form: (indent: string) => string) => string)[] = [
    (form) => deploymentWith(`env:\n  NAME: ${form(' '.repeat(10))}\n  slug: x\n`),
    (form) => deploymentWith(`env:\n  NAME: ${form(' '.repeat(10))}\n  A: "b"\nclass: s16\n`),
    (form) => deploymentWith(`env:\nNAME: ${form(' '.repeat(8))}\n`),
    (form) => deploymentWith(`env: ${form(' '.repeat(8))}\n`),
    (form) => deploymentWith(`env: [${form(' '.repeat(8))}]\n`),
    (form) => deploymentWith(`evn: { NAME: ${form(' '.repeat(8))} }\n`),
    (form) => deploymentWith(`domains: ${form(' '.repeat(8))}\n`),
    (form) => deploymentWith('class: s16\n', `envSets:\n  s: { NAME: ${form('  ')} }\n`),
    (form) => deploymentWith('class: s16\n', `envSets: { NAME: ${form('')} }\n`),
    (form) => deploymentWith('class: s16\n', `envSets:\n  s: ${form('  ')}\n`),
    (form) => deploymentWith('class: s16\n', `defaults:\n  env:\n    NAME: ${form('    ')}\n`),
    (form) => deploymentWith('env: *base\n', `x-base: &base { NAME: ${form('')} }\n`),
    (form) => deploymentWith('env: { <<: *base, A: *anchor }\n', `x-base: &base\n  NAME: ${form('  ')}\n`),
    (form) => deploymentWith(`env:\n  NAME: ${form(' '.repeat(10))}\nclass: [\n`),
    (form) => deploymentWith(`name: "A\nenv:\n  NAME: ${form(' '.repeat(10))}\n`),
    (form) => `${HEAD}env:\n  NAME: ${form('  ')}\nslug: x\n`,
    (form) => `${HEAD}}\n${deploymentWith(`env:\n  NAME: ${form(' '.repeat(10))}\n`)}`,
  ];

  test('in text, in JSON, in the frame of any place', () => {
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom(...forms),
        fc.constantFrom(...places),
        fc.nat(60),
        (value, form, place, column) => {
          const source = place((indent) => form(value, indent));
          const { diagnostics, texts } = loadText(source);
          const anywhere = source
            .split('\n')
            .flatMap((_line, index) => [1, 1 + column].map((at) => ({ file: 'a.yaml', line: index + 1, column: at })))
            .map((where) => ({ severity: 'error', code: 'CVG202', summary: 'wrong', where }) as const);
          const shown = [
            JSON.stringify(diagnosticsJson(diagnostics, 'place')),
            renderDiagnostics([...diagnostics, ...anywhere], texts, { color: false, width: 90 }),
          ].join('\n');
          expect(shown).not.toContain('zq');
        },
      ),
      { numRuns: 6_000, seed: 20 },
    );
  }, 60_000);
});
