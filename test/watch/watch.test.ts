import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  backOff,
  beginWatch,
  nextWatch,
  WATCH_TIMES,
  type WatchEffect,
  type WatchEvent,
  type WatchState,
} from '../../src/reconcile/watch.ts';

const seed = 20261121;
const times = WATCH_TIMES;

const STATES: Readonly<Record<string, WatchState>> = {
  waiting: { phase: 'waiting' },
  settling: { phase: 'settling', since: 1_000, failures: 0 },
  reconciling: { phase: 'reconciling', failures: 0 },
  'dirty (files)': { phase: 'dirty', failures: 0, by: 'files' },
  'dirty (asked)': { phase: 'dirty', failures: 0, by: 'asked' },
  'dirty (moved)': { phase: 'dirty', failures: 0, by: 'moved' },
  'backing-off': { phase: 'backing-off', failures: 2 },
  draining: { phase: 'draining' },
  stopped: { phase: 'stopped' },
};

const ended = (result: 'done' | 'invalid' | 'failed', retryInMs: number | null = null): WatchEvent => ({
  type: 'ended',
  result,
  retryInMs,
  at: 2_000,
});

const EVENTS: Readonly<Record<string, WatchEvent>> = {
  files: { type: 'files', at: 2_000 },
  tick: { type: 'tick' },
  asked: { type: 'asked' },
  moved: { type: 'moved' },
  'settle due': { type: 'due', timer: 'settle' },
  'retry due': { type: 'due', timer: 'retry' },
  'deadline due': { type: 'due', timer: 'deadline' },
  done: ended('done'),
  invalid: ended('invalid'),
  failed: ended('failed'),
  stop: { type: 'stop' },
};

/** The drawing of the file's head as a table: state × event → where it leads. What is not here stays. */
const TABLE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  waiting: {
    files: 'settling, arm settle 250',
    tick: 'reconciling, run schedule',
    asked: 'reconciling, run asked',
    moved: 'reconciling, run moved',
    'retry due': 'reconciling, run retry',
    stop: 'stopped, stopped',
  },
  settling: {
    files: 'settling, arm settle 250',
    'settle due': 'reconciling, run files',
    stop: 'stopped, stopped',
  },
  reconciling: {
    files: 'dirty (files)',
    asked: 'dirty (asked)',
    moved: 'dirty (moved)',
    done: 'waiting',
    invalid: 'waiting',
    failed: 'backing-off 1, arm retry 1000',
    stop: 'draining, drain, arm deadline 25000',
  },
  'dirty (files)': {
    done: 'settling, arm settle 250',
    invalid: 'settling, arm settle 250',
    failed: 'settling 1, arm settle 250',
    stop: 'draining, drain, arm deadline 25000',
  },
  'dirty (moved)': {
    files: 'dirty (files)',
    asked: 'dirty (asked)',
    done: 'reconciling, run moved',
    invalid: 'reconciling, run moved',
    failed: 'backing-off 1, arm retry 1000',
    stop: 'draining, drain, arm deadline 25000',
  },
  'dirty (asked)': {
    files: 'dirty (files)',
    done: 'reconciling, run asked',
    invalid: 'reconciling, run asked',
    failed: 'reconciling 1, run asked',
    stop: 'draining, drain, arm deadline 25000',
  },
  'backing-off': {
    files: 'settling 2, arm settle 250',
    asked: 'reconciling 2, run asked',
    'retry due': 'reconciling 2, run retry',
    stop: 'stopped, stopped',
  },
  draining: {
    'deadline due': 'draining, abort',
    done: 'stopped, stopped',
    invalid: 'stopped, stopped',
    failed: 'stopped, stopped',
  },
  stopped: {},
};

function briefly(state: WatchState, effects: readonly WatchEffect[]): string {
  const failures = 'failures' in state && state.failures > 0 ? ` ${state.failures}` : '';
  const by = state.phase === 'dirty' ? ` (${state.by})` : '';
  const told = effects.flatMap((effect) => {
    switch (effect.type) {
      case 'disarm':
        return [];
      case 'run':
        return [`run ${effect.cause}`];
      case 'arm':
        return [`arm ${effect.timer} ${effect.ms}`];
      default:
        return [effect.type];
    }
  });
  return [`${state.phase}${by}${failures}`, ...told].join(', ');
}

