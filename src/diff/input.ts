import type { Scope } from '../model/change.ts';
import type { WindowStanding } from '../model/change-window.ts';
import type { Consent } from '../model/consent.ts';
import type { Kinds } from '../model/kinds.ts';
import type { Observation } from '../model/observation.ts';
import type { Target } from '../model/target.ts';
import type { DesiredState } from '../model/resource.ts';

/** Everything a plan is a function of. */
export interface PlanInput {
  readonly desired: DesiredState;
  readonly observation: Observation;
  readonly kinds: Kinds;
  readonly target: Target;
  readonly scope: Scope;
  readonly consent: Consent;
  /** What the change windows come to at {@link PlanInput.now}; absent: always open. */
  readonly windows?: readonly WindowStanding[];
  /** Milliseconds since epoch, for what expires. */
  readonly now: number;
  /** Requests that the reading took. */
  readonly reads: number;
  /** Requests per second that executing it may send; absent: nobody asks what it takes. */
  readonly rate?: number;
  /** `--parity`: what values are told apart by, random and of this run alone; absent: nobody asked for it. */
  readonly parityKey?: Uint8Array;
  /** The plan's whole request budget (`--max-requests`); null: none. */
  readonly maxRequests: number | null;
}
