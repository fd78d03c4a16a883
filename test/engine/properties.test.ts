import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DesiredState } from '../../src/model/resource.ts';
import { desire, type MachineEntry, type SiteEntry } from './desired.ts';
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

  it('the order of entries and of the platform’s pages does not change a byte', async () => {
    await fc.assert(
      fc.asyncProperty(
        world,
        document,
        fc.boolean(),
        fc.infiniteStream(fc.nat()),
        async (sites, wanted, prune, numbers) => {
          const memory = living(unique(sites));
          const desired = desiredOf(wanted, prune, 'm');
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
});
