import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlanInput } from '../../src/diff/input.ts';
import { makePlan } from '../../src/diff/plan.ts';
import { NO_CONSENT } from '../../src/model/consent.ts';
import { kindsOf } from '../../src/model/kinds.ts';
import type { Plan } from '../../src/model/change.ts';
import type { Invariant } from '../../src/model/invariant.ts';
import type { DesiredState } from '../../src/model/resource.ts';
import { completions, isBroken, outlookOf, sidesOf, worlds, type World } from './compared-world.ts';
import { desire } from './desired.ts';
import { memoryProvider, newMemory, put, type Memory } from './memory-provider.ts';
import { living, planOn, type PlanOptions } from './run.ts';

const seed = 20261122;

async function planOf(world: World, options: PlanOptions = {}): Promise<Plan> {
  const { desired, memory } = sidesOf(world);
  return (await planOn(memory, desired, options)).plan;
}

/** The lines of the invariants that a plan says are broken, and of those that it could not judge everywhere. */
function saidOf(plan: Plan): { readonly broken: ReadonlySet<number>; readonly open: ReadonlySet<number> } {
  const lines = (code: string): readonly number[] =>
    plan.diagnostics.filter((found) => found.code === code).map(({ where }) => where?.line ?? 0);
  const refused = plan.refusals
    .filter(({ rule }) => rule === 'invariant')
    .map(({ message }) => Number(/state\.yaml:(\d+)/.exec(message)?.[1]));
  return { broken: new Set([...refused, ...lines('CVG526')]), open: new Set(lines('CVG527')) };
}

