// What takes the platform its time: things that wait for it, and names that move.
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/model/event.ts';
import { desire, type MachineEntry } from './desired.ts';
import { put, type Memory } from './memory-provider.ts';
import { applyOn, brief, living, planOn, short, virtualClock } from './run.ts';

const machines = (entries: Readonly<Record<string, MachineEntry>>) => ({ a: { machines: entries } });
const writes = ({ calls }: Memory): readonly string[] => calls.filter((call) => !call.startsWith('list'));
const statuses = (outcomes: Awaited<ReturnType<typeof applyOn>>): readonly string[] =>
  outcomes.map(({ address, status }) => `${short(address)} ${status}`);

function finish(memory: Memory, id: string): void {
  memory.items = memory.items.map((item) => (item.id === id ? { ...item, facts: { up: true } } : item));
}

/** The sign is up once its collection was listed so often. */
function upAfter(memory: Memory, lists: number): void {
  let seen = 0;
  memory.onCall = (call) => {
    if (call === 'list sign machine-m' && ++seen >= lists) finish(memory, 'sign-x');
  };
}

const signed = desire(machines({ m: { signs: { x: 'left' }, pointers: { p: 'x' } } }));

describe('what needs something that is not settled', () => {
  it('waits until it is, with its reason told once', async () => {
    const memory = living({ a: { m: {} } });
    upAfter(memory, 4);
    const events: RunEvent[] = [];
    const outcomes = await applyOn(memory, signed, { onEvent: (event) => events.push(event) });
    expect(statuses(outcomes)).toEqual(['a/m/p succeeded', 'a/m/x succeeded']);
    expect(writes(memory)).toEqual(['create x', 'create p']);
    expect(events.filter(({ type }) => type === 'change-waiting')).toEqual([
      {
        type: 'change-waiting',
        address: 'site:a/machine:m/pointer:p',
        because: 'site:a/machine:m/sign:x is not settled: it is not up',
      },
    ]);
    expect(brief(await planOn(memory, signed))).toEqual([]);
  });

  it('is pending after the time it may wait, and nothing has failed', async () => {
    const memory = living({ a: { m: {} } });
    const clock = virtualClock();
    const outcomes = await applyOn(memory, signed, { waitMs: 60_000, clock });
    expect(outcomes).toMatchObject([
      { status: 'pending', attempts: 0, because: 'site:a/machine:m/sign:x is not settled: it is not up' },
      { status: 'succeeded' },
    ]);
    expect(clock.now()).toBe(60_000);
    expect(memory.calls.filter((call) => call.startsWith('list sign')).length).toBeLessThan(15);
  });

  it('does not look again where it may not wait', async () => {
    const memory = living({ a: { m: {} } });
    const outcomes = await applyOn(memory, signed, { waitMs: 0 });
    expect(statuses(outcomes)).toEqual(['a/m/p pending', 'a/m/x succeeded']);
    const calls = memory.calls.filter((call) => /^(?:list|create) (?:sign|x)\b/.test(call));
    expect(calls).toEqual(['list sign machine-m', 'list sign machine-m', 'create x']);
  });

  it('waits also where what it needs is not changed in this run', async () => {
    const memory = living({ a: { m: {} } });
    put(memory, 'sign', 'machine-m', { id: 'x', side: 'left' });
    const outcomes = await applyOn(memory, signed, { waitMs: 0 });
    expect(statuses(outcomes)).toEqual(['a/m/p pending']);
    finish(memory, 'sign-x');
    expect(statuses(await applyOn(memory, signed, { waitMs: 0 }))).toEqual(['a/m/p succeeded']);
  });

  it('shares the readings with others that wait for the same collection', async () => {
    const memory = living({ a: { m: {} } });
    upAfter(memory, 3);
    const two = desire(machines({ m: { signs: { x: 'left' }, pointers: { p: 'x', q: 'x', r: 'x' } } }));
    const outcomes = await applyOn(memory, two, { concurrency: 1 });
    expect(outcomes.every(({ status }) => status === 'succeeded')).toBe(true);
    expect(memory.calls.filter((call) => call === 'list sign machine-m')).toHaveLength(3);
  });

  it('takes nobody’s turn while it waits', async () => {
    const memory = living({ a: { m: {}, n: {} } });
    put(memory, 'sign', 'machine-m', { id: 'x', side: 'left' });
    const desired = desire(machines({ m: { signs: { x: 'left' }, pointers: { p: 'x' } }, n: { size: 'big' } }));
    const order: string[] = [];
    await applyOn(memory, desired, {
      concurrency: 1,
      onEvent: (event) => {
        if (event.type === 'change-finished') order.push(`${short(event.outcome.address)} ${event.outcome.status}`);
      },
    });
    expect(order).toEqual(['a/n succeeded', 'a/m/p pending']);
  });

  it('leaves what depends on it pending too', async () => {
    const memory = living({ a: { m: {} } });
    put(memory, 'sign', 'machine-m', { id: 'old', side: 'left' });
    put(memory, 'pointer', 'machine-m', { id: 'p', to: 'old' });
    const prune = { prune: ['signs'], maxDeletePercent: 100 } as const;
    const outcomes = await applyOn(
      memory,
      desire(machines({ m: { signs: { x: 'left' }, pointers: { p: 'x' } } }), prune),
      {
        waitMs: 0,
      },
    );
    expect(statuses(outcomes)).toEqual(['a/m/p pending', 'a/m/old pending', 'a/m/x succeeded']);
    expect(writes(memory)).toEqual(['create x']);
  });

  it('ends with the run that is told to stop', async () => {
    const memory = living({ a: { m: {} } });
    const drain = new AbortController();
    memory.onCall = (call) => {
      if (memory.calls.filter((one) => one === call).length === 3) drain.abort();
    };
    const clock = virtualClock();
    expect(statuses(await applyOn(memory, signed, { drain: drain.signal, clock }))).toEqual([
      'a/m/p cancelled',
      'a/m/x succeeded',
    ]);
    expect(clock.now()).toBeLessThan(60_000);
  });
});

