import type { Plan } from '../../model/change.ts';
import type { Drift, DriftItem } from '../../model/drift.ts';
import type { Place } from '../../model/place.ts';

/** What executing takes where nothing goes wrong, and what is written in which container. */
export interface Cost {
  /** Of a whole apply, reading and proof included. */
  readonly requests: number;
  readonly seconds: number;
  /** Requests per second. */
  readonly rate: number;
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
