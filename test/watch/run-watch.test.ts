import { describe, expect, test } from 'vitest';
import { runWatch, type RunEnd, type Watching } from '../../src/reconcile/run-watch.ts';
import { WATCH_TIMES } from '../../src/reconcile/watch.ts';
import { virtualClock } from '../providers/virtual-clock.ts';

const DONE: RunEnd = { result: 'done', retryInMs: null };
const FAILED: RunEnd = { result: 'failed', retryInMs: null };

/** A loop under a virtual clock; `run` says what each run does, and every run is noted with its time. */
function looping(
  run: (at: {
    readonly count: number;
    readonly loop: () => Watching;
    readonly abort: AbortSignal;
    readonly drain: AbortSignal;
    readonly sleep: (ms: number) => Promise<void>;
  }) => Promise<RunEnd>,
) {
  const clock = virtualClock();
  const runs: string[] = [];
  const phases: string[] = [];
  let loop: Watching | null = null;
  const started = runWatch({
    clock,
    chance: () => 0,
    onPhase: (phase) => void phases.push(phase),
    async run(cause, signals) {
      runs.push(`${clock.monotonic()} ${cause}`);
      // The caller has the loop before the first run goes on.
      await Promise.resolve();
      return run({
        count: runs.length,
        loop: () => loop as unknown as Watching,
        sleep: (ms) => clock.sleep(ms),
        ...signals,
      });
    },
  });
  loop = started;
  return { loop: started, runs, phases, clock };
}

describe('the loop', () => {
  test('runs at once; files that change while it runs are read after it, once, when they are quiet', async () => {
    const { loop, runs, phases } = looping(async ({ count, loop, sleep }) => {
      if (count === 1) {
        await sleep(100);
        loop().trigger('files');
        loop().trigger('files');
        await sleep(100);
        loop().trigger('tick');
      } else loop().stop();
      return DONE;
    });
    expect(await loop.ended).toBe('drained');
    expect(runs).toEqual(['0 start', `${200 + WATCH_TIMES.settleMs} files`]);
    expect(phases).toEqual(['reconciling', 'dirty', 'settling', 'reconciling', 'draining', 'stopped']);
  });

  test('backs off from a platform that fails, and comes back by itself', async () => {
    const { loop, runs } = looping(async ({ count, loop }) => {
      if (count < 4) return FAILED;
      loop().stop();
      return DONE;
    });
    expect(await loop.ended).toBe('drained');
    expect(runs).toEqual(['0 start', '1000 retry', '3000 retry', '7000 retry']);
  });

  test('a stop lets what runs end', async () => {
    const { loop, clock } = looping(async ({ loop, sleep, drain, abort }) => {
      loop().stop();
      expect(drain.aborted).toBe(true);
      await sleep(WATCH_TIMES.drainMs - 1);
      expect(abort.aborted).toBe(false);
      return DONE;
    });
    expect(await loop.ended).toBe('drained');
    expect(clock.monotonic()).toBe(WATCH_TIMES.drainMs - 1);
  });

  test('what does not end by the deadline is aborted, and that is no clean end', async () => {
    const { loop, clock } = looping(({ loop, abort }) => {
      loop().stop();
      return new Promise((resolve) => abort.addEventListener('abort', () => resolve(DONE)));
    });
    expect(await loop.ended).toBe('aborted');
    expect(clock.monotonic()).toBe(WATCH_TIMES.drainMs);
  });

  test('a second signal aborts at once', async () => {
    const { loop, clock } = looping(({ loop, abort }) => {
      loop().stop();
      loop().abort();
      expect(abort.aborted).toBe(true);
      return Promise.resolve(DONE);
    });
    expect(await loop.ended).toBe('aborted');
    expect(clock.monotonic()).toBe(0);
  });

  test('a run that rejects ends the loop with its error', async () => {
    const { loop } = looping(() => Promise.reject(new Error('a bug')));
    await expect(loop.ended).rejects.toThrow('a bug');
  });
});

test('a day of a schedule and of failures: never two at once, every hour has its run', async () => {
  const clock = virtualClock();
  const hours = new Set<number>();
  let running = 0;
  let count = 0;
  const loop = runWatch({
    clock,
    chance: () => 0.5,
    onPhase: () => undefined,
    async run() {
      expect(++running).toBe(1);
      hours.add(Math.floor(clock.monotonic() / 3_600_000));
      await clock.sleep(2_000 + (count % 7) * 3_000);
      running -= 1;
      return ++count % 5 === 0 ? FAILED : DONE;
    },
  });
  for (let tick = 0; tick < 24 * 360; tick++) {
    await clock.sleep(10_000);
    loop.trigger(tick % 540 === 0 ? 'files' : 'tick');
  }
  loop.stop();
  expect(await loop.ended).toBe('drained');
  expect(hours.size).toBeGreaterThanOrEqual(24);
  expect(count).toBeGreaterThan(3_000);
});
