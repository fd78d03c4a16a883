import { compareSpec } from '../diff/compare.ts';
import type { Step } from '../diff/graph.ts';
import { dataInside } from '../diff/looks.ts';
import { addressOf, type Address } from '../model/address.ts';
import { PlatformError } from '../model/error.ts';
import type { Listed } from '../model/kind.ts';
import type { AnyKind } from '../model/kinds.ts';
import type { LiveResource, Spec } from '../model/resource.ts';
import { gone, stale } from './fate.ts';
import { madeAmong } from './match.ts';
import { memberNow, membersNow, type Asked, type Workspace } from './workspace.ts';

/*
 * Pre-images: what a change stands on is read immediately before its write. It still stands, or it is as desired
 * already, or it has moved, and then the change is stale. What cannot be read is not written.
 */

/**
 * Null: still absent, make it. Else what somebody made in the meantime, and it is as desired. `known`: ids of what was
 * there when the plan was made, or was deleted since.
 */
export async function lookBeforeCreate<Api>(
  asked: Asked<Api>,
  wanted: Spec,
  known: ReadonlySet<string>,
): Promise<Listed | null> {
  const { kind } = asked;
  const members = (await membersNow(asked)).filter(({ id }) => !known.has(id));
  if (kind.match !== undefined) {
    const made = madeAmong(kind, wanted, members);
    if (typeof made === 'string') throw stale(`something has come, and ${made}`);
    return made === null ? null : madeByOthers(kind, wanted, made);
  }
  const found = members.find((member) => kind.key(member.spec) === kind.key(wanted));
  return found === undefined ? null : madeByOthers(asked.kind, wanted, found);
}

/** One that is there although nobody was to make it but us: as desired it is welcome, else the plan is stale. */
export function madeByOthers(kind: AnyKind, wanted: Spec, found: Listed): Listed {
  const { differences } = compareSpec(kind, wanted, found.spec);
  if (differences.length === 0) return found;
  const fields = differences.map(({ field }) => field).join(', ');
  throw stale(`somebody else has made ${kind.key(wanted)}, with another ${fields} than asked`);
}

/** The live one as it is now, while it still stands as planned or nearer to what is wanted. */
export async function lookBeforeUpdate<Api>(asked: Asked<Api>, wanted: Spec, planned: LiveResource): Promise<Listed> {
  const now = await memberNow(asked, planned);
  if (now === null) throw gone(planned.address, asked.isSelected);
  const moved = movedFields(asked.kind, { wanted, planned: planned.spec, now: now.spec });
  if (moved.length > 0) throw stale(`somebody else has changed ${moved.join(', ')}`);
  return now;
}

/** True while it is there as planned; false when it is gone already. */
export async function lookBeforeDelete<Api>(
  asked: Asked<Api>,
  planned: LiveResource,
  work: Workspace<Api>,
): Promise<boolean> {
  const now = await memberNow(asked, planned);
  if (now === null) return false;
  const moved = compareSpec(asked.kind, planned.spec, now.spec).differences.map(({ field }) => field);
  if (moved.length > 0) throw stale(`somebody else has changed its ${moved.join(', ')}`);
  const takes = new Set<Address>(work.changes.get(planned.address)?.takes);
  for (const kind of dataInside(asked.kind, work.kinds)) {
    const known = new Set(
      [...work.live.values()].filter(({ parent }) => parent === planned.address).map(({ id }) => id),
    );
    for (const inner of await membersNow({ ...asked, kind, parent: planned })) {
      const address = addressOf(planned.address, kind.name, kind.key(inner.spec));
      if (!known.has(inner.id) && !takes.has(address)) throw stale(`${address} has come, which would go with it`);
    }
  }
  return true;
}

/** The wanted fields that are neither as wanted nor as they were planned on. */
export function movedFields(
  kind: AnyKind,
  { wanted, planned, now }: { readonly wanted: Spec; readonly planned: Spec; readonly now: Spec },
): readonly string[] {
  const open = compareSpec(kind, wanted, now).differences.map(({ field }) => field);
  const before = Object.fromEntries(open.map((field) => [field, planned[field]]));
  return compareSpec(kind, before, now).differences.map(({ field }) => field);
}

export function isNotFound(error: unknown): boolean {
  return error instanceof PlatformError && error.code === 'not-found';
}

/**
 * "Not found" has many reasons. What of a step's subject is not there any more, containers first; null: all is there,
 * or nobody can say.
 */
export async function vanished<Api>(step: Step, work: Workspace<Api>): Promise<Address | null> {
  const [address] = step.operation === 'batch' ? [] : step.addresses;
  for (const one of [step.parent, address])
    if (one !== null && one !== undefined && (await hasGone(one, work))) return one;
  return null;
}

async function hasGone<Api>(address: Address, work: Workspace<Api>): Promise<boolean> {
  const live = work.live.get(address);
  if (live === undefined) return false;
  const parent = live.parent === null ? null : (work.live.get(live.parent) ?? null);
  const kind = work.kinds.named(live.kind);
  try {
    const asked = { kind, api: work.api, parent, isSelected: false, clock: work.clock, signal: work.abort };
    return (await memberNow(asked, live)) === null;
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return isNotFound(error) && live.parent !== null && hasGone(live.parent, work);
  }
}
