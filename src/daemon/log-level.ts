import type { Clock } from '../model/ports.ts';

/** From the most that is said to the least. */
export const LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;

export type Level = (typeof LEVELS)[number];

export interface LevelChange {
  readonly level: Level | 'silent';
  readonly before: Level | 'silent';
  readonly by: 'signal' | 'request' | 'time';
  /** After this it is as it was at the start; null: until it is changed. */
  readonly forMs: number | null;
}

export interface LogLevel {
  current(): Level | 'silent';
  /** Until the time is over, or somebody changes it again. */
  readonly set: (level: Level, forMs: number) => void;
  /** From what it was at the start to `debug`, and back; where it was `debug`, to `info` and back. */
  readonly toggle: () => void;
  close(): void;
}

/** The level of the log while the process runs. Each change is told at a moment in which it is logged, unless nothing ever is. */
export function openLogLevel(options: {
  readonly initial: Level | 'silent';
  readonly clock: Pick<Clock, 'sleep'>;
  readonly apply: (level: Level | 'silent') => void;
  readonly onChange: (change: LevelChange) => void;
}): LogLevel {
  const { initial, clock, apply, onChange } = options;
  let level = initial;
  let waiting = new AbortController();
  const rank = (one: Level | 'silent'): number => (one === 'silent' ? LEVELS.length : LEVELS.indexOf(one));
  const change = (to: Level | 'silent', by: LevelChange['by'], forMs: number | null): void => {
    waiting.abort('changed');
    const told: LevelChange = { level: to, before: level, by, forMs };
    const isMore = rank(to) < rank(level);
    if (!isMore) onChange(told);
    level = to;
    apply(to);
    if (isMore) onChange(told);
  };
  return {
    current: () => level,
    set(to, forMs) {
      change(to, 'request', forMs);
      const mine = new AbortController();
      waiting = mine;
      clock.sleep(forMs, mine.signal).then(
        () => change(initial, 'time', null),
        () => undefined,
      );
    },
    toggle() {
      const other = rank(initial) <= rank('debug') ? 'info' : 'debug';
      change(level === initial ? other : initial, 'signal', null);
    },
    close: () => waiting.abort('closed'),
  };
}
