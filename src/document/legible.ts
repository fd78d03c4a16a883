import { INVARIANT_RULES } from '../model/invariant.ts';
import { looksLikeCredential } from '../model/credential.ts';
import type { AnyKind } from '../model/kinds.ts';
import { fieldsOf, type FieldSchema } from '../model/schema.ts';
import { invariantSubject } from './invariant-schema.ts';
import { keysToCome } from './not-built-yet.ts';
import { selectableIn, selectorKey, matchFields, templateFields, templateKinds } from './selector-shape.ts';
import { looksLikeName } from './show.ts';

/**
 * What of a YAML node may be shown, from where it stands. What nothing here allows is hidden, so that a key, a form or
 * a kind that is added tomorrow hides its values until it is known here.
 */
export interface Legible {
  /** True for a scalar that may be shown. */
  readonly text?: (value: string) => boolean;
  /** The items of a list. */
  readonly items?: Legible;
  /** The keys that the document's format knows here, and what they say of their values. */
  readonly known?: ReadonlyMap<string, Legible>;
  /** The values under all other keys. */
  readonly others?: Legible;
  /**
   * Of the other keys of a map: all may be values of variables unless they are known ones misspelt, or only those that
   * have no value, as in `{ text }`.
   */
  readonly hiddenKeys?: 'all' | 'bare';
}

/** The value of a variable, or what was written in place of one. */
export const HIDDEN: Legible = { hiddenKeys: 'all' };

/** What stands under a key that nobody knows: it may be a misspelt collection, so maps show their keys. */
export const UNKNOWN: Legible = { hiddenKeys: 'bare' };

/** Names, references, numbers of the structure; what looks like a credential is in the wrong place. */
const TEXT: Legible = { text: (value) => !looksLikeCredential('', value) };
const TEXTS: Legible = { items: TEXT };
const FLAG: Legible = { text: (value) => value === 'true' || value === 'false' };
const NAME: Legible = { text: looksLikeName };
const PATH: Legible = { text: (value) => /^[\w@~./\\ -]{1,200}$/.test(value) && !looksLikeCredential('', value) };
const VERSION: Legible = { text: (value) => /^v?[\d.]{1,8}$/.test(value) };

/** A value that is sensitive: of its forms, only where it comes from. */
const SECRET_VALUE: Legible = {
  hiddenKeys: 'all',
  known: new Map([
    ['value', HIDDEN],
    ['fromEnv', NAME],
    ['fromFile', PATH],
    // Arguments may be secret.
    ['fromCommand', HIDDEN],
    ['fromSops', PATH],
    ['key', PATH],
    ['absent', FLAG],
    ['allowEmpty', FLAG],
    ['keepNewline', FLAG],
    ['visible', FLAG],
    ...keysToCome('value').map((key) => [key, HIDDEN] as const),
  ]),
};

const BULK: Legible = {
  items: {
    ...NAME,
    known: new Map([
      ['file', PATH],
      ['sops', PATH],
      ['optional', FLAG],
    ]),
  },
};

const MODE: [string, Legible] = ['mode', NAME];

const WINDOW: Legible = { known: new Map(['schedule', 'duration', 'timeZone'].map((key) => [key, TEXT])) };

const PAUSE: Legible = { known: new Map(['address', 'owner', 'reason', 'expires'].map((key) => [key, TEXT])) };

const IGNORE_RULE: Legible = {
  ...TEXT,
  known: new Map([['fields', TEXTS], ...['address', 'reason', 'expires'].map((key) => [key, TEXT] as const)]),
};

/** What may be shown of a `policy`. */
function policyLegible(kinds: readonly AnyKind[]): Legible {
  const container = invariantSubject(kinds)?.container;
  const match = container === undefined ? UNKNOWN : matchLegible(container, kinds);
  const invariant: Legible = {
    known: new Map<string, Legible>([
      ...INVARIANT_RULES.map((rule) => [rule, { ...TEXT, ...TEXTS }] as const),
      ['between', { items: match }],
      ['in', match],
      ['reason', TEXT],
    ]),
  };
  return {
    known: new Map<string, Legible>([
      ['prune', TEXTS],
      ['protect', TEXTS],
      ['unprotect', TEXTS],
      ['ignore', { items: IGNORE_RULE }],
      ['visible', TEXTS],
      ['maxDeletePercent', TEXT],
      ['windows', { items: WINDOW }],
      ['invariants', { items: invariant }],
    ]),
  };
}

