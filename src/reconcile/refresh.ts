import type { Clock } from '../model/ports.ts';
import type { Place, Remembered, RememberedPlace } from './remembered.ts';

export interface RefreshOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What is to be read once per `intervalMs`; null: there is no interval, and nothing is read. */
  readonly spread: () => { readonly places: readonly RememberedPlace[]; readonly intervalMs: number | null };
  /** False: a run is going, or the platform is in trouble. What is due waits. */
  readonly isIdle: () => boolean;
  readonly reread: Remembered<unknown>['reread'];
  /** Something is not as it was remembered, or could not be read. */
  readonly onMoved: () => void;
  /** Readings at one time. */
  readonly concurrency: number;
}

/** How often it looks whether there is something to do, where there was nothing; and whether that is more, where there was. */
const IDLE_MS = 1_000;
const LONGEST_SLEEP_MS = 10_000;

/**
 * Between runs, reads the oldest listing again and again, at even distances, so that each is read once per interval and
 * the platform never sees a burst. Ends when aborted, with nothing in flight.
 */
export async function refreshEvenly(options: RefreshOptions): Promise<void> {
  const { clock, signal, concurrency } = options;
  const flying = new Map<Place, Promise<void>>();
  let due = clock.monotonic();
  let bug: unknown = null;
  const readOne = async (place: RememberedPlace): Promise<void> => {
    try {
      if ((await options.reread(place, signal)) !== 'same') options.onMoved();
    } catch (error) {
      if (!signal.aborted) bug ??= error;
    }
  };
  try {
    while (!signal.aborted) {
      if (bug !== null) throw bug;
      const { places, intervalMs } = options.spread();
      const now = clock.monotonic();
      if (places.length === 0 || intervalMs === null || !options.isIdle()) {
        await clock.sleep(IDLE_MS, signal);
        continue;
      }
      const pace = intervalMs / places.length;
      // What was missed while it waited is not made up for by a burst, nor does a longer list wait out an old pace.
      due = Math.min(Math.max(due, now - pace), now + pace);
      if (due > now) {
        await clock.sleep(Math.min(due - now, LONGEST_SLEEP_MS), signal);
        continue;
      }
      due += pace;
      const isFlying = new Set([...flying.keys()].map(nameOf));
      const [oldest] = places.filter((place) => !isFlying.has(nameOf(place))).sort((a, b) => a.since - b.since);
      if (oldest === undefined || flying.size >= concurrency) continue;
      flying.set(
        oldest,
        readOne(oldest).finally(() => flying.delete(oldest)),
      );
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await Promise.all(flying.values());
  }
}

function nameOf({ kind, parent }: Place): string {
  return `${kind} ${parent === null || parent === 'team' ? String(parent) : parent.id}`;
}
