import { compareSpec } from '../diff/compare.ts';
import type { Step } from '../diff/graph.ts';
import { lastSegment, type Address } from '../model/address.ts';
import type { Change } from '../model/change.ts';
import { PlatformError, type ErrorSummary } from '../model/error.ts';
import type { Listed, ResourceKind, Singly, Together } from '../model/kind.ts';
import type { OutcomeStatus } from '../model/outcome.ts';
import type { Clock } from '../model/ports.ts';
import type { DesiredResource, LiveResource, Spec } from '../model/resource.ts';
import { liveResource } from './observe.ts';
import { settleBatch, settleCreate, settleDelete, settleUpdate, type Asked, type Settled } from './settle.ts';

/** What became of one step; every address of a step shares its fate, because it was one request. */
export interface Performed {
  readonly status: Extract<OutcomeStatus, 'succeeded' | 'failed' | 'pending' | 'uncertain'>;
  readonly attempts: number;
  readonly error?: ErrorSummary;
  readonly because?: string;
}

/** What the steps of one run share. `live` is kept true as they succeed. */
export interface Workspace<Api> {
  readonly api: Api;
  readonly clock: Clock;
  readonly abort: AbortSignal;
  readonly desired: ReadonlyMap<Address, DesiredResource>;
  readonly changes: ReadonlyMap<Address, Change>;
  readonly live: Map<Address, LiveResource>;
  /** Made in this run: what their platform put into them is not known from the plan (rule 24). */
  readonly created: Set<Address>;
}

/** Performs one step. Failures are values; only a bug throws. */
export async function perform<Api>(
  step: Step,
  kind: ResourceKind<Spec, Api>,
  workspace: Workspace<Api>,
): Promise<Performed> {
  let attempts = 0;
  const parent = step.parent === null ? null : (workspace.live.get(step.parent) ?? null);
  const asked: Asked<Api> = { kind, api: workspace.api, parent, clock: workspace.clock, signal: workspace.abort };
  /** One write; when nobody knows whether it happened, reading decides (law F). */
  const write = async <T>(send: () => Promise<T>, settle: () => Promise<Settled<T>>): Promise<T> => {
    attempts++;
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof PlatformError) || error.executed === 'no') throw error;
      if (workspace.abort.aborted) throw new Uncertain(error, 'interrupted before it could be read again');
      const settled = await settle().catch((failure: unknown): Settled<T> => {
        if (!(failure instanceof PlatformError) && !workspace.abort.aborted) throw failure;
        return { type: 'uncertain', why: 'it could not be read again' };
      });
      if (settled.type === 'happened') return settled.found;
      throw new Uncertain(error, settled.why);
    }
  };
  try {
    if (kind.write.how === 'together') await performBatch(step, kind, kind.write, { ...workspace, asked, write });
    else await performSingly(step, kind, kind.write, { ...workspace, asked, write });
    return { status: 'succeeded', attempts };
  } catch (error) {
    if (error instanceof Uncertain)
      return {
        status: 'uncertain',
        attempts,
        error: { code: error.cause.code, message: error.cause.message },
        because: error.why,
      };
    if (error instanceof PlatformError)
      return { status: 'failed', attempts, error: { code: error.code, message: error.message } };
    throw error;
  }
}

type Writing<Api> = Workspace<Api> & {
  readonly asked: Asked<Api>;
  readonly write: <T>(send: () => Promise<T>, settle: () => Promise<Settled<T>>) => Promise<T>;
};

async function performSingly<Api>(
  step: Step,
  kind: ResourceKind<Spec, Api>,
  how: Singly<Spec, Api>,
  work: Writing<Api>,
): Promise<void> {
  const [address] = step.addresses;
  if (address === undefined) return;
  const { api, asked, write, abort: signal } = work;
  const { parent } = asked;
  const live = work.live.get(address);
  const update = async (target: LiveResource, wanted: Spec): Promise<void> => {
    const fields = differing(kind, wanted, target.spec);
    if (Object.keys(fields).length === 0) return;
    if (how.update === undefined) throw madeOtherwise(address, Object.keys(fields));
    const updated = await write<Listed | undefined>(
      async () => {
        await how.update?.(api, { live: target, parent, fields, signal });
        return undefined;
      },
      () => settleUpdate(asked, target.id, fields),
    );
    work.live.set(
      address,
      updated === undefined ? withFields(kind, target, fields) : liveResource(kind, address, step.parent, updated),
    );
  };
  switch (step.operation) {
    case 'create': {
      const desired = mustHave(work.desired.get(address), address);
      const spec: Spec = { ...desired.atCreation, ...desired.spec };
      const listed = await write(
        () => how.create(api, { parent, spec, signal }),
        () => settleCreate(asked, spec, idsOf(work, kind, step)),
      );
      const made = liveResource(kind, address, step.parent, listed);
      work.live.set(address, made);
      work.created.add(address);
      // What the create request could not carry, and a key that the platform chose otherwise (rule 20).
      await update(made, spec);
      return;
    }
    case 'update': {
      const desired = mustHave(work.desired.get(address), address);
      return update(mustHave(live, address), desired.spec);
    }
    case 'delete': {
      const target = mustHave(live, address);
      await write(
        async () => {
          await how.delete?.(api, { live: target, parent, signal }).catch(goneIsDeleted);
          return true as const;
        },
        () => settleDelete(asked, target.id),
      );
      work.live.delete(address);
      return;
    }
    case 'batch':
      throw new Error(`${kind.name} is not written together`);
    default:
      step.operation satisfies never;
  }
}

