import type { Diagnostic } from '../model/diagnostic.ts';
import { collectionPath } from '../model/observation.ts';
import type { LiveResource, Spec } from '../model/resource.ts';
import type { Draft } from './draft.ts';
import type { PlanInput } from './input.ts';

/**
 * The platform's limits of a collection hold for its final state, what nobody declared included (rule 19). Judged
 * only where something would be written: what is live already was accepted.
 */
export function limitErrors(input: PlanInput, drafts: Iterable<Draft>): readonly Diagnostic[] {
  const written = new Map<string, Draft[]>();
  for (const draft of drafts) {
    if (draft.kind.checkAll === undefined) continue;
    const path = collectionPath((draft.desired ?? draft.live)?.parent ?? null, draft.kind.collection);
    const group = written.get(path);
    if (group === undefined) written.set(path, [draft]);
    else group.push(draft);
  }
  const members = new Map<string, LiveResource[]>([...written.keys()].map((path) => [path, []]));
  for (const live of input.observation.live.values())
    members.get(collectionPath(live.parent, input.kinds.named(live.kind).collection))?.push(live);
  const diagnostics: Diagnostic[] = [];
  for (const [path, group] of written) {
    const [first] = group;
    if (first === undefined || !input.observation.read.has(path)) continue;
    const final = new Map<string, Spec>((members.get(path) ?? []).map(({ address, spec }) => [address, spec]));
    for (const { address, action, desired } of group) {
      if (action === 'delete') final.delete(address);
      else if (desired !== null) final.set(address, { ...final.get(address), ...desired.spec });
    }
    const anchor = group.find(({ desired }) => desired !== null)?.desired;
    for (const { severity, summary, hint } of first.kind.checkAll?.([...final.values()]) ?? []) {
      diagnostics.push({
        severity,
        code: 'CVG509',
        summary: `${path} as it would be, undeclared members included: ${summary}`,
        ...(hint === undefined ? {} : { hint }),
        ...(anchor === undefined || anchor === null ? {} : { where: anchor.where, address: anchor.address }),
      });
    }
  }
  return diagnostics;
}
