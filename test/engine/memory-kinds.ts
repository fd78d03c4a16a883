// Kinds that no Convex team has: sites hold machines (which hold data); machines hold settings, signs (whose names are
// exclusive everywhere, and which take their time), and pointers to signs.
import type { ResourceKind } from '../../src/model/kind.ts';
import type { Spec } from '../../src/model/resource.ts';

/** A kind without its wire: what `list` and `write` are added to. */
export type KindTraits = Omit<ResourceKind<Spec, never>, 'list' | 'write'>;

const text = { json: { type: 'string' } } as const;
const id = { ...text, key: true } as const;
const list = { shape: 'list', description: 'a list' } as const;
const idOf = (spec: Spec): string => String(spec['id']);
const data = { form: list, holdsData: true, renamable: true, prunable: true, key: idOf } as const;

export const site: KindTraits = {
  ...data,
  name: 'site',
  collection: 'sites',
  parent: null,
  schema: { id, title: text },
  born: (spec) => ({ id: spec['id'], title: spec['id'] }),
};

export const machine: KindTraits = {
  ...data,
  name: 'machine',
  collection: 'machines',
  parent: 'site',
  listsTeam: true,
  schema: {
    id,
    size: { ...text, requiredToCreate: true },
    zone: { ...text, immutable: true, defaultable: true },
    main: { json: { type: 'boolean' } },
    until: { json: { type: 'integer' }, nullable: true },
  },
  claims: (spec) =>
    spec['main'] === true ? [{ name: 'main', label: 'the main one', scope: 'siblings', rule: 'default' }] : [],
  release: () => ({ main: false }),
  guarded: (live) => (live.spec['size'] === 'prod' ? 'production machine' : null),
  resembles: (spec, live) => (spec['size'] === live.spec['size'] ? 'the same size' : null),
  expired: (spec, now) => typeof spec['until'] === 'number' && spec['until'] <= now,
};

export const setting: KindTraits = {
  name: 'setting',
  collection: 'settings',
  parent: 'machine',
  form: { shape: 'map', description: 'a map', shorthand: 'value', sourced: true },
  prunable: true,
  seeded: true,
  compared: true,
  schema: { name: id, value: { ...text, sensitive: true } },
  key: (spec) => String(spec['name']),
  checkAll: (members) =>
    members.length > 200 ? [{ severity: 'error', code: 'CVG305', summary: `${members.length} settings` }] : [],
};

export const sign: KindTraits = {
  name: 'sign',
  collection: 'signs',
  parent: 'machine',
  keyed: true,
  form: list,
  prunable: true,
  schema: { id, side: { ...text, immutable: true } },
  key: idOf,
  claims: (spec) => [{ name: idOf(spec), label: `the holder of ${idOf(spec)}`, scope: 'team', rule: 'claim' }],
  settled: (live) => (live.facts['up'] === true ? true : 'it is not up'),
  interrupts: 'down until it is up',
  advice: (spec, parent) => [{ type: 'POST', name: idOf(spec), value: parent?.id ?? null, why: 'holds it' }],
};

export const pointer: KindTraits = {
  name: 'pointer',
  collection: 'pointers',
  parent: 'machine',
  form: { shape: 'map', description: 'a map', shorthand: 'to' },
  schema: { id, to: { ...text, nullable: true } },
  key: idOf,
  dependsOn: ({ to }) => (typeof to === 'string' ? [{ kind: 'sign', key: to }] : []),
  isDefault: ({ to }, parent) => to === parent.id,
};
