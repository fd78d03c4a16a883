import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/diff/digest.ts';
import { letterAt } from '../../src/diff/parity.ts';
import type { ParityGroup } from '../../src/model/parity.ts';
import { Secret } from '../../src/model/secret.ts';
import { planHtml } from '../../src/report/html/plan-html.ts';
import { jsonText } from '../../src/report/plain-json.ts';
import { planDocument } from '../../src/report/plan-json.ts';
import { planMarkdown } from '../../src/report/plan-markdown.ts';
import { renderPlan } from '../../src/report/plan-text.ts';
import { outlookOf, sidesOf, worlds, type World } from './compared-world.ts';
import { planOn } from './run.ts';

const seed = 20261121;
const key = Buffer.alloc(32, 7);
const META = { tool: '0.1.0', createdAt: '2026-11-21T12:00:00Z' };

async function planOf(world: World, parityKey: Uint8Array = key) {
  const { desired, memory } = sidesOf(world);
  return (await planOn(memory, desired, { parityKey })).plan;
}

/** Address and key → cell, folded columns laid apart. */
function cellsIn(groups: readonly ParityGroup[]): ReadonlyMap<string, { state: string; letter?: string }> {
  return new Map(
    groups.flatMap(({ columns, rows }) =>
      columns.flatMap(({ containers }, at) =>
        containers.flatMap((address) =>
          rows.flatMap(({ key: name, cells }) => {
            const cell = cells[at];
            return cell === undefined ? [] : [[`${address} ${name}`, cell] as const];
          }),
        ),
      ),
    ),
  );
}

describe('parity', () => {
  it('is only there when it is asked for', async () => {
    const [world] = fc.sample(worlds({ whole: true }), { numRuns: 1, seed });
    if (world === undefined) throw new Error('no world');
    const { desired, memory } = sidesOf(world);
    const { plan } = await planOn(memory, desired);
    expect(plan.parity).toBeUndefined();
    expect(renderPlan(plan, { color: false, width: 80, command: 'plan' })).not.toContain('Parity');
  });

  it('says of each cell what a naive account says, and equal letters are equal values', async () => {
    await fc.assert(
      fc.asyncProperty(worlds({ whole: false }), async (world) => {
        const groups = (await planOf(world)).parity ?? [];
        const cells = cellsIn(groups);
        const outlook = outlookOf(world);
        const names = new Set([...cells.keys()].map((name) => name.slice(name.indexOf(' ') + 1)));
        for (const name of names)
          for (const one of outlook) {
            const cell = cells.get(`${one.address} ${name}`);
            if (cell === undefined) continue; // the key is in no machine of that site
            const known = one.settings.get(name);
            const state =
              known === undefined
                ? one.rest === 'nothing'
                  ? 'missing'
                  : 'unknown'
                : known === null
                  ? 'missing'
                  : known === '?'
                    ? 'unresolved'
                    : 'set';
            expect([one.address, name, cell.state]).toEqual([one.address, name, state]);
            for (const other of outlook) {
              const beside = cells.get(`${other.address} ${name}`);
              if (other.site !== one.site || cell.state !== 'set' || beside?.state !== 'set') continue;
              expect(cell.letter === beside.letter).toBe(known === other.settings.get(name));
            }
          }
        // Whatever is set somewhere has its row.
        const rowless = outlook.flatMap(({ address, settings }) =>
          [...settings].flatMap(([name, value]) =>
            value === null || cells.has(`${address} ${name}`) ? [] : [`${address} ${name}`],
          ),
        );
        expect(rowless).toEqual([]);
      }),
      { seed, numRuns: 400 },
    );
  });

  it('is the same for every order of entries, of what is live, and for every key', async () => {
    await fc.assert(
      fc.asyncProperty(
        worlds({ whole: false }).chain((world) =>
          fc.tuple(
            fc.constant(world),
            fc.shuffledSubarray([...world.machines], { minLength: world.machines.length }),
            fc.uint8Array({ minLength: 32, maxLength: 32 }),
          ),
        ),
        async ([world, machines, other]) => {
          const turned = machines.map((one) => ({
            ...one,
            ...(one.live !== null && { live: { ...one.live, settings: turnedAround(one.live.settings) } }),
          }));
          const [here, there] = [await planOf(world), await planOf({ ...world, machines: turned }, other)];
          expect(there.parity).toEqual(here.parity);
        },
      ),
      { seed, numRuns: 200 },
    );
  });

  it('folds columns only where all is equal, and folds all that is', async () => {
    await fc.assert(
      fc.asyncProperty(worlds({ whole: false }), async (world) => {
        for (const { columns, rows } of (await planOf(world)).parity ?? []) {
          const contents = columns.map(({ unseen }, at) =>
            JSON.stringify([unseen, rows.map(({ cells }) => cells[at])]),
          );
          expect(new Set(contents).size).toBe(contents.length);
        }
      }),
      { seed, numRuns: 100 },
    );
  });

  it('discloses no value and no digest of one, in any format, also where invariants are broken', async () => {
    await fc.assert(
      fc.asyncProperty(worlds({ whole: false }), async (world) => {
        const plan = await planOf(world);
        const page = { style: '', script: '' };
        const rendered = [
          renderPlan(plan, { color: true, width: 80, command: 'plan' }),
          planMarkdown(plan, { command: 'plan', elsewhere: null }),
          jsonText(planDocument(plan, META)),
          planHtml(plan, { ...META, page, command: 'plan', rate: null }),
        ];
        for (const text of rendered) {
          for (const value of world.values) {
            const secret = new Secret(value);
            expect(text).not.toContain(value);
            for (const under of [key, new Uint8Array(32)])
              for (const digest of [secret.digest(under), digestOf(under, secret), digestOf(under, { value: secret })])
                expect(text).not.toContain(digest.slice(0, 8));
          }
        }
      }),
      { seed, numRuns: 200 },
    );
  });

  it('has letters for as many values as there are', () => {
    expect([0, 25, 26, 27, 701, 702].map(letterAt)).toEqual(['A', 'Z', 'AA', 'AB', 'ZZ', 'AAA']);
    expect(new Set(Array.from({ length: 2_000 }, (_, index) => letterAt(index))).size).toBe(2_000);
  });
});

function turnedAround<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).toReversed());
}