describe('an invariant', () => {
  it('is broken exactly where its definition says, when all is known', async () => {
    let broken = 0;
    await fc.assert(
      fc.asyncProperty(worlds({ whole: true }), async (world) => {
        const said = saidOf(await planOf(world));
        const outlook = outlookOf(world);
        expect([...said.open]).toEqual([]);
        for (const invariant of world.invariants) {
          const { line } = invariant.where;
          expect([line, said.broken.has(line)]).toEqual([line, isBroken(invariant, outlook)]);
          if (said.broken.has(line)) broken++;
        }
      }),
      { seed, numRuns: 500 },
    );
    expect(broken).toBeGreaterThan(100);
  });

  it('is only judged where no value that is not known could turn it', async () => {
    const seen = { broken: 0, open: 0, kept: 0 };
    await fc.assert(
      fc.asyncProperty(
        worlds({ whole: false }).chain((world) => fc.tuple(fc.constant(world), completions(outlookOf(world)))),
        async ([world, whole]) => {
          const said = saidOf(await planOf(world));
          for (const invariant of world.invariants) {
            const { line } = invariant.where;
            const verdict = said.broken.has(line) ? 'broken' : said.open.has(line) ? 'open' : 'kept';
            seen[verdict]++;
            // What is open may be either.
            const truth = verdict === 'open' ? 'open' : isBroken(invariant, whole) ? 'broken' : 'kept';
            expect([line, verdict]).toEqual([line, truth]);
          }
        },
      ),
      { seed, numRuns: 1_000 },
    );
    for (const n of Object.values(seen)) expect(n).toBeGreaterThan(50);
  });

  it('is judged the same whatever the order of invariants, entries and what is live', async () => {
    await fc.assert(
      fc.asyncProperty(
        worlds({ whole: false }).chain((world) =>
          fc.tuple(
            fc.constant(world),
            fc.shuffledSubarray([...world.machines], { minLength: world.machines.length }),
            fc.shuffledSubarray([...world.invariants], { minLength: world.invariants.length }),
          ),
        ),
        async ([world, machines, invariants]) => {
          const sides = invariants.map((one): Invariant => ({ ...one, sides: one.sides.toReversed(), keys: one.keys }));
          const [here, there] = [await planOf(world), await planOf({ ...world, machines, invariants: sides })];
          expect(there.refusals).toEqual(here.refusals);
          expect(there.diagnostics).toEqual(here.diagnostics);
        },
      ),
      { seed, numRuns: 300 },
    );
  });

  it('is refused where the document asks for it or a change touches it, else a warning', async () => {
    const forbidden = rule({ rule: 'forbidden', keys: ['KEY'] });
    const by = async (settings: Record<string, number | null>): Promise<unknown> => {
      const plan = await planOf({ ...LIVE, machines: machinesWith(settings), invariants: [forbidden] });
      return [plan.refusals.map(({ rule: name }) => name), plan.diagnostics.map(({ code }) => code)];
    };
    expect(await by({ KEY: 0 })).toEqual([['invariant'], []]); // declared, and live as declared
    expect(await by({ KEY: 1 })).toEqual([['invariant'], []]); // changed
    expect(await by({ OTHER: 1 })).toEqual([[], ['CVG526']]); // only there
    expect(await by({ KEY: null })).toEqual([[], []]); // removed
  });

  it('does not let a deletion make what is required missing', async () => {
    const required = rule({ rule: 'required', keys: ['KEY'] });
    const world = { ...LIVE, machines: machinesWith({ KEY: null }), invariants: [required] };
    const { refusals } = await planOf(world);
    expect(refusals).toMatchObject([
      { rule: 'invariant', addresses: ['site:a/machine:m0/setting:KEY'], override: null },
    ]);
  });

  it('says nothing of what a partial plan leaves out, and judges what it takes in', async () => {
    const forbidden = rule({ rule: 'forbidden', keys: ['KEY'] });
    const world = { ...LIVE, machines: machinesWith({ KEY: 0, OTHER: 1 }), invariants: [forbidden] };
    const scoped = async (target: string) => (await planOf(world, { scope: { target: [target] } })).refusals.length;
    expect(await scoped('site:a/machine:m0/setting:OTHER')).toBe(0);
    expect(await scoped('site:a/machine:m0')).toBe(1);
  });

  it('is open where nobody listed, could read or is told', async () => {
    const open = async (desired: DesiredState, memory: Memory): Promise<readonly string[]> => {
      const asked = { ...desired, invariants: [rule({ rule: 'mustMatch', keys: ['KEY'] })] };
      const { plan } = await planOn(memory, asked, { parityKey: new Uint8Array(32) });
      expect(plan.refusals).toEqual([]);
      return [
        ...plan.diagnostics.filter(({ code }) => code === 'CVG527').map(({ summary }) => summary),
        ...(plan.parity ?? []).flatMap(({ listed, columns, rows }) => [
          listed ? 'listed' : 'not listed',
          ...columns.map(({ unseen }) => unseen ?? 'known'),
          ...rows.flatMap(({ cells }) => cells.map(({ state }) => state)),
        ]),
      ];
    };
    const unlisted = await open(desire({ a: {} }), living({ a: { m: {}, n: {} } }));
    expect(unlisted).toEqual([expect.stringContaining('which machines are there is not known: site:a'), 'not listed']);

    const withheld = living({ a: { m: { settings: { KEY: 'x' } }, n: {} } });
    put(withheld, 'setting', 'machine-n', { name: 'KEY' });
    const declared = desire({ a: { machines: { m: { settings: { KEY: 'x' } }, n: { settings: {} } } } });
    expect(await open(declared, withheld)).toEqual([
      expect.stringContaining('withholds the value: site:a/machine:n/setting:KEY'),
      'listed',
      'known',
      'known',
      'set',
      'withheld',
    ]);
  });

  it('is open where something could not be read, and what is read of it by chance does not count', async () => {
    const memory = living({ a: { m: { settings: { KEY: 'x' } }, n: { settings: { KEY: 'y' } } } });
    const machines = { m: { settings: { KEY: 'x' } }, n: { settings: { KEY: 'y' } } };
    const desired = { ...desire({ a: { machines } }), invariants: [rule({ rule: 'mustMatch', keys: ['KEY'] })] };
    const { observation, plan: whole } = await planOn(memory, desired);
    expect(whole.refusals).toHaveLength(1);
    const without = (collection: string) =>
      makePlan({
        ...input(desired),
        parityKey: new Uint8Array(32),
        observation: {
          ...observation,
          read: new Map([...observation.read].filter(([path]) => path !== collection)),
          unreadable: [{ collection, error: { code: 'forbidden', message: 'not for you' } }],
        },
      }).plan;
    const one = without('site:a/machine:n/settings');
    expect(one.refusals).toEqual([]);
    expect(one.diagnostics.map(({ summary }) => summary)).toEqual([
      expect.stringContaining('`settings` could not be read: site:a/machine:n'),
    ]);
    expect(one.parity?.[0]?.rows[0]?.cells.map(({ state }) => state)).toEqual(['set', 'unknown']);
    const all = without('machines');
    expect(all.diagnostics.map(({ summary }) => summary)).toEqual([expect.stringContaining(': the whole team')]);
    expect(all.parity?.[0]).toMatchObject({ group: null, listed: false, columns: [] });
  });

  it('takes what a pause holds as it is', async () => {
    const world = {
      ...LIVE,
      machines: machinesWith({ KEY: 1 }),
      invariants: [rule({ rule: 'forbidden', keys: ['KEY'] })],
    };
    const { desired, memory } = sidesOf({ ...world, machines: machinesWith({ TOKEN: 1 }) });
    const forbidden = rule({ rule: 'forbidden', keys: ['TOKEN'] });
    const pause = { address: 'site:a', owner: 'ada', reason: 'a demo', expires: 1, where: null };
    const { plan } = await planOn(memory, { ...desired, invariants: [forbidden], pauses: [pause] });
    expect([plan.refusals, plan.diagnostics]).toEqual([[], []]);
  });
});

function input(desired: DesiredState): Omit<PlanInput, 'observation'> {
  const { kinds } = memoryProvider(newMemory());
  const target = { apiUrl: '', dialect: 'memory', teamId: 1, teamSlug: null };
  const rest = { consent: NO_CONSENT, now: 0, reads: 0, maxRequests: null };
  return { desired, kinds: kindsOf(kinds), target, scope: { target: [], exclude: [] }, ...rest };
}

const LIVE = { values: ['one', 'two', 'three'] };

function machinesWith(settings: Record<string, number | null>): World['machines'] {
  return [{ id: 'm0', site: 'a', live: { size: 'dev', settings: { KEY: 0 } }, entry: { size: 'dev', settings } }];
}

function rule(given: Pick<Invariant, 'rule' | 'keys'>): Invariant {
  const where = { file: 'state.yaml', line: 1, column: 1 };
  return { ...given, kind: 'setting', within: null, sides: [[]], reason: null, where };
}
