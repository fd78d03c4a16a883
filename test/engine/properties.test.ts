import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DesiredState } from '../../src/model/resource.ts';
import { pauseMatcher } from '../../src/model/pause.ts';
import { desire, type MachineEntry, type SiteEntry } from './desired.ts';
import { put } from './memory-provider.ts';
import { applyOn, brief, living, planOn } from './run.ts';

const seed = 20261120;
const name = fc.constantFrom('k1', 'k2', 'k3', 'k4');
const value = fc.constantFrom('v1', 'v2', 'v3');
const size = fc.constantFrom('dev', 'big');

/** At most one machine of a site is the main one, as the document's own checks demand. */
const oneMain = <T extends object>(machines: Record<string, T>, main: string): Record<string, T & { main: boolean }> =>
  Object.fromEntries(Object.entries(machines).map(([key, machine]) => [key, { ...machine, main: key === main }]));

const liveMachine = fc.record({ size, zone: fc.constantFrom('us', 'eu'), settings: fc.dictionary(name, value) });
const entry = fc.record(
  { size, zone: fc.constantFrom('us', 'eu'), settings: fc.dictionary(name, fc.option(value, { nil: null })) },
  { requiredKeys: ['size'] },
);
const world = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.dictionary(fc.constantFrom('m', 'n'), liveMachine));
const document = fc.dictionary(
  fc.constantFrom('a', 'b', 'c'),
  fc.record({ title: fc.constantFrom('A', 'B'), machines: fc.dictionary(fc.constantFrom('m', 'n'), entry) }),
  { minKeys: 1 },
);

/** Machine keys are made unique over sites, because the in-memory platform makes ids of them. */
function unique<T>(sites: Record<string, Record<string, T>>): Record<string, Record<string, T>> {
  return Object.fromEntries(
    Object.entries(sites).map(([site, machines]) => [
      site,
      Object.fromEntries(Object.entries(machines).map(([key, machine]) => [site + key, machine])),
    ]),
  );
}
function desiredOf(
  sites: Record<string, { title: string; machines: Record<string, MachineEntry> }>,
  prune: boolean,
  main: string,
): DesiredState {
  const machines = unique(Object.fromEntries(Object.entries(sites).map(([key, site]) => [key, site.machines])));
  const entries: Record<string, SiteEntry> = {};
  for (const [key, site] of Object.entries(sites))
    entries[key] = { title: site.title, machines: oneMain(machines[key] ?? {}, key + main) };
  return desire(entries, { prune: prune ? ['sites', 'machines', 'settings'] : [], maxDeletePercent: 100 });
}

