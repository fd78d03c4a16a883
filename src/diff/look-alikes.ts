import { isWithin, type Address } from '../model/address.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { keyField, type AnyKind } from '../model/kinds.ts';
import type { LiveResource, Spec } from '../model/resource.ts';
import { compareSpec } from './compare.ts';
import type { Draft } from './draft.ts';
import type { PlanInput } from './input.ts';
import { ignoredBy } from '../model/ownership.ts';

/**
 * Rule 21: creating beside an undeclared live thing that resembles it is more often a forgotten `renamedFrom` than a
 * wish, so it warns; where the new one (or what it contains) claims an exclusive name, traffic would move to an empty
 * twin, so it is an error. So is creating what an interrupted run has made already, under a key that the platform chose.
 */
export function lookAlikes(input: PlanInput, drafts: ReadonlyMap<Address, Draft>): readonly Diagnostic[] {
  const declared = new Set(input.desired.resources.map(({ address }) => address));
  const ignored = ignoredBy(input.desired.policies);
  const undeclared = [...input.observation.live.values()].filter(
    ({ address }) => !declared.has(address) && !ignored(address),
  );
  const diagnostics: Diagnostic[] = [];
  for (const { address, kind, desired, action, reason } of drafts.values()) {
    if (desired === null || action !== 'create' || reason === 'recreated') continue;
    const spec = { ...desired.atCreation, ...desired.spec };
    const siblings = undeclared.filter((live) => live.kind === kind.name && live.parent === desired.parent);
    const about = { where: desired.where, address } as const;
    const unfinished = siblings.find((live) => isUnfinished(kind, spec, live));
    if (unfinished !== undefined) {
      diagnostics.push({
        severity: 'error',
        code: 'CVG505',
        summary: `${address} would be created beside the undeclared ${unfinished.address}, which is what an interrupted creation of ${address} leaves behind: the platform chooses its first key`,
        hint: `If it is that, add \`renamedFrom: ${unfinished.key}\`, and it gets its key; if not, declare ${unfinished.address} too, or name it under \`policy.ignore\`.`,
        ...about,
      });
      continue;
    }
    const twin = siblings.find((live) => (kind.resembles?.(spec, live) ?? null) !== null);
    if (twin === undefined) continue;
    const likeness = kind.resembles?.(spec, twin) ?? '';
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
      ...about,
    });
  }
  return diagnostics;
}

/** All that a create request says of it is as this would say it, and the key is the platform's choice. */
function isUnfinished(kind: AnyKind, spec: Spec, live: LiveResource): boolean {
  const born = kind.born?.(spec);
  if (born === undefined || born[keyField(kind)] !== undefined || kind.renamable !== true) return false;
  const { differences, comparable } = compareSpec(kind, born, live.spec);
  return Object.keys(born).length > 0 && comparable && differences.length === 0;
}