describe('the machine', () => {
  const cases = Object.keys(STATES).flatMap((state) => Object.keys(EVENTS).map((event) => [state, event] as const));

  test.each(cases)('%s, %s', (from, on) => {
    const state = STATES[from] as WatchState;
    const step = nextWatch(state, EVENTS[on] as WatchEvent, times);
    expect(briefly(step.state, step.effects)).toBe(TABLE[from]?.[on] ?? briefly(state, []));
  });

  test('an event that means nothing in a state changes nothing', () => {
    const idle = cases.filter(([from, on]) => TABLE[from]?.[on] === undefined);
    expect(idle.length).toBeGreaterThan(40);
    for (const [from, on] of idle) {
      const state = STATES[from] as WatchState;
      expect(nextWatch(state, EVENTS[on] as WatchEvent, times)).toEqual({ state, effects: [] });
    }
  });

  test('it reconciles once at start', () => {
    const { state, effects } = beginWatch();
    expect(briefly(state, effects)).toBe('reconciling, run start');
  });

  test('a heal that is due is waited for, and a run takes its timer away', () => {
    const running: WatchState = { phase: 'reconciling', failures: 0 };
    const step = nextWatch(running, ended('done', 4_000), times);
    expect(step).toEqual({ state: { phase: 'waiting' }, effects: [{ type: 'arm', timer: 'retry', ms: 4_000 }] });
    expect(nextWatch(step.state, { type: 'tick' }, times).effects).toContainEqual({ type: 'disarm', timer: 'retry' });
  });

  test('a good run ends the failures before it; each failure doubles the wait, up to a limit', () => {
    const waits: number[] = [];
    let state: WatchState = { phase: 'reconciling', failures: 0 };
    for (let failure = 0; failure < 12; failure++) {
      const step = nextWatch(state, ended('failed'), times);
      for (const effect of step.effects) if (effect.type === 'arm') waits.push(effect.ms);
      state = nextWatch(step.state, { type: 'due', timer: 'retry' }, times).state;
    }
    expect(waits.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(waits.slice(-2)).toEqual([300_000, 300_000]);
    expect(nextWatch(state, ended('done'), times).state).toEqual({ phase: 'waiting' });
    expect(backOff(10_000, times)).toBe(300_000);
  });

  test('files that never become quiet are read all the same', () => {
    let state: WatchState = { phase: 'waiting' };
    let armed = { at: 0, ms: Infinity };
    for (let at = 0; at <= 5_000; at += 100) {
      if (armed.at + armed.ms <= at) break;
      const step = nextWatch(state, { type: 'files', at }, times);
      state = step.state;
      for (const effect of step.effects) if (effect.type === 'arm') armed = { at, ms: effect.ms };
    }
    expect(armed.at + armed.ms).toBe(times.settleMostMs);
  });
});

/** Any order in which a driver that keeps its promises could bring events: timers that are armed, ends of runs that run. */
const script = fc.array(
  fc.oneof(
    fc.constant('files' as const),
    fc.constant('tick' as const),
    fc.constant('asked' as const),
    fc.constant('time' as const),
    fc.constantFrom('done' as const, 'invalid' as const, 'failed' as const),
    { arbitrary: fc.constant('stop' as const), weight: 1 },
  ),
  { maxLength: 60 },
);

/** A driver without time: it says what was told, and what is open at the end. */
function play(words: readonly string[]) {
  const runs: string[] = [];
  const armed = new Map<string, number>();
  let running = false;
  let overlapped = false;
  let stops = 0;
  let clock = 0;
  let { state, effects } = beginWatch();
  const take = (told: readonly WatchEffect[]): void => {
    for (const effect of told) {
      if (effect.type === 'run') {
        overlapped ||= running;
        running = true;
        runs.push(effect.cause);
      } else if (effect.type === 'arm') armed.set(effect.timer, effect.ms);
      else if (effect.type === 'disarm') armed.delete(effect.timer);
      else if (effect.type === 'stopped') stops++;
    }
  };
  const on = (event: WatchEvent): void => {
    ({ state, effects } = nextWatch(state, event, times));
    take(effects);
  };
  take(effects);
  const word = (said: string): void => {
    clock += 10;
    if (said === 'files') on({ type: 'files', at: clock });
    else if (said === 'tick' || said === 'asked' || said === 'stop') on({ type: said });
    else if (said === 'time') {
      const [timer] = armed.keys();
      if (timer === undefined) return;
      armed.delete(timer);
      on({ type: 'due', timer: timer as 'settle' | 'retry' | 'deadline' });
    } else if (running) {
      running = false;
      on({ type: 'ended', result: said as 'done', retryInMs: null, at: clock });
    }
  };
  for (const said of words) word(said);
  return {
    runs,
    word,
    armed: () => [...armed.keys()],
    isRunning: () => running,
    state: () => state,
    overlapped: () => overlapped,
    stops: () => stops,
  };
}

describe('whatever comes', () => {
  test('two runs never overlap, and the state says whether one runs', () => {
    fc.assert(
      fc.property(script, (words) => {
        const played = play(words);
        expect(played.overlapped()).toBe(false);
        expect(['reconciling', 'dirty', 'draining'].includes(played.state().phase)).toBe(played.isRunning());
      }),
      { seed },
    );
  });

  test.each(['files', 'asked'])('%s is always followed by a run that began after it', (trigger) => {
    fc.assert(
      fc.property(
        script.map((words) => words.filter((word) => word !== 'stop')),
        (words) => {
          const played = play([...words, trigger]);
          // It comes at once where nothing runs.
          const before = played.runs.length - (trigger === 'asked' && played.state().phase === 'reconciling' ? 1 : 0);
          // The run that goes ends, and the timers that are armed come due.
          for (const word of ['done', 'time', 'time']) if (played.runs.length === before) played.word(word);
          expect(played.runs.length).toBeGreaterThan(before);
        },
      ),
      { seed },
    );
  });

  test('it is never stuck: unless stopped, a run goes, a timer is armed, or a tick begins one', () => {
    fc.assert(
      fc.property(
        script.map((words) => words.filter((word) => word !== 'stop')),
        (words) => {
          const played = play(words);
          const before = played.runs.length;
          if (played.isRunning() || played.armed().length > 0) return;
          played.word('tick');
          expect(played.runs.length).toBe(before + 1);
        },
      ),
      { seed },
    );
  });

  test('after a stop nothing begins, and it stops once, when what runs has ended', () => {
    fc.assert(
      fc.property(script, script, (before, after) => {
        const played = play([...before, 'stop']);
        const { length } = played.runs;
        for (const word of [...after, 'done']) played.word(word);
        expect(played.runs.length).toBe(length);
        expect(played.stops()).toBe(1);
        expect(played.state()).toEqual({ phase: 'stopped' });
        expect(played.armed()).toEqual([]);
      }),
      { seed },
    );
  });
});
