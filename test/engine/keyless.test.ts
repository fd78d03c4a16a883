// A platform that keeps no keys, changes nothing, and takes what is set and what is removed apart (rule 33): rocks, which
// it names itself, with marks on them.
import { describe, expect, it } from 'vitest';
import { makePlan } from '../../src/diff/plan.ts';
import { NO_CONSENT } from '../../src/model/consent.ts';
import { addressOf, type Address } from '../../src/model/address.ts';
import { PlatformError } from '../../src/model/error.ts';
import type { Declared, Listed, ListRequest, Matching, ResourceKind } from '../../src/model/kind.ts';
import { kindsOf } from '../../src/model/kinds.ts';
import type { Outcome } from '../../src/model/outcome.ts';
import type { Provider } from '../../src/model/provider.ts';
import type { DesiredResource, DesiredState, PolicyGlobs, Spec } from '../../src/model/resource.ts';
import { Secret } from '../../src/model/secret.ts';
import { execute } from '../../src/reconcile/execute.ts';
import { lookBeforeCreate } from '../../src/reconcile/look.ts';
import { observe } from '../../src/reconcile/observe.ts';
import { virtualClock } from './run.ts';

interface Quarry {
  rocks: Listed[];
  marks: Listed[];
  readonly calls: string[];
  /** Runs before and after each write; throws to fail it. */
  before(call: string): void;
  after(call: string): void;
}

const text = { json: { type: 'string' } } as const;

function rockOf(number: number, spec: Spec): Listed {
  const id = `r${String(number)}`;
  return { id, parentId: null, spec: { ...spec, label: `@${id}` }, facts: { id } };
}

function write<T>(quarry: Quarry, call: string, act: () => T): T {
  quarry.calls.push(call);
  quarry.before(call);
  const result = act();
  quarry.after(call);
  return result;
}

const rock: ResourceKind<Spec, Quarry> = {
  name: 'rock',
  collection: 'rocks',
  parent: null,
  form: { shape: 'list', description: 'rocks' },
  prunable: true,
  unserved: { by: 'the quarry', keys: [] },
  schema: {
    label: { ...text, key: true },
    sort: { ...text, fixed: true },
    place: { ...text, immutable: true },
    name: { ...text, fixed: true },
  },
  key: ({ label }) => String(label),
  born: ({ name: _given, ...carried }) => carried,
  match,
  list: async ({ rocks }) => ({ items: rocks, unreadable: [] }),
  write: {
    how: 'singly',
    create: async (quarry, { spec: { label, ...spec } }) =>
      write(quarry, `create ${String(label)}`, () => {
        const made = rockOf(quarry.rocks.length + 1, spec);
        quarry.rocks.push(made);
        return { ...made, spec: { ...made.spec, label } };
      }),
    delete: async (quarry, { live }) => {
      write(quarry, `delete ${live.id}`, () => {
        quarry.rocks = quarry.rocks.filter(({ id }) => id !== live.id);
      });
    },
  },
};

/** By name, else the only one of its sort and place. */
function match(declared: readonly Declared[], listed: readonly Listed[]): Matching {
  const found = declared.map(({ key, spec }) => ({
    key,
    alike: listed.filter((one) => one.spec['sort'] === spec['sort'] && one.spec['place'] === spec['place']),
  }));
  return {
    assigned: new Map(
      found.flatMap(({ key, alike }) => (alike.length === 1 ? [[key, alike[0]?.id ?? ''] as const] : [])),
    ),
    findings: found
      .filter(({ alike }) => alike.length > 1)
      .map(({ key, alike }) => ({
        key,
        severity: 'error',
        code: 'CVG517',
        summary: `${key}: ${alike.map(({ id }) => id).join(' or ')}`,
      })),
  };
}

