// What others do between the plan and the write: it is looked at once more immediately before each write.
import { describe, expect, it } from 'vitest';
import { PlatformError } from '../../src/model/error.ts';
import type { ResourceKind } from '../../src/model/kind.ts';
import { kindsOf } from '../../src/model/kinds.ts';
import type { DesiredState, LiveResource, Spec } from '../../src/model/resource.ts';
import { Secret } from '../../src/model/secret.ts';
import { memberNow } from '../../src/reconcile/workspace.ts';
import { desire, type MachineEntry } from './desired.ts';
import { memoryProvider, put, type Memory } from './memory-provider.ts';
import { applyOn, brief, change, fates, living, planOn, remove, virtualClock, writes } from './run.ts';

const secret = (text: string) => ({ value: new Secret(text) });
const machines = (entries: Readonly<Record<string, MachineEntry>>) => ({ a: { machines: entries } });

describe('members that are written together', () => {
  const desired = desire(machines({ m: { settings: { X: 'new', Y: 'new', GONE: null, NEW: 'new' } } }));
  const live = () => living({ a: { m: { settings: { X: 'old', Y: 'old', GONE: 'old', OTHER: 'theirs' } } } });

  it('that somebody has changed are stale, and the others are written without them', async () => {
    const memory = live();
    const outcomes = await applyOn(memory, desired, {
      meanwhile: () => change(memory, 'setting-X', secret('somebody’s')),
    });
    expect(fates(outcomes)).toEqual([
      'a/m/GONE succeeded',
      'a/m/NEW succeeded',
      'a/m/X failed stale',
      'a/m/Y succeeded',
    ]);
    expect(outcomes[2]?.error?.message).toBe('since the plan was made somebody else has changed X');
    expect(outcomes.map(({ attempts }) => attempts)).toEqual([1, 1, 0, 1]);
    expect(writes(memory)).toEqual(['write machine-m +2 -1']);
    expect(brief(await planOn(memory, desired))).toEqual(['~ a/m/X value']);
  });

  it.each([
    [
      'made',
      'NEW',
      (memory: ReturnType<typeof live>) => put(memory, 'setting', 'machine-m', { name: 'NEW', ...secret('x') }),
    ],
    ['removed', 'Y', (memory: ReturnType<typeof live>) => remove(memory, 'setting-Y')],
    ['changed', 'GONE', (memory: ReturnType<typeof live>) => change(memory, 'setting-GONE', secret('x'))],
  ])('that somebody has %s are stale', async (verb, name, meddle) => {
    const memory = live();
    const outcomes = await applyOn(memory, desired, { meanwhile: () => meddle(memory) });
    const stale = outcomes.filter(({ status }) => status !== 'succeeded');
    expect(fates(stale)).toEqual([`a/m/${name} failed stale`]);
    expect(stale[0]?.error?.message).toContain(`has ${verb} ${name}`);
  });

  it('that are as desired by now need no write', async () => {
    const memory = live();
    const outcomes = await applyOn(memory, desired, {
      meanwhile: () => {
        change(memory, 'setting-X', secret('new'));
        change(memory, 'setting-Y', secret('new'));
        remove(memory, 'setting-GONE');
        put(memory, 'setting', 'machine-m', { name: 'NEW', ...secret('new') });
      },
    });
    expect(outcomes.map(({ status, attempts }) => [status, attempts])).toEqual(outcomes.map(() => ['succeeded', 0]));
    expect(writes(memory)).toEqual([]);
  });

  it('are not written where they cannot be read', async () => {
    const memory = live();
    const outcomes = await applyOn(memory, desired, {
      meanwhile: () => {
        memory.onCall = (call) => {
          if (call.startsWith('list setting'))
            throw new PlatformError('forbidden', 'no', { executed: 'no', retryable: false });
        };
      },
    });
    expect(new Set(outcomes.map(({ status, error }) => `${status} ${error?.code}`))).toEqual(
      new Set(['failed forbidden']),
    );
    expect(writes(memory)).toEqual([]);
  });
});

