import type { Schedule } from '../daemon/schedule.ts';
import type { Moved, Push, PushSecret } from '../model/hints.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Clock } from '../model/ports.ts';
import type { Provider } from '../model/provider.ts';
import type { Cost } from '../model/watch-status.ts';
import { predictRequests, type Teller } from '../reconcile/predict.ts';
import { refreshEvenly } from '../reconcile/refresh.ts';
import { rememberListings, type Place, type Remembered } from '../reconcile/remembered.ts';
import { openPace } from './pace.ts';

/** What lets a run ask the platform for little: what earlier ones listed, and who tells when that is not so any more. */
export interface Steady {
  /** The next run reads everything. */
  readonly askFull: () => void;
  /** A scheduled run is due. */
  readonly onTick: () => void;
  /** The platform to look at in this run. What has moved is asked as soon as its team is known. */
  prepare(provider: Provider): Promise<Provider>;
  /** What the run wrote is read again. */
  written(outcomes: readonly Outcome[]): void;
  /** A look was whole: what it did not ask for is of no document any more. */
  looked(): void;
  /** True: it concerns what is remembered, or is being read. */
  hear(moved: readonly Moved[]): boolean;
  /** Reads between runs, until aborted. */
  refresh(options: {
    readonly signal: AbortSignal;
    readonly isIdle: () => boolean;
    readonly onMoved: () => void;
  }): Promise<void>;
  /** Null before the first whole look. */
  cost(): Cost | null;
}

export interface SteadyOptions {
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** When everything is read: by the first run at such a time or after it. */
  readonly fullSchedule: Schedule;
  readonly concurrency: number;
  /** Who is followed by what the platform sends; null: nobody. */
  readonly push: { readonly of: Push; readonly secrets: () => Promise<readonly PushSecret[]> } | null;
}

/** Under so short an interval there is nothing to spread: each run reads what nobody tells of. */
const LEAST_SPREAD_MS = 10_000;
/** So much of the interval a listing may be older, before a run does not wait for its turn. */
const SLACK = 0.25;

type Log = Cost['log'] | { readonly is: 'unasked' };

export function openSteady(options: SteadyOptions): Steady {
  const { clock } = options;
  const pace = openPace(clock, options.schedule, options.fullSchedule);
  let memory: { readonly of: Provider; readonly is: Remembered<unknown> } | null = null;
  let log: Log = { is: 'unasked' };
  let pushers: ReadonlySet<string | null> = new Set();
  let isFullAsked = true;
  let fullAt = clock.now();
  let cost: Cost | null = null;

  /** Null: nothing is spread. */
  const spreadOver = (): number | null => {
    const intervalMs = pace.intervalMs();
    return intervalMs === null || intervalMs < LEAST_SPREAD_MS ? null : intervalMs;
  };

  function tellerOf(provider: Provider, { kind: name, parent }: Place): Teller {
    const kind = provider.kinds.find((one) => one.name === name);
    if (kind?.toldBy === 'log') return log.is === 'followed' ? 'log' : 'nobody';
    if (kind?.toldBy !== 'push' || parent === null || parent === 'team') return 'nobody';
    const by = options.push?.of.nameOf(parent) ?? null;
    return pushers.has(null) || (by !== null && pushers.has(by)) ? 'push' : 'nobody';
  }

  function memoryOf(provider: Provider): Remembered<unknown> {
    if (memory?.of === provider) return memory.is;
    log = { is: provider.hints === undefined ? 'none' : 'unasked' };
    const is = rememberListings(provider, {
      clock,
      goodForMs(place) {
        if (tellerOf(provider, place) !== 'nobody') return Infinity;
        return (spreadOver() ?? 0) * (1 + SLACK);
      },
    });
    memory = { of: provider, is };
    isFullAsked = true;
    return is;
  }

  /** Where nobody can say what has moved, all that the log tells of is read. */
  async function poll(provider: Provider, remembered: Remembered<unknown>, signal: AbortSignal): Promise<void> {
    const hint = await provider.hints?.poll(signal);
    const ofLog = provider.kinds.filter(({ toldBy }) => toldBy === 'log').map(({ name }) => ({ kind: name }));
    switch (hint?.type) {
      case undefined:
        return;
      case 'nothing':
        log = { is: 'followed' };
        return;
      case 'moved':
        log = { is: 'followed' };
        remembered.forget(hint.moved === 'everything' ? ofLog : hint.moved);
        return;
      case 'unknown':
        remembered.forget(ofLog);
        return;
      case 'unavailable':
        if (log.is === 'followed') remembered.forget(ofLog);
        log = { is: 'unavailable', why: hint.why };
        return;
      default:
        hint satisfies never;
    }
  }

  return {
    askFull: () => (isFullAsked = true),
    onTick() {
      pace.ticked();
      if (pace.isFullDue(fullAt)) isFullAsked = true;
    },
    async prepare(provider) {
      const remembered = memoryOf(provider);
      // A file that cannot be read now names nobody: what it named is then read like all others.
      const secrets = (await options.push?.secrets().catch(() => [])) ?? [];
      pushers = new Set(secrets.map(({ of }) => of));
      const isFull = isFullAsked;
      if (isFull) {
        isFullAsked = false;
        fullAt = clock.now();
        remembered.forget('everything');
      }
      let isAsked = !isFull && log.is === 'unavailable';
      return {
        ...remembered.provider,
        async identify(signal, said) {
          const target = await remembered.provider.identify(signal, said);
          if (!isAsked) await poll(provider, remembered, signal);
          isAsked = true;
          return target;
        },
      };
    },
    written: (outcomes) => memory?.is.forgetWritten(outcomes),
    looked() {
      if (memory === null) return;
      const { of: provider, is } = memory;
      is.dropUnasked();
      const places = is.places().map((place) => ({ ...place, toldBy: tellerOf(provider, place) }));
      const count = (teller: Teller): number => places.filter(({ toldBy }) => toldBy === teller).length;
      cost = {
        perHour: predictRequests(places, {
          runsPerHour: pace.runsPerHour(),
          fullsPerHour: pace.fullsPerHour(),
          polls: log.is === 'followed' ? 1 : 0,
          spreads: spreadOver() !== null,
        }),
        log: log.is === 'unasked' ? { is: 'unavailable', why: 'it could not be read yet' } : log,
        listings: { log: count('log'), push: count('push'), nobody: count('nobody') },
      };
    },
    hear: (moved) => memory?.is.forget(moved) ?? false,
    async refresh({ signal, isIdle, onMoved }) {
      await refreshEvenly({
        clock,
        signal,
        isIdle,
        onMoved,
        concurrency: options.concurrency,
        spread() {
          const intervalMs = spreadOver();
          if (memory === null || cost === null || intervalMs === null) return { places: [], intervalMs: null };
          const { of: provider, is } = memory;
          return { places: is.places().filter((place) => tellerOf(provider, place) === 'nobody'), intervalMs };
        },
        reread: (place, stop) => (memory === null ? Promise.resolve('same') : memory.is.reread(place, stop)),
      });
    },
    cost: () => cost,
  };
}