const mark: ResourceKind<Spec, Quarry> = {
  name: 'mark',
  collection: 'marks',
  parent: 'rock',
  form: { shape: 'map', description: 'marks', shorthand: 'value', sourced: true },
  prunable: true,
  effect: 'when it dries',
  schema: { name: { ...text, key: true }, value: { ...text, sensitive: true } },
  key: ({ name }) => String(name),
  list: async ({ marks }, { parents }: ListRequest) => ({
    items: marks.filter(({ parentId }) => parents !== 'team' && parents.some(({ id }) => id === parentId)),
    unreadable: [],
  }),
  write: {
    how: 'together',
    apart: true,
    write: async (quarry, { parent, set, remove }) => {
      const names = (specs: readonly Spec[]) => specs.map((spec) => String(spec['name'])).join(' ');
      write(
        quarry,
        `${set.length > 0 ? `set ${names(set)}` : ''}${remove.length > 0 ? `remove ${names(remove)}` : ''}`,
        () => {
          const touched = new Set([...set, ...remove].map((spec) => spec['name']));
          quarry.marks = quarry.marks.filter((one) => one.parentId !== parent.id || !touched.has(one.spec['name']));
          for (const spec of set) quarry.marks.push(markOf(parent.id, String(spec['name']), spec['value'] as Secret));
        },
      );
    },
  },
};

const markOf = (parentId: string, name: string, value: Secret): Listed => ({
  id: `${parentId}/${name}`,
  parentId,
  spec: { name, value },
  facts: {},
});

function quarry(...rocks: readonly Spec[]): Quarry {
  const noop = (): void => undefined;
  return {
    rocks: rocks.map((spec, index) => rockOf(index + 1, spec)),
    marks: [],
    calls: [],
    before: noop,
    after: noop,
  };
}

interface Rock {
  readonly spec: Spec;
  /** null: declared absent. */
  readonly marks?: Readonly<Record<string, string | null>>;
}

const where = { file: 'state.yaml', line: 1, column: 1 };

function desire(
  rocks: Readonly<Record<string, Rock>>,
  { prune = false, policies = [] }: { readonly prune?: boolean; readonly policies?: readonly PolicyGlobs[] } = {},
): DesiredState {
  const base = { atCreation: {}, renamedFrom: null, protect: null, visible: false, selector: null, where };
  const managed = { prune, maxDeletePercent: 100, incomplete: false, where };
  const resources: DesiredResource[] = [];
  const collections: DesiredState['collections'][number][] = [{ kind: 'rock', parent: null, ...managed }];
  for (const [key, { spec, marks }] of Object.entries(rocks)) {
    const address = addressOf(null, 'rock', key);
    resources.push({ ...base, address, kind: 'rock', key, parent: null, absent: false, spec: { label: key, ...spec } });
    if (marks === undefined) continue;
    collections.push({ kind: 'mark', parent: address, ...managed });
    for (const [name, value] of Object.entries(marks)) {
      resources.push({
        ...base,
        address: addressOf(address, 'mark', name),
        kind: 'mark',
        key: name,
        parent: address,
        absent: value === null,
        spec: { name, ...(value === null ? {} : { value: new Secret(value) }) },
      });
    }
  }
  return {
    team: 1,
    teamWhere: where,
    resources,
    collections,
    selectors: [],
    policies,
    modes: [],
    windows: [],
    pauses: [],
  };
}

const target = { apiUrl: 'memory:', dialect: 'memory', teamId: 1, teamSlug: null };

function providerOf(api: Quarry): Provider<Quarry> {
  return {
    kinds: [rock, mark],
    api,
    usage: () => ({ reads: 0, writes: 0, throttled: 0, waitedMs: 0 }),
    teamSlug: () => null,
    identify: async () => target,
    close: async () => undefined,
  };
}

const never = new AbortController().signal;

async function planOn(api: Quarry, asked: DesiredState) {
  const provider = providerOf(api);
  const options = { signal: never, at: 0, onEvent: () => undefined, instantiate: () => asked };
  const { desired, observation } = await observe(provider, asked, options);
  const made = makePlan({
    desired,
    observation,
    kinds: kindsOf(provider.kinds),
    target,
    scope: { target: [], exclude: [] },
    consent: NO_CONSENT,
    now: 0,
    reads: 0,
    maxRequests: null,
  });
  return { ...made, observation, provider };
}

