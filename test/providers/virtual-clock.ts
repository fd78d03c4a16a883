import type { Clock } from '../../src/model/ports.ts';

/**
 * A clock that jumps to the next sleeper once nothing else is left to do. `isBusy`: while true, something is left to do
 * that the clock cannot see, such as reading a file.
 */
export function virtualClock(start = Date.UTC(2026, 10, 20), isBusy = (): boolean => false): Clock {
  let elapsed = 0;
  let isScheduled = false;
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      if (isBusy()) return schedule();
      const next = [...sleepers].reduce<{ readonly until: number; readonly wake: () => void } | null>(
        (first, sleeper) => (first === null || sleeper.until < first.until ? sleeper : first),
        null,
      );
      if (next === null) return;
      sleepers.delete(next);
      elapsed = Math.max(elapsed, next.until);
      next.wake();
      schedule();
    });
  }

  return {
    now: () => start + elapsed,
    monotonic: () => elapsed,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const sleeper = { until: elapsed + Math.max(0, ms), wake: resolve };
      const abort = (): void => {
        sleepers.delete(sleeper);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', abort, { once: true });
      sleepers.add(sleeper);
      schedule();
      try {
        await promise;
      } finally {
        signal?.removeEventListener('abort', abort);
      }
    },
  };
}
