import type { ChangeWindow } from '../model/change-window.ts';
import type { IgnoreRule } from '../model/ignore-rule.ts';
import type { Invariant } from '../model/invariant.ts';
import type { Mode } from '../model/mode.ts';
import type { Pause } from '../model/pause.ts';
import type { Place } from '../model/place.ts';
import type { Spec } from '../model/resource.ts';
import type { BulkRef, SourceRef } from '../model/source.ts';

/**
 * A set of state files, read and merged: what is written, before defaults, sets and sources are laid over each other.
 * Texts of sensitive fields are {@link Secret}s from here on.
 */
export interface StateDocument {
  /** Slug or numeric id. */
  readonly team: string | number;
  readonly teamWhere: Place;
  readonly policy: Policy | null;
  readonly mode: WrittenMode | null;
  readonly pauses: readonly Pause[];
  readonly defaults: Defaults;
  /** Named sets by kind, then by name. */
  readonly sets: ReadonlyMap<string, ReadonlyMap<string, MemberSet>>;
  /** The collections at the top. */
  readonly collections: readonly Collection[];
  /** The selectors at the top. */
  readonly selectors: readonly WrittenSelector[];
}

/** One `policy` as written; null where a list or number is not written. */
export interface Policy {
  readonly where: Place;
  /** Collections, in the document's words. */
  readonly prune: readonly string[] | null;
  readonly maxDeletePercent: number | null;
  readonly protect: readonly string[];
  readonly unprotect: readonly string[];
  readonly ignore: readonly string[];
  /** The items of `ignore` that say why and until when. */
  readonly ignoreRules: readonly Omit<IgnoreRule, 'within'>[];
  readonly visible: readonly string[];
  readonly windows: { readonly list: readonly ChangeWindow[]; readonly where: Place } | null;
  readonly invariants: readonly Omit<Invariant, 'within'>[];
}

/** One `mode` as written. */
export interface WrittenMode {
  readonly mode: Mode;
  readonly where: Place;
}

export interface Defaults {
  /** Values by field, as each kind that has the field reads them: kind → field → value. */
  readonly fields: ReadonlyMap<string, Spec>;
  /** Where each field's default is written. */
  readonly places: ReadonlyMap<string, Place>;
  readonly collections: readonly Collection[];
}

/** A collection that is written: its own key, the key of its sets, or both. */
export interface Collection {
  readonly kind: string;
  /** The kind that contains it; null at the top. */
  readonly parent: string | null;
  readonly where: Place;
  readonly members: readonly Member[];
  readonly bulk: readonly BulkItem[];
}

/** One entry of a list, or one member of a map. */
export interface Member {
  readonly key: string;
  readonly where: Place;
  /** The fields that are written, read; the key's field among them. The sourced field is missing where `source` is given. */
  readonly spec: Spec;
  /** Where each field is written; a field that is not here stands at `where`. */
  readonly places: ReadonlyMap<string, Place>;
  /** Some written field has the wrong shape and is left out: nothing can be concluded from what is not there. */
  readonly partial: boolean;
  /** Where the field `field` gets its value from. */
  readonly source: { readonly field: string; readonly ref: SourceRef } | null;
  readonly absent: boolean;
  /** Its own `visible`. */
  readonly visible: boolean | null;
  readonly protect: boolean | null;
  readonly renamedFrom: { readonly key: string; readonly where: Place } | null;
  readonly policy: Policy | null;
  readonly mode: WrittenMode | null;
  readonly collections: readonly Collection[];
  readonly selectors: readonly WrittenSelector[];
}

/** One item of a list of selectors, as written (rule 27). */
export interface WrittenSelector {
  /** The kind that it selects. */
  readonly kind: string;
  readonly where: Place;
  /** The fields that it matches by, in the order of the schema: each with one glob at least. */
  readonly match: readonly FieldMatch[];
  readonly spec: Spec;
  readonly places: ReadonlyMap<string, Place>;
  readonly policy: Policy | null;
  readonly mode: WrittenMode | null;
  readonly collections: readonly Collection[];
  readonly selectors: readonly WrittenSelector[];
}

export interface FieldMatch {
  /** The kind that has the field: the selected one, or one that contains it. */
  readonly kind: string;
  readonly field: string;
  readonly globs: readonly string[];
}

/** One item of a list of whole sets. */
export type BulkItem =
  | { readonly type: 'set'; readonly name: string; readonly where: Place }
  | { readonly type: 'source'; readonly ref: BulkRef };

/** One named set. */
export interface MemberSet {
  readonly name: string;
  readonly where: Place;
  readonly members: readonly Member[];
}