async function applyOn(api: Quarry, asked: DesiredState): Promise<readonly Outcome[]> {
  const { plan, desired, observation, provider } = await planOn(api, asked);
  return execute(provider, plan.changes, {
    ground: { desired, observation },
    concurrency: 4,
    waitMs: 0,
    clock: virtualClock(),
    onEvent: () => undefined,
    drain: never,
    abort: never,
  });
}

const brief = ({ plan }: Awaited<ReturnType<typeof planOn>>) =>
  plan.changes.map(({ action, address }) => `${action} ${address}`);
const lost = () => {
  throw new PlatformError('timeout', 'no reply', { executed: 'unknown', retryable: false });
};
const at = (address: string) => address as Address;

describe('entries of a platform that keeps no keys', () => {
  it('are the live ones that the kind says, and nothing is renamed', async () => {
    const api = quarry({ sort: 'granite', place: 'north' }, { sort: 'slate', place: 'south' });
    const made = await planOn(api, desire({ mine: { spec: { sort: 'slate', place: 'south' } } }));
    expect(made.plan.changes).toEqual([]);
    expect(made.observation.live.get(at('rock:mine'))).toMatchObject({ id: 'r2', key: 'mine' });
    expect(made.plan.unmanaged).toEqual(['rock:@r1']);
  });

  it('that could be several are errors, and neither they nor their candidates are touched', async () => {
    const api = quarry({ sort: 'granite' }, { sort: 'granite' }, { sort: 'slate' });
    const asked = desire({ mine: { spec: { sort: 'granite' }, marks: { A: '1' } } }, { prune: true });
    const made = await planOn(api, asked);
    expect(brief(made)).toEqual([]);
    expect(made.plan.diagnostics).toMatchObject([{ severity: 'error', code: 'CVG517', address: 'rock:mine' }]);
  });

  it('are not what others own', async () => {
    const api = quarry({ sort: 'granite' }, { sort: 'granite' });
    const policies = [{ within: null, protect: [], unprotect: [], ignore: ['rock:@r1'] }];
    const made = await planOn(api, desire({ mine: { spec: { sort: 'granite' } } }, { policies }));
    expect([made.plan.changes, made.plan.diagnostics]).toEqual([[], []]);
    expect(made.observation.live.get(at('rock:mine'))?.id).toBe('r2');
  });

  it('are made without their key, and then found', async () => {
    const api = quarry();
    const asked = desire({ mine: { spec: { sort: 'granite' }, marks: { A: '1' } } });
    expect(await applyOn(api, asked)).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]);
    expect(api.rocks[0]?.spec).toEqual({ label: '@r1', sort: 'granite' });
    expect(brief(await planOn(api, asked))).toEqual([]);
  });
});

describe('what no request can make', () => {
  it('is refused by field, and never a reason to replace', async () => {
    const api = quarry({ sort: 'granite', place: 'north', name: 'old' });
    const made = await planOn(api, desire({ mine: { spec: { sort: 'granite', place: 'north', name: 'new' } } }));
    expect(brief(made)).toEqual(['update rock:mine']);
    expect(made.plan.refusals).toMatchObject([{ rule: 'unsupported', addresses: ['rock:mine'], override: null }]);
    expect(made.plan.refusals[0]?.message).toBe(
      'the quarry cannot change `name` of rock:mine. Change it elsewhere, or write what is live.',
    );
    expect(made.plan.requests.predictedWrites).toBe(0);
  });

  it('is refused at creation too', async () => {
    const made = await planOn(quarry(), desire({ mine: { spec: { sort: 'granite', name: 'new' } } }));
    expect(made.plan.refusals).toMatchObject([{ rule: 'unsupported' }]);
    expect(made.plan.refusals[0]?.message).toContain('cannot create rock:mine with its `name`');
  });
});

