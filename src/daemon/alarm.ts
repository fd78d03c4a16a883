import type { Clock } from '../model/ports.ts';

/** Rings once at a time of the calendar: a window opens, a pause expires. */
export interface Alarm {
  /** Milliseconds since epoch, replacing what was set before; null: never. A time that has passed rings at once, after whoever set it. */
  readonly set: (at: number | null) => void;
  readonly close: () => void;
}

/** Sleeps are cut, so that a clock that was set or a machine that slept is noticed. */
const LONGEST_SLEEP_MS = 60_000;

export function openAlarm(clock: Clock, ring: () => void): Alarm {
  let armed: AbortController | null = null;
  const disarm = (): void => {
    armed?.abort('disarmed');
    armed = null;
  };
  const wait = async (at: number, own: AbortController): Promise<void> => {
    // At least one sleep: who sets it goes on first, also where the time has passed.
    do await clock.sleep(Math.max(1, Math.min(at - clock.now(), LONGEST_SLEEP_MS)), own.signal);
    while (at > clock.now());
    if (armed !== own) return;
    armed = null;
    ring();
  };
  return {
    set(at) {
      disarm();
      if (at === null) return;
      const own = new AbortController();
      armed = own;
      wait(at, own).catch(() => undefined);
    },
    close: disarm,
  };
}
