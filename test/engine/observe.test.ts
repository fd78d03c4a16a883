import { describe, expect, it } from 'vitest';
import { PlatformError } from '../../src/model/error.ts';
import type { ResourceKind } from '../../src/model/kind.ts';
import type { Provider } from '../../src/model/provider.ts';
import type { Spec } from '../../src/model/resource.ts';
import { NO_CONSENT } from '../../src/model/consent.ts';
import { makePlan } from '../../src/diff/plan.ts';
import { kindsOf } from '../../src/model/kinds.ts';
import { observe } from '../../src/reconcile/observe.ts';
import { desire } from './desired.ts';
import { memoryProvider, type Memory } from './memory-provider.ts';
import { brief, living, planOn } from './run.ts';

const never = new AbortController().signal;

describe('reading', () => {
  const memory = () => living({ a: { m: { settings: { X: '1' } } }, b: { n: {} }, c: { o: {} }, d: { p: {} } });
  const reads = async (desired: ReturnType<typeof desire>): Promise<readonly string[]> => {
    const platform = memory();
    await planOn(platform, desired);
    return platform.calls;
  };

  it('lists only collections that the document manages', async () => {
    expect(await reads(desire({ a: {} }))).toEqual(['list site all']);
    expect(await reads(desire({ a: { machines: { m: {} } } }))).toEqual(['list site all', 'list machine site-a']);
    expect(await reads(desire({ a: { machines: { m: { settings: {} } } } }))).toEqual([
      'list site all',
      'list machine site-a',
      'list setting machine-m',
    ]);
  });

  it('lists two containers one by one, and the whole team beyond two', async () => {
    expect(await reads(desire({ a: { machines: {} }, b: { machines: {} } }))).toEqual([
      'list site all',
      'list machine site-a',
      'list machine site-b',
    ]);
    expect(await reads(desire({ a: { machines: {} }, b: { machines: {} }, c: { machines: {} } }))).toEqual([
      'list site all',
      'list machine all',
    ]);
  });

  it('asks nothing of a container that is not there', async () => {
    expect(await reads(desire({ z: { machines: { m: { size: 'dev', settings: {} } } } }))).toEqual(['list site all']);
  });

  it('looks into what pruning would delete', async () => {
    expect(await reads(desire({ a: {}, b: {}, c: {} }, { prune: ['sites'] }))).toEqual([
      'list site all',
      'list machine site-d',
    ]);
    const ignoring = desire({ a: {}, b: {}, c: {} }, { prune: ['sites'], policies: [{ ignore: ['site:d'] }] });
    expect(await reads(ignoring)).toEqual(['list site all']);
  });
});

describe('unreadable is not absent', () => {
  const forbidden = new PlatformError('forbidden', 'you may not', { executed: 'no', retryable: false });
  /** The provider, with one kind's listing failing for one container, or whole. */
  const failing = (memory: Memory, name: string, parentId: string | null): Provider<Memory> => {
    const provider = memoryProvider(memory);
    const kinds = provider.kinds.map((kind): ResourceKind<Spec, Memory> =>
      kind.name !== name
        ? kind
        : {
            ...kind,
            list: async (api, request) => {
              const { items } = await kind.list(api, request);
              return {
                items: items.filter((item) => parentId !== null && item.parentId !== parentId),
                unreadable: [{ parentId, error: forbidden }],
              };
            },
          },
    );
    return { ...provider, kinds };
  };
  const planWith = async (provider: Provider<Memory>, desired: ReturnType<typeof desire>) => {
    const { observation } = await observe(provider, desired, {
      signal: never,
      at: 7,
      onEvent: () => undefined,
      instantiate: () => desired,
    });
    const target = await provider.identify(never);
    const scope = { target: [], exclude: [] };
    return makePlan({
      desired,
      observation,
      kinds: kindsOf(provider.kinds),
      target,
      scope,
      consent: NO_CONSENT,
      now: 0,
      reads: 0,
      maxRequests: null,
    });
  };

  it('plans nothing under a collection that could not be listed, and goes on beside it', async () => {
    const memory = living({ a: { m: { settings: { X: '1' } } }, b: { n: { settings: { X: '1' } } } });
    const desired = desire({
      a: { machines: { m: { settings: { X: '2' } } } },
      b: { machines: { n: { settings: { X: '2' } } } },
    });
    const made = await planWith(failing(memory, 'setting', 'machine-m'), desired);
    expect(brief(made)).toEqual(['~ b/n/X value']);
    expect(made.plan.unreadable).toEqual([
      { collection: 'site:a/machine:m/settings', error: { code: 'forbidden', message: 'you may not' } },
    ]);
  });

  it('holds for everything below, and for the whole team', async () => {
    const memory = living({ a: { m: { settings: { X: '1' } } } });
    const desired = desire({ a: { machines: { m: { settings: { X: '2' } }, new: { size: 'dev' } } }, b: {} });
    expect(brief(await planWith(failing(memory, 'machine', 'site-a'), desired))).toEqual(['+ b']);
    const made = await planWith(failing(memory, 'site', null), desired);
    expect(brief(made)).toEqual([]);
    expect(made.plan.unreadable.map(({ collection }) => collection)).toEqual(['sites']);
  });

  it('refuses to delete what it could not look into', async () => {
    const memory = living({ a: {}, b: { n: { size: 'prod' } } });
    const made = await planWith(failing(memory, 'machine', 'site-b'), desire({ a: {} }, { prune: ['sites'] }));
    expect(made.plan.refusals[0]).toMatchObject({ rule: 'protect', addresses: ['site:b'] });
    expect(made.plan.refusals[0]?.message).toContain('could not be read');
  });
});