describe('what is set and what is removed, apart', () => {
  const marked = (): Quarry => {
    const api = quarry({ sort: 'granite' });
    api.marks = ['A', 'B', 'GONE'].map((name) => markOf('r1', name, new Secret('old')));
    return api;
  };
  const asked = desire({ mine: { spec: { sort: 'granite' }, marks: { A: 'new', B: 'old', C: 'new', GONE: null } } });

  it('are two requests, sets first, both predicted, with nothing that is not different', async () => {
    const api = marked();
    const { plan } = await planOn(api, asked);
    expect(plan.requests).toMatchObject({ predictedWrites: 2, invalidations: 0 });
    expect(plan.changes.map(({ effect }) => effect)).toEqual(Array(3).fill('when it dries'));
    const outcomes = await applyOn(api, asked);
    expect(api.calls).toEqual(['set A C', 'remove GONE']);
    expect(outcomes.map(({ status, attempts }) => `${status} ${String(attempts)}`)).toEqual(
      Array(3).fill('succeeded 1'),
    );
    expect(brief(await planOn(api, asked))).toEqual([]);
  });

  it('fail apart: what is to be removed stays when the sets fail', async () => {
    const api = marked();
    api.before = () => {
      throw new PlatformError('invalid', 'no', { executed: 'no', retryable: false });
    };
    const outcomes = await applyOn(api, asked);
    expect(outcomes.map(({ address, status }) => `${address.slice(-4)} ${status}`)).toEqual([
      'rk:A failed',
      'rk:C failed',
      'GONE blocked',
    ]);
    expect(api.marks).toHaveLength(3);
  });

  it('are one request where only one of the two is asked for', async () => {
    const api = marked();
    const removing = desire({ mine: { spec: { sort: 'granite' }, marks: { GONE: null } } });
    expect((await planOn(api, removing)).plan.requests.predictedWrites).toBe(1);
    await applyOn(api, removing);
    expect(api.calls).toEqual(['remove GONE']);
  });
});

describe('a create without an answer, where there is no key to look for', () => {
  const asked = desire({ mine: { spec: { sort: 'granite' } } });

  it('is the one that is new and alike', async () => {
    const api = quarry({ sort: 'slate' });
    api.after = lost;
    expect(await applyOn(api, asked)).toMatchObject([{ status: 'succeeded', attempts: 1 }]);
    expect(api.calls).toEqual(['create mine']);
  });

  it('is uncertain when two new ones are alike, and says which', async () => {
    const api = quarry();
    api.after = () => {
      api.rocks.push(rockOf(9, { sort: 'granite' }));
      lost();
    };
    const [outcome] = await applyOn(api, asked);
    expect(outcome).toMatchObject({
      status: 'uncertain',
      attempts: 1,
      because: 'more than one could be what was made: mine: r1 or r9',
    });
    expect(api.calls).toEqual(['create mine']);
  });

  it('is uncertain when nothing new appears: what lived before is not it', async () => {
    const api = quarry({ sort: 'granite' });
    api.before = lost;
    const policies = [{ within: null, protect: [], unprotect: [], ignore: ['rock:@r1'] }];
    const [outcome] = await applyOn(api, desire({ mine: { spec: { sort: 'granite' } } }, { policies }));
    expect(outcome).toMatchObject({ status: 'uncertain', because: 'nothing that could be mine has appeared' });
    expect(api.calls).toEqual(['create mine']);
  });
});

describe('a look before a create, where there is no key to look for', () => {
  const look = (api: Quarry, known: readonly string[] = []) => {
    const asked = { kind: rock, api, parent: null, isSelected: false, clock: virtualClock(), signal: never };
    return lookBeforeCreate(asked, { label: 'mine', sort: 'granite' }, new Set(known));
  };

  it('finds nothing among what was there before, or is not alike', async () => {
    expect(await look(quarry({ sort: 'granite' }, { sort: 'slate' }), ['r1'])).toBeNull();
  });

  it('welcomes the one that somebody made meanwhile, under the key of its entry', async () => {
    const found = await look(quarry({ sort: 'granite' }, { sort: 'granite' }), ['r1']);
    expect(found).toMatchObject({ id: 'r2', spec: { label: 'mine', sort: 'granite' } });
  });

  it('makes none beside two that could be it', async () => {
    await expect(look(quarry({ sort: 'granite' }, { sort: 'granite' }))).rejects.toMatchObject({
      fate: { status: 'failed', error: { code: 'stale', message: expect.stringContaining('r1 or r2') as string } },
    });
  });
});
