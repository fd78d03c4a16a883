import type { Address } from './address.ts';
import type { IgnoredThings, Scope, Unreadable } from './change.ts';
import type { KindCoverage } from './coverage.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Place } from './place.ts';
import type { Target } from './target.ts';

/** How the live side is not what the document says. */
export type Movement =
  | 'changed' // there, and a managed field differs
  | 'missing' // declared, and not there
  | 'unexpected'; // there, and prune or `{ absent: true }` would remove it

/** How much it matters, the gravest first; judged by traits of the kind and by protection. */
export const SEVERITIES = ['high', 'medium', 'low'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Who moved it last. */
export interface MovedBy {
  /** `converge`: this tool, with whatever token. */
  readonly actor: 'member' | 'token' | 'integration' | 'system' | 'converge';
  readonly id?: number | string;
  /** Of a member, where the token may list them. */
  readonly name?: string;
  /** `dashboard`, `CLI`, `API`. */
  readonly via?: string;
  /** RFC 3339 UTC. */
  readonly at: string;
  /** Only where it was asked for. */
  readonly ip?: string;
}

/** One thing that drifted. No value stands in it. */
export interface DriftItem {
  readonly address: Address;
  readonly kind: string;
  readonly moved: Movement;
  /** Names of the fields that differ; empty where the thing itself is missing or unexpected. */
  readonly fields: readonly string[];
  readonly severity: Severity;
  /** The line that declares it; of what nobody declares, the line that declares the collection it is in. */
  readonly where: Place | null;
  readonly by?: MovedBy;
  /** Why nobody can be named. */
  readonly unattributed?: string;
  /** RFC 3339 UTC: when it was last seen as declared, where a history knows. */
  readonly since?: string;
}

export interface Drift {
  readonly target: Target;
  readonly scope: Scope;
  /** When the live side was read, milliseconds since epoch. */
  readonly readAt: number;
  /** Sorted by address. */
  readonly items: readonly DriftItem[];
  /** What was compared and is as declared, sorted. For reports that list it; documents only count. */
  readonly asDeclared: readonly Address[];
  /** In the order of the platform's kinds. */
  readonly coverage: readonly KindCoverage[];
  readonly unmanaged: readonly Address[];
  /** What the document ignores with a reason, by address. Absent: nothing. */
  readonly ignored?: readonly IgnoredThings[];
  readonly unreadable: readonly Unreadable[];
  readonly diagnostics: readonly Diagnostic[];
  /** Of them `logs` for who did it. */
  readonly requests: { readonly read: number; readonly logs: number };
}
