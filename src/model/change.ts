import type { Address } from './address.ts';
import type { AdvisedRecord } from './advised-record.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { KindCoverage } from './coverage.ts';
import type { ErrorSummary } from './error.ts';
import type { ParityGroup } from './parity.ts';
import type { Place } from './place.ts';
import type { Target } from './target.ts';

export type Action = 'create' | 'update' | 'replace' | 'delete';

/** Why a change is there. */
export type Reason =
  | 'absent' // declared, and not there
  | 'differs' // there, and some managed field differs
  | 'undeclared' // there, not declared, and the collection is pruned
  | 'declared-absent' // `{ absent: true }`
  | 'releases-claim' // gives up what another declared resource takes
  | 'recreated'; // its container is replaced

export interface FieldChange {
  readonly field: string;
  readonly sensitive: boolean;
  /** The desired value is not resolved in this run. */
  readonly unknown: boolean;
  readonly forcesReplacement: boolean;
  /** Present where not sensitive, or visible and no credential. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** One difference between the document and the platform, as data: what a plan lists and `apply` executes. */
export interface Change {
  readonly address: Address;
  readonly kind: string;
  readonly action: Action;
  readonly reason: Reason;
  readonly selector: string | null;
  /** What dies with it, sorted. */
  readonly takes: readonly Address[];
  readonly fields: readonly FieldChange[];
  /** False when the platform withholds the live value. */
  readonly comparable: boolean;
  /** Changes that must succeed first, sorted. */
  readonly dependsOn: readonly Address[];
  readonly where: Place | null;
  /** When it takes effect, where that is not at once: `at the next push`. */
  readonly effect?: string;
  /** What is interrupted by it: `down until verified`. */
  readonly interrupts?: string;
  /** What has to be set up outside of the platform for it to take effect. */
  readonly records?: readonly AdvisedRecord[];
}

/** Declared and live as declared, and the platform is not finished with it: a fact, not a difference. */
export interface Unsettled {
  readonly address: Address;
  readonly because: string;
  readonly records: readonly AdvisedRecord[];
}

export type RefusalRule =
  | 'protect'
  | 'threshold'
  | 'consent'
  | 'window'
  | 'empty-document'
  | 'unsupported'
  | 'default'
  | 'budget'
  | 'claim'
  | 'policy'
  | 'invariant';

/** Why `apply` writes nothing. */
export interface Refusal {
  readonly rule: RefusalRule;
  readonly addresses: readonly Address[];
  readonly message: string;
  /** Exactly what to add to the command, for this run only; null where nothing on the command line lifts it. */
  readonly override: string | null;
}

/** A pause that is in force, and what of the plan waits for it. */
export interface PausedChanges {
  /** An address, or a glob over addresses. */
  readonly address: string;
  readonly owner: string;
  readonly reason: string;
  /** RFC 3339 UTC. */
  readonly expires: string;
  /** Addresses of the changes that it holds, with what depends on them; sorted. */
  readonly held: readonly Address[];
  readonly where: Place | null;
}

/** A rule of `policy.ignore` with a reason, in force, and what it leaves alone. */
export interface IgnoredThings {
  /** An address, or a glob over addresses. */
  readonly address: string;
  /** Empty: the whole things. */
  readonly fields: readonly string[];
  readonly reason: string;
  /** RFC 3339 UTC. */
  readonly expires: string;
  /** What it matches: of whole things with what they contain, of fields what the document manages them of. Sorted. */
  readonly things: readonly Address[];
  /** Of them those whose fields are not as declared, sorted. Whole things are not compared. */
  readonly differing: readonly Address[];
  readonly where: Place | null;
}

/** A collection that could not be listed; nothing is planned under it (law A). */
export interface Unreadable {
  /** The collection's key under its parent's address, `env` or `project:shop/deployment:production/env`. */
  readonly collection: string;
  readonly error: ErrorSummary;
}

/** What `--target` and `--exclude` asked for; both empty: everything. */
export interface Scope {
  readonly target: readonly string[];
  readonly exclude: readonly string[];
}

/** What executing a plan takes, when nothing goes wrong. */
export interface PlanCost {
  /** All requests of an `apply` that begins now: reading, a look before each write, the writes, and reading again as proof. */
  readonly requests: number;
  /** How long they take at `rate`, in whole seconds; waiting for the platform comes on top. */
  readonly seconds: number;
  /** Requests per second. */
  readonly rate: number;
  /** What is written in which container, and of what it invalidates the subscriptions; sorted by address. */
  readonly containers: readonly ContainerCost[];
}

export interface ContainerCost {
  readonly address: Address;
  readonly writes: number;
  readonly invalidations: number;
}

export interface Plan {
  readonly target: Target;
  readonly scope: Scope;
  /** Sorted by address. */
  readonly changes: readonly Change[];
  readonly summary: Readonly<Record<Action | 'no-op', number>>;
  readonly refusals: readonly Refusal[];
  readonly unmanaged: readonly Address[];
  readonly unreadable: readonly Unreadable[];
  /** Sorted by address; things without a change of their own. Absent: none. */
  readonly unsettled?: readonly Unsettled[];
  /** Sorted by address. What they hold is in no other part of the plan. Absent: nothing is paused. */
  readonly paused?: readonly PausedChanges[];
  /** By address. Absent: no rule with a reason ignores anything. */
  readonly ignored?: readonly IgnoredThings[];
  readonly diagnostics: readonly Diagnostic[];
  /** Absent: nobody said how fast it may be. */
  readonly cost?: PlanCost;
  /** In the order of the platform's kinds. Absent: not counted. */
  readonly coverage?: readonly KindCoverage[];
  /** By group, then kind. Absent: nobody asked. */
  readonly parity?: readonly ParityGroup[];
  readonly requests: { readonly read: number; readonly predictedWrites: number; readonly invalidations: number };
}
