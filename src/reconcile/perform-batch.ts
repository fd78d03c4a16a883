import { compareSpec } from '../diff/compare.ts';
import type { Step } from '../diff/graph.ts';
import { looksFirst } from '../diff/looks.ts';
import { lastSegment, type Address } from '../model/address.ts';
import type { Together } from '../model/kind.ts';
import type { LiveResource, Spec } from '../model/resource.ts';
import { fateOf, gone, staleFate, type Fate, type Fates } from './fate.ts';
import { isNotFound, movedFields, vanished } from './look.ts';
import { isSame, settleBatch, type Batch } from './settle.ts';
import { membersNow, mustHave, type Asked, type Workspace } from './workspace.ts';
import { writeOnce } from './write.ts';

type Work<Api> = Workspace<Api> & { readonly asked: Asked<Api> };

/**
 * All changes of one container's members in one request. Members that have moved since the plan are left out as
 * stale, members that are as desired already are left out as done, and what is in nobody's plan is never named.
 */
export async function performBatch<Api>(step: Step, how: Together<Spec, Api>, work: Work<Api>): Promise<Fates> {
  const { asked } = work;
  const parent = mustHave(asked.parent ?? undefined, step.parent ?? '');
  let attempts = 0;
  const fates = new Map<Address, Fate>();
  const share = (fate: Fate): Fates => new Map(step.addresses.map((address) => [address, fates.get(address) ?? fate]));
  try {
    const before = await membersBefore(step, work, parent);
    const batch = sortOut(step, work, { before, fates });
    let left = batch;
    if (left.set.length + left.remove.length > 0)
      await writeOnce(
        asked,
        {
          async send() {
            await how.write(work.api, { parent, ...left, signal: asked.signal });
            return true as const;
          },
          async settle() {
            const settled = await settleBatch(asked, batch, before);
            left = settled.left;
            return settled.seen;
          },
          repeatable: true,
          vanished: () => vanished(step, work),
        },
        () => void attempts++,
      );
    return share({ status: 'succeeded', attempts });
  } catch (error) {
    const what = isNotFound(error) ? await vanished(step, work) : null;
    return share(fateOf(what === null ? error : gone(what, asked.isSelected), attempts));
  }
}

/** By key: as a reading immediately before the write shows them; in a new container without members of its own, none. */
async function membersBefore<Api>(
  step: Step,
  work: Work<Api>,
  parent: LiveResource,
): Promise<ReadonlyMap<string, Spec>> {
  const { asked } = work;
  if (!looksFirst(step, { isInNew: work.created.has(parent.address), action: undefined })) return new Map();
  return new Map((await membersNow(asked)).map(({ spec }) => [asked.kind.key(spec), spec]));
}

/** What of the step is still to be written; the fates of the rest go into `fates`. */
function sortOut<Api>(
  step: Step,
  work: Work<Api>,
  { before, fates }: { readonly before: ReadonlyMap<string, Spec>; readonly fates: Map<Address, Fate> },
): Batch {
  const { kind } = work.asked;
  // What a new container is born with was in no plan, so it has not moved (rule 24).
  const isInNew = step.parent !== null && work.created.has(step.parent);
  const set: Spec[] = [];
  const remove: Spec[] = [];
  for (const address of step.addresses) {
    const { key } = lastSegment(address);
    const now = before.get(key);
    const planned = work.live.get(address)?.spec;
    const wanted = wantedBy(address, work);
    if (isDone(kind, wanted, now)) fates.set(address, { status: 'succeeded', attempts: 0 });
    else if (!isInNew && hasMoved(kind, { wanted, planned, now }))
      fates.set(address, { ...staleFate(`somebody else has ${verb(planned, now)} ${key}`), attempts: 0 });
    else if (wanted !== undefined) set.push(wanted);
    else if (now !== undefined) remove.push(now);
  }
  for (const address of step.unwanted) {
    const now = before.get(lastSegment(address).key);
    if (now !== undefined) remove.push(now);
  }
  return { set, remove };
}

/** Of a member that is made also what acts at creation only. */
function wantedBy<Api>(address: Address, { changes, desired }: Work<Api>): Spec | undefined {
  const action = changes.get(address)?.action;
  const resource = desired.get(address);
  if (action === 'delete' || resource === undefined) return undefined;
  return action === 'create' ? { ...resource.atCreation, ...resource.spec } : resource.spec;
}

type KindOf = Parameters<typeof compareSpec>[0];

function isDone(kind: KindOf, wanted: Spec | undefined, now: Spec | undefined): boolean {
  if (wanted === undefined || now === undefined) return wanted === now;
  return compareSpec(kind, wanted, now).differences.length === 0;
}

function hasMoved(
  kind: KindOf,
  {
    wanted,
    planned,
    now,
  }: { readonly wanted: Spec | undefined; readonly planned: Spec | undefined; readonly now: Spec | undefined },
): boolean {
  if (wanted === undefined || planned === undefined || now === undefined) return !isSame(kind, planned, now);
  return movedFields(kind, { wanted, planned, now }).length > 0;
}

function verb(planned: Spec | undefined, now: Spec | undefined): string {
  return planned === undefined ? 'made' : now === undefined ? 'removed' : 'changed';
}
