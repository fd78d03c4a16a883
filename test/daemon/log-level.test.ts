import { expect, test } from 'vitest';
import { openLogLevel, type LogLevel } from '../../src/daemon/log-level.ts';
import { virtualClock } from '../providers/virtual-clock.ts';

/** What is told, and under which level it is logged. */
function bench(initial: 'info' | 'debug' | 'error'): {
  readonly level: LogLevel;
  readonly told: readonly string[];
  readonly sleep: (ms: number) => Promise<void>;
} {
  const clock = virtualClock();
  const told: string[] = [];
  let applied: string = initial;
  const level = openLogLevel({
    initial,
    clock,
    apply: (to) => (applied = to),
    onChange: ({ level: to, before, by, forMs }) =>
      void told.push(
        `${before} to ${to} by ${by}${forMs === null ? '' : ` for ${forMs / 1000} s`}, logged at ${applied}`,
      ),
  });
  return { level, told, sleep: (ms) => clock.sleep(ms) };
}

test('a request holds for its time, and the latest one counts', async () => {
  const { level, told, sleep } = bench('info');
  level.set('debug', 60_000);
  await sleep(30_000);
  level.set('trace', 60_000);
  await sleep(59_000);
  expect(level.current()).toBe('trace');
  await sleep(2_000);
  expect(level.current()).toBe('info');
  await sleep(600_000);
  expect(told).toEqual([
    'info to debug by request for 60 s, logged at debug',
    'debug to trace by request for 60 s, logged at trace',
    'trace to info by time, logged at trace',
  ]);
});

test('a signal goes to debug and back, and ends what was asked for', async () => {
  const { level, told, sleep } = bench('error');
  level.toggle();
  level.toggle();
  level.set('trace', 60_000);
  level.toggle();
  await sleep(120_000);
  expect(level.current()).toBe('error');
  expect(told).toEqual([
    'error to debug by signal, logged at debug',
    'debug to error by signal, logged at debug',
    'error to trace by request for 60 s, logged at trace',
    'trace to error by signal, logged at trace',
  ]);
  const loud = bench('debug');
  loud.level.toggle();
  expect(loud.level.current()).toBe('info');
});
