// The writing of documents: what can be declared, and how shared things are said once.
import fc from 'fast-check';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { stateLoader } from '../../src/document/load.ts';
import { writeDocument, type WriteOptions } from '../../src/document/dump/write-document.ts';
import type { Ground } from '../../src/document/dump/gather.ts';
import { addressOf, compareAddress, type Address } from '../../src/model/address.ts';
import { kindsOf } from '../../src/model/kinds.ts';
import { collectionPath } from '../../src/model/observation.ts';
import type { LiveResource, Spec } from '../../src/model/resource.ts';
import { Secret } from '../../src/model/secret.ts';
import { kindsFor } from '../../src/providers/registry.ts';

const KINDS = kindsOf(kindsFor('official'));
const LOAD = stateLoader(KINDS.all);
const OPTIONS: WriteOptions = { team: 'acme', header: [], split: false, sopsFile: null, isRefused: () => false };

type Tree = Readonly<
  Record<string, { readonly name?: string; readonly deployments?: Readonly<Record<string, Deployment>> }>
>;
type Deployment = Spec & { readonly env?: Readonly<Record<string, string | null>> };

/** Live things of a nested description. */
function liveOf(tree: Tree): LiveResource[] {
  const found: LiveResource[] = [];
  const add = (kind: string, parent: Address | null, spec: Spec): Address => {
    const key = KINDS.named(kind).key(spec);
    const address = addressOf(parent, kind, key);
    found.push({ address, kind, key, parent, id: address, spec, facts: {} });
    return address;
  };
  for (const [slug, { name = slug, deployments = {} }] of Object.entries(tree)) {
    const project = add('project', null, { slug, name });
    for (const [reference, { env = {}, ...spec }] of Object.entries(deployments)) {
      const deployment = add('deployment', project, { reference, type: 'custom', default: false, ...spec });
      for (const [variable, text] of Object.entries(env))
        add('env-var', deployment, { name: variable, ...(text === null ? {} : { value: new Secret(text) }) });
    }
  }
  return found;
}

function write(tree: Tree | readonly LiveResource[], more: Partial<Ground> = {}, options: Partial<WriteOptions> = {}) {
  const live = Array.isArray(tree) ? (tree as readonly LiveResource[]) : liveOf(tree as Tree);
  const ground: Ground = {
    kinds: KINDS,
    live: new Map(live.map((one) => [one.address, one])),
    read: new Set(),
    unreadable: [],
    all: false,
    clear: false,
    to: 'env',
    ...more,
  };
  const written = writeDocument(ground, { ...OPTIONS, ...options });
  return { ...written, text: written.documents.map(({ text }) => text).join('') };
}

const stage = (env: Readonly<Record<string, string | null>>): Deployment => ({ env });