describe('whatever the document and the platform', () => {
  it('applying and planning again finds nothing, with exactly the predicted writes', async () => {
    await fc.assert(
      fc.asyncProperty(
        world,
        document,
        fc.boolean(),
        fc.constantFrom('m', 'n', 'none'),
        fc.constantFrom('m', 'n', 'none'),
        async (sites, wanted, prune, liveMain, main) => {
          const machines = unique(sites);
          const memory = living(
            Object.fromEntries(Object.entries(machines).map(([key, all]) => [key, oneMain(all, key + liveMain)])),
          );
          const desired = desiredOf(wanted, prune, main);
          const { plan } = await planOn(memory, desired);
          fc.pre(
            plan.refusals.every(({ rule }) => rule !== 'default') &&
              plan.diagnostics.every(({ severity }) => severity !== 'error'),
          );
          const from = memory.calls.length;
          const outcomes = await applyOn(memory, desired, { concurrency: 8 });
          const writes = memory.calls.slice(from).filter((call) => !call.startsWith('list'));
          expect(outcomes.filter(({ status }) => status !== 'succeeded')).toEqual([]);
          expect(brief(await planOn(memory, desired))).toEqual([]);
          expect(writes).toHaveLength(plan.requests.predictedWrites);
          const again = memory.calls.length;
          await applyOn(memory, desired);
          expect(memory.calls.slice(again).filter((call) => !call.startsWith('list'))).toEqual([]);
        },
      ),
      { seed, numRuns: 300 },
    );
  });

  it('what is paused is as it was, all else is applied, and nothing of both is lost', async () => {
    const glob = fc.constantFrom(
      'site:a',
      'site:*/machine:*m',
      'site:b/machine:bn',
      '**/setting:k1',
      'site:**/setting:k*',
    );
    await fc.assert(
      fc.asyncProperty(
        world,
        document,
        fc.boolean(),
        fc.constantFrom('m', 'n', 'none'),
        fc.uniqueArray(glob, { minLength: 1, maxLength: 2 }),
        async (sites, wanted, prune, main, globs) => {
          const machines = unique(sites);
          const memory = living(
            Object.fromEntries(Object.entries(machines).map(([key, all]) => [key, oneMain(all, `${key}m`)])),
          );
          const all = desiredOf(wanted, prune, main);
          const pauses = globs.map((address) => ({ address, owner: 'ada', reason: 'a demo', expires: 1, where: null }));
          const desired = { ...all, pauses };
          const without = await planOn(memory, all);
          const before = await planOn(memory, desired);
          fc.pre(
            [without, before].every(
              ({ plan }) =>
                plan.refusals.every(({ rule }) => rule !== 'default') &&
                plan.diagnostics.every(({ severity }) => severity !== 'error'),
            ),
          );
          const held = (before.plan.paused ?? []).flatMap((paused) => paused.held);
          expect([...before.plan.changes.map(({ address }) => address), ...held].toSorted()).toEqual(
            without.plan.changes.map(({ address }) => address).toSorted(),
          );
          const from = memory.calls.length;
          const outcomes = await applyOn(memory, desired, { concurrency: 8 });
          expect(outcomes.filter(({ status }) => status !== 'succeeded')).toEqual([]);
          expect(memory.calls.slice(from).filter((call) => !call.startsWith('list'))).toHaveLength(
            before.plan.requests.predictedWrites,
          );
          const after = await planOn(memory, desired);
          expect(brief(after)).toEqual([]);
          const matchers = pauses.map(pauseMatcher);
          const pausedIn = ({ observation }: typeof before) =>
            new Map([...observation.live].filter(([address]) => matchers.some((isPaused) => isPaused(address))));
          expect(pausedIn(after)).toEqual(pausedIn(before));
        },
      ),
      { seed, numRuns: 200 },
    );
  });

  it('the order of entries and of the platform’s pages does not change a byte', async () => {
    await fc.assert(
      fc.asyncProperty(
        world,
        document,
        fc.boolean(),
        fc.infiniteStream(fc.nat()),
        async (sites, wanted, prune, numbers) => {
          const memory = living(unique(sites));
          const selectors = [
            { machine: '*m', settings: { k1: 'v9' } },
            { site: 'a', settings: { k2: 'v9' } },
          ];
          const desired = { ...desiredOf(wanted, prune, 'm'), selectors: desire({}, { selectors }).selectors };
          const shuffle = <T>(items: readonly T[]): T[] =>
            items
              .map((item) => ({ item, rank: Number(numbers.next().value) }))
              .sort((a, b) => a.rank - b.rank)
              .map(({ item }) => item);
          const straight = await planOn(memory, desired);
          memory.items = shuffle(memory.items);
          const shuffled = await planOn(memory, {
            ...desired,
            resources: shuffle(desired.resources),
            collections: shuffle(desired.collections),
          });
          expect(JSON.stringify(shuffled.plan)).toBe(JSON.stringify(straight.plan));
        },
      ),
      { seed, numRuns: 200 },
    );
  });

  it('names that move are never in two places, and nothing goes that something points to', async () => {
    const machines = ['m', 'n', 'o'] as const;
    const place = fc.record({ on: fc.constantFrom(...machines, 'nowhere'), side: fc.constantFrom('left', 'right') });
    const names = fc.record({ x: place, y: place, z: place });
    const pointing = fc.record({ m: fc.nat(3), n: fc.nat(3), o: fc.nat(3) });
    type Names = Record<string, { on: string; side: string }>;
    const signsOf = (all: Names, on: string): Record<string, string> =>
      Object.fromEntries(Object.entries(all).flatMap(([key, at]) => (at.on === on ? [[key, at.side] as const] : [])));
    const target = (all: Names, on: string, pick: number): string | null => Object.keys(signsOf(all, on))[pick] ?? null;
    let planned = 0;
    await fc.assert(
      fc.asyncProperty(names, pointing, names, pointing, async (live, from, wanted, to) => {
        const memory = living({ a: { m: {}, n: {}, o: {} } });
        for (const on of machines) {
          for (const [id, side] of Object.entries(signsOf(live, on)))
            put(memory, 'sign', `machine-${on}`, { id, side });
          const at = target(live, on, from[on]);
          if (at !== null) put(memory, 'pointer', `machine-${on}`, { id: `p-${on}`, to: at });
        }
        const entries = machines.map((on) => {
          const pointers = { [`p-${on}`]: target(wanted, on, to[on]) };
          return [on, { signs: signsOf(wanted, on), pointers }] as const;
        });
        const options = { prune: ['signs'], maxDeletePercent: 100 } as const;
        const desired = desire({ a: { machines: Object.fromEntries(entries) } }, options);
        const { plan } = await planOn(memory, desired);
        expect(plan.refusals.filter(({ rule }) => rule !== 'unsupported')).toEqual([]);
        if (plan.refusals.length > 0) return;
        planned += 1;
        const wrong: string[] = [];
        memory.onCall = (call) => {
          const [verb, id = ''] = call.split(' ');
          const held = (kind: string) => memory.items.filter((item) => item.kind === kind);
          if (verb === 'list')
            memory.items = memory.items.map((item) => (item.kind === 'sign' ? { ...item, facts: { up: true } } : item));
          if (verb === 'create' && held('sign').some((item) => item.spec['id'] === id)) wrong.push(`${id} is twice`);
          if (verb !== 'delete' || !id.startsWith('sign-')) return;
          const gone = held('sign').find((item) => item.id === id);
          const left = held('pointer').filter(
            (item) => item.parentId === gone?.parentId && `sign-${String(item.spec['to'])}` === id,
          );
          const stays = wanted[id.slice(5) as 'x'].on === gone?.parentId?.slice(8);
          if (!stays && left.length > 0) wrong.push(`${id} goes and is pointed to`);
        };
        const outcomes = await applyOn(memory, desired, { concurrency: 8 });
        expect(outcomes.filter(({ status }) => status !== 'succeeded')).toEqual([]);
        expect(wrong).toEqual([]);
        expect(brief(await planOn(memory, desired))).toEqual([]);
      }),
      { seed, numRuns: 300 },
    );
    expect(planned).toBeGreaterThan(200);
  });
});
