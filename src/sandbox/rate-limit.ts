/** Seconds to wait, or null when the request may go on. */
export type RateLimit = (key: string, now: number) => number | null;

/** At most `rate` accepted requests for each key in any sliding second; `now` is monotonic, in ms. */
export function slidingSecond(rate: number): RateLimit {
  const accepted = new Map<string, number[]>();
  return (key, now) => {
    const times = accepted.get(key) ?? [];
    accepted.set(key, times);
    const [oldest] = times;
    if (times.length >= rate && oldest !== undefined && now - oldest < 1000) {
      return Math.max(1, Math.ceil((1000 - (now - oldest)) / 1000));
    }
    times.push(now);
    if (times.length > rate) times.shift();
    return null;
  };
}
