import type { Address } from './address.ts';
import type { WindowScope } from './change-window.ts';
import type { IgnoreRule } from './ignore-rule.ts';
import type { Invariant } from './invariant.ts';
import type { ModeScope } from './mode.ts';
import type { Pause } from './pause.ts';
import type { Place } from './place.ts';
import type { Selector } from './selector.ts';

/**
 * The fields of a resource by name. Values are JSON scalars, arrays, {@link Secret} or {@link UnknownValue}. A field
 * that is not there is not managed (desired) or not known (live); `null` is the platform's default where the field's
 * schema says `nullable`.
 */
export type Spec = Readonly<Record<string, unknown>>;

/** What the platform says of a resource beside its spec: ids, URLs, times. Never compared, never written. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** One thing that the state document asks for. */
export interface DesiredResource<S extends object = Spec> {
  readonly address: Address;
  readonly kind: string;
  readonly key: string;
  readonly parent: Address | null;
  /** The managed fields, the key's field among them. */
  readonly spec: Partial<S>;
  /** Defaults that act at creation only (immutable fields); never compared. */
  readonly atCreation: Partial<S>;
  /** True for `{ absent: true }`: it must not exist, and naming it is the consent (rule 12). */
  readonly absent: boolean;
  /** The key it had before (rule 21). */
  readonly renamedFrom: string | null;
  /** The entry's own `protect`. */
  readonly protect: boolean | null;
  /** Its sensitive fields may be shown where they do not look like credentials (rule 18). */
  readonly visible: boolean;
  /** The selector that asks for it, as the plan names it; null for an entry of its own. */
  readonly selector: string | null;
  /** A selector matched it: it is governed while it is there, and never made, replaced or deleted (rules 3, 23). */
  readonly selected?: true;
  /** The line that asks for it. */
  readonly where: Place;
}

/** A collection that the document manages: the key is present (rule 1). */
export interface ManagedCollection {
  readonly kind: string;
  readonly parent: Address | null;
  /** The nearest `policy.prune` names this collection (rule 2). */
  readonly prune: boolean;
  /** Rule 6; the nearest `policy.maxDeletePercent`. */
  readonly maxDeletePercent: number;
  /** Some members are unknown in this run (an unresolved `envFrom`): nothing undeclared in it is pruned or reported. */
  readonly incomplete: boolean;
  /** The selector whose `prune` it is; absent for an entry's collection. */
  readonly selector?: string;
  readonly where: Place;
}

/** Address globs of a `policy`, acting on `within` and what it contains; null = everywhere. */
export interface PolicyGlobs {
  readonly within: Address | null;
  readonly protect: readonly string[];
  readonly unprotect: readonly string[];
  readonly ignore: readonly string[];
}

/** The document after expansion: everything it asks for, sorted by address. */
export interface DesiredState {
  /** Slug or numeric id (rule 26). */
  readonly team: string | number;
  readonly teamWhere: Place;
  readonly resources: readonly DesiredResource[];
  /** Sorted by parent, then kind. */
  readonly collections: readonly ManagedCollection[];
  readonly policies: readonly PolicyGlobs[];
  /** By place. Those of whole things that are in force stand among {@link DesiredState.policies} too. Absent: none. */
  readonly ignores?: readonly IgnoreRule[];
  /** By place. Absent: none. */
  readonly invariants?: readonly Invariant[];
  /** Weakest first: a later one wins over an earlier one. Already acted on where {@link DesiredState.resources} says so. */
  readonly selectors: readonly Selector[];
  /** What the daemon may do; of what selectors match, once they are acted on. */
  readonly modes: readonly ModeScope[];
  /** When anybody may change something. */
  readonly windows: readonly WindowScope[];
  /** By place; also expired ones. */
  readonly pauses: readonly Pause[];
}

/** One thing that exists on the platform. */
export interface LiveResource<S extends object = Spec> {
  /** Its place in the document's terms: the address of the entry it answers to, else made from its own key. */
  readonly address: Address;
  readonly kind: string;
  /** Its key on the platform today; differs from the address while a rename is due. */
  readonly key: string;
  readonly parent: Address | null;
  /** The platform's id: never in the document, never in an address. */
  readonly id: string;
  readonly spec: Partial<S>;
  readonly facts: Facts;
}
