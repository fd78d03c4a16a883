import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expand, sourcesOf } from '../../src/document/expand.ts';
import { hasErrors, type Diagnostic } from '../../src/model/diagnostic.ts';
import { testKinds } from './kinds.ts';
import { desiredOf, loadBytes, loadText } from './load-text.ts';

/** Loads, and expands where it can; checks what must hold of any outcome. */
function survives(load: () => ReturnType<typeof loadBytes>): void {
  const { state, diagnostics } = load();
  expect(state === null).toBe(hasErrors(diagnostics));
  expect(diagnostics.every(isPlaced)).toBe(true);
  if (state === null) return;
  sourcesOf(state);
  const expanded = expand(state, testKinds, null);
  expect(expanded.desired === null).toBe(hasErrors(expanded.diagnostics));
}

function isPlaced({ where }: Diagnostic): boolean {
  return where !== undefined && where.line >= 1 && where.column >= 1;
}

test('random bytes never throw', () => {
  expect.hasAssertions();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => survives(() => loadBytes(bytes))),
    { numRuns: 1_000, seed: 1 },
  );
});

const FRAGMENTS = [
  'version: 1\n|team: acme\n|policy:|prune|defaults:|env:|envFrom:|envSets:|projects:|slug: a|deployments:|reference: b',
  'renamedFrom: a|absent: true|fromEnv: X|fromFile: y|value:|x-a:|eachProject:|\n|\n  |\n    |\n      |\n- |\n  - ',
  '\n    - | |: |, |- |{|}|[|]|? |>|>-\n |&a |*a|&b |*b|<<: |!!str |!x |!!map |"|\'|"\\x00"|"\\uD800"|#|%YAML 1.1\n',
  '---\n|...\n|null|~|true|012|1.5|yes|2024-01-01|text|\t|\r\n|\uFEFF|\0|\u2028|__proto__|constructor:|😀',
].flatMap((line) => line.split('|'));

test('random YAML-like text never throws', () => {
  expect.hasAssertions();
  const text = fc.array(fc.constantFrom(...FRAGMENTS, '|'), { maxLength: 60 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (body) => survives(() => loadText(body))),
    { numRuns: 3_000, seed: 2 },
  );
  fc.assert(
    fc.property(text, (body) => survives(() => loadText(`version: 1\nteam: acme\n${body}`))),
    { numRuns: 3_000, seed: 3 },
  );
});

test('random data in the right syntax never throws', () => {
  expect.hasAssertions();
  const keys = [
    'version team policy prune protect visible maxDeletePercent defaults region envSets projects slug name deployments',
    'reference type default env envFrom file value fromEnv absent A __proto__',
  ];
  const key = fc.constantFrom(...keys.flatMap((line) => line.split(' ')));
  const scalar = fc.oneof(
    fc.constantFrom<unknown>(null, true, 1, 0.5, '', 'env', 'prod', 'a/b', '~'),
    fc.string({ maxLength: 8 }),
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      scalar,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.array(fc.tuple(key, tie('tree')), { maxLength: 6 }).map((pairs) => Object.fromEntries(pairs)),
    ),
  }));
  const document = fc.record({ policy: tree, defaults: tree, envSets: tree, projects: tree }, { requiredKeys: [] });
  fc.assert(
    fc.property(document, (rest) => survives(() => loadText(JSON.stringify({ version: 1, team: 'acme', ...rest })))),
    { numRuns: 2_000, seed: 4 },
  );
});

test('the order of files, documents and entries makes no difference', () => {
  const variables = fc.dictionary(
    fc.constantFrom('A', 'B', 'C'),
    fc.constantFrom('"1"', '{ fromEnv: X }', '{ absent: true }'),
    {
      noNullPrototype: true,
    },
  );
  const deployments = fc.dictionary(fc.constantFrom('d', 'e', 'f'), variables, { noNullPrototype: true });
  const projects = fc.dictionary(fc.constantFrom('p', 'q', 'r', 's'), deployments, { noNullPrototype: true });
  const flow = (entries: readonly string[]): string => `[${entries.join(', ')}]`;
  const written = (
    found: Record<string, Record<string, Record<string, string>>>,
    reverse: boolean,
  ): readonly string[] => {
    const order = <T>(items: readonly T[]): readonly T[] => (reverse ? items.toReversed() : items);
    return order(
      Object.entries(found).map(([slug, inner]) => {
        const entries = Object.entries(inner).map(([reference, env]) => {
          const pairs = order(Object.entries(env).map(([name, value]) => `${name}: ${value}`));
          return `{ reference: ${reference}, envFrom: [base], env: { ${pairs.join(', ')} } }`;
        });
        return `version: 1\nprojects: [{ slug: ${slug}, deployments: ${flow(order(entries))} }]\n`;
      }),
    );
  };
  const head =
    'version: 1\nteam: acme\nenvSets: { base: { C: base } }\ndefaults: { class: s16, env: { B: default } }\n';
  fc.assert(
    fc.property(projects, (found) => {
      const [one, other] = [false, true].map((reverse) => {
        const documents = written(found, reverse);
        const texts = reverse
          ? { 'z.yaml': [...documents, head].join('---\n') }
          : Object.fromEntries([head, ...documents].map((text, index) => [`${index}.yaml`, text]));
        const desired = desiredOf(texts);
        // Places tell where something was written, and that is what differs.
        return JSON.stringify(desired, (key, value: unknown) =>
          key === 'where' || key === 'teamWhere' ? null : value,
        );
      });
      expect(one).toBe(other);
    }),
    { numRuns: 200, seed: 5 },
  );
});

test('the order of the files given makes no difference at all', () => {
  const texts = {
    'b.yaml': 'version: 1\nteam: acme\nprojects: [{ slug: b }, { slug: twice, name: one }]\n',
    'a.yaml': 'version: 1\nteam: other\nprojects: [{ slug: a }, { slug: twice, name: two }]\n',
  };
  const turned = Object.fromEntries(Object.entries(texts).toReversed());
  expect(loadText(turned).diagnostics).toEqual(loadText(texts).diagnostics);
  expect(loadText(texts).diagnostics).toHaveLength(2);
});
