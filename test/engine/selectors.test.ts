import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantiate } from '../../src/document/instantiate.ts';
import { NO_CONSENT } from '../../src/model/consent.ts';
import { PlatformError } from '../../src/model/error.ts';
import type { ResourceKind } from '../../src/model/kind.ts';
import { kindsOf } from '../../src/model/kinds.ts';
import type { Provider } from '../../src/model/provider.ts';
import type { Spec } from '../../src/model/resource.ts';
import { makePlan } from '../../src/diff/plan.ts';
import { observe } from '../../src/reconcile/observe.ts';
import { desire, type SelectorEntry } from './desired.ts';
import { memoryProvider, type Memory } from './memory-provider.ts';
import { applyOn, brief, living, planOn, short } from './run.ts';

const only = (...selectors: readonly SelectorEntry[]) => ({ ...desire({}), collections: [], ...selecting(selectors) });
const selecting = (selectors: readonly SelectorEntry[]) => ({ selectors: desire({}, { selectors }).selectors });
const fleet = () =>
  living({
    a: { a1: { settings: { X: '1', EXTRA: 'kept' } }, a2: {} },
    b: { b1: {}, b2: { size: 'big' } },
    c: { c1: {} },
  });

describe('reading for selectors', () => {
  it('lists the whole team once, whatever is selected, then only what is asked for', async () => {
    const memory = fleet();
    await planOn(memory, only({ machine: 'a*', settings: { X: '2' } }));
    expect(memory.calls).toEqual([
      'list site all',
      'list machine all',
      'list setting machine-a1',
      'list setting machine-a2',
    ]);
  });

  it('reads the same again for what was selected the last time: the proof is as wide as the plan', async () => {
    const selectors = [{ site: '*', sitesToo: true, settings: { X: '1' } }];
    const { desired, observation } = await planVia(memoryProvider(fleet()), { ...only(), ...selecting(selectors) });
    const again = await observe(memoryProvider(fleet()), desired, {
      signal: new AbortController().signal,
      at: 0,
      onEvent: () => undefined,
      instantiate: () => desired,
    });
    // At another time.
    const untimed = (one: typeof observation) => ({ ...one, at: 0, read: [...one.read.keys()] });
    expect(untimed(again.observation)).toEqual(untimed(observation));
    expect([...observation.read.keys()]).toContain('site:c/machine:c1/settings');
  });

  it('reads no contents where a selector asks for none', async () => {
    const memory = fleet();
    const { plan } = await planOn(memory, only({ size: 'big' }));
    expect(memory.calls).toEqual(['list site all', 'list machine all']);
    expect(plan.changes.map(({ address }) => short(address))).toEqual(['a/a1', 'a/a2', 'b/b1', 'c/c1']);
  });

  it('lists no machines where no site can hold one', async () => {
    const memory = fleet();
    await planOn(memory, only({ site: 'z*', settings: { X: '2' } }));
    expect(memory.calls).toEqual(['list site all']);
  });

  it('asks only containers that can hold a match, where they are asked one by one', async () => {
    const memory = fleet();
    const provider = memoryProvider(memory);
    const kinds = provider.kinds.map(({ listsTeam: _team, ...kind }) => kind);
    const policies = [{ ignore: ['site:b'] }];
    const selectors = [{ site: '*', settings: { X: '1' } }];
    const desired = { ...only(), ...selecting(selectors), policies: desire({}, { policies }).policies };
    await planVia({ ...provider, kinds }, desired);
    expect(memory.calls.slice(0, 3)).toEqual(['list site all', 'list machine site-a', 'list machine site-c']);
  });

  it('does not look into what others own', async () => {
    const memory = fleet();
    const desired = {
      ...only({ settings: { X: '2' } }),
      policies: desire({}, { policies: [{ ignore: ['site:b', '**/machine:a2'] }] }).policies,
    };
    const { plan } = await planOn(memory, desired);
    expect(memory.calls.slice(2)).toEqual(['list setting machine-a1', 'list setting machine-c1']);
    expect(brief({ plan })).toEqual(['~ a/a1/X value', '+ c/c1/X']);
  });
});