describe('a thing that is written alone', () => {
  it('is stale where a field that is to be written has moved', async () => {
    const memory = living({ a: { m: { size: 'dev' } } });
    const outcomes = await applyOn(memory, desire(machines({ m: { size: 'big' } })), {
      meanwhile: () => change(memory, 'machine-m', { size: 'huge' }),
    });
    expect(fates(outcomes)).toEqual(['a/m failed stale']);
    expect(writes(memory)).toEqual([]);
  });

  it('is stale where a field moved away from what is desired', async () => {
    const memory = living({ a: { m: { size: 'dev', main: false } } });
    const outcomes = await applyOn(memory, desire(machines({ m: { size: 'big', main: false } })), {
      meanwhile: () => change(memory, 'machine-m', { main: true }),
    });
    expect(fates(outcomes)).toEqual(['a/m failed stale']);
  });

  it('is written where only what nobody manages has moved, and only in what still differs', async () => {
    const memory = living({ a: { m: { size: 'dev', main: false } } });
    const outcomes = await applyOn(memory, desire(machines({ m: { size: 'big', main: true } })), {
      meanwhile: () => change(memory, 'machine-m', { until: 7, main: true }),
    });
    expect(fates(outcomes)).toEqual(['a/m succeeded']);
    expect(writes(memory)).toEqual(['update machine-m size']);
  });

  it('is not made a second time: as desired it is welcome, with what is in it still to be written', async () => {
    const memory = living({ a: {} });
    const desired = desire(machines({ m: { size: 'dev', settings: { X: '1' } } }));
    const outcomes = await applyOn(memory, desired, {
      meanwhile: () => put(memory, 'machine', 'site-a', { id: 'm', size: 'dev' }),
    });
    expect(outcomes.map(({ status, attempts }) => [status, attempts])).toEqual([
      ['succeeded', 0],
      ['succeeded', 1],
    ]);
    expect(writes(memory)).toEqual(['write machine-m +1 -0']);
  });

  it('that others made otherwise is stale, and nothing is written into it', async () => {
    const memory = living({ a: {} });
    const desired = desire(machines({ m: { size: 'dev', settings: { X: '1' } } }));
    const outcomes = await applyOn(memory, desired, {
      meanwhile: () => put(memory, 'machine', 'site-a', { id: 'm', size: 'huge' }),
    });
    expect(fates(outcomes)).toEqual(['a/m failed stale', 'a/m/X blocked']);
    expect(outcomes[0]?.error?.message).toContain('made m, with another size than asked');
  });
});

describe('a deletion', () => {
  const consent = { allowDelete: ['machine', 'site'], confirm: ['site:a/machine:m', 'site:b'] };
  const prune = { prune: ['machines', 'sites'], maxDeletePercent: 100 } as const;

  it('of what has moved is stale: it may be in use now', async () => {
    const memory = living({ a: { m: {}, n: {} } });
    const outcomes = await applyOn(memory, desire(machines({ n: {} }), prune), {
      consent,
      meanwhile: () => change(memory, 'machine-m', { size: 'prod' }),
    });
    expect(fates(outcomes)).toEqual(['a/m failed stale']);
    expect(writes(memory)).toEqual([]);
  });

  it('of what is gone already has nothing to do', async () => {
    const memory = living({ a: { m: {}, n: {} } });
    const outcomes = await applyOn(memory, desire(machines({ n: {} }), prune), {
      consent,
      meanwhile: () => remove(memory, 'machine-m'),
    });
    expect(outcomes).toMatchObject([{ status: 'succeeded', attempts: 0 }]);
    expect(writes(memory)).toEqual([]);
  });

  it('does not take with it what came after the plan', async () => {
    const memory = living({ a: { m: {} }, b: { o: {} } });
    const outcomes = await applyOn(memory, desire({ a: {} }, prune), {
      consent,
      meanwhile: () => put(memory, 'machine', 'site-b', { id: 'new', size: 'dev' }),
    });
    expect(fates(outcomes)).toEqual(['b failed stale']);
    expect(outcomes[0]?.error?.message).toContain('site:b/machine:new has come');
    expect(writes(memory)).toEqual([]);
  });
});

