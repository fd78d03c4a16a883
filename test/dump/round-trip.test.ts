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
  ['all values', { includeValues: true }, 60],
  ['everything', { all: true }, 60],
  ['one file per project', { split: 'state' }, 40],
];

async function check(team: RandomTeam, dialect: 'official' | 'catalog', request: Partial<DumpRequest>): Promise<void> {
  const sandbox = await startSandbox({ dialect, seed: team.seed });
  try {
    const settings = settingsFor(sandbox.url, dialect);
    const dumped = await dumpOf(settings, request);
    expect(sandbox.log.filter(({ kind }) => kind === 'write')).toEqual([]);
    await inFolder({}, async (cwd) => {
      const planned = await planAfter(settings, dumped, cwd);
      if (planned.type !== 'planned') throw new Error(JSON.stringify(planned.diagnostics, null, 2));
      const { changes, refusals, unreadable, unmanaged } = planned.plan;
      expect({ changes, refusals, unreadable }).toEqual({ changes: [], refusals: [], unreadable: [] });
      expect(unmanaged.length, unmanaged.join(' ')).toBe(
        team.undeclarable({ clear: request.includeValues === true, all: request.all === true }),
      );
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
      fc.asyncProperty(randomTeam, (team) => check(team, dialect, request)),
      { seed: 20261121, numRuns, endOnFailure: true },
    );
  },
);