describe('what something else depends on', () => {
  it('goes after that is gone', async () => {
    const memory = living({ a: { m: {} } });
    put(memory, 'sign', 'machine-m', { id: 'x', side: 'left' });
    put(memory, 'pointer', 'machine-m', { id: 'p', to: 'x' });
    const prune = { prune: ['signs'], maxDeletePercent: 100 } as const;
    await applyOn(memory, desire(machines({ m: { signs: {}, pointers: { p: null } } }), prune), { concurrency: 8 });
    expect(writes(memory)).toEqual(['delete pointer-p', 'delete sign-x']);
  });

  it('goes with a warning where that stays', async () => {
    const memory = living({ a: { m: {} } });
    put(memory, 'sign', 'machine-m', { id: 'x', side: 'left' });
    put(memory, 'pointer', 'machine-m', { id: 'p', to: 'x' });
    const prune = { prune: ['signs'], maxDeletePercent: 100 } as const;
    const { plan } = await planOn(memory, desire(machines({ m: { signs: {}, pointers: {} } }), prune));
    expect(plan.diagnostics).toMatchObject([{ severity: 'warning', code: 'CVG514' }]);
    expect(plan.unmanaged).toEqual(['site:a/machine:m/pointer:p']);
  });
});

describe('asking for the platform’s default', () => {
  it('is asking for nothing', async () => {
    const memory = living({ a: { m: {} } });
    const desired = desire(machines({ m: { pointers: { p: 'machine-m' } } }));
    expect(brief(await planOn(memory, desired))).toEqual([]);
    put(memory, 'pointer', 'machine-m', { id: 'p', to: 'elsewhere' });
    expect(brief(await planOn(memory, desired))).toEqual(['- a/m/p']);
  });
});

