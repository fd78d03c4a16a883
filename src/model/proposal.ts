import type { Address } from './address.ts';

/** What to write into state files so that they say what is live. No value of a variable that could be secret stands in it. */
export interface Proposal {
  /** The files that change, by path. */
  readonly files: readonly ProposedFile[];
  /** What drifted and is not edited, sorted by address. */
  readonly refused: readonly { readonly address: Address; readonly why: string }[];
  /** Variables that must hold what is live where the tool runs, sorted by name. */
  readonly toSet: readonly VariableToSet[];
}

export interface ProposedFile {
  /** As people see it. */
  readonly path: string;
  /** In the order of the text as it is. */
  readonly edits: readonly ProposedEdit[];
  readonly hunks: readonly Hunk[];
}

export interface ProposedEdit {
  /** Every live thing that the line speaks for, sorted. */
  readonly addresses: readonly Address[];
  readonly does: 'changed' | 'added' | 'removed';
  /** Of the text as it is, counted from 1. */
  readonly line: number;
}

/** Lines that change, with lines around them, as a unified diff has them. Lines are counted from 1. */
export interface Hunk {
  readonly before: { readonly start: number; readonly count: number };
  readonly after: { readonly start: number; readonly count: number };
  /** Each with its mark: ` `, `-` or `+`; without their newlines. `\` says that the line above has none. */
  readonly lines: readonly string[];
}

export interface VariableToSet {
  readonly name: string;
  /** The value ends with a newline, of which sources take one away. */
  readonly finalNewline: boolean;
  /** The document takes it from there already. */
  readonly known: boolean;
  /** Sorted. */
  readonly uses: readonly Address[];
}