describe('what cannot be declared is left out, by name', () => {
  it('a deployment without reference, of a type that nobody knows, or of a type of its own', () => {
    const { text } = write({
      shop: {
        deployments: { '@happy-otter-123': {}, odd: { type: 'quantum' }, 'preview/x': { type: 'preview' }, fine: {} },
      },
    });
    expect((parse(text) as { projects: unknown[] }).projects).toEqual([
      { slug: 'shop', deployments: [{ reference: 'fine', type: 'custom' }] },
    ]);
    expect(text).toContain('# Not declared: @happy-otter-123');
    expect(text).toContain('# Not declared: odd');
    expect(text).toContain('"quantum" is not among prod, dev, custom');
    expect(text).toContain('# Not declared: preview/x');
  });

  it('a field alone, where the thing can be without it', () => {
    const { text } = write({ shop: { name: 'x', deployments: { fine: {} } } });
    expect(parse(text)).toMatchObject({ projects: [{ slug: 'shop', deployments: [{ reference: 'fine' }] }] });
    expect(text).toContain('# Not declared, `name`: the project name has 1 characters');
    expect(text).not.toContain('name: x');
  });

  it('a value that is withheld', () => {
    const { text } = write({ shop: { deployments: { fine: stage({ HIDDEN: null, LOG_LEVEL: 'info' }) } } });
    expect(parse(text)).toMatchObject({ projects: [{ deployments: [{ env: { LOG_LEVEL: 'info' } }] }] });
    expect(text).toMatch(/# Not declared: HIDDEN\n +# +the platform withholds the value/);
  });

  it('without becoming anything but a comment', () => {
    const { text } = write({ shop: { deployments: { '@a\nprojects: []\n# b\u202E\u2028x: y': {} } } });
    expect(parse(text)).toEqual({ version: 1, team: 'acme', projects: [{ slug: 'shop' }] });
    expect(text).not.toMatch(/[\u202E\u2028]/u);
  });

  it('what could not be read is said where it is missing', () => {
    const tree = { shop: { deployments: { fine: {} } } };
    const fine = addressOf(addressOf(null, 'project', 'shop'), 'deployment', 'fine');
    const error = { code: 'forbidden', message: 'no\naccess' };
    const { text } = write(tree, { unreadable: [{ collection: collectionPath(fine, 'env'), error }] });
    expect(text).toMatch(/# `env` could not be read, and is missing here: no\\u000aaccess/);
  });
});

describe('sets', () => {
  const one = { deployments: { aaa: stage({ X: 'on', Y: 'off' }), bbb: stage({ X: 'on', Y: 'off' }) } };

  it('are named after what shares them', () => {
    const all = { ...one.deployments, ccc: stage({ X: 'on' }) };
    expect(parse(write({ shop: one }).text)).toMatchObject({ envSets: { common: { X: 'on', Y: 'off' } } });
    const other = { deployments: { aaa: stage({ Z: 'true' }) } };
    expect(parse(write({ shop: one, other }).text)).toMatchObject({ envSets: { shop: { X: 'on', Y: 'off' } } });
    // What all three share, and what two of them share beside that, is one variable only: not worth a set.
    const { envSets } = parse(write({ shop: { deployments: all } }).text) as { envSets: unknown };
    expect(envSets).toEqual({ common: { X: 'on' } });
    const same = { deployments: { prod1: stage({ SENTRY_A: 'on', SENTRY_B: 'on' }), zzz: stage({ Q: 'on' }) } };
    expect(parse(write({ shop: same, other: same }).text)).toHaveProperty('envSets.prod1');
    const mixed = (key: string) => ({ deployments: { [key]: stage({ SENTRY_A: 'on', SENTRY_B: 'on' }) } });
    expect(parse(write({ shop: mixed('abc'), other: mixed('def'), more: other }).text)).toHaveProperty(
      'envSets.sentry',
    );
  });

  it('hold equal secrets once, and different ones not at all', () => {
    const secrets = (key: string) => ({ deployments: { aaa: stage({ STRIPE_KEY: key, OTHER_KEY: 'sandbox-same' }) } });
    const { text, references } = write({
      one: secrets('sandbox-1'),
      two: secrets('sandbox-2'),
      six: secrets('sandbox-1'),
    });
    expect(parse(text)).toMatchObject({ envSets: { common: { OTHER_KEY: { fromEnv: 'OTHER_KEY' } } } });
    expect(references.map(({ name, uses }) => [name, uses.length])).toEqual([
      ['OTHER_KEY', 3],
      ['STRIPE_KEY__AAA', 2],
      ['STRIPE_KEY__TWO__AAA', 1],
    ]);
  });
});

describe('names of references', () => {
  it('never meet, also where made-up ones look like real ones, or differ in case', () => {
    const { references } = write({
      shop: {
        deployments: {
          aaa: stage({ K: 'sandbox-1', K__SHOP__AAA: 'sandbox-2', k: 'sandbox-3' }),
          bbb: stage({ K: 'sandbox-4' }),
        },
      },
    });
    const names = references.map(({ name }) => name);
    expect(new Set(names.map((name) => name.toUpperCase())).size).toBe(5 - 1);
    expect(names).toContain('K__SHOP__AAA');
    expect(names).toContain('K__SHOP__AAA_2');
  });

  it('that are refused get more words', () => {
    const { references } = write(
      { shop: { deployments: { aaa: stage({ PATH: 'sandbox secret', sops: 'sandbox secret' }) } } },
      {},
      { isRefused: (name) => name === 'PATH' || name.endsWith('sops') },
    );
    expect(references.map(({ name }) => name)).toEqual(['APP_PATH', 'APP_sops_VALUE']);
  });
});

it('defaults are lifted only where every entry says the same', () => {
  const deployments = { aaa: { class: 's16', region: 'r1' }, bbb: { class: 's16' } };
  const { text } = write({ shop: { deployments } });
  expect(parse(text)).toMatchObject({
    defaults: { class: 's16' },
    projects: [
      {
        deployments: [
          { reference: 'aaa', type: 'custom', region: 'r1' },
          { reference: 'bbb', type: 'custom' },
        ],
      },
    ],
  });
  expect((parse(text) as { defaults: unknown }).defaults).toEqual({ class: 's16' });
});

it('the order in which things are listed does not change a byte, and every text loads as itself', () => {
  const name = fc.constantFrom('A', 'B', 'on', 'null', '__proto__', 'LOG_LEVEL', 'S_KEY');
  const value = fc.oneof(fc.constantFrom('info', 'on', '1', ''), fc.string({ unit: 'binary', maxLength: 30 }));
  const deployments = fc.dictionary(
    fc.constantFrom('aaa', 'bbb', 'ccc'),
    fc.record({ env: fc.dictionary(name, value) }),
  );
  const tree = fc.dictionary(fc.constantFrom('shop', 'billing', '__proto__'), fc.record({ deployments }), {
    minKeys: 1,
  });
  fc.assert(
    fc.property(tree, fc.infiniteStream(fc.nat()), fc.boolean(), (projects, ranks, clear) => {
      const live = liveOf(projects);
      const straight = write(live, { clear });
      const shuffled = live
        .map((one) => ({ one, rank: Number(ranks.next().value) }))
        .sort((a, b) => a.rank - b.rank || compareAddress(a.one.address, b.one.address))
        .map(({ one }) => one);
      expect(write(shuffled, { clear }).text).toBe(straight.text);
      const bytes = new TextEncoder().encode(straight.text);
      const loaded = LOAD([{ path: 'dump.yaml', bytes }]);
      const wrong = loaded.diagnostics.filter(({ code }) => code !== 'CVG309');
      expect(wrong).toEqual([]);
    }),
    { seed: 20261121, numRuns: 100 },
  );
});
