import type { Address } from './address.ts';
import type { Action, Reason } from './change.ts';
import type { OutcomeStatus } from './outcome.ts';
import type { Round } from './watch-status.ts';

/** A difference between document and platform by what it touches: names of fields, never a value of one. */
export interface Difference {
  readonly address: Address;
  readonly kind: string;
  readonly action: Action;
  readonly reason: Reason;
  readonly fields: readonly string[];
}

/** Which side moved, as far as the daemon saw it. `unknown`: it was there when the daemon began to look. */
export type Origin = 'document' | 'live' | 'unknown';

/** What became of one change, without what the platform said of it. */
export interface RecordedOutcome {
  readonly address: Address;
  readonly kind: string;
  readonly action: Action;
  readonly status: OutcomeStatus;
  /** Of the error, where there was one. */
  readonly code: string | null;
}

/** A run as the history takes it in. Times are milliseconds since epoch. */
export interface RunInput {
  /** Its number in the log. The history gives a higher one where this one is taken. */
  readonly id: number;
  /** Of the process: one start of the daemon. */
  readonly session: string;
  readonly cause: string;
  readonly startedAt: number;
  readonly ms: number;
  readonly result: Round['result'];
  readonly problem: string | null;
  readonly requests: Round['requests'];
  readonly held: number;
  readonly outcomes: readonly RecordedOutcome[];
  readonly origin: Origin;
  /** What differed before anything was done. */
  readonly found: readonly Difference[];
  /** What the last reading of the run showed; null where nothing was read to its end. */
  readonly reading: {
    readonly at: number;
    readonly differing: readonly Difference[];
    /** Declared, read and as declared. Null: not kept, which says nothing of any address. */
    readonly equal: ReadonlySet<Address> | null;
    /** False: some could not be read, so what does not differ may only not be seen. */
    readonly whole: boolean;
  } | null;
}

/** Equal runs that follow each other are one: the last of them, which says how many it stands for. */
export interface RecordedRun {
  readonly id: number;
  readonly session: string;
  readonly cause: string;
  readonly startedAt: number;
  readonly ms: number;
  readonly result: Round['result'];
  readonly problem: string | null;
  /** Null: nothing was read to its end. */
  readonly differs: number | null;
  /** How many changes succeeded. */
  readonly changed: number;
  readonly held: number;
  readonly requests: Round['requests'];
  /** How many runs it stands for, the first of them, and when that began. */
  readonly count: number;
  readonly firstId: number;
  readonly since: number;
}

/** How long an address differed. */
export interface Episode extends Difference {
  readonly origin: Origin;
  readonly seenAt: number;
  /** The run that saw it first. */
  readonly run: number;
  /** When it was last seen as declared before; null: never, as far as is known. */
  readonly lastEqualAt: number | null;
  /** Null: it still differs, as far as is known. */
  readonly goneAt: number | null;
  /** `converge`: by a change of {@link healedIn}. `elsewhere`: somebody else did it, or nobody asks for it any more. */
  readonly healedBy: 'converge' | 'elsewhere' | null;
  readonly healedIn: number | null;
}

/** Whether what is recorded is kept where it should be. */
export interface HistoryState {
  readonly available: boolean;
  /** Why not, one sentence without its full stop; null where it is. */
  readonly why: string | null;
  readonly place: 'memory' | 'file';
  readonly bytes: number;
}

/** What a run began and ended. */
export interface Recorded {
  readonly id: number;
  readonly opened: readonly Episode[];
  readonly closed: readonly Episode[];
}

export interface HistoryReader {
  /** Newest first; `before`: only ids below. `next`: the `before` of the page after; null on the last one. */
  runs(page: { readonly limit: number; readonly before: number | null }): {
    readonly runs: readonly RecordedRun[];
    readonly next: number | null;
  };
  /** The run with this number, or the one that stands for it. */
  run(id: number): { readonly run: RecordedRun; readonly outcomes: readonly RecordedOutcome[] } | null;
  /** What differed at any time since then, newest first. */
  episodes(page: { readonly since: number; readonly limit: number }): readonly Episode[];
  /** When an address was last seen as declared; null: never, or it is forgotten. */
  lastEqual(address: Address): number | null;
  state(): HistoryState;
}

/** Runs, their changes, and drift, for people to look back on. A cache that nothing's correctness needs (law I). */
export interface History extends HistoryReader {
  /** Never throws for what the disk does. */
  record(run: RunInput): Recorded;
  /** The number for a run that begins. */
  nextId(): number;
  close(): void;
}