describe('what a selector may do', () => {
  it('its undeclared members stay unless it prunes itself, and a prune names it', async () => {
    const kept = await planOn(fleet(), only({ name: 's', machine: 'a1', settings: { X: '1' } }));
    expect(brief(kept)).toEqual([]);
    expect(kept.plan.unmanaged.map(short)).toEqual(['a/a1/EXTRA']);
    const pruned = await planOn(fleet(), only({ name: 's', machine: 'a1', settings: { X: '1' }, prune: true }));
    expect(pruned.plan.changes).toMatchObject([{ action: 'delete', reason: 'undeclared', selector: 's' }]);
  });

  it('protects what it selects, and what contains that, from any prune', async () => {
    const prune = ['sites', 'machines', 'settings'] as const;
    const desired = desire({ a: { machines: {} } }, { prune, maxDeletePercent: 100, selectors: [{ machine: '*1' }] });
    const { plan } = await planOn(fleet(), desired);
    // a2 and b2 are selected by nothing; c holds c1, which is.
    expect(brief({ plan })).toEqual(['- a/a2']);
  });

  it('one of a site’s entry stays in that site', async () => {
    const selectors = [
      { machine: 'a2', settings: {} },
      { within: 'b', settings: { X: '2' } },
    ];
    expect(brief(await planOn(fleet(), desire({ a: {}, b: {} }, { selectors })))).toEqual(['+ b/b1/X', '+ b/b2/X']);
  });

  it('a condition on what the platform does not tell does not hold', async () => {
    const { plan } = await planOn(fleet(), only({ fields: { colour: '**' }, settings: { X: '2' } }));
    expect(brief({ plan })).toEqual([]);
  });

  it('what prunes is what said so, also where a later selector says nothing of it', async () => {
    const selectors = [
      { machine: 'a1', settings: {}, prune: true },
      { machine: 'a*', settings: { X: '1' } },
    ];
    expect(brief(await planOn(fleet(), { ...only(), ...selecting(selectors) }))).toEqual(['- a/a1/EXTRA', '+ a/a2/X']);
  });

  it('nothing is pruned while a source of one of the selectors is not known', async () => {
    const selectors = [
      { settings: {}, prune: true, incomplete: true },
      { settings: { X: '1' }, machine: 'a1' },
    ];
    const { plan } = await planOn(fleet(), { ...only(), ...selecting(selectors) });
    expect(brief({ plan })).toEqual([]);
    expect(plan.unmanaged).toEqual([]);
  });

  it('an entry is outside', async () => {
    const selectors = [{ settings: { X: 'selected' } }];
    const desired = desire({ a: { machines: { a1: { settings: { X: '1' } } } } }, { selectors });
    expect(brief(await planOn(fleet(), desired))).toEqual(['+ a/a2/X', '+ b/b1/X', '+ b/b2/X', '+ c/c1/X']);
  });

  it('a selector inside one of sites does not reach into a site with an entry', async () => {
    const desired = desire({ a: {} }, { selectors: [{ site: '*', sitesToo: true, settings: { X: '2' } }] });
    expect(brief(await planOn(fleet(), desired))).toEqual(['+ b/b1/X', '+ b/b2/X', '+ c/c1/X']);
  });

  it('what is gone by the time it is read is nobody’s error', async () => {
    const memory = fleet();
    const gone = new PlatformError('not-found', 'gone', { executed: 'no', retryable: false });
    const { plan } = await planVia(failing(memory, 'setting', 'machine-b1', gone), only({ settings: { X: '2' } }));
    expect(plan.unreadable).toEqual([]);
    expect(brief({ plan })).toEqual(['~ a/a1/X value', '+ a/a2/X', '+ b/b2/X', '+ c/c1/X']);
  });

  it('what an entry declares and cannot be found is unreadable all the same', async () => {
    const gone = new PlatformError('not-found', 'gone', { executed: 'no', retryable: false });
    const desired = desire({ b: { machines: { b1: { settings: { X: '2' } } } } });
    const { plan } = await planVia(failing(fleet(), 'setting', 'machine-b1', gone), desired);
    expect(plan.unreadable.map(({ collection }) => collection)).toEqual(['site:b/machine:b1/settings']);
  });

  it('a list that fails is said once, and not taken for "matches nothing"', async () => {
    const forbidden = new PlatformError('forbidden', 'you may not', { executed: 'no', retryable: false });
    const { plan, diagnostics } = await planVia(failing(fleet(), 'machine', null, forbidden), only({ size: 'big' }));
    expect(plan.unreadable).toEqual([{ collection: 'machines', error: { code: 'forbidden', message: 'you may not' } }]);
    expect(diagnostics).toEqual([]);
  });

  it('nothing is said of what was selected when the list fails the next time', async () => {
    const forbidden = new PlatformError('forbidden', 'you may not', { executed: 'no', retryable: false });
    const { desired } = await planVia(memoryProvider(fleet()), only({ settings: { X: '2' } }));
    const { plan } = await planVia(failing(fleet(), 'machine', null, forbidden), desired, desired);
    expect(brief({ plan })).toEqual([]);
    expect(plan.unreadable.map(({ collection }) => collection)).toEqual(['machines']);
  });
});

