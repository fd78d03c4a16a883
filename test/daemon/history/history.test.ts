import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { openHistory, type HistoryOptions } from '../../../src/daemon/history/open-history.ts';
import type { History, HistoryState } from '../../../src/model/history.ts';
import { inFolder } from '../../kit/scratch.ts';
import { difference, differing, healing, KEY, OTHER, outcome, quiet, START } from './runs.ts';

const DAY_MS = 86_400_000;
const BOUNDS = { ageMs: 90 * DAY_MS, bytes: 64 * 1024 * 1024 };

interface Opened {
  readonly history: History;
  readonly states: (HistoryState & { readonly aside: string | null })[];
  /** Time passes. */
  readonly later: (ms: number) => void;
}

async function open(file: string | null, part: Partial<HistoryOptions> = {}): Promise<Opened> {
  let elapsed = 0;
  const states: Opened['states'] = [];
  const history = await openHistory({
    file,
    bounds: BOUNDS,
    clock: { now: () => START + elapsed, monotonic: () => elapsed },
    onState: (state) => void states.push(state),
    ...part,
  });
  return { history, states, later: (ms) => void (elapsed += ms) };
}

const page = { limit: 100, before: null };
const since = { since: 0, limit: 100 };

describe('runs', () => {
  test('equal runs that follow each other are one row with the latest figures, an hour at most', async () => {
    const { history } = await open(null);
    for (let minute = 1; minute <= 90; minute++) history.record(quiet(minute, { ms: minute }));
    const { runs } = history.runs(page);
    expect(runs.map(({ id, firstId, count, ms }) => [id, firstId, count, ms])).toEqual([
      [90, 61, 30, 90],
      [60, 1, 60, 60],
    ]);
    expect(history.run(37)?.run.id).toBe(60);
    expect(history.run(91)).toBeNull();
    expect(history.nextId()).toBe(91);
    history.close();
  });

  test('what is news stands alone, with its changes; pages follow each other', async () => {
    const { history } = await open(null);
    history.record(quiet(1));
    history.record(healing(2, KEY));
    history.record(quiet(3, { outcomes: [outcome(OTHER, 'failed')] }));
    history.record(quiet(4));
    history.record(quiet(5, { result: 'failed', problem: 'unreachable', reading: null }));
    const first = history.runs({ limit: 2, before: null });
    expect(first.runs.map(({ id, result, differs }) => [id, result, differs])).toEqual([
      [5, 'failed', null],
      [4, 'done', 0],
    ]);
    const second = history.runs({ limit: 3, before: first.next });
    expect([second.runs.map(({ id }) => id), second.next]).toEqual([[3, 2, 1], null]);
    expect(history.run(2)).toMatchObject({ run: { changed: 1 }, outcomes: [{ address: KEY, status: 'succeeded' }] });
    expect(history.run(3)?.outcomes).toEqual([outcome(OTHER, 'failed')]);
    history.close();
  });
});

