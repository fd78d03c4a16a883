import type { Address } from './address.ts';
import type { Episode } from './history.ts';

/** What a history tells of drift: of what differed, and of what is asked about. Times are milliseconds since epoch. */
export interface DriftPast {
  /** Before that nothing is known. */
  readonly from: number;
  /** Newest first. */
  readonly episodes: readonly Episode[];
  /** There are more than are listed. */
  readonly isCut: boolean;
  /** When an address was last seen as declared; without those of which that is not known. */
  readonly lastEqual: ReadonlyMap<Address, number>;
}
