import { describe, expect, test } from 'vitest';
import { permitted } from '../../src/diff/permitted.ts';
import type { Address } from '../../src/model/address.ts';
import type { Pause } from '../../src/model/pause.ts';
import { kindsOf } from '../../src/model/kinds.ts';
import { desire } from './desired.ts';
import { memoryProvider, newMemory } from './memory-provider.ts';
import { brief, living, planOn, short } from './run.ts';

type Desired = ReturnType<typeof desire>;

const NOW = Date.UTC(2026, 10, 20);
const pause = (address: string, rest: Partial<Pause> = {}): Pause => ({
  address,
  owner: 'ada',
  reason: 'a demo',
  expires: NOW + 1,
  where: null,
  ...rest,
});

/** The plan in short, and what each pause holds. */
async function judged(memory: Parameters<typeof planOn>[0], desired: Desired, pauses: readonly Pause[]) {
  const made = await planOn(memory, { ...desired, pauses }, { now: NOW });
  return {
    changes: brief(made),
    held: (made.plan.paused ?? []).map(({ address, held }) => `${address}: ${held.map(short).join(' ')}`),
    said: made.plan.diagnostics.map(({ code }) => code),
    made,
  };
}

describe('what is paused', () => {
  test('is in no part of the plan but its own: no count, no prediction', async () => {
    const memory = living({ a: { m: { settings: { K: 'old', L: 'old' } } } });
    const desired = desire({ a: { machines: { m: { settings: { K: 'new', L: 'new' } } } } });
    const { changes, held, made } = await judged(memory, desired, [pause('site:a/machine:m/setting:K')]);
    expect(changes).toEqual(['~ a/m/L value']);
    expect(held).toEqual(['site:a/machine:m/setting:K: a/m/K']);
    expect(made.plan.summary).toMatchObject({ update: 1, 'no-op': 2 });
    expect(made.plan.paused).toEqual([
      {
        address: 'site:a/machine:m/setting:K',
        owner: 'ada',
        reason: 'a demo',
        expires: '2026-11-20T00:00:00.001Z',
        held: ['site:a/machine:m/setting:K'],
        where: null,
      },
    ]);
    const all = await judged(memory, desired, [pause('site:a')]);
    expect([all.changes, all.made.plan.requests.predictedWrites]).toEqual([[], 0]);
  });

  test('reaches down: what it contains, and what needs that', async () => {
    const desired = desire({ a: { machines: { m: { settings: { K: 'v' } } } }, b: {} });
    const { changes, held } = await judged(newMemory(), desired, [pause('site:a')]);
    expect(changes).toEqual(['+ b']);
    expect(held).toEqual(['site:a: a a/m a/m/K']);
    // A setting cannot be made without its machine.
    const inner = await judged(newMemory(), desired, [pause('site:*/machine:*')]);
    expect([inner.changes, inner.held]).toEqual([['+ a', '+ b'], ['site:*/machine:*: a/m a/m/K']]);
  });

  test('reaches up: what would remove it, also where it was not read', async () => {
    const memory = living({ a: { m: { settings: { K: 'v' } } } });
    const desired = desire({ a: { machines: {} } }, { prune: ['machines'], maxDeletePercent: 100 });
    for (const glob of ['site:a/machine:m/setting:K', 'site:a/**/setting:K', '**', 'site:*/machine:*/setting:*'])
      expect(await judged(memory, desired, [pause(glob)]), glob).toMatchObject({ changes: [], held: [`${glob}: a/m`] });
    const elsewhere = pause('site:a/machine:other/setting:K');
    expect(await judged(memory, desired, [elsewhere])).toMatchObject({ changes: ['- a/m'], said: ['CVG520'] });
  });

  test('a replacement is held with everything that it would make again', async () => {
    const memory = living({ a: { m: { zone: 'us', settings: { K: 'v' } } } });
    const desired = desire({ a: { machines: { m: { zone: 'eu', settings: { K: 'v', L: 'w' } } } } });
    const { changes, held } = await judged(memory, desired, [pause('site:a/machine:m/setting:K')]);
    expect(changes).toEqual([]);
    expect(held).toEqual(['site:a/machine:m/setting:K: a/m a/m/K a/m/L']);
  });

  test('a name is not given up for what is paused', async () => {
    const memory = living({ a: { old: { main: true }, next: {} } });
    const desired = desire({ a: { machines: { old: {}, next: { main: true } } } });
    expect((await judged(memory, desired, [])).changes).toEqual(['~ a/next main', '~ a/old main']);
    const { changes, held } = await judged(memory, desired, [pause('site:a/machine:next')]);
    expect(changes).toEqual([]);
    expect(held).toEqual(['site:a/machine:next: a/next a/old']);
  });

  test('expired holds nothing; one that matches nothing is told', async () => {
    const memory = living({ a: {} });
    const desired = desire({ a: { title: 'A' } });
    const { changes, held, said } = await judged(memory, desired, [pause('site:a', { expires: NOW }), pause('site:z')]);
    expect(changes).toEqual(['~ a title']);
    expect(held).toEqual(['site:z: ']);
    expect(said).toEqual(['CVG520']);
  });

  test('guards judge what is left: what is held refuses nothing', async () => {
    const memory = living({ a: { m: {}, n: {} } });
    const desired = desire({ a: { machines: {} } }, { prune: ['machines'] });
    const all = await judged(memory, desired, []);
    expect(all.made.plan.refusals.map(({ rule }) => rule)).toContain('threshold');
    const paused = await judged(memory, desired, [pause('site:a/machine:*')]);
    expect([paused.changes, paused.made.plan.refusals]).toEqual([[], []]);
  });
});

