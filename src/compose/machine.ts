import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance, Clock } from '../model/ports.ts';

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    try {
      await sleep(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // The port promises the signal's own reason, not an AbortError around it.
      throw signal?.aborted === true ? signal.reason : error;
    }
  },
};

export const systemChance: Chance = Math.random;
