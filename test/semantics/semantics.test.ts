import { readdirSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { runCase, START, type Case } from './case.ts';

const here = import.meta.dirname;
const folders = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

const BUILT = Array.from({ length: 37 }, (_, index) => index + 1);

describe('the contract', () => {
  // What expires and what opens is judged by the date, which stands still too; timers go on.
  beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'], now: START }));
  afterAll(() => void vi.useRealTimers());

  it.each(folders)('%s', async (name) => {
    const folder = join(here, name);
    const printed = await runCase(folder);
    if (process.env['UPDATE_GOLDEN'] === '1') {
      for (const file of goldenFiles(folder)) await rm(join(folder, file));
      for (const [file, text] of printed) await writeFile(join(folder, file), text);
    }
    expect(printed).toEqual(await goldenOf(folder));
  });

  it('has a folder for every rule that is built, numbered by it', async () => {
    const covered = new Set<number>();
    for (const name of folders) {
      const { rule } = parse(await readFile(join(here, name, 'case.yaml'), 'utf8')) as Case;
      const rules = typeof rule === 'number' ? [rule] : rule;
      expect(Number(name.slice(0, 2)), name).toBe(rules[0]);
      for (const number of rules) covered.add(number);
    }
    expect([...covered].sort((a, b) => a - b)).toEqual(BUILT);
  });
});

/** What the folder says its steps print. */
async function goldenOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const read = async (file: string) => [file, await readFile(join(folder, file), 'utf8')] as const;
  return new Map(await Promise.all(goldenFiles(folder).map(read)));
}

function goldenFiles(folder: string): readonly string[] {
  return readdirSync(folder).filter((file) => /^\d+-.*\.(?:txt|json)$/.test(file));
}
