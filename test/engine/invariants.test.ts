import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/change.ts';
import type { Invariant } from '../../src/model/invariant.ts';
import { completions, isBroken, outlookOf, sidesOf, worlds, type World } from './compared-world.ts';
import { planOn, type PlanOptions } from './run.ts';

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

const LIVE = { values: ['one', 'two', 'three'] };

function machinesWith(settings: Record<string, number | null>): World['machines'] {
  return [{ id: 'm0', site: 'a', live: { size: 'dev', settings: { KEY: 0 } }, entry: { size: 'dev', settings } }];
}

function rule(given: Pick<Invariant, 'rule' | 'keys'>): Invariant {
  const where = { file: 'state.yaml', line: 1, column: 1 };
  return { ...given, kind: 'setting', within: null, sides: [[]], reason: null, where };
}