describe('a name that is exclusive everywhere', () => {
  const moved = (n: MachineEntry, m: MachineEntry = { signs: {} }) => machines({ m, n });
  const prune = { prune: ['signs', 'machines'], maxDeletePercent: 100 } as const;
  const holding = (): Memory => {
    const memory = living({ a: { m: {}, n: {} } });
    put(memory, 'sign', 'machine-m', { id: 'x', side: 'left' });
    return memory;
  };

  it('is released before it is taken, in one plan that says what is interrupted', async () => {
    const memory = holding();
    const desired = desire(moved({ signs: { x: 'left' } }), prune);
    const { plan } = await planOn(memory, desired);
    expect(plan.refusals).toEqual([]);
    expect(plan.changes).toMatchObject([
      { address: 'site:a/machine:m/sign:x', action: 'delete' },
      {
        address: 'site:a/machine:n/sign:x',
        action: 'create',
        dependsOn: ['site:a/machine:m/sign:x'],
        interrupts: 'down until it is up',
        records: [{ type: 'POST', name: 'x', value: 'machine-n', why: 'holds it' }],
      },
    ]);
    await applyOn(memory, desired, { concurrency: 8 });
    expect(writes(memory)).toEqual(['delete sign-x', 'create x']);
  });

  it('is refused where its holder is undeclared and stays, by the holder’s name', async () => {
    const { plan } = await planOn(holding(), desire(moved({ signs: { x: 'left' } })));
    expect(plan.refusals).toMatchObject([
      { rule: 'claim', addresses: ['site:a/machine:n/sign:x', 'site:a/machine:m/sign:x'] },
    ]);
    expect(plan.refusals[0]?.message).toContain('`prune`');
  });

  it('is taken after the container that holds it is gone', async () => {
    const memory = holding();
    const consent = { allowDelete: ['machine'], confirm: ['site:a/machine:m'] };
    const seen = desire(machines({ m: { zone: 'eu', size: 'dev', signs: {} }, n: { signs: { x: 'left' } } }), prune);
    expect((await planOn(memory, seen, { consent })).plan.refusals).toEqual([]);
    await applyOn(memory, seen, { consent, concurrency: 8 });
    expect(writes(memory)).toEqual(['delete machine-m', 'create m', 'create x']);
  });

  it('is taken after containers that go unseen, which a target does not bring in', async () => {
    const memory = holding();
    const consent = { allowDelete: ['machine'], confirm: ['site:a/machine:m'] };
    const desired = desire(machines({ n: { signs: { x: 'left' } } }), prune);
    const scope = { target: ['site:a/machine:n/**'] };
    expect(brief(await planOn(memory, desired, { consent, scope }))).toEqual(['+ a/n/x']);
    await applyOn(memory, desired, { consent, concurrency: 8 });
    expect(writes(memory)).toEqual(['delete machine-m', 'create x']);
  });

  it('is taken after what contains the container of its holder, seen by nobody, is gone', async () => {
    const memory = living({ a: { n: {} }, b: { m: {} } });
    put(memory, 'sign', 'machine-m', { id: 'x', side: 'left' });
    const consent = { allowDelete: ['site'], confirm: ['site:b'] };
    const desired = desire(machines({ n: { signs: { x: 'left' } } }), { prune: ['sites'], maxDeletePercent: 100 });
    await applyOn(memory, desired, { consent, concurrency: 8 });
    expect(writes(memory)).toEqual(['delete site-b', 'create x']);
  });

  it('stays with a thing that is made again, interrupted', async () => {
    const { plan } = await planOn(holding(), desire(machines({ m: { signs: { x: 'right' } }, n: {} })));
    expect(plan.changes).toMatchObject([{ action: 'replace', interrupts: 'down until it is up' }]);
    expect(plan.refusals).toEqual([]);
  });

  it('does not change places with another where what points to both must move too: refused before anything is written', async () => {
    const memory = living({ a: { m: {}, n: {} } });
    for (const [machine, id] of [
      ['m', 'x'],
      ['n', 'y'],
    ] as const) {
      put(memory, 'sign', `machine-${machine}`, { id, side: 'left' });
      put(memory, 'pointer', `machine-${machine}`, { id: `p-${machine}`, to: id });
    }
    const swap = (pointed: boolean) =>
      desire(
        moved(
          { signs: { x: 'left' }, pointers: { 'p-n': pointed ? 'x' : null } },
          { signs: { y: 'left' }, pointers: { 'p-m': 'y' } },
        ),
        prune,
      );
    const { plan } = await planOn(memory, swap(true));
    expect(plan.refusals).toMatchObject([{ rule: 'unsupported' }]);
    expect(plan.refusals[0]?.addresses).toHaveLength(6);
    expect((await planOn(memory, swap(false))).plan.refusals).toEqual([]);
  });

  it('has records without a value where its container is not made yet', async () => {
    const { plan } = await planOn(living({ a: {} }), desire(machines({ m: { size: 'dev', signs: { x: 'left' } } })));
    expect(plan.changes.at(-1)).toMatchObject({ action: 'create', records: [{ value: null }] });
    expect(plan.changes.at(-1)?.interrupts).toBeUndefined();
  });
});

describe('what is declared, live and not settled', () => {
  it('is a fact of the plan and no difference', async () => {
    const memory = living({ a: { m: {} } });
    put(memory, 'sign', 'machine-m', { id: 'x', side: 'left' });
    const desired = desire(machines({ m: { signs: { x: 'left' } } }));
    const { plan } = await planOn(memory, desired);
    expect(plan.changes).toEqual([]);
    expect(plan.unsettled).toEqual([
      {
        address: 'site:a/machine:m/sign:x',
        because: 'it is not up',
        records: [{ type: 'POST', name: 'x', value: 'machine-m', why: 'holds it' }],
      },
    ]);
    finish(memory, 'sign-x');
    expect((await planOn(memory, desired)).plan).not.toHaveProperty('unsettled');
  });
});
