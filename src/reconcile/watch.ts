/**
 * The loop of the daemon as a state machine. Triggers carry no payload: a run reads everything again, so that a lost or
 * doubled one changes nothing but the time at which a difference is seen.
 *
 *                 files                quiet for a moment
 *     ┌──────────┐ ────► ┌──────────┐ ───────────────────────────┐
 *     │ waiting  │       │ settling │ ◄─ files (waits on, capped)│
 *     └──────────┘ ◄─┐   └──────────┘ ◄────────┐                 ▼
 *       │            │      ▲      ▲           │ ended    ┌─────────────┐ ◄── start
 *       │ tick, moved│      │ files│           │ (files)  │ reconciling │
 *       │ asked      │      │      │           │          └─────────────┘
 *       │ retry due  │      │      │      ┌─────────┐ files  │  │  ▲  ▲
 *       │            │      │      │      │  dirty  │ ◄──────┘  │  │  │
 *       │            │      │      │      └─────────┘ asked     │  │  │
 *       │            │      │      │           │ ended (asked)  │  │  │
 *       │            │      │      │           └────────────────┼──┘  │
 *       │            │ ended: done, invalid                     │     │
 *       │            └──────┼──────┼────────────────────────────┤     │
 *       │                   │  ┌─────────────┐   ended: failed  │     │
 *       │                   └─ │ backing off │ ◄────────────────┘     │
 *       │                      └─────────────┘                        │
 *       └──────────────────────────┴── asked, retry due ──────────────┘
 *
 *     stop: reconciling, dirty ──► draining ── ended ──► stopped        (deadline: the run is aborted)
 *           all others ────────────────────────────────► stopped
 *
 * Ticks that find a run going, or the loop backing off, are dropped: the next one comes anyway. A file that changes and
 * a person who asks are never dropped. That something was seen to move is dropped only while the loop backs off, for the
 * run that ends it reads what has moved; after a run that was going another follows, as when it is asked for, unless it failed.
 */
export type WatchState =
  | { readonly phase: 'waiting' }
  /** `since`: of the first change that is not acted on yet. */
  | { readonly phase: 'settling'; readonly since: number; readonly failures: number }
  | { readonly phase: 'reconciling'; readonly failures: number }
  | { readonly phase: 'dirty'; readonly failures: number; readonly by: 'files' | 'asked' | 'moved' }
  | { readonly phase: 'backing-off'; readonly failures: number }
  | { readonly phase: 'draining' }
  | { readonly phase: 'stopped' };

export type WatchPhase = WatchState['phase'];

export type WatchTimer = 'settle' | 'retry' | 'deadline';

/** Why a run begins, for people: nothing depends on it. */
export type WatchCause = 'start' | 'files' | 'schedule' | 'asked' | 'moved' | 'retry';

/** Times are milliseconds on a clock that never steps back. */
export type WatchEvent =
  | { readonly type: 'files'; readonly at: number }
  | { readonly type: 'tick' }
  | { readonly type: 'asked' }
  /** The platform is not as the last run read it. */
  | { readonly type: 'moved' }
  | { readonly type: 'due'; readonly timer: WatchTimer }
  /**
   * `invalid`: the document is wrong, and waiting will not mend it. `failed`: the platform could not be asked; the next
   * try comes by itself. `retryInMs`: when a single heal is tried again; null: none is due.
   */
  | {
      readonly type: 'ended';
      readonly result: 'done' | 'invalid' | 'failed';
      readonly retryInMs: number | null;
      readonly at: number;
    }
  | { readonly type: 'stop' };

export type WatchEffect =
  | { readonly type: 'run'; readonly cause: WatchCause }
  /** Replaces the timer of that name where one is armed. */
  | { readonly type: 'arm'; readonly timer: WatchTimer; readonly ms: number }
  | { readonly type: 'disarm'; readonly timer: WatchTimer }
  /** The run starts nothing more. */
  | { readonly type: 'drain' }
  /** The run gives up what is in flight. */
  | { readonly type: 'abort' }
  | { readonly type: 'stopped' };

export interface WatchStep {
  readonly state: WatchState;
  readonly effects: readonly WatchEffect[];
}

export interface WatchTimes {
  /** Files are quiet for so long before a run. */
  readonly settleMs: number;
  /** Files that never become quiet are read after so long. */
  readonly settleMostMs: number;
  /** The first wait after a failed run; it doubles with each failure. */
  readonly backOffMs: number;
  readonly backOffMostMs: number;
  /** What is in flight may take so long after a stop. */
  readonly drainMs: number;
}

export const WATCH_TIMES: WatchTimes = {
  settleMs: 250,
  settleMostMs: 1_500,
  backOffMs: 1_000,
  backOffMostMs: 300_000,
  drainMs: 25_000,
};

/** The loop reconciles once at start. */
export function beginWatch(): WatchStep {
  return runNow(0, 'start');
}

