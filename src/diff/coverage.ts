import type { KindCoverage } from '../model/coverage.ts';
import { lastSegment, type Address } from '../model/address.ts';
import type { Kinds } from '../model/kinds.ts';
import { collectionPath, type Observation } from '../model/observation.ts';
import { ignoredBy } from '../model/ownership.ts';
import type { DesiredState } from '../model/resource.ts';
import type { Plan } from '../model/change.ts';
import { matchesScope } from './scope.ts';

/**
 * How much is managed: declared things and the undeclared beside them, by kind, within the scope. Only of collections that were
 * read; those that the document does not declare are not counted, and neither is what it ignores.
 */
export function coverageOf(
  plan: Pick<Plan, 'scope' | 'unmanaged' | 'unreadable'>,
  {
    desired,
    observation,
    kinds,
  }: { readonly desired: DesiredState; readonly observation: Observation; readonly kinds: Kinds },
): readonly KindCoverage[] {
  const ignored = ignoredBy(desired.policies);
  const inScope = matchesScope(plan.scope);
  const counts = new Map(kinds.all.map(({ name }) => [name, { declared: 0, live: 0, unmanaged: 0 }]));
  const of = (kind: string) => counts.get(kind) ?? { declared: 0, live: 0, unmanaged: 0 };
  const isUnread = (parent: Address | null, kind: string): boolean =>
    plan.unreadable.some(({ collection }) => collection === collectionPath(parent, kinds.named(kind).collection));
  const unread = plan.unreadable.length === 0 ? () => false : isUnread;
  for (const { address, kind, parent, absent } of desired.resources) {
    if (absent || ignored(address) || !inScope(address) || unread(parent, kind)) continue;
    of(kind).declared += 1;
    if (observation.live.has(address)) of(kind).live += 1;
  }
  for (const address of plan.unmanaged) of(lastSegment(address).kind).unmanaged += 1;
  return [...counts]
    .filter(([, { declared, unmanaged }]) => declared + unmanaged > 0)
    .map(([kind, count]) => ({ kind, ...count }));
}
