import type { Address } from './address.ts';
import type {
  Change,
  IgnoredThings,
  PausedChanges,
  Plan,
  PlanCost,
  Refusal,
  Scope,
  Unreadable,
  Unsettled,
} from './change.ts';
import type { KindCoverage } from './coverage.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { ParityGroup } from './parity.ts';
import type { Place } from './place.ts';
import type { Target } from './target.ts';
import type { PlanDigests } from './saved-plan.ts';

/**
 * A plan as JSON: what `plan --format json` and `show` print and `--out` saves. Plain data all through, keys in this
 * order. Within a format major, documents of a later minor may carry other actions, reasons and rules than the types
 * here name: readers pass them on as text.
 */
export interface PlanDocument {
  readonly kind: 'plan';
  /** `major.minor`. */
  readonly formatVersion: string;
  /** Version of the tool that made it. */
  readonly tool: string;
  /** RFC 3339 UTC. */
  readonly createdAt: string;
  readonly target: Target;
  readonly scope: Scope;
  readonly changes: readonly ChangeDocument[];
  readonly summary: Plan['summary'];
  readonly refusals: readonly Refusal[];
  readonly unmanaged: readonly Address[];
  readonly unreadable: readonly Unreadable[];
  /** Only where there are some. */
  readonly unsettled?: readonly Unsettled[];
  /** Only where there are some. */
  readonly paused?: readonly PausedDocument[];
  /** Only where there are some. */
  readonly ignored?: readonly IgnoredDocument[];
  readonly diagnostics: readonly Diagnostic[];
  readonly cost?: PlanCost;
  readonly coverage?: CoverageDocument;
  /** Only with `--parity`. */
  readonly parity?: readonly ParityGroup[];
  readonly requests: Plan['requests'];
  /** Only in `--out` files: never on stdout, never in a report. */
  readonly digests?: PlanDigests;
}

/** Coverage by kind. */
export type CoverageDocument = Readonly<Record<string, Omit<KindCoverage, 'kind'>>>;

/** A pause with its place left out where it has none. */
export interface PausedDocument extends Omit<PausedChanges, 'where'> {
  readonly where?: Place;
}

/** An ignore rule with its place left out where it has none. */
export interface IgnoredDocument extends Omit<IgnoredThings, 'where'> {
  readonly where?: Place;
}

/** A change with its place left out where it has none. */
export interface ChangeDocument extends Omit<Change, 'where'> {
  readonly where?: Place;
}
