import type { Diagnostic } from '../model/diagnostic.ts';
import type { Place } from '../model/place.ts';
import { kindsOf, type AnyKind } from '../model/kinds.ts';
import { didYouMean, show } from './show.ts';

/**
 * Why no address can match the glob, whatever exists: a segment's kind that is none, or that never stands there. Null
 * where one can. Judges only what is spelt out; what comes after a `**` may stand anywhere.
 */
export function whyUnmatchable(
  glob: string,
  all: readonly AnyKind[],
): { readonly summary: string; readonly hint: string } | null {
  const kinds = kindsOf(all);
  let level: readonly AnyKind[] | null = kinds.childrenOf(null);
  for (const segment of glob.split('/')) {
    const found: readonly AnyKind[] = (level ?? all).filter((kind) => mayBe(segment, kind));
    if (found.length === 0) {
      const name = segment.split(':', 1)[0] ?? '';
      const misplaced = all.find((kind) => mayBe(segment, kind));
      if (misplaced === undefined) {
        const hint =
          didYouMean(
            name,
            all.map((kind) => kind.name),
          ) ?? 'Addresses look like `kind:key/kind:key`.';
        return { summary: `${show(name)} is not a kind`, hint };
      }
      const hint = `Write ${show(pathTo(misplaced, all))}.`;
      return { summary: `${show(misplaced.name)} is not the kind of anything there`, hint };
    }
    level = level === null || segment.includes('**') ? null : found.flatMap((kind) => kinds.childrenOf(kind.name));
  }
  return null;
}

/** {@link whyUnmatchable} as a warning: a rule that can hold for nothing must not look like one that does. */
export function unmatchableGlob(glob: string, kinds: readonly AnyKind[], where: Place): Diagnostic | null {
  const why = whyUnmatchable(glob, kinds);
  if (why === null) return null;
  const summary = `the glob ${show(glob)} matches no address: ${why.summary}`;
  return { severity: 'warning', code: 'CVG202', summary, hint: why.hint, where };
}

/** Whether a segment of a glob can match some address segment of the kind, judged by what stands before its first `*`. */
function mayBe(segment: string, { name }: AnyKind): boolean {
  const start = `${name}:`;
  if (!segment.includes('*')) return segment.startsWith(start);
  const literal = segment.slice(0, segment.indexOf('*'));
  return literal.startsWith(start) || start.startsWith(literal);
}

/** What the addresses of a kind look like, as a glob. */
function pathTo(kind: AnyKind, all: readonly AnyKind[]): string {
  const parent = all.find(({ name }) => name === kind.parent);
  return `${parent === undefined ? '' : `${pathTo(parent, all)}/`}${kind.name}:*`;
}
