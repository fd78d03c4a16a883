// Every kind in every dialect, against the sandbox over real sockets: what a kind promises the engine, it does.
import { describe, expect, onTestFinished, test } from 'vitest';
import { compareSpec } from '../../src/diff/compare.ts';
import type { Listed, ResourceKind } from '../../src/model/kind.ts';
import type { LiveResource, Spec } from '../../src/model/resource.ts';
import type { FieldSchema } from '../../src/model/schema.ts';
import { Secret } from '../../src/model/secret.ts';
import type { ConvexApi } from '../../src/providers/convex/api.ts';
import { DIALECTS, kindsFor, type Dialect } from '../../src/providers/registry.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { liveOf, never, open, type Opened } from './official.ts';
import { virtualClock } from './virtual-clock.ts';

type Kind = ResourceKind<Spec, ConvexApi>;

interface Sample {
  readonly spec: Spec;
  /** Fields as an update, or what a dialect without one must refuse to plan. */
  readonly changed: Spec;
}

/** One member of each kind, and a difference. Which fields a dialect takes, its schema says. */
const SAMPLES: Readonly<Record<string, Sample>> = {
  project: { spec: { slug: 'sample', name: 'Sample' }, changed: { name: 'Renamed' } },
  deployment: {
    spec: { reference: 'load', type: 'custom', region: 'aws-eu-west-1', class: 's16' },
    changed: { class: 's256' },
  },
  'env-var': { spec: { name: 'A', value: new Secret('alpha') }, changed: { value: new Secret('beta') } },
  domain: { spec: { domain: 'api.acme.com', destination: 'convexCloud' }, changed: { destination: 'convexSite' } },
  'canonical-url': {
    spec: { destination: 'convexCloud', url: 'https://api.acme.com' },
    changed: { url: 'https://www.acme.com' },
  },
};

const SEED = {
  teams: [
    {
      slug: 'acme',
      projects: [
        {
          name: 'Shop',
          slug: 'shop',
          deployments: [{ type: 'prod' as const, reference: 'production', default: true, name: 'happy-otter-123' }],
        },
      ],
    },
  ],
};

interface Stage {
  readonly opened: Opened;
  readonly kind: Kind;
  readonly parent: LiveResource | null;
  /** The member with the sample's key as listed; null when it is not there. */
  readonly find: () => Promise<Listed | null>;
}

/** The kind in front of a platform, its container found by listing from the top. */
async function stage(dialect: Dialect, name: string): Promise<Stage> {
  const sandbox = await startSandbox({ dialect, seed: SEED });
  onTestFinished(() => sandbox.close());
  const opened = open({
    dialect,
    apiUrl: `${sandbox.url}/v1`,
    token: new Secret('sandbox-contract'),
    clock: virtualClock(),
  });
  await opened.provider.identify(never, { team: 'acme', keys: ['shop'] });
  const parentOf = async (kind: Kind): Promise<LiveResource | null> => {
    if (kind.parent === null) return null;
    const container = opened.kind(kind.parent);
    const above = await parentOf(container);
    const { items, unreadable } = await container.list(opened.api, {
      parents: above === null ? [] : [above],
      signal: never,
    });
    expect(unreadable).toEqual([]);
    const [first] = items;
    if (first === undefined) throw new Error(`there is no ${container.name}`);
    return liveOf(container, first);
  };
  const kind = opened.kind(name);
  const parent = await parentOf(kind);
  const { spec } = sampleOf(kind);
  const before = await membersOf(opened, kind, parent);
  return {
    opened,
    kind,
    parent,
    find: async () => {
      const after = await membersOf(opened, kind, parent);
      if (kind.match === undefined) return after.find((one) => kind.key(one.spec) === kind.key(spec)) ?? null;
      const fresh = after.filter(({ id }) => !before.some((one) => one.id === id));
      const id = kind.match([{ key: kind.key(spec), spec, atCreation: {} }], fresh).assigned.get(kind.key(spec));
      return fresh.find((one) => one.id === id) ?? null;
    },
  };
}

async function membersOf({ api }: Opened, kind: Kind, parent: LiveResource | null): Promise<readonly Listed[]> {
  const { items, unreadable } = await kind.list(api, { parents: parent === null ? [] : [parent], signal: never });
  expect(unreadable).toEqual([]);
  return items;
}

function sampleOf({ name }: Kind): Sample {
  const sample = SAMPLES[name];
  if (sample === undefined) throw new Error(`there is no sample of ${name}`);
  return sample;
}

/** What is asked for, as far as the platform tells: the key is the document's where the platform does not keep it. */
function expectLike(kind: Kind, wanted: Spec, listed: Listed | null): void {
  const keep = Object.entries(wanted).filter(
    ([field]) => kind.match === undefined || kind.key({ [field]: 'k' }) !== 'k',
  );
  expect(listed).not.toBeNull();
  expect(compareSpec(kind, Object.fromEntries(keep), listed?.spec ?? {}).differences).toEqual([]);
}

