import type { Diagnostic } from './diagnostic.ts';
import type { Place } from './place.ts';

/** What the code of an app asks of its environment. Paths are as findings name them. */
export interface CodeReading {
  /** How many files were read. */
  readonly files: number;
  /** By name. */
  readonly variables: readonly CodeVariable[];
  /** Problems of the code itself, and what cannot be read off it. */
  readonly findings: readonly Diagnostic[];
  /** Some names are computed: what the code reads is not wholly known. */
  readonly open: boolean;
}

export interface CodeVariable {
  readonly name: string;
  readonly declared: DeclaredVariable | null;
  /** Without it the code does not work, as far as the code says. */
  readonly needed: boolean;
  /** By place. */
  readonly uses: readonly CodeUse[];
}

export interface DeclaredVariable {
  readonly where: Place;
  readonly optional: boolean;
  /** Null: any text. */
  readonly allowed: readonly string[] | null;
}

export interface CodeUse {
  readonly where: Place;
  /** The code goes on without it: it has a fallback, or only asks whether it is there. */
  readonly tolerant: boolean;
}
