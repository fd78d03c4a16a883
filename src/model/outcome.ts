import type { Address } from './address.ts';
import type { Action, Plan, Unsettled } from './change.ts';
import type { ErrorSummary } from './error.ts';
import type { RequestUsage } from './provider.ts';

/** What may tell a run to stop. */
export type InterruptSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** What a run was told to stop by; a library's caller has no signals of the system but an `AbortSignal`. */
export type Interruption = InterruptSignal | 'AbortSignal';

export type OutcomeStatus =
  | 'succeeded'
  | 'failed'
  | 'blocked' // something it depends on did not succeed
  | 'pending' // done by us, and the platform is not finished
  | 'cancelled' // not started: interrupted, or its subject is gone
  | 'uncertain'; // sent, and nobody can say whether it happened

/** Why a change of what a selector matched is cancelled when that is not there any more: it fails nothing (rule 23). */
export const GONE = 'gone';

/** What became of one change. */
export interface Outcome {
  readonly address: Address;
  readonly action: Action;
  readonly status: OutcomeStatus;
  /** Write requests made for it. */
  readonly attempts: number;
  readonly error?: ErrorSummary;
  /** For blocked, pending and cancelled: what it waits for. */
  readonly because?: string;
}

/** What reading again after the writes showed. */
export interface Proof {
  readonly converged: boolean;
  /** Addresses that still differ, sorted. */
  readonly remaining: readonly Address[];
  readonly pending: readonly Address[];
}

/** The whole of an `apply`, written on every way out. */
export interface ApplyReport {
  readonly plan: Plan;
  /** One per change of the plan that was to be executed, sorted by address. */
  readonly outcomes: readonly Outcome[];
  /** Null when nothing could be read again (interrupted). */
  readonly proof: Proof | null;
  /** Differences that a saved plan does not list: told, not applied. */
  readonly notApplied: readonly Address[];
  /** As the last reading showed it; absent: everything declared is settled. */
  readonly unsettled?: readonly Unsettled[];
  readonly requests: RequestUsage;
  readonly interrupted: Interruption | null;
}
