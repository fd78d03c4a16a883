import { isWithin, type Address } from '../model/address.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Draft } from './draft.ts';
import type { PlanInput } from './input.ts';
import { ignoredBy } from '../model/ownership.ts';

/**
 * Rule 21: creating beside an undeclared live thing that resembles it is more often a forgotten `renamedFrom` than a
 * wish, so it warns; where the new one (or what it contains) claims an exclusive name, traffic would move to an empty
 * twin, so it is an error.
 */
export function lookAlikes(input: PlanInput, drafts: ReadonlyMap<Address, Draft>): readonly Diagnostic[] {
  const declared = new Set(input.desired.resources.map(({ address }) => address));
  const ignored = ignoredBy(input.desired.policies);
  const undeclared = [...input.observation.live.values()].filter(
    ({ address }) => !declared.has(address) && !ignored(address),
  );
  const diagnostics: Diagnostic[] = [];
  for (const { address, kind, desired, action, reason } of drafts.values()) {
    if (desired === null || action !== 'create' || reason === 'recreated' || kind.resembles === undefined) continue;
    const spec = { ...desired.atCreation, ...desired.spec };
    const twin = undeclared.find(
      (live) =>
        live.kind === kind.name && live.parent === desired.parent && (kind.resembles?.(spec, live) ?? null) !== null,
    );
    if (twin === undefined) continue;
    const likeness = kind.resembles(spec, twin) ?? '';
    const exclusive = input.desired.resources.some(
      (inner) =>
        isWithin(inner.address, address) && (input.kinds.named(inner.kind).claims?.(inner.spec) ?? []).length > 0,
    );
    diagnostics.push({
      severity: exclusive ? 'error' : 'warning',
      code: 'CVG505',
      summary: exclusive
        ? `${address} would be created beside the undeclared ${twin.address}, which has ${likeness}, and would take an exclusive name for an empty twin`
        : `${address} would be created beside the undeclared ${twin.address}, which has ${likeness}`,
      hint: `If it is the same thing under a new key, add \`renamedFrom: ${twin.key}\`; if not, declare ${twin.address} too.`,
      where: desired.where,
      address,
    });
  }
  return diagnostics;
}