/** What may be shown of conditions on what is of the kind. */
function matchLegible(kind: AnyKind, kinds: readonly AnyKind[]): Legible {
  return { known: new Map(matchFields(kind, kinds).map(({ name }) => [name, { ...TEXT, ...TEXTS }])) };
}

/** What may be shown of a whole document of these kinds. Top-level `x-` keys hold anything. */
export function legibleDocument(kinds: readonly AnyKind[]): Legible {
  const sets = kinds.flatMap((kind): [string, Legible][] =>
    kind.form.shape === 'map' && kind.form.bulk !== undefined
      ? [[kind.form.bulk.sets, { others: membersOf(kind) }]]
      : [],
  );
  const defaults = kinds.flatMap((kind) => [
    ...fieldsLegible(kind, (field) => field.defaultable === true),
    ...(kind.form.shape === 'map' && kind.form.defaultable === true ? collectionLegible(kind, kinds) : []),
  ]);
  const roots = kinds.filter((kind) => kind.parent === null);
  return {
    known: new Map<string, Legible>([
      ['version', VERSION],
      ['team', TEXT],
      ['policy', policyLegible(kinds)],
      MODE,
      ['pauses', { items: PAUSE }],
      ['defaults', { known: new Map(defaults) }],
      ...sets,
      ...roots.flatMap((kind) => collectionLegible(kind, kinds)),
      ...selectorsLegible(null, kinds),
    ]),
  };
}

/** Every key that the format knows anywhere: words of the format, and never a value. */
export function knownKeys(legible: Legible, found: Set<string> = new Set()): ReadonlySet<string> {
  for (const [key, inside] of legible.known ?? []) {
    found.add(key);
    knownKeys(inside, found);
  }
  for (const inside of [legible.items, legible.others]) if (inside !== undefined) knownKeys(inside, found);
  return found;
}

/** A kind's collection, and the list of whole sets beside it. */
function collectionLegible(kind: AnyKind, kinds: readonly AnyKind[]): [string, Legible][] {
  const { form, collection } = kind;
  switch (form.shape) {
    case 'list':
      return [[collection, { items: entryLegible(kind, kinds) }]];
    case 'map':
      return form.bulk === undefined
        ? [[collection, membersOf(kind)]]
        : [
            [collection, membersOf(kind)],
            [form.bulk.key, BULK],
          ];
    default:
      return form satisfies never;
  }
}

function entryLegible(kind: AnyKind, kinds: readonly AnyKind[]): Legible {
  const children = kinds.filter((child) => child.parent === kind.name);
  return {
    known: new Map<string, Legible>([
      ...fieldsLegible(kind, () => true),
      ['protect', FLAG],
      ['renamedFrom', TEXT],
      ['policy', policyLegible(kinds)],
      MODE,
      ...children.flatMap((child) => collectionLegible(child, kinds)),
      ...selectorsLegible(kind.name, kinds),
    ]),
  };
}

/** The lists of selectors that may stand in an entry or a selector of the kind `parent`, or at the top. */
function selectorsLegible(parent: string | null, kinds: readonly AnyKind[]): [string, Legible][] {
  return selectableIn(parent, kinds).map((kind) => [selectorKey(kind), { items: selectorLegible(kind, kinds) }]);
}

function selectorLegible(kind: AnyKind, kinds: readonly AnyKind[]): Legible {
  const asked = new Set(templateFields(kind).map(([name]) => name));
  return {
    known: new Map<string, Legible>([
      ['match', matchLegible(kind, kinds)],
      ...fieldsLegible(kind, () => true).filter(([name]) => asked.has(name)),
      ['policy', policyLegible(kinds)],
      MODE,
      ...templateKinds(kind, kinds).flatMap((inside) => collectionLegible(inside, kinds)),
      ...selectorsLegible(kind.name, kinds),
    ]),
  };
}

/** The members of a map by name: their values as far as no field of theirs is sensitive. */
function membersOf(kind: AnyKind): Legible {
  const sensitive = fieldsOf(kind.schema).some(([, field]) => field.sensitive === true);
  if (sensitive) return { others: SECRET_VALUE };
  return { others: { ...TEXT, known: new Map(fieldsLegible(kind, () => true)) } };
}

function fieldsLegible(kind: AnyKind, which: (field: FieldSchema) => boolean): [string, Legible][] {
  return fieldsOf(kind.schema)
    .filter(([, field]) => which(field))
    .map(([name, field]) => [name, field.sensitive === true ? HIDDEN : field.json['type'] === 'array' ? TEXTS : TEXT]);
}
