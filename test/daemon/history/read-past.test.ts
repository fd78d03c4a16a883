// Another process reads what the daemon writes.
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHistory } from '../../../src/daemon/history/open-history.ts';
import { readPast } from '../../../src/daemon/history/read-past.ts';
import type { Address } from '../../../src/model/address.ts';
import type { History, RunInput } from '../../../src/model/history.ts';

let folder: string;
let made = 0;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'converge-past-'));
});
afterAll(() => rm(folder, { recursive: true }));

const HOUR = 3_600_000;
const LEVEL = 'project:shop/deployment:production/env-var:LOG_LEVEL' as Address;
const OTHER = 'project:shop' as Address;

const open = (file: string): Promise<History> =>
  openHistory({
    file,
    bounds: { ageMs: 30 * 24 * HOUR, bytes: 16 * 1024 * 1024 },
    clock: { now: () => 10 * HOUR, monotonic: () => 0 },
    onState: () => undefined,
  });

/** A run at an hour, which finds the level as declared or not. */
function run(id: number, differs: boolean): RunInput {
  const difference = {
    address: LEVEL,
    kind: 'env-var',
    action: 'update',
    reason: 'differs',
    fields: ['value'],
  } as const;
  const differing = differs ? [difference] : [];
  return {
    id,
    session: 'one',
    cause: 'schedule',
    startedAt: id * HOUR,
    ms: 10,
    result: 'done',
    problem: null,
    requests: { reads: 1, writes: 0 },
    held: 0,
    outcomes: [],
    origin: 'live',
    found: differing,
    reading: { at: id * HOUR, differing, equal: new Set(differs ? [OTHER] : [OTHER, LEVEL]), whole: true },
  };
}

const ask = { addresses: [LEVEL, OTHER, 'project:none' as Address], since: 0 };

test('since when is read while the daemon writes on, and after it ended; nothing is put beside the file', async () => {
  // A blank, and what means something in a URL.
  const file = path.join(folder, `a b%20?${made++}#.db`);
  const history = await open(file);
  history.record(run(1, false));
  history.record(run(2, false));
  history.record(run(3, true));
  const while1 = await readPast(file, ask);
  expect(while1).toEqual({
    past: {
      from: HOUR,
      isCut: false,
      episodes: [expect.objectContaining({ address: LEVEL, seenAt: 3 * HOUR, lastEqualAt: 2 * HOUR, goneAt: null })],
      lastEqual: new Map([
        [LEVEL, 2 * HOUR],
        [OTHER, 3 * HOUR],
      ]),
    },
  });
  history.record(run(4, false));
  expect(await readPast(file, ask)).toMatchObject({ past: { episodes: [{ goneAt: 4 * HOUR }] } });
  expect(history.state().available).toBe(true);
  history.close();
  const before = readdirSync(folder);
  expect(await readPast(file, ask)).toMatchObject({ past: { episodes: [{ goneAt: 4 * HOUR }] } });
  expect(await readPast(file, { ...ask, since: 5 * HOUR })).toMatchObject({ past: { from: 5 * HOUR, episodes: [] } });
  expect(readdirSync(folder)).toEqual(before);
});

test.each<[string, (file: string) => void, string | RegExp]>([
  ['one that is missing', () => undefined, 'there is no such file'],
  ['a folder', (file) => mkdirSync(file), 'it is no plain file'],
  ['text', (file) => writeFileSync(file, 'history, '.repeat(1_000)), 'the file is no database'],
  ['an empty file', (file) => writeFileSync(file, ''), 'the file is a database of something else'],
  [
    'the database of something else',
    (file) => {
      using db = new DatabaseSync(file);
      db.exec('CREATE TABLE runs (id INTEGER)');
    },
    'the file is a database of something else',
  ],
  ['a broken link', (file) => symlinkSync(`${file}-nowhere`, file), 'there is no such file'],
])('%s is told, and nothing is made of it', async (_, make, why) => {
  const file = path.join(folder, `wrong-${made++}`);
  make(file);
  const before = readdirSync(folder);
  expect(await readPast(file, ask)).toEqual({ why });
  expect(readdirSync(folder)).toEqual(before);
});

test.each([
  ['user_version = 99', 'the file was written by a newer version of this program'],
  ['user_version = 0', 'the file was written by an older version of this program, whose daemon has to open it first'],
])('of another version: %s', async (pragma, why) => {
  const file = path.join(folder, `version-${made++}`);
  const history = await open(file);
  history.record(run(1, false));
  history.close();
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA ${pragma}`);
  db.close();
  expect(await readPast(file, ask)).toEqual({ why });
});

test('a damaged one is told', async () => {
  const file = path.join(folder, `damaged-${made++}`);
  const history = await open(file);
  for (let id = 1; id < 40; id++) history.record(run(id, id % 2 === 0));
  history.close();
  const db = new DatabaseSync(file);
  const size = Number(db.prepare('PRAGMA page_count').get()?.['page_count']) * 4_096;
  db.close();
  const { open: openFile } = await import('node:fs/promises');
  const handle = await openFile(file, 'r+');
  await handle.write(Buffer.alloc(size - 4_096, 0xab), 0, size - 4_096, 4_096);
  await handle.close();
  expect(await readPast(file, ask)).toEqual({ why: expect.stringMatching(/damaged|cannot be used/) as string });
});
