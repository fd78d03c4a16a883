import type { Node, YAMLMap, YAMLSeq } from 'yaml';
import type { Address } from '../../model/address.ts';
import type { Outcome, ValueOutcome } from './outcome.ts';
import type { SyntaxFile, WrittenPair } from './syntax.ts';

/** One edit, and the things that it is for. What stands at a node is edited once for all of them. */
export type Intent = { readonly file: SyntaxFile; readonly addresses: Address[] } &
  /** The node gets the short form of the outcome. */
  (
    | { readonly type: 'value'; readonly node: Node; readonly outcome: Outcome }
    /** The member of a long form becomes another one. */
    | { readonly type: 'inner'; readonly written: WrittenPair; readonly outcome: Outcome; readonly shorthand: string }
    | { readonly type: 'remove'; readonly collection: YAMLMap | YAMLSeq; readonly index: number }
    | {
        readonly type: 'add';
        readonly collection: YAMLMap;
        readonly key: string;
        readonly after: string | null;
        readonly outcome: Outcome;
      }
    /** An alias becomes a map that merges it and says more. */
    | { readonly type: 'merge'; readonly alias: Node; readonly key: string; readonly outcome: Outcome }
    /** A collection that is not written yet. */
    | {
        readonly type: 'open';
        readonly map: YAMLMap;
        readonly after: string | null;
        readonly collection: string;
        readonly key: string;
        readonly outcome: Outcome;
      }
    | { readonly type: 'entry'; readonly list: YAMLSeq; readonly fields: ReadonlyMap<string, Outcome> }
  );

/** A value that has to be set where the document takes it from, and no edit. */
export interface SetAnew {
  readonly name: string;
  readonly outcome: ValueOutcome;
  readonly uses: Address[];
}

/** What tells that two intents are one: the same edit at the same place. */
export type IntentOf<Type extends Intent['type']> = Extract<Intent, { readonly type: Type }>;
