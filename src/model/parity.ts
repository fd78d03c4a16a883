import type { Address } from './address.ts';

/** Why nobody knows what else is in a container. */
export type Unseen =
  | 'undeclared' // the document does not declare the collection, so it is not read
  | 'unreadable' // it could not be read
  | 'unresolved' // a source of many values is not resolved in this run
  | 'new' // it is made by this plan, and the platform puts members into it
  | 'offline'; // nothing live was read

/**
 * What the containers beside each other have after the plan: one row for each key, one column for containers with equal
 * contents. No value and no digest of one is in it.
 */
export interface ParityGroup {
  /** What contains the containers; null: they stand at the top. */
  readonly group: Address | null;
  /** The kind of the members that are compared. */
  readonly kind: string;
  /** False: which containers there are is not known, because the document does not declare them or they could not be read. */
  readonly listed: boolean;
  /** By the address of the first container. */
  readonly columns: readonly ParityColumn[];
  /** By key. */
  readonly rows: readonly ParityRow[];
}

export interface ParityColumn {
  /** Sorted; equal in every row. */
  readonly containers: readonly Address[];
  /** Null: all that is in them is known. */
  readonly unseen: Unseen | null;
}

export interface ParityRow {
  readonly key: string;
  /**
   * `differs`: two values at least. `missing`: one value, and somewhere nothing. `unknown`: neither is known, and not
   * all could be compared. `same`: set everywhere, with one value.
   */
  readonly standing: 'same' | 'differs' | 'missing' | 'unknown';
  /** One for each column. */
  readonly cells: readonly ParityCell[];
}

export interface ParityCell {
  /** `withheld`: set, and the platform does not tell the value. `unresolved`: set, to a value not known in this run. */
  readonly state: 'set' | 'missing' | 'withheld' | 'unresolved' | 'unknown';
  /** Only of what is set: equal letters in one row are equal values. By order of columns: A, B, …, Z, AA. */
  readonly letter?: string;
}
