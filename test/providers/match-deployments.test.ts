import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Declared, Listed } from '../../src/model/kind.ts';
import type { CatalogDeploymentSpec } from '../../src/providers/convex/deployment/catalog.ts';
import { checkAlike, matchDeployments } from '../../src/providers/convex/deployment/match.ts';

type Spec = Partial<CatalogDeploymentSpec>;

const [US, EU] = ['aws-us-east-1', 'aws-eu-west-1'];

const entry = (key: string, spec: Spec, atCreation: Spec = {}): Declared<CatalogDeploymentSpec> => ({
  key,
  spec: { reference: key, ...spec },
  atCreation,
});

const live = (name: string, type: string, more: Spec = {}): Listed<CatalogDeploymentSpec> => ({
  id: name,
  parentId: '7',
  spec: { reference: `@${name}`, name, type, default: false, region: US, ...more },
  facts: {},
});

/** `key=name` for what is matched, `key:code` for what is not. */
function match(entries: readonly Declared<CatalogDeploymentSpec>[], listed: readonly Listed<CatalogDeploymentSpec>[]) {
  const { assigned, findings } = matchDeployments(entries, listed);
  return [
    ...[...assigned].map(([key, id]) => `${key}=${id}`),
    ...findings.map(({ key, code }) => `${key}:${code}`),
  ].sort();
}

describe('which live one an entry is', () => {
  test('the default production deployment, when it is the only entry of production', () => {
    const listed = [live('a', 'prod'), live('b', 'prod', { default: true, region: EU })];
    expect(match([entry('production', { type: 'prod', region: US })], listed)).toEqual(['production=b']);
  });

  test('with two entries of production, what tells them apart', () => {
    const listed = [live('a', 'prod'), live('b', 'prod', { default: true, region: EU })];
    const entries = [entry('one', { type: 'prod', region: US }), entry('two', { type: 'prod', region: EU })];
    expect(match(entries, listed)).toEqual(['one=a', 'two=b']);
  });

  test('without a default, the only one of production there', () => {
    const entries = [entry('production', { type: 'prod', region: US })];
    expect(match(entries, [live('a', 'prod'), live('b', 'prod', { region: EU })])).toEqual(['production=a']);
    expect(match(entries, [live('a', 'prod'), live('b', 'prod')])).toEqual(['production:CVG517']);
  });

  test('by name first, whatever else it is', () => {
    const listed = [live('a', 'custom'), live('b', 'custom')];
    const entries = [entry('x', { type: 'dev', name: 'b' }), entry('y', { type: 'custom', region: US })];
    expect(match(entries, listed)).toEqual(['x=b', 'y=a']);
  });

  test('by a name that nothing has, or that another entry has: none', () => {
    expect(match([entry('x', { name: 'gone' })], [live('a', 'dev')])).toEqual(['x:CVG518']);
    expect(match([entry('x', { name: 'a' }), entry('y', { name: 'a' })], [live('a', 'dev')])).toEqual([
      'x=a',
      'y:CVG518',
    ]);
  });

  test('none of its region: it is to be made, beside those of other regions', () => {
    expect(match([entry('x', { type: 'dev', region: EU })], [live('a', 'dev'), live('b', 'custom')])).toEqual([]);
  });

  test('of an unknown region: nobody can say', () => {
    const { region: _left, ...spec } = live('a', 'dev').spec;
    expect(match([entry('x', { type: 'dev', region: US })], [{ ...live('a', 'dev'), spec }])).toEqual(['x:CVG517']);
  });

  test('without a region of its own, the only one of its type', () => {
    expect(match([entry('x', { type: 'dev' })], [live('a', 'dev', { region: EU })])).toEqual(['x=a']);
    expect(match([entry('x', { type: 'dev' })], [live('a', 'dev'), live('b', 'dev')])).toEqual(['x:CVG517']);
  });

  test('with a default region, the one that is there; one elsewhere is neither taken nor passed by', () => {
    const x = entry('x', { type: 'dev' }, { region: US });
    expect(match([x], [live('a', 'dev'), live('b', 'dev', { region: EU })])).toEqual(['x=a']);
    expect(match([x], [live('b', 'dev', { region: EU })])).toEqual(['x:CVG517']);
    expect(match([x], [])).toEqual([]);
  });

  test('without a type, whatever is left could be it', () => {
    expect(match([entry('x', {})], [live('a', 'dev')])).toEqual(['x:CVG517']);
    expect(match([entry('x', {})], [])).toEqual([]);
  });

  test('two entries that could be one live one: neither is', () => {
    const entries = [entry('x', { type: 'dev', region: US }), entry('y', { type: 'dev' })];
    expect(match(entries, [live('a', 'dev')])).toEqual(['x:CVG517', 'y:CVG517']);
  });

  test('the candidates are listed', () => {
    const { findings } = matchDeployments(
      [entry('x', { type: 'dev', region: US })],
      [live('b', 'dev'), live('a', 'dev')],
    );
    expect(findings[0]?.summary).toBe(`"x" could be any of the live deployments a (dev, ${US}), b (dev, ${US})`);
  });
});

test('whatever is asked and live: no live one is two entries, no finding is also a match, order does not matter', () => {
  const types = fc.constantFrom('prod', 'dev', 'custom');
  const regions = fc.constantFrom(US, EU);
  const entries = fc.uniqueArray(
    fc.record(
      {
        key: fc.constantFrom('a', 'b', 'c', 'd'),
        type: types,
        region: regions,
        name: fc.constantFrom('n0', 'n1', 'n9'),
      },
      { requiredKeys: ['key'] },
    ),
    { selector: ({ key }) => key },
  );
  const listed = fc.array(fc.record({ type: types, region: regions, default: fc.boolean() }), { maxLength: 5 });
  fc.assert(
    fc.property(entries, listed, (asked, there) => {
      const declared = asked.map(({ key, ...spec }) => entry(key, spec));
      const lives = there.map(({ type, ...more }, index) => live(`n${String(index)}`, type, more));
      const { assigned, findings } = matchDeployments(declared, lives);
      expect(new Set(assigned.values()).size).toBe(assigned.size);
      expect(findings.filter(({ key }) => assigned.has(key))).toEqual([]);
      // Two entries with one name are refused before; which of them is it then does not matter.
      const names = asked.flatMap(({ name }) => (name === undefined ? [] : [name]));
      fc.pre(new Set(names).size === names.length && there.filter((one) => one.default).length <= 1);
      expect(match([...declared].reverse(), [...lives].reverse())).toEqual(match(declared, lives));
    }),
  );
});

describe('entries that nobody could tell apart', () => {
  const alike = (...entries: readonly Declared<CatalogDeploymentSpec>[]) =>
    checkAlike(entries).map(({ key, code }) => `${key} ${code}`);

  test('have one type and one region, be it a default one', () => {
    const one = entry('one', { type: 'dev', region: US });
    expect(alike(one, entry('two', { type: 'dev' }, { region: US }))).toEqual(['two CVG314']);
    expect(alike(one, entry('two', { type: 'dev', region: EU }))).toEqual([]);
    expect(alike(one, entry('two', { type: 'custom', region: US }))).toEqual([]);
    expect(alike(one, entry('two', { type: 'dev', region: US, name: 'a' }))).toEqual([]);
  });

  test('or one name', () => {
    expect(alike(entry('one', { name: 'a' }), entry('two', { name: 'a', type: 'dev' }))).toEqual(['two CVG314']);
  });
});
