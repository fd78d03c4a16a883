import { compareSpec } from '../diff/compare.ts';
import type { Step } from '../diff/graph.ts';
import { looksFirst } from '../diff/looks.ts';
import type { Address } from '../model/address.ts';
import { PlatformError, summarizeError } from '../model/error.ts';
import type { Listed, ResourceKind, Singly } from '../model/kind.ts';
import type { LiveResource, Spec } from '../model/resource.ts';
import { NotDone } from './fate.ts';
import { isNotFound, lookBeforeCreate, lookBeforeDelete, lookBeforeUpdate, madeByOthers, vanished } from './look.ts';
import { liveResource } from './observe.ts';
import { settleCreate, settleDelete, settleUpdate } from './settle.ts';
import { memberNow, membersNow, mustHave, type Asked, type Workspace } from './workspace.ts';
import { writeOnce } from './write.ts';

/** One step of a kind that is written one by one. */
export interface Task<Api> {
  readonly step: Step;
  readonly address: Address;
  readonly how: Singly<Spec, Api>;
  /** Called for each write request. */
  readonly sent: () => void;
}

type Work<Api> = Workspace<Api> & { readonly asked: Asked<Api> };

/** Creates; then writes what the create request could not carry, and a key that the platform chose otherwise (rule 20). */
export async function performCreate<Api>(task: Task<Api>, work: Work<Api>): Promise<void> {
  const { address, how, step } = task;
  const { asked } = work;
  const { kind } = asked;
  const desired = mustHave(work.desired.get(address), address);
  const spec: Spec = { ...desired.atCreation, ...desired.spec };
  const keep = (listed: Listed): LiveResource => {
    const live = liveResource(kind, address, step.parent, listed);
    work.live.set(address, live);
    return live;
  };
  const welcome = (listed: Listed): void => {
    how.arrived?.(work.api, listed);
    keep(listed);
  };
  if (looks(task, work)) {
    const there = await lookBeforeCreate(asked, desired.spec, knownTo(task, work));
    if (there !== null) return welcome(there);
  }
  let listed: Listed;
  try {
    listed = await create(task, work, spec);
  } catch (error) {
    const there = await takenByOthers(error, asked, spec);
    if (there === null) throw error;
    return welcome(madeByOthers(kind, desired.spec, there));
  }
  const made = keep(listed);
  work.created.add(address);
  const isRenamed = kind.key(listed.spec) !== kind.key(spec);
  try {
    await update(task, work, { target: made, wanted: spec });
  } catch (error) {
    throw isRenamed && error instanceof PlatformError ? namedOtherwise(error, { kind, spec, made: listed }) : error;
  }
}

/** Ids of what was in the collection when the plan was made, or was made or deleted since by this run. */
function knownTo<Api>({ step }: Task<Api>, { asked, live, deleted }: Work<Api>): ReadonlySet<string> {
  const siblings = [...live.values()].filter((one) => one.kind === asked.kind.name && one.parent === step.parent);
  return new Set([...siblings.map(({ id }) => id), ...deleted]);
}

/** The create request alone, settled. */
function create<Api>(task: Task<Api>, work: Work<Api>, spec: Spec): Promise<Listed> {
  const { step, how, sent } = task;
  const { asked, api } = work;
  const { kind, parent, signal } = asked;
  const known = knownTo(task, work);
  return writeOnce(
    asked,
    {
      send: () => how.create(api, { parent, spec, signal }),
      async settle() {
        const seen = await settleCreate(asked, spec, known);
        if (seen.type === 'happened') how.arrived?.(api, seen.found);
        return seen;
      },
      repeatable: kind.keyed === true,
      vanished: () => vanished(step, work),
    },
    sent,
  );
}

/** A key that makes a second one impossible is taken: by whom the list tells, null where it does not. */
async function takenByOthers<Api>(error: unknown, asked: Asked<Api>, spec: Spec): Promise<Listed | null> {
  const { kind } = asked;
  if (!(error instanceof PlatformError) || error.code !== 'conflict' || kind.keyed !== true) return null;
  try {
    return (await membersNow(asked)).find((member) => kind.key(member.spec) === kind.key(spec)) ?? null;
  } catch (failure) {
    if (failure instanceof PlatformError) return null;
    throw failure;
  }
}