describe('drift', () => {
  test('healed at once: one episode, with when it was last equal and who healed it', async () => {
    const { history } = await open(null);
    history.record(quiet(1));
    const { opened, closed } = history.record(healing(2, KEY));
    expect(history.episodes(since)).toEqual([
      {
        ...difference(KEY),
        origin: 'live',
        seenAt: START + 120_000,
        run: 2,
        lastEqualAt: START + 60_100,
        goneAt: START + 120_100,
        healedBy: 'converge',
        healedIn: 2,
      },
    ]);
    expect([opened, closed].map((episodes) => episodes.map(({ address }) => address))).toEqual([[KEY], [KEY]]);
    history.close();
  });

  test('seen for hours, then put back by somebody: one episode, not one per run', async () => {
    const { history } = await open(null);
    history.record(quiet(1));
    history.record(differing(2, KEY));
    const again = history.record(differing(3, KEY));
    expect([again.opened, again.closed]).toEqual([[], []]);
    expect(history.lastEqual(KEY)).toBe(START + 60_100);
    expect(history.lastEqual(OTHER)).toBe(START + 180_100);
    const { closed } = history.record(quiet(4));
    expect(closed).toMatchObject([{ address: KEY, healedBy: 'elsewhere', seenAt: START + 120_000 }]);
    expect(history.episodes({ since: START + 300_000, limit: 9 })).toEqual([]);
    expect(history.episodes({ since: START + 200_000, limit: 9 })).toHaveLength(1);
    history.close();
  });

  test('what could not be read has not gone; what an uncertain write did is ours', async () => {
    const { history } = await open(null);
    history.record(differing(1, KEY));
    const holes = quiet(2, {
      result: 'failed',
      reading: { at: START, differing: [], equal: new Set([OTHER]), whole: false },
    });
    expect(history.record(holes).closed).toEqual([]);
    history.record({ ...differing(3, KEY), outcomes: [outcome(KEY, 'uncertain')], reading: null });
    expect(history.record(quiet(4)).closed).toMatchObject([{ healedBy: 'converge', healedIn: 3 }]);
    history.close();
  });

  test('another way of differing moves the episode on', async () => {
    const { history } = await open(null);
    history.record(differing(1, KEY));
    const moved = { ...difference(KEY), action: 'create', reason: 'absent' } as const;
    history.record(
      quiet(2, { found: [moved], reading: { at: START, differing: [moved], equal: new Set(), whole: true } }),
    );
    expect(history.episodes(since)).toMatchObject([{ action: 'create', reason: 'absent', run: 1, goneAt: null }]);
    history.close();
  });
});

describe('a file', () => {
  test('is private, outlives the process, and knows what was open', async () => {
    await inFolder({}, async (folder) => {
      const file = path.join(folder, 'history.db');
      const first = await open(file);
      first.history.record(quiet(1));
      first.history.record(differing(2, KEY));
      for (const name of await readdir(folder)) expect((await stat(path.join(folder, name))).mode & 0o777).toBe(0o600);
      first.history.close();
      expect(await readdir(folder)).toEqual(['history.db']);
      const second = await open(file);
      expect(second.history.nextId()).toBe(3);
      expect(second.history.lastEqual(KEY)).toBe(START + 60_100);
      // Its number is taken, so that it gets the next one.
      expect(second.history.record({ ...differing(3, KEY), id: 1, session: 't' })).toEqual({
        id: 3,
        opened: [],
        closed: [],
      });
      expect(second.history.state()).toMatchObject({ available: true, place: 'file' });
      expect([first.states, second.states]).toEqual([[], []]);
      second.history.close();
    });
  });

  test('two processes may write it: each sees what the other has opened', async () => {
    await inFolder({}, async (folder) => {
      const file = path.join(folder, 'history.db');
      const [one, two] = [await open(file), await open(file)];
      one.history.record(differing(1, KEY));
      expect(two.history.record(differing(1, KEY))).toEqual({ id: 2, opened: [], closed: [] });
      expect(one.history.record(quiet(3)).closed).toHaveLength(1);
      one.history.close();
      two.history.close();
    });
  });

  test('a process that is killed in the middle of writing leaves a file that can be read', async () => {
    await inFolder({}, async (folder) => {
      const file = path.join(folder, 'history.db');
      const script = path.resolve(import.meta.dirname, 'write-and-die.ts');
      await expect(promisify(execFile)(process.execPath, [script, file])).rejects.toMatchObject({ signal: 'SIGKILL' });
      const { history, states } = await open(file);
      // The last one was begun and not ended: as if it had never been.
      expect(history.runs(page).runs.map(({ id }) => id)).toEqual([20]);
      expect(history.nextId()).toBe(21);
      expect(states).toEqual([]);
      history.close();
    });
  });
});

