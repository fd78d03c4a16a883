import type { Mode } from '../model/mode.ts';
import type { Place } from '../model/place.ts';
import type { ManagedCollection, Spec } from '../model/resource.ts';
import { Secret } from '../model/secret.ts';
import type { SelectedMember, Selector } from '../model/selector.ts';
import { UnknownValue } from '../model/unknown-value.ts';

/** What all selectors of one thing ask of it together. */
export interface Layer {
  readonly spec: Spec;
  /** The strongest selector that says anything of the thing itself. */
  readonly fieldsFrom: Selector | null;
  readonly collections: readonly {
    readonly collection: Omit<ManagedCollection, 'parent'>;
    readonly members: readonly { readonly member: SelectedMember; readonly selector: Selector }[];
  }[];
  /** The strongest one that is written. */
  readonly mode: { readonly mode: Mode; readonly where: Place } | null;
  readonly disagreements: readonly Disagreement[];
}

/** Two files that say different things of the same. */
export interface Disagreement {
  /** For people: `env-var "MODEL"`. */
  readonly what: string;
  readonly one: Pick<Said<unknown>, 'selector' | 'where'>;
  readonly other: Pick<Said<unknown>, 'selector' | 'where'>;
}

/**
 * Lays what the selectors of one thing say over each other, weakest first. Where two files of equal strength say
 * different things of the same variable or field, neither is the later one, and they disagree (rule 28).
 */
export function layerSelectors(selectors: readonly Selector[]): Layer {
  const disagreements: Disagreement[] = [];
  const settle = <T>(what: string, said: Said<T> | undefined, next: Said<T>, same: Same<T>): Said<T> => {
    const rivals = said !== undefined && said.selector.within === next.selector.within;
    if (rivals && fileOf(said) !== fileOf(next) && !same(said.value, next.value))
      disagreements.push({ what, one: said, other: next });
    return next;
  };
  const fields = new Map<string, Said<unknown>>();
  const prunes = new Map<string, Said<boolean>>();
  const members = new Map<string, Map<string, Said<SelectedMember>>>();
  const collections = new Map<string, Omit<ManagedCollection, 'parent'>>();
  let fieldsFrom: Selector | null = null;
  let mode: Said<Mode> | undefined;
  for (const selector of selectors) {
    if (selector.mode !== null)
      mode = settle('`mode`', mode, { value: selector.mode, selector, where: selector.where }, Object.is);
    for (const [field, value] of Object.entries(selector.spec)) {
      const next = { value, selector, where: selector.where };
      fields.set(field, settle(`\`${field}\``, fields.get(field), next, sameValue));
      fieldsFrom = selector;
    }
    for (const { kind, prune, members: own, maxDeletePercent, incomplete, where } of selector.collections) {
      if (prune !== null) {
        const next = { value: prune, selector, where };
        prunes.set(kind, settle('`policy.prune`', prunes.get(kind), next, Object.is));
      }
      collections.set(kind, {
        kind,
        where,
        maxDeletePercent,
        prune: prunes.get(kind)?.value ?? false,
        selector: (prunes.get(kind)?.selector ?? selector).name,
        incomplete: incomplete || collections.get(kind)?.incomplete === true,
      });
      const known = members.get(kind) ?? new Map<string, Said<SelectedMember>>();
      members.set(kind, known);
      for (const member of own) {
        const next = { value: member, selector, where: member.where };
        known.set(member.key, settle(`${kind} ${JSON.stringify(member.key)}`, known.get(member.key), next, sameMember));
      }
    }
  }
  return {
    spec: Object.fromEntries([...fields].map(([field, { value }]) => [field, value])),
    fieldsFrom,
    mode: mode === undefined ? null : { mode: mode.value, where: mode.where },
    collections: [...collections].map(([kind, collection]) => ({
      collection,
      members: [...(members.get(kind)?.values() ?? [])].map(({ value, selector }) => ({ member: value, selector })),
    })),
    disagreements,
  };
}

/** Who said something, and where. */
interface Said<T> {
  readonly value: T;
  readonly selector: Selector;
  readonly where: Place;
}

type Same<T> = (a: T, b: T) => boolean;

function fileOf({ selector }: Said<unknown>): string {
  return selector.where.file;
}

/** What is to be absent has no value. */
function sameMember(a: SelectedMember, b: SelectedMember): boolean {
  const fields = new Set([...Object.keys(a.spec), ...Object.keys(b.spec)]);
  return [...fields].every((field) => sameValue(a.spec[field], b.spec[field]));
}

function sameValue(a: unknown, b: unknown): boolean {
  if (a instanceof Secret && b instanceof Secret) return a.equals(b);
  if (a instanceof UnknownValue && b instanceof UnknownValue) return a.source === b.source;
  return a === b;
}