describe('selectors over each other', () => {
  const asked = async (...selectors: readonly SelectorEntry[]) => {
    const { desired, diagnostics } = await planVia(memoryProvider(living({ a: { m: {} } })), {
      ...only(),
      ...selecting(selectors),
    });
    const values = desired.resources
      .filter(({ kind }) => kind === 'setting')
      .map(({ key, selector }) => `${key} by ${selector ?? ''}`);
    return { values, codes: diagnostics.map(({ code }) => code) };
  };

  it('the later wins, member by member', async () => {
    const { values, codes } = await asked({ settings: { X: '1', Y: '1' } }, { settings: { Y: '2' } });
    expect(values).toEqual(['X by selector 0', 'Y by selector 1']);
    expect(codes).toEqual([]);
  });

  it.each<[string, SelectorEntry, SelectorEntry, readonly string[]]>([
    ['other values', { settings: { X: '1' } }, { settings: { X: '2' } }, ['CVG516']],
    ['the same value', { settings: { X: '1' } }, { settings: { X: '1' } }, []],
    ['a value and its absence', { settings: { X: '1' } }, { settings: { X: null } }, ['CVG516']],
    ['other members', { settings: { X: '1' } }, { settings: { Y: '2' } }, []],
    ['a field', { size: 'dev' }, { size: 'big' }, ['CVG516']],
    ['whether to prune', { settings: {}, prune: true }, { settings: {}, prune: false }, ['CVG516']],
    ['a nearer one', { settings: { X: '1' } }, { within: 'a', settings: { X: '2' } }, []],
  ])('two files: %s', async (_name, one, other, codes) => {
    expect((await asked({ ...one, file: 'one.yaml' }, { ...other, file: 'two.yaml' })).codes).toEqual(codes);
  });
});

