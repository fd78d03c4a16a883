import type { RememberedPlace } from './remembered.ts';

/** Who tells when a listing is not as it was. */
export type Teller = 'log' | 'push' | 'nobody';

/** Requests per hour while nothing changes, by what they are for. */
export interface PredictedRequests {
  /** What has moved is asked for, at each scheduled run. */
  readonly poll: number;
  /** Listings that nobody tells of, one by one between the runs. */
  readonly spread: number;
  /** Listings that each scheduled run needs: what the platform is not finished with, and where nothing is spread all that nobody tells of. */
  readonly run: number;
  /** Everything, on the slower schedule. */
  readonly full: number;
}

export interface Pace {
  readonly runsPerHour: number;
  readonly fullsPerHour: number;
  /** Requests that ask what has moved, per run. */
  readonly polls: number;
  /** False: the interval is so short that each run reads what nobody tells of. */
  readonly spreads: boolean;
}

/** Whose token it is: asked with every full reading. */
const IDENTITY = 1;

export function predictRequests(
  places: readonly (Pick<RememberedPlace, 'requests' | 'isOpen'> & { readonly toldBy: Teller })[],
  { runsPerHour, fullsPerHour, polls, spreads }: Pace,
): PredictedRequests {
  const fulls = Math.min(runsPerHour, fullsPerHour);
  const sum = (of: typeof places): number => of.reduce((all, { requests }) => all + requests, 0);
  const untold = places.filter(({ toldBy }) => toldBy === 'nobody');
  const perRun = places.filter(({ isOpen, toldBy }) => isOpen || (!spreads && toldBy === 'nobody'));
  return {
    poll: runsPerHour * polls,
    spread: spreads ? runsPerHour * sum(untold) : 0,
    run: (runsPerHour - fulls) * sum(perRun),
    full: fulls * (IDENTITY + sum(places)),
  };
}
