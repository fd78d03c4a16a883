import type { AdvisedRecord } from './advised-record.ts';
import type { CodeContract } from './code-contract.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { PlatformError } from './error.ts';
import type { RefusalRule } from './change.ts';
import type { DesiredResource, Facts, LiveResource, Spec } from './resource.ts';
import type { SpecSchema } from './schema.ts';
import type { Traces } from './trail.ts';

/**
 * Everything about one sort of resource. The engine, the document, the reports and the command line read this and
 * never name a kind; a kind does no I/O but through `api`, and keeps no state. Methods other than `list` and `write`
 * are pure and total on what the schema accepts.
 */
export interface ResourceKind<S extends object = Spec, Api = unknown> {
  /** As users read it in every plan and address: `env-var`. */
  readonly name: string;
  /** Its key in the document, under its parent: `env`. */
  readonly collection: string;
  /** The kind that contains it. Containment is nesting in YAML, address prefix and dependency at once. */
  readonly parent: string | null;
  /** How the collection is written. */
  readonly form: DocumentForm;
  readonly schema: SpecSchema<S>;
  /** Deleting or replacing one destroys data (rule 9). */
  readonly holdsData?: true;
  /** Its key may be updated (`renamedFrom`, rule 21). */
  readonly renamable?: true;
  /** Undeclared ones may be pruned (rule 2). */
  readonly prunable?: true;
  /** One listing for the whole team exists, cheaper than one per parent beyond two parents. */
  readonly listsTeam?: true;
  /** How many members one request lists, where they are listed at the top or for the whole team; absent: all of them. */
  readonly pageSize?: number;
  /**
   * Where a change of its members shows without listing them: in the platform's log, which is polled, or in what the
   * platform sends. Only where a provider offers that ({@link Hints}, {@link Push}). Absent: nowhere.
   */
  readonly toldBy?: 'log' | 'push';
  /** Who changed a member, in the platform's logs. Absent: no log tells. */
  readonly traces?: Traces;
  /** How the code of an app reads its members. Absent: code reads none. */
  readonly code?: CodeContract<S>;
  /** What other APIs of the platform serve of it, and this one does not: errors by name (rule 33). */
  readonly unserved?: Unserved;
  /** When what is written takes effect, where that is not at once: `at the next push`. */
  readonly effect?: string;
  /** Its key makes a second one impossible, so a create whose outcome is unknown may be sent again (law F). */
  readonly keyed?: true;
  /** Members with one key in different containers are meant to be compared: parity and invariants are about them. */
  readonly compared?: true;
  /** A new parent comes with members of this kind already in it, so they are listed once before the first write (rule 24). */
  readonly seeded?: true;

  /** Natural key among siblings. */
  key(spec: Partial<S>): string;
  /** All members of the collections asked for, or which could not be read. Throws only when aborted. */
  list(api: Api, request: ListRequest): Promise<Listing<S>>;
  /** One live member as it is now, in one request; null: it is gone. Absent: its collection is listed for that. Throws {@link PlatformError}. */
  find?(api: Api, request: FindRequest<S>): Promise<Listed<S> | null>;
  /** One spelling per meaning, applied to desired and live before they are compared. */
  normalize?(spec: Partial<S>): Partial<S>;
  /** Offline checks of one member (rule 19). */
  check?(spec: Partial<S>): readonly Finding[];
  /** Checks of a whole collection: declared members offline, the final state at plan time (rule 19). */
  checkAll?(members: readonly Partial<S>[]): readonly Finding[];
  /** Offline checks of declared siblings beside each other: those that could not be told apart. */
  checkSiblings?(declared: readonly Declared<S>[]): readonly SiblingFinding[];
  /**
   * Which listed member each declared one is, where the platform does not keep the document's key. A listed one that
   * is assigned to nothing goes by its own key. What is found is an error: nothing is planned for that declared one.
   */
  match?(declared: readonly Declared<S>[], listed: readonly Listed<S>[]): Matching;
  /**
   * Listed siblings as a document can declare them, one spec for each, in order: where the platform does not keep the
   * document's keys, with keys and with what `match` needs to find each again. Absent: as they are.
   */
  adopt?(listed: readonly Partial<S>[]): readonly Partial<S>[];
  /** Siblings that must exist and be settled before this, beyond its parent. Judged on desired and on live spec. */
  dependsOn?(spec: Partial<S>): readonly KindKey[];
  /** Names exclusive in a scope. The engine releases before it takes, and refuses what an undeclared thing holds. */
  claims?(spec: Partial<S>): readonly Claim[];
  /** The fields that give up a claim while the resource stays; absent: only deleting it does. */
  release?(claim: string): Partial<S>;
  /** True, or why the platform is not finished with it: what depends on it waits, and is pending after that. */
  settled?(live: LiveResource<S>): true | string;
  /** What it means to make a live one again before the new one is settled: `down until verified`. */
  readonly interrupts?: string;
  /** What has to be set up outside of the platform for it to settle. `parent`: null while it is not made. */
  advice?(spec: Partial<S>, parent: LiveResource | null): readonly AdvisedRecord[];
  /** Asking for this under `parent` is asking for what is there without it, so it counts as absent. */
  isDefault?(spec: Partial<S>, parent: LiveResource): boolean;
  /** Why nobody deletes or replaces this live one by accident (rule 8), or null. */
  guarded?(live: LiveResource<S>): string | null;
  /** In what a person could mistake the live one for the desired one (rule 21): `the same type and region`; null: not. */
  resembles?(spec: Partial<S>, live: LiveResource<S>): string | null;
  /** The declared one has run out by `now` (ms since epoch) and is not made again (rule 23). */
  expired?(spec: Partial<S>, now: number): boolean;
  /** What exists right after `create`: the fields that the create request itself can carry. Absent: all of them. */
  born?(spec: Partial<S>): Partial<S>;

