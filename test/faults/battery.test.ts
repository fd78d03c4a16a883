// A little of each stage; `npm run test:faults` is the whole battery.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { StageResult } from './kit/stage.ts';
import { crash } from './stages/crash.ts';
import { faults } from './stages/faults.ts';
import { fuzz } from './stages/fuzz.ts';
import { kill } from './stages/kill.ts';
import { random } from './stages/random.ts';
import { bite } from './stages/teeth.ts';
import { together } from './stages/together.ts';
import { BUGS, plant } from './teeth/bugs.ts';

const SEED = 20261121;

/** What was found, and where less was done than was to be done: a stage that checks nothing must not pass. */
function missing({ counts, failure }: StageResult, least: Readonly<Record<string, number>>): readonly unknown[] {
  const less = Object.entries(least).filter(([what, n]) => (counts[what] ?? 0) < n);
  return [...(failure === null ? [] : [failure]), ...less.map(([what]) => `${what}: ${String(counts[what])}`)];
}

describe('a little of the battery', () => {
  test('1 random states', async () => {
    const done = await random({ seed: SEED, count: 100 });
    expect(missing(done, { documents: 100, applied: 40, refused: 10, changes: 300 })).toEqual([]);
  });

  test('2 killed at every request', async () => {
    const done = await crash({ seed: SEED, count: 8 });
    expect(missing(done, { plans: 8, crashes: 300, 'late arrivals': 20 })).toEqual([]);
  });

  test('3 every fault at every request', async () => {
    const done = await faults({ seed: SEED, count: 3, mostRequests: 24 });
    expect(missing(done, { plans: 3, faults: 800 })).toEqual([]);
  });

  test('4 stale reads, two at once, a human', async () => {
    const done = await together({ seed: SEED, count: 30 });
    expect(missing(done, { plans: 30, behind: 30, deeds: 60, 'races lost': 1 })).toEqual([]);
  });

  test('5 kill -9', async () => {
    const done = await kill({ seed: SEED, count: 1, mostWrites: 3 });
    expect(missing(done, { plans: 1, kills: 4 })).toEqual([]);
  });

  test('7 fuzz', async () => {
    const done = await fuzz({ seed: SEED, count: 0, cases: 400 });
    const each = { documents: 400, 'dotenv files': 400, plans: 400, replies: 400 };
    expect(missing(done, each)).toEqual([]);
  });
});

describe('the teeth', () => {
  test.each(BUGS.map((bug) => [bug.name, bug] as const))('%s: its line is there', (_, bug) => {
    const source = readFileSync(path.join(import.meta.dirname, '../../src', bug.file), 'utf8');
    expect(plant(bug, source)).not.toBe(source);
  });

  test('are enough, and each bug is another', () => {
    expect(BUGS.length).toBeGreaterThanOrEqual(25);
    expect(new Set(BUGS.map(({ file, replace, find }) => JSON.stringify([file, find, replace]))).size).toBe(
      BUGS.length,
    );
  });

  test.each([
    'an unknown write is sent again without a look',
    'names are compared, values are not',
    'a header is logged',
    'nothing is protected',
  ])('%s: is caught', async (name) => {
    const bug = BUGS.find((one) => one.name === name);
    expect(bug === undefined ? null : await bite(bug, SEED)).not.toBeNull();
  });
});
