import { NEWEST_VERSION } from '../document-schema.ts';
import type { DumpCollection, DumpEntry } from './dump-tree.ts';
import { gather, type Ground } from './gather.ts';
import { liftDefaults } from './lift-defaults.ts';
import { liftSets } from './lift-sets.ts';
import { nameReferences, type Reference } from './name-references.ts';
import { print, type Parts } from './print.ts';

export interface WriteOptions {
  /** Slug or id. */
  readonly team: string | number;
  /** Comment lines for the top of every document. */
  readonly header: readonly string[];
  /** One document for the team, and one for each thing at the top. */
  readonly split: boolean;
  /** The SOPS file that references lead to, as seen from each document; null: variables of the environment. */
  readonly sopsFile: ((document: WrittenName) => string) | null;
  /** Names that no reference may have. */
  readonly isRefused: (name: string) => boolean;
}

/** Which document it is: the whole, the team's, or that of one thing at the top. */
export type WrittenName =
  | { readonly of: 'all' }
  | { readonly of: 'team' }
  | { readonly of: 'entry'; readonly collection: string; readonly key: string };

export interface WrittenDocument {
  readonly name: WrittenName;
  readonly text: string;
}

export interface Written {
  readonly documents: readonly WrittenDocument[];
  /** The values that stand outside, sorted by name. */
  readonly references: readonly Reference[];
  /** How many things are declared. */
  readonly declared: number;
}

/**
 * Live things → state documents that ask for exactly them: the reverse of reading and expanding, over the kinds' forms
 * and schemas. Equal for equal things, whatever the order they come in. Values that are not plainly harmless leave only
 * as {@link Reference}s.
 */
export function writeDocument(ground: Ground, options: WriteOptions): Written {
  const lifted = liftSets(gather(ground));
  const { tree, defaults } = liftDefaults(lifted.tree);
  const { references, of } = nameReferences(tree, lifted.sets, options.isRefused);
  const version = ['version', NEWEST_VERSION] as const;
  const head = { fields: [version, ['team', options.team] as const], defaults, sets: lifted.sets };
  const isPlaceholder = ground.to === null;
  const printed = (name: WrittenName, parts: Omit<Parts, 'header'>): WrittenDocument => {
    const own = usedIn(parts, of);
    const companion = options.sopsFile === null ? companionLines(own, isPlaceholder) : [];
    return {
      name,
      text: print(
        { ...parts, header: [...options.header, ...(companion.length === 0 ? [] : ['', ...companion])] },
        { referenceOf: of, sopsFile: options.sopsFile?.(name) ?? null },
      ),
    };
  };
  const declared =
    count(tree) + lifted.sets.flatMap(({ members }) => members).reduce((n, { uses }) => n + uses.length, 0);
  if (!options.split)
    return { documents: [printed({ of: 'all' }, { ...head, collections: tree })], references, declared };
  const bare = tree.map((collection) => ({ ...collection, members: [], evenEmpty: false }));
  const nothing = { defaults: new Map<string, unknown>(), sets: [] };
  const entries = tree.flatMap((collection) =>
    collection.members.map((entry) =>
      printed(
        { of: 'entry', collection: collection.kind.collection, key: entry.key },
        {
          ...nothing,
          fields: [version],
          collections: [{ ...collection, members: [entry], placeholders: [], notes: [] }],
        },
      ),
    ),
  );
  return { documents: [printed({ of: 'team' }, { ...head, collections: bare }), ...entries], references, declared };
}

/**
 * What has to be set before the document can be planned: names and where they are used, never values. One line for each
 * use.
 */
export function companionLines(references: readonly Reference[], isPlaceholder: boolean): readonly string[] {
  if (references.length === 0) return [];
  const first = isPlaceholder
    ? 'Not declared yet: set these where the tool runs, then take the # from their lines. Do not prune before that.'
    : 'Set these where the tool runs; the values are not in this file:';
  return [
    first,
    ...references.flatMap(({ name, uses, finalNewline }) => {
      const note = finalNewline ? ' (ends with a newline: give it one more, the last one is taken away)' : '';
      return [`  ${name}${note}`, ...uses.map((use) => `    ${use}`)];
    }),
  ];
}

function usedIn(parts: Omit<Parts, 'header'>, of: ReadonlyMap<DumpEntry, Reference>): readonly Reference[] {
  const found = new Set<Reference>();
  const note = (entry: DumpEntry): void => {
    const reference = of.get(entry);
    if (reference !== undefined) found.add(reference);
  };
  const visit = ({ members, placeholders }: DumpCollection): void => {
    for (const entry of [...members, ...placeholders]) {
      note(entry);
      entry.collections.forEach(visit);
    }
  };
  for (const { members } of parts.sets) members.forEach(note);
  parts.collections.forEach(visit);
  return [...found].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function count(collections: readonly DumpCollection[]): number {
  return collections.flatMap(({ members }) => members).reduce((sum, entry) => sum + 1 + count(entry.collections), 0);
}