  readonly write: Singly<S, Api> | Together<S, Api>;
}

/** How a collection of the kind is written in YAML. */
export type DocumentForm =
  | { readonly shape: 'list'; readonly description: string }
  | {
      readonly shape: 'map';
      readonly description: string;
      /**
       * The field that a bare scalar stands for: `KEY: text` is `KEY: { value: text }`. Where it is nullable and not
       * sourced, `KEY: null` declares the member absent: what is there without it is the platform's default.
       */
      readonly shorthand: string;
      /** The shorthand's value may come from a source (`fromEnv`, `fromFile`, …), and `{ absent: true }` removes. */
      readonly sourced?: true;
      /** May stand under the document's `defaults`, for every declared parent (rule 17). */
      readonly defaultable?: true;
      /** Whole sets of members: the key beside the collection (`envFrom`) and the document's named sets (`envSets`). */
      readonly bulk?: { readonly key: string; readonly sets: string };
    };

/** Reference to a resource by kind and key. */
export interface KindKey {
  readonly kind: string;
  readonly key: string;
}

export interface Claim {
  readonly name: string;
  /** For people, with its article: `the default production deployment`. */
  readonly label: string;
  /** Exclusive among siblings, or in the whole team. */
  readonly scope: 'siblings' | 'team';
  /** The rule a refusal is filed under when an undeclared thing holds it. */
  readonly rule: RefusalRule;
}

/** A finding of a kind's own checks; the document adds place and address. */
export type Finding = Pick<Diagnostic, 'severity' | 'code' | 'summary' | 'hint'> & {
  /** The field it is about, to point at its line. */
  readonly field?: string;
};

export interface Unserved {
  /** For people, with its article: `the catalog API`. */
  readonly by: string;
  /** Keys of entries and selectors, and of the document's `defaults`. */
  readonly keys: readonly string[];
  /** Keys of a selector's `match`. */
  readonly matches?: readonly string[];
}

/** One declared sibling, as far as telling it apart needs. */
export type Declared<S extends object = Spec> = Pick<DesiredResource<S>, 'key' | 'spec' | 'atCreation'>;

/** A finding about the declared sibling with this key. */
export type SiblingFinding = Finding & { readonly key: string };

export interface Matching {
  /** Declared key → the id of the listed member that it is. */
  readonly assigned: ReadonlyMap<string, string>;
  readonly findings: readonly SiblingFinding[];
}

export interface ListRequest {
  /** The live parents whose members are wanted (empty at the top), or the whole team. */
  readonly parents: readonly LiveResource[] | 'team';
  readonly signal: AbortSignal;
}

export interface FindRequest<S extends object> {
  readonly live: LiveResource<S>;
  readonly parent: LiveResource | null;
  readonly signal: AbortSignal;
}

/** One member as the platform lists it. */
export interface Listed<S extends object = Spec> {
  readonly id: string;
  /** The platform's id of its parent; null at the top. */
  readonly parentId: string | null;
  readonly spec: Partial<S>;
  readonly facts: Facts;
}

export interface Listing<S extends object = Spec> {
  readonly items: readonly Listed<S>[];
  /** Collections that could not be read, by the parent's id; null: the whole listing. Unreadable is not absent (law A). */
  readonly unreadable: readonly { readonly parentId: string | null; readonly error: PlatformError }[];
  /** When what is not of now was read, milliseconds since epoch, by the parent's id; null: the whole listing. Absent: all of it now. */
  readonly readAt?: ReadonlyMap<string | null, number>;
}

/** Members are written one by one. An absent `update` makes every difference a replacement, unless all that differs is `fixed`; an absent `delete` means it outlives its declaration. */
export interface Singly<S extends object, Api> {
  readonly how: 'singly';
  /** Each request invalidates what the parent's clients have subscribed to; plans count it. */
  readonly invalidates?: true;
  /** One request that creates; what it could not carry (see `born`) follows as an update. Returns what now exists. */
  create(api: Api, request: CreateRequest<S>): Promise<Listed<S>>;
  /**
   * Told of a new member that no reply to a create named (the reply was lost, or somebody else made it): as after a
   * create, requests about it may meet "not found" for a while.
   */
  arrived?(api: Api, listed: Listed<S>): void;
  /** One request that changes `fields` and nothing else. */
  update?(api: Api, request: UpdateRequest<S>): Promise<void>;
  delete?(api: Api, request: DeleteRequest<S>): Promise<void>;
}

/** All changes of one parent's members are one request: atomic, and serial per parent (law E). */
export interface Together<S extends object, Api> {
  readonly how: 'together';
  /** What is set and what is removed are two requests, in this order: `write` is asked for one of the two at a time. */
  readonly apart?: true;
  /** Each request invalidates what the parent's clients have subscribed to; plans count it. */
  readonly invalidates?: true;
  write(api: Api, request: BatchRequest<S>): Promise<void>;
}

export interface CreateRequest<S extends object> {
  readonly parent: LiveResource | null;
  /** Whole: the managed fields over the creation defaults. */
  readonly spec: Partial<S>;
  readonly signal: AbortSignal;
}

export interface UpdateRequest<S extends object> {
  readonly live: LiveResource<S>;
  readonly parent: LiveResource | null;
  /** Only what differs. */
  readonly fields: Partial<S>;
  readonly signal: AbortSignal;
}

export interface DeleteRequest<S extends object> {
  readonly live: LiveResource<S>;
  readonly parent: LiveResource | null;
  readonly signal: AbortSignal;
}

export interface BatchRequest<S extends object> {
  readonly parent: LiveResource;
  readonly set: readonly Partial<S>[];
  readonly remove: readonly Partial<S>[];
  readonly signal: AbortSignal;
}