interface Driver {
  create(): Promise<void>;
  /** Sends the difference; gives what is asked for afterwards. */
  change(): Promise<Spec>;
  remove(): Promise<void>;
}

/** The kind's writes with one shape, whether they are sent one by one or together. */
function driverOf({ kind, opened: { api }, parent, find }: Stage): Driver {
  const { write } = kind;
  const { spec, changed } = sampleOf(kind);
  if (write.how === 'together') {
    if (parent === null) throw new Error('what is written together has a parent');
    const send = (set: readonly Spec[], remove: readonly Spec[]) =>
      write.write(api, { parent, set, remove, signal: never });
    return {
      create: () => send([spec], []),
      change: () => send([{ ...spec, ...changed }], []).then(() => ({ ...spec, ...changed })),
      remove: () => send([], [spec]),
    };
  }
  const request = async () => {
    const listed = await find();
    if (listed === null) throw new Error(`${kind.name} is not there`);
    return { live: liveOf(kind, listed), parent, signal: never };
  };
  return {
    async create() {
      const created = await write.create(api, { parent, spec, signal: never });
      expect(kind.key(created.spec)).toBe(kind.key(spec));
      expect((await find())?.id).toBe(created.id);
    },
    async change() {
      const born = kind.born?.(spec) ?? spec;
      if (write.update === undefined) return born;
      await write.update(api, { ...(await request()), fields: changed });
      return { ...born, ...changed };
    },
    async remove() {
      await write.delete?.(api, await request());
    },
  };
}

const KINDS = DIALECTS.flatMap((dialect) => kindsFor(dialect).map((kind) => ({ dialect, kind, name: kind.name })));

describe.each(KINDS)('$dialect: $name', ({ dialect, name }) => {
  test('is created as it is born, listed, changed as it can be, and deleted', async () => {
    const onStage = await stage(dialect, name);
    const { kind, find } = onStage;
    const { spec } = sampleOf(kind);
    const driver = driverOf(onStage);
    expect(await find()).toBeNull();
    await driver.create();
    expectLike(kind, kind.born?.(spec) ?? spec, await find());
    expectLike(kind, await driver.change(), await find());
    await driver.remove();
    expect(await find()).toBeNull();
  });

  test('says all fields of what it lists by its schema, and has one key field', async () => {
    const { opened, kind, parent } = await stage(dialect, name);
    const fields = Object.keys(kind.schema);
    for (const { spec } of await membersOf(opened, kind, parent)) {
      expect(fields).toEqual(expect.arrayContaining(Object.keys(spec)));
    }
    const keys = Object.entries(kind.schema as Readonly<Record<string, { key?: true }>>).filter(
      ([, field]) => field.key,
    );
    expect(keys.map(([field]) => kind.key({ [field]: 'k' }))).toEqual(['k']);
  });
});

const FIXED = KINDS.filter(({ kind }) => kind.write.how === 'singly' && kind.write.update === undefined);

test.each(FIXED)('$dialect: every field of $name, which has no update, is fixed or makes it again', ({ kind }) => {
  const { spec, changed } = sampleOf(kind);
  const { differences } = compareSpec(kind, { ...spec, ...changed }, spec);
  expect(differences.filter(({ fixed, immutable }) => fixed || immutable)).toHaveLength(Object.keys(changed).length);
  const schema = Object.values(kind.schema as Readonly<Record<string, FieldSchema>>);
  expect(schema.filter(({ key, fixed, immutable }) => !key && !fixed && !immutable)).toEqual([]);
});

describe.each(KINDS.filter(({ kind }) => kind.write.how === 'singly'))('$dialect: $name', ({ dialect, name }) => {
  test('that is gone is not found when it is deleted again', async () => {
    const { opened, kind, parent } = await stage(dialect, name);
    if (kind.write.how === 'together' || kind.write.delete === undefined) throw new Error(`${name} is not deleted`);
    const created = await kind.write.create(opened.api, { parent, spec: sampleOf(kind).spec, signal: never });
    const request = { live: liveOf(kind, created), parent, signal: never };
    await kind.write.delete(opened.api, request);
    const again = kind.write.delete(opened.api, request).then(
      () => 'nothing to do',
      (error: unknown) => (error as { code?: string }).code,
    );
    expect(['nothing to do', 'not-found']).toContain(await again);
  });
});

describe.each(KINDS.filter(({ kind }) => kind.parent !== null))('$dialect: $name', ({ dialect, name }) => {
  test('with a container that is gone is unreadable, not empty', async () => {
    const { opened, kind, parent } = await stage(dialect, name);
    if (parent === null) throw new Error(`${name} has no container`);
    const container = opened.kind(parent.kind);
    if (container.write.how === 'together') throw new Error('containers are written one by one');
    await container.write.delete?.(opened.api, { live: parent, parent: null, signal: never });
    const { items, unreadable } = await kind.list(opened.api, { parents: [parent], signal: never });
    expect(items).toEqual([]);
    expect(unreadable).toMatchObject([{ parentId: parent.id, error: { code: 'not-found' } }]);
  });
});
