/** So many repetitions are there at first and at most; they carry a short outage. */
const MOST = 20;
/** What one success gives back: where one request in five fails, all may be repeated for ever. */
const EARNED = 0.2;

/**
 * How many requests may be repeated, over all of a credential. While nothing succeeds nothing is earned, so in an outage
 * at most twenty requests are added to those that were meant, however many they are: what is down is not kept down.
 */
export interface RetryBudget {
  /** False: nothing is left, and nothing is taken. */
  spend(): boolean;
  succeeded(): void;
}

export function openRetryBudget(): RetryBudget {
  let left = MOST;
  return {
    spend() {
      if (left < 1) return false;
      left -= 1;
      return true;
    },
    succeeded() {
      left = Math.min(MOST, left + EARNED);
    },
  };
}
