import type { BulkRef } from '../model/source.ts';
import type { Collection, Member, MemberSet, StateDocument } from './state-document.ts';

/** The members of one managed collection after precedence (rule 17). */
export interface Layered {
  /** By key. */
  readonly members: ReadonlyMap<string, LayeredMember>;
  /** The sources of many members that take part. */
  readonly bulk: readonly BulkRef[];
  /** Some of them is not known in this run. */
  readonly incomplete: boolean;
}

export interface LayeredMember {
  readonly member: Member;
  /** Written in the entry itself; else in a place that entries share. */
  readonly own: boolean;
}

/** The written collections that apply under one parent, by kind, weakest first: the defaults', then its own. */
export function collectionsUnder(
  state: StateDocument,
  parentKind: string | null,
  own: readonly Collection[],
): ReadonlyMap<string, readonly Collection[]> {
  const shared = parentKind === null ? [] : state.defaults.collections.filter(({ parent }) => parent === parentKind);
  return Map.groupBy([...shared, ...own], ({ kind }) => kind);
}

/** Lays whole members over each other: in each collection the sets in order, then what it says itself. */
export function layered(
  collections: readonly Collection[],
  from: {
    readonly own: readonly Collection[];
    readonly sets: ReadonlyMap<string, MemberSet> | undefined;
    /** The members that such a source gives; null when it is not known. */
    readonly bulk: (ref: BulkRef) => readonly Member[] | null;
  },
): Layered {
  const members = new Map<string, LayeredMember>();
  const bulk: BulkRef[] = [];
  let incomplete = false;
  for (const collection of collections) {
    for (const item of collection.bulk) {
      if (item.type === 'source') bulk.push(item.ref);
      const found = item.type === 'source' ? from.bulk(item.ref) : (from.sets?.get(item.name)?.members ?? []);
      if (found === null) incomplete = true;
      for (const member of found ?? []) members.set(member.key, { member, own: false });
    }
    const own = from.own.includes(collection);
    for (const member of collection.members) members.set(member.key, { member, own });
  }
  return { members, bulk, incomplete };
}
