import { stepsOf, type Step } from '../diff/graph.ts';
import { compareAddress, type Address } from '../model/address.ts';
import type { Change } from '../model/change.ts';
import type { EventSink } from '../model/event.ts';
import type { ResourceKind } from '../model/kind.ts';
import { kindsOf } from '../model/kinds.ts';
import type { Observation } from '../model/observation.ts';
import type { Outcome, OutcomeStatus } from '../model/outcome.ts';
import type { Clock } from '../model/ports.ts';
import type { Provider } from '../model/provider.ts';
import type { DesiredResource, Spec } from '../model/resource.ts';
import type { Fates } from './fate.ts';
import { perform } from './perform.ts';
import { schedule, type Ending } from './schedule.ts';
import { waitingFor } from './wait.ts';
import type { Workspace } from './workspace.ts';

export interface ExecuteOptions {
  readonly concurrency: number;
  /** How long a change waits for what it needs to be settled, milliseconds; 0: not at all. */
  readonly waitMs: number;
  readonly clock: Clock;
  readonly onEvent: EventSink;
  /** Aborted: start nothing more. */
  readonly drain: AbortSignal;
  /** Aborted: give up what is in flight; what was sent becomes uncertain. */
  readonly abort: AbortSignal;
}

/** What the changes are made of. */
export interface Ground {
  readonly desired: ReadonlyMap<Address, DesiredResource>;
  readonly observation: Observation;
}

/**
 * Applies changes: containers before contents, independent work in parallel, one request per batch. Every change gets
 * exactly one outcome, also when told to stop. What needs something that the platform does not finish within `waitMs` is
 * pending, and so is what needs that.
 */
export async function execute<Api>(
  provider: Provider<Api>,
  changes: readonly Change[],
  { ground, ...options }: ExecuteOptions & { readonly ground: Ground },
): Promise<readonly Outcome[]> {
  const kinds = kindsOf<ResourceKind<Spec, Api>>(provider.kinds);
  const steps = stepsOf(changes, kinds, ground.desired.values());
  const byAddress = new Map(changes.map((change) => [change.address, change]));
  const workspace: Workspace<Api> = {
    api: provider.api,
    kinds,
    clock: options.clock,
    abort: options.abort,
    desired: ground.desired,
    changes: byAddress,
    live: new Map(ground.observation.live),
    created: new Set(),
    deleted: new Set(),
  };
  const told = new Set<Address>();
  const endings = await schedule<Step, Fates>(steps, {
    concurrency: options.concurrency,
    drain: options.drain,
    isGood: (fates) => [...fates.values()].every(({ status }) => status === 'succeeded'),
    ready: waitingFor(workspace, kinds, options),
    run: async (step) => {
      options.onEvent({ type: 'change-started', addresses: step.addresses });
      const fates = await perform(step, kinds.named(step.kind.name), workspace);
      for (const [address, fate] of fates) {
        const change = byAddress.get(address);
        // The first half of a replacement is not yet an outcome.
        const isHalf = change?.action === 'replace' && step.operation === 'delete' && fate.status === 'succeeded';
        if (change === undefined || isHalf) continue;
        told.add(address);
        options.onEvent({ type: 'change-finished', outcome: { address, action: change.action, ...fate } });
      }
      return fates;
    },
  });
  const stepsFor = new Map<Address, Step[]>();
  for (const step of steps)
    for (const address of step.addresses) stepsFor.set(address, [...(stepsFor.get(address) ?? []), step]);
  const outcomes = changes.map((change) => outcomeOf(change, stepsFor.get(change.address) ?? [], endings));
  for (const outcome of outcomes) if (!told.has(outcome.address)) options.onEvent({ type: 'change-finished', outcome });
  return outcomes.sort((a, b) => compareAddress(a.address, b.address));
}

type Endings = ReadonlyMap<string, Ending<Fates>>;
type Part = Omit<Outcome, 'address' | 'action'>;

/** The worst of a change's steps is what became of it. */
function outcomeOf(change: Change, steps: readonly Step[], endings: Endings): Outcome {
  const parts = steps.map((step) => partOf(change.address, endings.get(step.id), endings));
  const worst = parts.reduce((a, b) => (SEVERITY.indexOf(b.status) > SEVERITY.indexOf(a.status) ? b : a));
  const halfDone = worst.status !== 'succeeded' && parts.some(({ status }) => status === 'succeeded');
  const because = [halfDone ? 'the old one is deleted, the new one is not made' : '', worst.because ?? '']
    .filter((part) => part !== '')
    .join('; ');
  return {
    ...worst,
    address: change.address,
    action: change.action,
    attempts: parts.reduce((sum, { attempts }) => sum + attempts, 0),
    ...(because === '' ? {} : { because }),
  };
}

const SEVERITY: readonly OutcomeStatus[] = ['succeeded', 'pending', 'cancelled', 'blocked', 'failed', 'uncertain'];

const NOT_STARTED = { status: 'cancelled', attempts: 0 } as const;

function partOf(address: Address, ending: Ending<Fates> | undefined, endings: Endings): Part {
  if (ending === undefined) return NOT_STARTED;
  switch (ending.type) {
    case 'done':
      return ending.result.get(address) ?? NOT_STARTED;
    case 'blocked':
      return blockedBy(ending.by, endings);
    case 'cancelled':
      return { ...NOT_STARTED, because: 'interrupted before it was started' };
    default:
      return ending satisfies never;
  }
}

/** What waits for something that has not failed is not blocked: it is pending, or its subject has gone with that. */
function blockedBy(by: string, endings: Endings): Part {
  const root = rootOf(endings.get(by), endings);
  const statuses = root?.type === 'done' ? [...root.result.values()].map(({ status }) => status) : [];
  const open = statuses.filter((status) => status !== 'succeeded');
  if (open.length > 0 && open.every((status) => status === 'pending'))
    return { status: 'pending', attempts: 0, because: `${by} is pending` };
  if (open.length > 0 && open.every((status) => status === 'cancelled'))
    return { status: 'cancelled', attempts: 0, because: `${by} is cancelled` };
  return { status: 'blocked', attempts: 0, because: `${by} did not succeed` };
}

/** Where a chain of what blocks one another begins. */
function rootOf(ending: Ending<Fates> | undefined, endings: Endings): Ending<Fates> | undefined {
  const seen = new Set<unknown>();
  let at = ending;
  while (at?.type === 'blocked' && !seen.has(at)) {
    seen.add(at);
    at = endings.get(at.by);
  }
  return at;
}
