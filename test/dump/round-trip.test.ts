// What is dumped asks for exactly what is there.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DumpRequest } from '../../src/compose/dump.ts';
import { stateLoader } from '../../src/document/load.ts';
import { kindsFor } from '../../src/providers/registry.ts';
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
      // What is to be filled in is live and not declared.
      if (request.secrets === 'placeholder') return null;
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

it.each(['official', 'catalog'] as const)(
  '%s: a sanitized dump is a document that its dialect accepts, and tells no name',
  { timeout: 120_000 },
  async (dialect) => {
    await fc.assert(
      fc.asyncProperty(randomTeam, async (team) => {
        const sandbox = await startSandbox({ dialect, seed: team.seed });
        try {
          const dumped = await dumpOf(settingsFor(sandbox.url, dialect), { sanitize: true });
          const text = dumped.documents.map((document) => document.text).join('');
          const load = stateLoader(kindsFor(dialect));
          expect(load([{ path: 'sanitized.yaml', bytes: new TextEncoder().encode(text) }]).diagnostics).toEqual([]);
          expect(text).not.toMatch(/STRIPE|acme|billing|p0d0|sandbox-|PRIVATE/);
        } finally {
          await sandbox.close();
        }
      }),
      { seed: 20261121, numRuns: 15, endOnFailure: true },
    );
  },
);