export async function performUpdate<Api>(task: Task<Api>, work: Work<Api>): Promise<void> {
  const { address, step } = task;
  const { asked } = work;
  const planned = mustHave(work.live.get(address), address);
  const wanted = mustHave(work.desired.get(address), address).spec;
  const now = looks(task, work) ? await lookBeforeUpdate(asked, wanted, planned) : null;
  const target = now === null ? planned : liveResource(asked.kind, address, step.parent, now);
  work.live.set(address, target);
  await update(task, work, { target, wanted });
}

export async function performDelete<Api>(task: Task<Api>, work: Work<Api>): Promise<void> {
  const { address, how } = task;
  const { asked } = work;
  const target = mustHave(work.live.get(address), address);
  const isThere =
    !looks(task, work) ||
    (await lookBeforeDelete(asked, target, work).catch(async (error: unknown) => {
      // Where its container has gone it has gone with that.
      if (isNotFound(error) && (await vanished(task.step, work)) !== null) return false;
      throw error;
    }));
  if (isThere)
    await writeOnce(
      asked,
      {
        async send() {
          await how
            .delete?.(work.api, { live: target, parent: asked.parent, signal: asked.signal })
            .catch(async (error: unknown) => {
              if (!isNotFound(error) || !(await hasGone(task, work, target))) throw error;
            });
          return true as const;
        },
        settle: () => settleDelete(asked, target),
        repeatable: true,
        vanished: () => vanished(task.step, work),
      },
      task.sent,
    );
  work.live.delete(address);
  work.deleted.add(target.id);
}

/** Writes what of `wanted` is not as in `target`; nothing where all is. */
async function update<Api>(
  task: Task<Api>,
  work: Work<Api>,
  { target, wanted }: { readonly target: LiveResource; readonly wanted: Spec },
): Promise<void> {
  const { address, how } = task;
  const { asked } = work;
  const { kind, parent } = asked;
  const fields = differing(kind, wanted, target.spec);
  if (Object.keys(fields).length === 0) return;
  if (how.update === undefined) throw madeOtherwise(target, Object.keys(fields));
  const updated = await writeOnce<Api, Listed | null>(
    asked,
    {
      async send() {
        await how.update?.(work.api, { live: target, parent, fields, signal: asked.signal });
        return null;
      },
      settle: () => settleUpdate(asked, target, fields),
      repeatable: true,
      vanished: () => vanished(task.step, work),
    },
    task.sent,
  );
  work.live.set(
    address,
    updated === null ? withFields(kind, target, fields) : liveResource(kind, address, task.step.parent, updated),
  );
}

function looks<Api>({ step, address }: Task<Api>, work: Work<Api>): boolean {
  const isInNew = step.parent !== null && work.created.has(step.parent);
  return looksFirst(step, { isInNew, action: work.changes.get(address)?.action });
}

function differing(kind: ResourceKind<Spec, never>, wanted: Spec, live: Spec): Spec {
  return Object.fromEntries(compareSpec(kind, wanted, live).differences.map(({ field, after }) => [field, after]));
}

function withFields(kind: ResourceKind<Spec, never>, live: LiveResource, fields: Spec): LiveResource {
  const spec = { ...live.spec, ...fields };
  return { ...live, spec, key: kind.key(spec) };
}

/** Reads again what "not found" was said of. */
async function hasGone<Api>({ step }: Task<Api>, work: Work<Api>, target: LiveResource): Promise<boolean> {
  try {
    return (await memberNow(work.asked, target)) === null;
  } catch (error) {
    if (isNotFound(error)) return (await vanished(step, work)) !== null;
    throw error;
  }
}

/** What was made has another key than asked, and keeps it: it is named, and left alone (rule 20). */
function namedOtherwise(
  error: PlatformError,
  { kind, spec, made }: { readonly kind: ResourceKind<Spec, never>; readonly spec: Spec; readonly made: Listed },
): Error {
  if (error.code === 'lost-race') return error;
  const what = `the ${kind.name} with id ${made.id} that was made keeps the key ${kind.key(made.spec)}`;
  if (error.code !== 'conflict')
    return new NotDone({ status: 'failed', error: summarizeError(error), because: `${what} until that is put right` });
  return new PlatformError(
    'lost-race',
    `something else has taken the key ${kind.key(spec)}; ${what} and is left alone`,
    { executed: 'no', retryable: false },
  );
}

function madeOtherwise(made: LiveResource, fields: readonly string[]): PlatformError {
  return new PlatformError(
    'bad-response',
    `the platform made ${made.address} (id ${made.id}) with another ${fields.join(', ')} than asked, and that cannot be changed; it is left alone`,
    { executed: 'no', retryable: false },
  );
}
