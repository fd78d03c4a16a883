import { addressOf, type Address } from '../model/address.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Draft } from './draft.ts';
import type { PlanInput } from './input.ts';

/** What stays although something goes that it depends on: the plan is carried out, and people are told. */
export function leftBehind(input: PlanInput, drafts: ReadonlyMap<Address, Draft>): readonly Diagnostic[] {
  const desired = new Map(input.desired.resources.map((resource) => [resource.address, resource]));
  const diagnostics: Diagnostic[] = [];
  for (const live of input.observation.live.values()) {
    const draft = drafts.get(live.address);
    if (draft?.action === 'delete') continue;
    const spec = { ...live.spec, ...draft?.desired?.spec };
    for (const need of input.kinds.named(live.kind).dependsOn?.(spec) ?? []) {
      const gone = addressOf(live.parent, need.kind, need.key);
      if (drafts.get(gone)?.action !== 'delete') continue;
      const where = desired.get(live.address)?.where;
      diagnostics.push({
        severity: 'warning',
        code: 'CVG514',
        summary: `${live.address} stays, and ${gone}, which it needs, would be deleted`,
        hint: `Change ${live.address} in the same plan, or keep ${gone}.`,
        ...(where === undefined ? {} : { where }),
        address: live.address,
      });
    }
  }
  return diagnostics;
}
