import type { Address } from './address.ts';
import type { Change, IgnoredThings, Refusal, Unreadable } from './change.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { MovedBy } from './drift.ts';
import type { Place } from './place.ts';
import type { Target } from './target.ts';

/** How one thing stands between the document and the platform. */
export type StandingOfOne =
  | 'in-sync' // declared, there, and as declared
  | 'differs' // there, and a managed field differs, or it would be removed
  | 'missing' // declared, and not there
  | 'absent' // `{ absent: true }`, and not there
  | 'unmanaged' // there, not declared, and kept
  | 'ignored' // `policy.ignore` leaves it, or what differs of it, as it is
  | 'unknown'; // could not be read

/** What the line that asks for a thing was last changed by; `uncommitted`: it has changed since, or was never committed. */
export type LineHistory =
  | {
      readonly type: 'committed';
      readonly author: string;
      readonly commit: string;
      readonly at: number;
      readonly summary: string;
    }
  | { readonly type: 'uncommitted' }
  /** No repository, no git, no answer. */
  | { readonly type: 'unknown'; readonly why: string };

/** One thing's story. No sensitive value stands in it. */
export interface Explanation {
  readonly address: Address;
  readonly kind: string;
  readonly target: Target;
  /** When the live side was read, milliseconds since epoch. */
  readonly readAt: number;
  readonly standing: StandingOfOne;
  /** Null: the document does not ask for it. */
  readonly declared: null | {
    readonly where: Place;
    readonly selector: string | null;
    readonly line: LineHistory;
    /** Fields that are managed, sorted. */
    readonly fields: readonly string[];
  };
  /** Null: it is not there, or nobody can say. */
  readonly live: null | {
    /** Sensitive ones only by name. */
    readonly fields: Readonly<Record<string, unknown>>;
    readonly hidden: readonly string[];
    /** Of all fields, sensitive ones too, under the key of CONVERGE_PLAN_KEY; null: there is no key. */
    readonly fingerprint: string | null;
  };
  /** When it was last seen as declared, milliseconds since epoch, where a history tells. */
  readonly lastEqualAt: number | null;
  readonly lastEvent: { readonly by: MovedBy } | { readonly unattributed: string };
  /** What the current plan does with it; null: nothing. */
  readonly change: Change | null;
  readonly refusals: readonly Refusal[];
  /** Pauses that hold it, as they are written. */
  readonly pauses: readonly {
    readonly address: string;
    readonly owner: string;
    readonly reason: string;
    readonly expires: string;
  }[];
  /** Rules of `policy.ignore` with a reason that act on it. */
  readonly ignored: readonly Pick<IgnoredThings, 'address' | 'fields' | 'reason' | 'expires'>[];
  /** What it needs to be there, sorted. */
  readonly needs: readonly Address[];
  /** What goes where it goes: what is in it and what needs it, declared or live; sorted. */
  readonly dependents: readonly Address[];
  /** What could not be read and would tell of it. */
  readonly unreadable: readonly Unreadable[];
  /** What could not be found out, and is no part of the story. */
  readonly diagnostics: readonly Diagnostic[];
  readonly requests: { readonly read: number; readonly logs: number };
}
