import type { Chance, Clock } from '../model/ports.ts';
import {
  beginWatch,
  nextWatch,
  WATCH_TIMES,
  type WatchCause,
  type WatchEffect,
  type WatchEvent,
  type WatchPhase,
  type WatchStep,
  type WatchTimer,
  type WatchTimes,
} from './watch.ts';

/** What a run came to, as far as the loop cares. */
export type RunEnd = Pick<Extract<WatchEvent, { type: 'ended' }>, 'result' | 'retryInMs'>;

export interface WatchOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly times?: WatchTimes;
  /** Never two at a time. `drain`: start nothing more; `abort`: give up what is in flight. A rejection ends the loop. */
  readonly run: (
    cause: WatchCause,
    signals: { readonly drain: AbortSignal; readonly abort: AbortSignal },
  ) => Promise<RunEnd>;
  readonly onPhase: (phase: WatchPhase) => void;
}

export interface Watching {
  /** No payload: whoever runs next reads everything again. */
  trigger(by: 'files' | 'tick' | 'asked' | 'moved'): void;
  /** Finishes what is in flight and starts nothing more. */
  readonly stop: () => void;
  /** Gives up what is in flight; only after {@link stop}. */
  readonly abort: () => void;
  /** `aborted`: something in flight was given up. Rejects where a run does. */
  readonly ended: Promise<'drained' | 'aborted'>;
}

/** Retries of many daemons at one platform do not come together: each is up to this share early. */
const JITTER = 0.2;

/** Runs the machine of watch.ts: keeps its state and its timers, and carries out what it says. */
export function runWatch(options: WatchOptions): Watching {
  const { clock, times = WATCH_TIMES } = options;
  const timers = new Map<WatchTimer, AbortController>();
  const drain = new AbortController();
  const abort = new AbortController();
  const { promise: ended, resolve, reject } = Promise.withResolvers<'drained' | 'aborted'>();
  const first = beginWatch();
  let { state } = first;

  const enter = (step: WatchStep): void => {
    const before = state.phase;
    state = step.state;
    if (state.phase !== before) options.onPhase(state.phase);
    for (const effect of step.effects) carryOut(effect);
  };
  const on = (event: WatchEvent): void => enter(nextWatch(state, event, times));
  const disarm = (timer: WatchTimer): void => {
    timers.get(timer)?.abort('disarmed');
    timers.delete(timer);
  };
  const arm = (timer: WatchTimer, ms: number): void => {
    disarm(timer);
    const armed = new AbortController();
    timers.set(timer, armed);
    const wait = timer === 'retry' ? ms * (1 - JITTER * options.chance()) : ms;
    clock.sleep(wait, armed.signal).then(
      () => {
        if (timers.get(timer) !== armed) return;
        timers.delete(timer);
        on({ type: 'due', timer });
      },
      () => undefined,
    );
  };
  const carryOut = (effect: WatchEffect): void => {
    switch (effect.type) {
      case 'run':
        options
          .run(effect.cause, { drain: drain.signal, abort: abort.signal })
          .then((end) => on({ type: 'ended', ...end, at: clock.monotonic() }))
          .catch((error: unknown) => {
            for (const timer of timers.keys()) disarm(timer);
            reject(error);
          });
        return;
      case 'arm':
        return arm(effect.timer, effect.ms);
      case 'disarm':
        return disarm(effect.timer);
      case 'drain':
        return drain.abort('drain');
      case 'abort':
        return abort.abort('abort');
      case 'stopped':
        return resolve(abort.signal.aborted ? 'aborted' : 'drained');
      default:
        return effect satisfies never;
    }
  };

  options.onPhase(state.phase);
  for (const effect of first.effects) carryOut(effect);
  return {
    trigger: (by) => on(by === 'files' ? { type: 'files', at: clock.monotonic() } : { type: by }),
    stop: () => on({ type: 'stop' }),
    abort: () => abort.abort('abort'),
    ended,
  };
}
