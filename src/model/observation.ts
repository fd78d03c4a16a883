import type { Address } from './address.ts';
import type { Unreadable } from './change.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { LiveResource } from './resource.ts';

/** What the platform showed in one round of reading. */
export interface Observation {
  /** When it began, milliseconds since epoch: an observation is as old as its oldest read (law J). */
  readonly at: number;
  readonly live: ReadonlyMap<Address, LiveResource>;
  /** The collections that were read, as {@link collectionPath}, with the time; what is not here and not unreadable was not asked for. */
  readonly read: ReadonlyMap<string, number>;
  readonly unreadable: readonly Unreadable[];
  /** Declared ones of which nobody can say which live one they are, by their `address`. Absent: none. */
  readonly unmatched?: readonly Diagnostic[];
}

/** The name of a collection instance: its key under its parent's address. */
export function collectionPath(parent: Address | null, collection: string): string {
  return parent === null ? collection : `${parent}/${collection}`;
}
