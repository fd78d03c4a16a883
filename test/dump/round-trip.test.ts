// What is dumped asks for exactly what is there.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DumpRequest } from '../../src/compose/dump.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { inFolder } from '../kit/scratch.ts';
import { dumpOf, planAfter, settingsFor } from './dumping.ts';
import { randomTeam, type RandomTeam } from './random-team.ts';

const MODES: readonly (readonly [string, Partial<DumpRequest>, number])[] = [
  ['values by reference', {}, 200],
  ['all values', { includeValues: true }, 40],
  ['everything', { all: true }, 40],
  ['one file per project', { split: 'state' }, 25],
  ['values left to be filled in', { secrets: 'placeholder' }, 25],
];

/** What is wrong with the plan after the dump; null: nothing. */
async function wrongAfter(
  team: RandomTeam,
  dialect: 'official' | 'catalog',
  request: Partial<DumpRequest>,
): Promise<unknown> {
  const sandbox = await startSandbox({ dialect, seed: team.seed });
  try {
    const settings = settingsFor(sandbox.url, dialect);
    const dumped = await dumpOf(settings, request);
    if (sandbox.log.some(({ kind }) => kind === 'write')) return 'a dump writes';
    return await inFolder({}, async (cwd) => {
      const planned = await planAfter(settings, dumped, cwd);
      if (planned.type !== 'planned') return planned.diagnostics;
      const { changes, refusals, unreadable, unmanaged } = planned.plan;
      if (changes.length + refusals.length + unreadable.length > 0) return { changes, refusals, unreadable };
      const left = team.undeclarable({ clear: request.includeValues === true, all: request.all === true });
      return unmanaged.length === left ? null : { unmanaged, left };
    });
  } finally {
    await sandbox.close();
  }
}

it.each(['official', 'catalog'].flatMap((dialect) => MODES.map((mode) => [dialect as 'official', ...mode] as const)))(
  '%s: dump, then plan is empty: %s',
  { timeout: 300_000 },
  async (dialect, _mode, request, numRuns) => {
    await fc.assert(
      fc.asyncProperty(randomTeam, async (team) => {
        expect(await wrongAfter(team, dialect, request)).toBeNull();
      }),
      { seed: 20261121, numRuns, endOnFailure: true },
    );
  },
);