describe('change windows', () => {
  const where = { file: 'state.yaml', line: 7, column: 3 };
  const closed = { open: false, opensAt: NOW + 3_600_000, where };
  const memory = () => living({ a: { m: {} }, b: { m: {} } });
  const desired = desire({
    a: { title: 'A', machines: { m: { settings: { K: 'v' } } } },
    b: { title: 'B' },
  });

  test('the nearest list decides, and one refusal names all that is outside', async () => {
    const site = desired.resources.find(({ key }) => key === 'a')?.address ?? null;
    const { plan } = await planOn(memory(), desired, { now: NOW, windows: [{ within: site, ...closed }] });
    expect(plan.refusals).toEqual([
      {
        rule: 'window',
        addresses: ['site:a', 'site:a/machine:m/setting:K'],
        message:
          '2 changes lie outside of the change window of site:a (`policy.windows`, state.yaml:7); it opens at 2026-11-20T01:00:00Z, and nothing is changed until then',
        override: null,
      },
    ]);
    const inner = [
      { within: null, ...closed },
      { within: site, ...closed, open: true, opensAt: null },
    ];
    const { plan: other } = await planOn(memory(), desired, { now: NOW, windows: inner });
    expect(other.refusals.map(({ addresses }) => addresses)).toEqual([['site:b']]);
    const kinds = kindsOf(memoryProvider(newMemory()).kinds);
    const { held, execute } = permitted(other, kinds, new Map());
    expect(held).toMatchObject([{ address: 'site:b', because: 'window' }]);
    expect(execute).toHaveLength(2);
  });

  test('what is left out of the scope refuses nothing, and what does not differ neither', async () => {
    const windows = [{ within: null, ...closed, opensAt: null }];
    const scope = { exclude: ['site:*'] };
    expect((await planOn(memory(), desired, { now: NOW, windows, scope })).plan.refusals).toEqual([]);
    const { plan } = await planOn(memory(), desired, { now: NOW, windows });
    expect(plan.refusals[0]?.message).toMatch(/it never opens again$/);
    expect((await planOn(memory(), desire({ a: {} }), { now: NOW, windows })).plan.refusals).toEqual([]);
  });

  test('a removal counts with what it takes', async () => {
    const live = living({ a: { m: { settings: { K: 'v' } } } });
    const going = desire({ a: { machines: {} } }, { prune: ['machines'], maxDeletePercent: 100 });
    const machine = 'site:a/machine:m' as Address;
    const { plan } = await planOn(live, going, { now: NOW, windows: [{ within: machine, ...closed }] });
    expect(plan.refusals.map(({ rule }) => rule)).toContain('window');
  });
});