describe('a container that vanished', () => {
  const declared = desire(machines({ m: { size: 'big', settings: { X: 'new' } } }));
  const selected: DesiredState = {
    ...declared,
    resources: declared.resources.map((one) => (one.kind === 'site' ? one : { ...one, selector: 'a selector' })),
  };
  const live = () => living({ a: { m: { size: 'dev', settings: { X: 'old' } } } });

  it('makes what was declared in it stale', async () => {
    const memory = live();
    const outcomes = await applyOn(memory, declared, { meanwhile: () => remove(memory, 'machine-m') });
    expect(outcomes.map(({ status, error }) => [status, error?.code])).toEqual([
      ['failed', 'stale'],
      ['failed', 'stale'],
    ]);
    expect(writes(memory)).toEqual([]);
  });

  it('cancels what a selector asked for, and fails nothing (rule 23)', async () => {
    const memory = live();
    // As a platform answers for the members of what is not there.
    const notFound = new PlatformError('not-found', 'no such machine', { executed: 'no', retryable: false });
    const outcomes = await applyOn(memory, selected, {
      meanwhile: () => {
        remove(memory, 'machine-m');
        memory.onCall = (call) => {
          if (call === 'list setting machine-m') throw notFound;
        };
      },
    });
    expect(outcomes.map(({ status, attempts, because }) => [status, attempts, because])).toEqual(
      outcomes.map(() => ['cancelled', 0, 'gone']),
    );
  });

  const notFound = () => new PlatformError('not-found', 'no such machine', { executed: 'no', retryable: false });

  it('does so too where it vanishes between the look and the write', async () => {
    const memory = live();
    let gone = false;
    memory.onCall = (call) => {
      if (!gone && !call.startsWith('update') && !call.startsWith('write')) return;
      if (!gone) remove(memory, 'machine-m');
      gone = true;
      if (call !== 'list machine site-a') throw notFound();
    };
    expect(fates(await applyOn(memory, selected))).toEqual(['a/m cancelled', 'a/m/X cancelled']);
  });

  it.each([
    ['the look', 'list setting'],
    ['the write', 'write'],
  ])('is not believed for a "not found" at %s while it is there', async (_when, call) => {
    const memory = live();
    const outcomes = await applyOn(memory, selected, {
      meanwhile: () => {
        memory.onCall = (name) => {
          if (name.startsWith(call)) throw notFound();
        };
      },
    });
    expect(fates(outcomes)).toEqual(['a/m succeeded', 'a/m/X failed not-found']);
  });
});

describe('one member read by its id', () => {
  it('is gone only where its collection says so too', async () => {
    const memory = living({ a: {} });
    const provider = memoryProvider(memory);
    const site = kindsOf<ResourceKind<Spec, Memory>>(provider.kinds).named('site');
    const live: LiveResource = {
      address: 'site:a' as LiveResource['address'],
      kind: 'site',
      key: 'a',
      parent: null,
      id: 'site-a',
      spec: {},
      facts: {},
    };
    const asked = {
      kind: { ...site, find: async () => null },
      api: memory,
      parent: null,
      isSelected: false,
      clock: virtualClock(),
      signal: new AbortController().signal,
    };
    expect(await memberNow(asked, live)).toMatchObject({ id: 'site-a' });
    remove(memory, 'site-a');
    expect(await memberNow(asked, live)).toBeNull();
  });
});

describe('the looks before the writes', () => {
  it('are part of the request budget, and no more than one for each write', async () => {
    const memory = living({ a: { m: { settings: { X: 'old' } }, n: { size: 'dev' }, o: {} }, b: {} });
    const desired = desire(
      {
        ...machines({ m: { settings: { X: 'new' } }, n: { size: 'big' }, p: { size: 'dev', settings: { Y: '1' } } }),
        c: { machines: { q: { size: 'dev', signs: { s: 'left' } } } },
      },
      { prune: ['machines', 'sites'], maxDeletePercent: 100 },
    );
    const consent = { allowDelete: ['machine', 'site'], confirm: ['site:a/machine:o', 'site:b'] };
    const { plan } = await planOn(memory, desired, { consent });
    const from = memory.calls.length;
    await applyOn(memory, desired, { consent });
    const calls = memory.calls.slice(from + plan.requests.read);
    const looks = calls.filter((call) => call.startsWith('list')).length;
    expect(calls.length - looks).toBe(plan.requests.predictedWrites);
    // Of the writes the site that is made, the machine in it and the sign in that have nothing to look at; the site
    // that goes is looked into as well.
    expect(looks).toBe(plan.requests.predictedWrites - 3 + 1);
    // The proof also reads what is made: the settings of a/p, the machines of c and the signs of c/q.
    const needed = 2 * plan.requests.read + 3 + looks + plan.requests.predictedWrites;
    const fresh = () => living({ a: { m: { settings: { X: 'old' } }, n: { size: 'dev' }, o: {} }, b: {} });
    expect((await planOn(fresh(), desired, { consent, maxRequests: needed })).plan.refusals).toEqual([]);
    expect((await planOn(fresh(), desired, { consent, maxRequests: needed - 1 })).plan.refusals).toMatchObject([
      { rule: 'budget', override: `--max-requests ${needed}` },
    ]);
  });
});
