import type { Address } from './address.ts';
import type { CodeReading } from './code-reading.ts';
import type { Diagnostic } from './diagnostic.ts';

/** The code of an app beside a state document. No value of a variable is in it. */
export interface CodeCheck {
  /** As it was named. */
  readonly folder: string;
  readonly reading: Omit<CodeReading, 'findings'>;
  /** Names that are there without being declared. */
  readonly builtIn: readonly string[];
  /** By name. */
  readonly subjects: readonly CheckedSubject[];
  /** Of the code and of the document beside it, sorted. */
  readonly findings: readonly Diagnostic[];
}

/** What holds variables, and how they stand to the code: a declared thing, or whatever a selector matches. */
export interface CheckedSubject {
  /** An address, or a selector as plans name it. */
  readonly name: string;
  readonly address: Address | null;
  readonly standing: 'satisfied' | 'unsatisfied' | 'unknown';
  /** Names, sorted. Needed by the code and not there. */
  readonly missing: readonly string[];
  /** Removed by the document while the code reads them. */
  readonly removed: readonly string[];
  /** Given a value that the code does not allow. */
  readonly wrong: readonly string[];
  /** Needed, and whether they are there or right cannot be known from the document. */
  readonly unknown: readonly string[];
  /** Given, and not read. */
  readonly unused: readonly string[];
  readonly order: ChangeOrder;
}

/** "set, deploy, remove": what has to be there before this code is deployed, and what may go once it is. */
export interface ChangeOrder {
  readonly before: readonly string[];
  readonly after: readonly string[];
}