describe('a file that cannot be used is told once, and memory serves', () => {
  async function unusable(file: string, why: RegExp): Promise<void> {
    const { history, states, later } = await open(file);
    expect(states).toMatchObject([{ available: false, place: 'memory', why: expect.stringMatching(why) }]);
    history.record(quiet(1));
    later(31_000);
    history.record(healing(2, KEY));
    expect(states).toHaveLength(1);
    expect(history.runs(page).runs.map(({ id }) => id)).toEqual([2, 1]);
    history.close();
  }

  test('no database, and nobody knows whose: left as it is', async () => {
    await inFolder({ 'state.yaml': 'version: 1\n'.repeat(100) }, async (folder) => {
      await unusable(path.join(folder, 'state.yaml'), /^the file is no database, and is left as it is$/);
      expect(await readdir(folder)).toEqual(['state.yaml']);
      expect(await readFile(path.join(folder, 'state.yaml'), 'utf8')).toBe('version: 1\n'.repeat(100));
    });
  });

  test("somebody else's database", async () => {
    await inFolder({}, async (folder) => {
      const file = path.join(folder, 'theirs.db');
      const theirs = new DatabaseSync(file);
      theirs.exec('CREATE TABLE accounts (name TEXT)');
      theirs.close();
      await unusable(file, /database of something else/);
      const after = new DatabaseSync(file, { readOnly: true });
      expect(after.prepare('SELECT name FROM sqlite_schema').all()).toMatchObject([{ name: 'accounts' }]);
      after.close();
    });
  });

  test('written by a newer version', async () => {
    await inFolder({}, async (folder) => {
      const file = path.join(folder, 'history.db');
      const { history } = await open(file);
      history.record(quiet(1));
      history.close();
      const db = new DatabaseSync(file);
      db.exec('PRAGMA user_version = 99');
      db.close();
      await unusable(file, /newer version/);
      const after = new DatabaseSync(file, { readOnly: true });
      expect(after.prepare('SELECT id FROM runs').all()).toMatchObject([{ id: 1 }]);
      after.close();
    });
  });

  test('a link, a folder, a folder that is missing, one that takes no files', async () => {
    await inFolder({ 'target.db': '' }, async (folder) => {
      await symlink(path.join(folder, 'target.db'), path.join(folder, 'link.db'));
      await mkdir(path.join(folder, 'sub.db'));
      await unusable(path.join(folder, 'link.db'), /link or no plain file/);
      await unusable(path.join(folder, 'sub.db'), /link or no plain file/);
      await unusable(path.join(folder, 'none/history.db'), /cannot be made \(ENOENT\)/);
      // Whoever we are: root may write where modes forbid it.
      await unusable('/proc/history.db', /cannot be made \(E(?:NOENT|ACCES|PERM)\)/);
      expect((await stat(path.join(folder, 'target.db'))).size).toBe(0);
    });
  });

  test('held by another process: what it misses is written once it is free', async () => {
    await inFolder({}, async (folder) => {
      const file = path.join(folder, 'history.db');
      const { history, states, later } = await open(file);
      history.record(quiet(1));
      const other = new DatabaseSync(file);
      other.exec('BEGIN IMMEDIATE');
      history.record(differing(2, KEY));
      expect(states).toMatchObject([{ available: false, why: 'another process holds the file' }]);
      history.record(healing(3, KEY));
      other.exec('ROLLBACK');
      other.close();
      later(31_000);
      history.record(quiet(4));
      expect(states.slice(1)).toMatchObject([{ available: true, why: null, place: 'file' }]);
      expect(history.runs(page).runs.map(({ id }) => id)).toEqual([4, 3, 2, 1]);
      expect(history.episodes(since)).toMatchObject([{ address: KEY, run: 2, healedBy: 'converge', healedIn: 3 }]);
      history.close();
    });
  });

  test('a disk that takes no more in the middle of it', async () => {
    await inFolder({}, async (folder) => {
      // A limit on the size of files is how a process without rights fills a disk; Node ignores its signal.
      const script = path.resolve(import.meta.dirname, 'write-until-full.ts');
      const command = 'ulimit -f 2048; exec "$0" "$1" "$2"';
      const args = ['-c', command, process.execPath, script, path.join(folder, 'history.db')];
      const { stdout } = await promisify(execFile)('bash', args);
      const { states, runs } = JSON.parse(stdout) as {
        readonly states: readonly HistoryState[];
        readonly runs: unknown;
      };
      expect(states).toMatchObject([{ available: false, place: 'memory', why: expect.stringMatching(/full|failed/) }]);
      expect(runs).toEqual([800, 799, 798]);
      const { history } = await open(path.join(folder, 'history.db'));
      const kept = history.nextId() - 1;
      expect(kept).toBeGreaterThan(10);
      expect(history.runs({ limit: 800, before: null }).runs.map(({ id }) => id)).toEqual(
        Array.from({ length: kept }, (_, index) => kept - index),
      );
      history.close();
    });
  });

  test('damaged, and ours: set aside, and a new one begun; the loop hears of both once', async () => {
    await inFolder({}, async (folder) => {
      const file = path.join(folder, 'history.db');
      const before = await open(file);
      for (let minute = 1; minute < 400; minute++) before.history.record(healing(minute, KEY));
      before.history.close();
      const bytes = await readFile(file);
      await writeFile(file, Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 0x5a)]));
      const { history, states, later } = await open(file);
      history.record(quiet(400));
      later(31_000);
      history.record(quiet(401));
      expect(history.state()).toMatchObject({ available: true, place: 'file' });
      const aside = (await readdir(folder)).filter((name) => name.startsWith('history.db.corrupt-'));
      expect(aside).toHaveLength(1);
      expect(states.map(({ aside: to }) => to).filter((to) => to !== null)).toEqual([
        path.join(folder, aside[0] ?? ''),
      ]);
      expect((await stat(path.join(folder, aside[0] ?? ''))).size).toBe(bytes.length);
      expect(history.runs(page).runs[0]?.id).toBe(401);
      history.close();
    });
  });
});

