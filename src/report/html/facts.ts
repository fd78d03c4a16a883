import type { Plan } from '../../model/change.ts';
import type { Drift, DriftItem } from '../../model/drift.ts';
import type { Place } from '../../model/place.ts';

/** What is written in which container where nothing goes wrong. */
export interface Cost {
  readonly containers: readonly { readonly address: string; readonly writes: number; readonly invalidations: number }[];
}

/** What the document leaves alone with a reason, for a while. */
export interface Ignored {
  readonly address: string;
  readonly fields: readonly string[];
  readonly reason: string;
  readonly expires: string;
  readonly things: readonly string[];
  readonly differing: readonly string[];
}

/** A plan, with what is known beside its changes; each is left out where it is not. */
export type PlanFacts = Plan & {
  readonly cost?: Cost;
  readonly coverage?: Drift['coverage'];
  readonly ignored?: readonly Ignored[];
};

export type DriftFacts = Drift & { readonly ignored?: readonly Ignored[] };

export type DriftItemFacts = DriftItem & { readonly where?: Place | null; readonly severity?: string };
