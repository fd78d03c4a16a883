import type { Address } from '../model/address.ts';
import { PlatformError, summarizeError, type ErrorSummary } from '../model/error.ts';
import { GONE, type OutcomeStatus } from '../model/outcome.ts';

/** What became of one change of a step. */
export interface Fate {
  readonly status: Exclude<OutcomeStatus, 'blocked'>;
  /** Write requests made for it. */
  readonly attempts: number;
  readonly error?: ErrorSummary;
  readonly because?: string;
}

/** By address; a step that is one request usually has one fate for all. */
export type Fates = ReadonlyMap<Address, Fate>;

/** Ends a change without success for a reason of ours, not one that the platform gave. */
export class NotDone extends Error {
  readonly fate: Omit<Fate, 'attempts'>;

  constructor(fate: Omit<Fate, 'attempts'>) {
    super(fate.because ?? fate.error?.message ?? fate.status);
    this.fate = fate;
  }
}

/** Sent, and nobody can say whether it happened; the next run settles it. */
export function uncertain(cause: PlatformError, why: string): NotDone {
  return new NotDone({ status: 'uncertain', error: summarizeError(cause), because: why });
}

/** What is live is not what the plan was made on: not written. */
export function stale(why: string): NotDone {
  return new NotDone(staleFate(why));
}

export function staleFate(why: string): Omit<Fate, 'attempts'> {
  return { status: 'failed', error: { code: 'stale', message: `since the plan was made ${why}` } };
}

/** Its subject vanished: where a selector matched it that fails nothing (rule 23), else the plan is stale. */
export function gone(what: Address, isSelected: boolean): NotDone {
  return isSelected ? new NotDone({ status: 'cancelled', because: GONE }) : stale(`${what} has gone`);
}

/** The fate that an error means. Throws on what is a bug. */
export function fateOf(error: unknown, attempts: number): Fate {
  if (error instanceof NotDone) return { ...error.fate, attempts };
  if (!(error instanceof PlatformError)) throw error;
  if (error.code === 'aborted' && error.executed === 'no')
    return { status: 'cancelled', attempts, because: 'interrupted before it was sent' };
  // It was counted when it was about to go out.
  if (error.code === 'withheld')
    return { status: 'cancelled', attempts: Math.max(0, attempts - 1), because: error.message };
  return { status: 'failed', attempts, error: summarizeError(error) };
}
