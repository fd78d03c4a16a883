import { compareAddress, isWithin, parentAddress, type Address } from '../model/address.ts';
import type { Scope } from '../model/change.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { anyGlob, globMatcher } from '../model/glob.ts';
import { didYouMean } from './near-addresses.ts';

export interface Scoped {
  readonly inScope: (address: Address) => boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * `--target` takes what it matches, their contents and what those need; `--exclude` wins; needing something excluded
 * is an error, and so is a glob that matches nothing. `universe` is every address known, `needs` the order between
 * changes.
 */
export function applyScope(
  scope: Scope,
  universe: Iterable<Address>,
  needs: ReadonlyMap<Address, readonly Address[]>,
): Scoped {
  if (scope.target.length === 0 && scope.exclude.length === 0) return { inScope: () => true, diagnostics: [] };
  const known = [...universe].sort(compareAddress);
  const diagnostics = [
    ...scope.target.map((glob) => ['--target', glob] as const),
    ...scope.exclude.map((glob) => ['--exclude', glob] as const),
  ]
    .filter(([, glob]) => !known.some(globMatcher(glob)))
    .map(([option, glob]) => matchesNothing(option, glob, known));

  const excluded = withContents(anyGlob(scope.exclude));
  const targeted = scope.target.length === 0 ? () => true : withContents(anyGlob(scope.target));
  const chosen = new Set(known.filter((address) => targeted(address) && !excluded(address)));
  const queue = [...chosen];
  for (let address = queue.pop(); address !== undefined; address = queue.pop()) {
    for (const need of needs.get(address) ?? []) {
      if (excluded(need)) {
        diagnostics.push({
          severity: 'error',
          code: 'CVG512',
          summary: `${address} needs ${need} first, and --exclude leaves that out`,
          hint: `Exclude ${address} too, or include ${need}.`,
          address,
        });
      } else if (!chosen.has(need)) {
        chosen.add(need);
        queue.push(need);
      }
    }
  }
  return { inScope: (address) => chosen.has(address), diagnostics };
}

/** What the globs of a scope say by themselves, without what its matches need. */
export function matchesScope({ target, exclude }: Scope): (address: Address) => boolean {
  const targeted = target.length === 0 ? () => true : withContents(anyGlob(target));
  const excluded = withContents(anyGlob(exclude));
  return (address) => targeted(address) && !excluded(address);
}

function withContents(matches: (address: string) => boolean): (address: Address) => boolean {
  return (address) => {
    for (let at: Address | null = address; at !== null; at = parentAddress(at)) if (matches(at)) return true;
    return false;
  };
}

/** For `takes`: everything known inside `address`, sorted. */
export function contentsOf(address: Address, known: Iterable<Address>): readonly Address[] {
  return [...known].filter((other) => other !== address && isWithin(other, address)).sort(compareAddress);
}

function matchesNothing(option: string, glob: string, known: readonly Address[]): Diagnostic {
  return {
    severity: 'error',
    code: 'CVG511',
    summary: `${option} ${glob} matches nothing`,
    hint:
      didYouMean(glob, known) ??
      'Addresses look like project:shop/deployment:production/env-var:NAME; `*` stays within a segment, `**` crosses.',
  };
}