async function performBatch<Api>(
  step: Step,
  kind: ResourceKind<Spec, Api>,
  how: Together<Spec, Api>,
  work: Writing<Api>,
): Promise<void> {
  const { api, asked, write, abort: signal } = work;
  const parent = mustHave(asked.parent ?? undefined, step.parent ?? '');
  let live: ReadonlyMap<Address, LiveResource> = work.live;
  if (kind.seeded === true && work.created.has(parent.address)) live = await bornWith(kind, work, step);
  const set: Spec[] = [];
  const remove: Spec[] = [];
  for (const address of step.addresses) {
    const now = live.get(address);
    const desired = work.desired.get(address);
    if (work.changes.get(address)?.action === 'delete') {
      if (now !== undefined) remove.push(now.spec);
    } else if (
      desired !== undefined &&
      (now === undefined || compareSpec(kind, desired.spec, now.spec).differences.length > 0)
    )
      set.push(desired.spec);
  }
  for (const address of step.unwanted) {
    const now = live.get(address);
    if (now !== undefined) remove.push(now.spec);
  }
  if (set.length === 0 && remove.length === 0) return;
  await write(
    async () => {
      await how.write(api, { parent, set, remove, signal });
      return true as const;
    },
    () => settleBatch(asked, set, remove),
  );
}

/** The members that a container made in this run already has, read once (rule 24). */
async function bornWith<Api>(
  kind: ResourceKind<Spec, Api>,
  work: Writing<Api>,
  step: Step,
): Promise<ReadonlyMap<Address, LiveResource>> {
  const parent = work.asked.parent;
  const listing = await kind.list(work.api, { parents: parent === null ? [] : [parent], signal: work.abort });
  const [failure] = listing.unreadable;
  if (failure !== undefined) throw failure.error;
  const byKey = new Map(listing.items.map((item) => [kind.key(item.spec), item]));
  const found = new Map<Address, LiveResource>();
  for (const address of [...step.addresses, ...step.unwanted]) {
    const item = byKey.get(lastSegment(address).key);
    if (item !== undefined) found.set(address, liveResource(kind, address, step.parent, item));
  }
  return found;
}

class Uncertain extends Error {
  override readonly cause: PlatformError;
  readonly why: string;

  constructor(cause: PlatformError, why: string) {
    super(why);
    this.cause = cause;
    this.why = why;
  }
}

function differing(kind: ResourceKind<Spec, never>, wanted: Spec, live: Spec): Spec {
  return Object.fromEntries(compareSpec(kind, wanted, live).differences.map(({ field, after }) => [field, after]));
}

function withFields(kind: ResourceKind<Spec, never>, live: LiveResource, fields: Spec): LiveResource {
  const spec = { ...live.spec, ...fields };
  return { ...live, spec, key: kind.key(spec) };
}

/** The members that are known of the step's collection. */
function idsOf<Api>({ live }: Workspace<Api>, kind: ResourceKind<Spec, never>, { parent }: Step): ReadonlySet<string> {
  const members = [...live.values()].filter((member) => member.kind === kind.name && member.parent === parent);
  return new Set(members.map(({ id }) => id));
}

function goneIsDeleted(error: unknown): void {
  if (!(error instanceof PlatformError) || error.code !== 'not-found') throw error;
}

function madeOtherwise(address: Address, fields: readonly string[]): PlatformError {
  return new PlatformError(
    'bad-response',
    `the platform made ${address} with another ${fields.join(', ')} than asked, and that cannot be changed`,
    {
      executed: 'no',
      retryable: false,
    },
  );
}

function mustHave<T>(value: T | undefined, address: string): T {
  if (value === undefined) throw new Error(`nothing is known of ${address}`);
  return value;
}