it('applying and planning again finds nothing; what is selected is never created, replaced or deleted', async () => {
  const setting = fc.dictionary(fc.constantFrom('k1', 'k2'), fc.constantFrom('v1', 'v2'));
  const sites = fc.dictionary(
    fc.constantFrom('a', 'b'),
    fc.dictionary(
      fc.constantFrom('1', '2', '3'),
      fc.record({ size: fc.constantFrom('dev', 'big'), settings: setting }),
    ),
  );
  const selector = fc.record(
    {
      machine: fc.constantFrom('*1', 'a*', '**'),
      site: fc.constantFrom('a', '*'),
      size: fc.constantFrom('dev', 'big'),
      settings: fc.dictionary(fc.constantFrom('k1', 'k2'), fc.option(fc.constantFrom('v1', 'v2'), { nil: null })),
      prune: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  const entries = fc.dictionary(fc.constantFrom('a', 'b'), fc.record({ prune: fc.boolean() }));
  let selected = 0;
  await fc.assert(
    fc.asyncProperty(sites, fc.array(selector, { maxLength: 3 }), entries, async (live, selectors, declared) => {
      const named = Object.fromEntries(
        Object.entries(live).map(([site, all]) => [
          site,
          Object.fromEntries(Object.entries(all).map(([key, machine]) => [site + key, machine])),
        ]),
      );
      const memory = living(named);
      const desired = desire(Object.fromEntries(Object.keys(declared).map((key) => [key, { machines: {} }])), {
        prune: ['sites', 'machines'],
        maxDeletePercent: 100,
        selectors,
      });
      const before = new Set(memory.items.filter(({ kind }) => kind === 'machine').map(({ id }) => id));
      const { desired: asked, plan } = await planVia(memoryProvider(memory), desired);
      const kept = asked.resources.filter((resource) => resource.selected === true).map(({ address }) => address);
      selected += kept.length;
      const touched = plan.changes.filter(({ address, takes }) =>
        kept.some((one) => [address, ...takes].includes(one)),
      );
      expect(touched.filter(({ action }) => action !== 'update')).toEqual([]);
      const outcomes = await applyOn(memory, desired);
      expect(outcomes.filter(({ status }) => status !== 'succeeded')).toEqual([]);
      expect(brief(await planOn(memory, desired))).toEqual([]);
      const after = new Set(memory.items.filter(({ kind }) => kind === 'machine').map(({ id }) => id));
      expect([...after].filter((id) => !before.has(id))).toEqual([]);
      for (const address of kept.filter((one) => one.includes('machine:')))
        expect([...after]).toContain(`machine-${address.split('machine:')[1] ?? ''}`);
    }),
    { seed: 20261121, numRuns: 300 },
  );
  expect(selected).toBeGreaterThan(300);
});

/** The provider, with one kind's listing failing for one container, or whole. */
function failing(memory: Memory, name: string, parentId: string | null, error: PlatformError): Provider<Memory> {
  const provider = memoryProvider(memory);
  const kinds = provider.kinds.map((kind): ResourceKind<Spec, Memory> =>
    kind.name === name
      ? {
          ...kind,
          list: async (api, request) => {
            const { items } = await kind.list(api, request);
            const isHit = (item: { readonly parentId: string | null }) =>
              parentId === null || item.parentId === parentId;
            return { items: items.filter((item) => !isHit(item)), unreadable: [{ parentId, error }] };
          },
        }
      : kind,
  );
  return { ...provider, kinds };
}

async function planVia(provider: Provider<Memory>, asked: ReturnType<typeof desire>, known?: typeof asked) {
  const kinds = kindsOf(provider.kinds);
  const diagnostics: ReturnType<typeof instantiate>['diagnostics'][number][] = [];
  const { desired, observation } = await observe(provider, asked, {
    signal: new AbortController().signal,
    at: 0,
    onEvent: () => undefined,
    instantiate(inventory, whole) {
      const found = instantiate(asked, inventory, { kinds, whole });
      diagnostics.push(...found.diagnostics);
      return known ?? found.desired;
    },
  });
  const { plan } = makePlan({
    desired,
    observation,
    kinds,
    target: await provider.identify(new AbortController().signal),
    scope: { target: [], exclude: [] },
    consent: NO_CONSENT,
    now: 0,
    reads: 0,
    maxRequests: null,
  });
  return { desired, observation, plan, diagnostics };
}