describe('it stays small', () => {
  test('what is too old goes, in small steps', async () => {
    const { history, later } = await open(null, { bounds: { ...BOUNDS, ageMs: DAY_MS } });
    history.record(healing(1, KEY));
    history.record(differing(2, KEY));
    later(2 * DAY_MS);
    history.record(differing(2 * 1440, KEY));
    expect(history.runs(page).runs.map(({ id }) => id)).toEqual([2880]);
    // What still differs is not forgotten, however long it has.
    expect(history.episodes(since)).toMatchObject([{ run: 2, goneAt: null }]);
    history.close();
  });

  test('a file never grows over its bound, and what is new is kept', async () => {
    await inFolder({}, async (folder) => {
      const file = path.join(folder, 'history.db');
      const bytes = 512 * 1024;
      const { history, states } = await open(file, { bounds: { ...BOUNDS, bytes } });
      let most = 0;
      for (let minute = 1; minute <= 1_500; minute++) {
        history.record(healing(minute, KEY, OTHER));
        if (minute % 50 === 0) {
          const sizes = await Promise.all(
            (await readdir(folder)).map(async (name) => (await stat(path.join(folder, name))).size),
          );
          most = Math.max(most, sizes.reduce((all, one) => all + one, 0) - 32_768);
        }
      }
      expect(most).toBeLessThanOrEqual(bytes);
      expect(states).toEqual([]);
      const { runs } = history.runs(page);
      expect(runs[0]?.id).toBe(1_500);
      expect(runs).toHaveLength(100);
      expect(history.state().bytes).toBeLessThanOrEqual(bytes);
      history.close();
    });
  });

  test('a bound that nothing fits in stops nothing', async () => {
    await inFolder({}, async (folder) => {
      const { history, states } = await open(path.join(folder, 'history.db'), { bounds: { ...BOUNDS, bytes: 16_384 } });
      expect(history.record(quiet(1)).id).toBe(1);
      expect(states).toMatchObject([{ available: false, why: expect.stringContaining('full') }]);
      history.close();
    });
  });
});

test('a read-only file', async () => {
  await inFolder({}, async (folder) => {
    const file = path.join(folder, 'history.db');
    const { history } = await open(file);
    history.record(quiet(1));
    history.close();
    await chmod(file, 0o400);
    const again = await open(file);
    again.history.record(quiet(2));
    // Root writes it all the same; who may not is told, and goes on.
    const isRoot = process.getuid?.() === 0;
    expect(again.states.map(({ why }) => why)).toEqual(isRoot ? [] : ['the file is read-only']);
    again.history.close();
  });
});
