import { kindsOf, type AnyKind, type Kinds } from '../model/kinds.ts';
import { fieldsOf, type FieldSchema } from '../model/schema.ts';

/** The key that selectors of the kind stand under: `eachDeployment`. */
export function selectorKey(kind: AnyKind): string {
  return `each${kind.name.replace(/(?:^|-)([a-z])/g, (_match, letter: string) => letter.toUpperCase())}`;
}

/** The kinds whose selectors may stand at the top (`parent` null) or inside what is of kind `parent`. */
export function selectableIn(parent: string | null, kinds: readonly AnyKind[]): readonly AnyKind[] {
  const all = kindsOf(kinds);
  return kinds.filter(
    (kind) =>
      fieldsOf(kind.schema).some(([, field]) => field.selects === true) &&
      (parent === null || containersOf(kind, all).some(({ name }) => name === parent)),
  );
}

export interface MatchField {
  readonly kind: AnyKind;
  readonly name: string;
  readonly field: FieldSchema;
}

/** What a selector of the kind may match by: the kind's own fields, and those of what contains it; outermost first. */
export function matchFields(kind: AnyKind, kinds: readonly AnyKind[]): readonly MatchField[] {
  return [...containersOf(kind, kindsOf(kinds)), kind].flatMap((owner) =>
    fieldsOf(owner.schema)
      .filter(([, field]) => field.selects === true)
      .map(([name, field]) => ({ kind: owner, name, field })),
  );
}

/** What a selector may ask of the selected itself: what has a default for all, and can be changed while it is there. */
export function templateFields(kind: AnyKind): readonly (readonly [string, FieldSchema])[] {
  return fieldsOf(kind.schema).filter(
    ([, field]) => field.defaultable === true && field.immutable !== true && field.fixed !== true,
  );
}

/** The kinds that a selector may ask for inside the selected. */
export function templateKinds(kind: AnyKind, kinds: readonly AnyKind[]): readonly AnyKind[] {
  return kinds.filter(({ parent, form }) => parent === kind.name && form.shape === 'map' && form.defaultable === true);
}

/** Whether entries and selectors of the kind may say what the daemon does to them. */
export function takesMode({ parent }: AnyKind): boolean {
  return parent === null;
}

/** The collections that a `policy.prune` of a selector may name. */
export function templatePrunable(kinds: readonly AnyKind[]): readonly string[] {
  return kinds
    .filter(({ prunable, form }) => prunable === true && form.shape === 'map' && form.defaultable === true)
    .map(({ collection }) => collection);
}

/** Outermost first, without the kind itself. */
function containersOf(kind: AnyKind, kinds: Kinds): readonly AnyKind[] {
  if (kind.parent === null) return [];
  const container = kinds.named(kind.parent);
  return [...containersOf(container, kinds), container];
}
