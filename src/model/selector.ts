import type { Address } from './address.ts';
import type { Mode } from './mode.ts';
import type { Place } from './place.ts';
import type { DesiredResource, ManagedCollection, Spec } from './resource.ts';

/**
 * One `each…` of the document: which live things it means, and what it asks of each of them (rules 27, 28). Its sets
 * and sources are laid over each other already, so that all that is missing is the live things.
 */
export interface Selector {
  /** As plans name it: `eachProject(slug: app-*)/eachDeployment(type: prod)`. */
  readonly name: string;
  /** The kind of what it selects. */
  readonly kind: string;
  /** The entry that it is written in; null at the top. */
  readonly within: Address | null;
  /** All of them hold of what it selects and of what contains that, outermost first; the last one is its own. */
  readonly matches: readonly Match[];
  readonly where: Place;
  /** What the daemon may do to what it selects; null: what holds around it. */
  readonly mode: Mode | null;
  /** What it asks of the selected thing itself. */
  readonly spec: Spec;
  /** What it asks of what the selected thing contains. */
  readonly collections: readonly SelectedCollection[];
}

/** A condition on a selected thing, or on what contains it. */
export interface Match {
  readonly kind: string;
  /** Only what has no entry of its own. */
  readonly undeclared: boolean;
  /** Field → globs; of each field one must match. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
}

export type SelectedCollection = Pick<ManagedCollection, 'kind' | 'maxDeletePercent' | 'incomplete' | 'where'> & {
  /** The nearest `prune` of the selector and of those around it; null where none says anything. */
  readonly prune: boolean | null;
  readonly members: readonly SelectedMember[];
};

export type SelectedMember = Pick<DesiredResource, 'key' | 'spec' | 'absent' | 'visible' | 'where'>;
