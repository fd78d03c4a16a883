import { expect, test } from 'vitest';
import { kindProblems } from '../../src/document/kind-problems.ts';
import type { AnyKind } from '../../src/model/kinds.ts';
import { kindsFor } from '../../src/providers/registry.ts';

const KNOWN = kindsFor('official');

const list = { shape: 'list', description: 'Streams.' } as const;

function kind(traits: object = {}): AnyKind {
  const whole = {
    name: 'log-stream',
    collection: 'logStreams',
    parent: 'deployment',
    form: list,
    schema: { type: { key: true, json: { type: 'string' } }, url: { json: { type: 'string' } } },
    key: () => 'x',
    list: async () => ({ items: [], unreadable: [] }),
    write: { how: 'singly', create: () => Promise.reject(new Error('not in this test')) },
  };
  return { ...whole, ...traits } as unknown as AnyKind;
}

test('kinds that fit', () => {
  const inner = kind({ name: 'log-filter', collection: 'logFilters', parent: 'log-stream' });
  const top = kind({ name: 'member', collection: 'members', parent: null });
  const map = kind({ form: { shape: 'map', description: 'Streams.', shorthand: 'url' } });
  expect(kindProblems(KNOWN, [kind(), inner, top])).toEqual([]);
  expect(kindProblems(KNOWN, [map])).toEqual([]);
  expect(kindProblems([], KNOWN)).toEqual([]);
  expect(kindProblems([], kindsFor('catalog'))).toEqual([]);
});

test.each<[string, object, RegExp]>([
  ['the name of another', { name: 'env-var' }, /`env-var`: there is a kind of this name already/],
  ['no name', { name: 'LogStream' }, /`LogStream` is no name of a kind/],
  ['a name that the schema has', { name: 'policy' }, /has a part of its name already/],
  ['the collection of another', { collection: 'env' }, /`env` is a key that the document has already/],
  ['a field of its container', { collection: 'class' }, /`class` is a key/],
  ['what every entry has', { collection: 'policy' }, /`policy` is a key/],
  ['what a document has', { parent: null, collection: 'version' }, /`version` is a key/],
  ['a set of another', { parent: null, collection: 'envSets' }, /`envSets` is a key/],
  ['a selector', { parent: null, collection: 'eachProject' }, /`eachProject` is a key/],
  ['what is ignored', { collection: 'x-streams' }, /`x-streams` is no key/],
  [
    'a set of its own',
    { form: { ...list, shape: 'map', shorthand: 'url', bulk: { key: 'envFrom', sets: 's' } } },
    /`envFrom`/,
  ],
  [
    'an unknown container',
    { parent: 'deploymnet' },
    /`deploymnet` is no kind that stands before it\. Did you mean `deployment`/,
  ],
  ['a container of values', { parent: 'env-var' }, /entries of `env-var` contain nothing/],
  ['no container', { parent: undefined }, /its parent the name of a kind or null/],
  ['no key', { schema: { url: { json: {} } } }, /one field of its schema has `key: true`, and here 0 have/],
  ['an unknown shorthand', { form: { ...list, shape: 'map', shorthand: 'uri' } }, /`uri` is no field/],
  ['no requests', { list: undefined, write: undefined }, /has no write, list/],
])('one with %s', (_, traits, problem) => {
  const found = kindProblems(KNOWN, [kind(traits)]);
  expect(found).toEqual([expect.stringMatching(problem)]);
});

test('each is judged beside those before it', () => {
  expect(kindProblems(KNOWN, [kind(), kind()])).toHaveLength(1);
  expect(kindProblems(KNOWN, [kind({ parent: 'later' }), kind({ name: 'later', collection: 'later2' })])).toHaveLength(
    1,
  );
});
