import type { Address } from './address.ts';
import { anyGlob } from './glob.ts';
import type { LiveResource } from './resource.ts';
import type { Match, Selector } from './selector.ts';

/** What conditions are judged on. */
export interface Known {
  /** What has an entry of its own. */
  readonly declared: ReadonlySet<Address>;
  readonly inventory: ReadonlyMap<Address, LiveResource>;
}

/** Whether a live thing, and what contains it, meet all conditions of the selector. Compiles its globs once. */
export function selects({ matches }: Selector, known: Known): (live: LiveResource) => boolean {
  return allOf(matches, known);
}

/** Whether what is in a live container can meet them: the conditions on the container itself and on what contains it. */
export function looksInto({ kind, matches }: Selector, known: Known): (container: LiveResource) => boolean {
  return allOf(
    matches.filter((match) => match.kind !== kind),
    known,
  );
}

function allOf(matches: readonly Match[], known: Known): (live: LiveResource) => boolean {
  const conditions = matches.map((match) => ({
    ...match,
    fields: [...match.fields].map(([field, globs]) => ({ field, matches: anyGlob(globs) })),
  }));
  return (live) =>
    conditions.every(({ kind, undeclared, fields }) => {
      const subject = nearest(live, kind, known.inventory);
      if (subject === undefined || (undeclared && known.declared.has(subject.address))) return false;
      return fields.every(({ field, matches: holds }) => {
        const value = subject.spec[field];
        return typeof value === 'string' && holds(value);
      });
    });
}

/** The thing itself, or what contains it, of that kind. */
function nearest(live: LiveResource, kind: string, inventory: Known['inventory']): LiveResource | undefined {
  let at: LiveResource | undefined = live;
  while (at !== undefined && at.kind !== kind) at = at.parent === null ? undefined : inventory.get(at.parent);
  return at;
}