/** What follows from an event. Pure and total: an event that means nothing in a state changes nothing. */
export function nextWatch(state: WatchState, event: WatchEvent, times: WatchTimes): WatchStep {
  switch (state.phase) {
    case 'waiting':
      return whenIdle(state, 0, event, times);
    case 'settling':
      return whenSettling(state, event, times);
    case 'reconciling':
      return whenRunning(state, null, event, times);
    case 'dirty':
      return whenRunning(state, state.by, event, times);
    case 'backing-off':
      // The wait is the point: a schedule does not shorten it.
      return event.type === 'tick' || event.type === 'moved'
        ? stay(state)
        : whenIdle(state, state.failures, event, times);
    case 'draining':
      if (event.type === 'ended') return stopped();
      return event.type === 'due' && event.timer === 'deadline' ? { state, effects: [{ type: 'abort' }] } : stay(state);
    case 'stopped':
      return stay(state);
    default:
      return state satisfies never;
  }
}

/** How long to wait after so many failures in a row, 1 at least. */
export function backOff(failures: number, { backOffMs, backOffMostMs }: WatchTimes): number {
  return Math.min(backOffMostMs, backOffMs * 2 ** Math.min(failures - 1, 30));
}

function whenIdle(state: WatchState, failures: number, event: WatchEvent, times: WatchTimes): WatchStep {
  switch (event.type) {
    case 'files':
      return settle(event.at, failures, times.settleMs);
    case 'tick':
      return runNow(failures, 'schedule');
    case 'asked':
    case 'moved':
      return runNow(failures, event.type);
    case 'due':
      return event.timer === 'retry' ? runNow(failures, 'retry') : stay(state);
    case 'stop':
      return stopped();
    case 'ended':
      return stay(state);
    default:
      return event satisfies never;
  }
}

function whenSettling(
  state: Extract<WatchState, { phase: 'settling' }>,
  event: WatchEvent,
  times: WatchTimes,
): WatchStep {
  if (event.type === 'stop') return stopped();
  if (event.type === 'due' && event.timer === 'settle') return runNow(state.failures, 'files');
  if (event.type !== 'files') return stay(state);
  const left = state.since + times.settleMostMs - event.at;
  return { state, effects: [{ type: 'arm', timer: 'settle', ms: Math.max(0, Math.min(times.settleMs, left)) }] };
}

function whenRunning(
  state: Extract<WatchState, { phase: 'reconciling' | 'dirty' }>,
  dirtyBy: 'files' | 'asked' | 'moved' | null,
  event: WatchEvent,
  times: WatchTimes,
): WatchStep {
  switch (event.type) {
    case 'files':
      return dirty(state, 'files');
    case 'asked':
      // Files still have to settle, and their run is also the one that was asked for.
      return dirty(state, dirtyBy === 'files' ? 'files' : 'asked');
    case 'moved':
      return dirty(state, dirtyBy ?? 'moved');
    case 'stop':
      return {
        state: { phase: 'draining' },
        effects: [{ type: 'drain' }, { type: 'arm', timer: 'deadline', ms: times.drainMs }],
      };
    case 'ended': {
      const failures = event.result === 'failed' ? state.failures + 1 : 0;
      if (dirtyBy === 'files') return settle(event.at, failures, times.settleMs);
      if (dirtyBy === 'asked') return runNow(failures, 'asked');
      if (failures > 0)
        return {
          state: { phase: 'backing-off', failures },
          effects: [{ type: 'arm', timer: 'retry', ms: backOff(failures, times) }],
        };
      if (dirtyBy === 'moved') return runNow(0, 'moved');
      const retry = event.retryInMs;
      return {
        state: { phase: 'waiting' },
        effects: retry === null ? [] : [{ type: 'arm', timer: 'retry', ms: Math.max(0, retry) }],
      };
    }
    case 'tick':
    case 'due':
      return stay(state);
    default:
      return event satisfies never;
  }
}

function dirty({ failures }: { readonly failures: number }, by: 'files' | 'asked' | 'moved'): WatchStep {
  return { state: { phase: 'dirty', failures, by }, effects: [] };
}

function runNow(failures: number, cause: WatchCause): WatchStep {
  return {
    state: { phase: 'reconciling', failures },
    effects: [
      { type: 'disarm', timer: 'settle' },
      { type: 'disarm', timer: 'retry' },
      { type: 'run', cause },
    ],
  };
}

function settle(since: number, failures: number, ms: number): WatchStep {
  return {
    state: { phase: 'settling', since, failures },
    effects: [
      { type: 'disarm', timer: 'retry' },
      { type: 'arm', timer: 'settle', ms },
    ],
  };
}

function stopped(): WatchStep {
  return {
    state: { phase: 'stopped' },
    effects: [
      { type: 'disarm', timer: 'settle' },
      { type: 'disarm', timer: 'retry' },
      { type: 'disarm', timer: 'deadline' },
      { type: 'stopped' },
    ],
  };
}

function stay(state: WatchState): WatchStep {
  return { state, effects: [] };
}
