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
import { perform, type Performed, type Workspace } from './perform.ts';
import { schedule, type Ending } from './schedule.ts';
import { waitingFor } from './wait.ts';

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
    clock: options.clock,
    abort: options.abort,
    desired: ground.desired,
    changes: byAddress,
    live: new Map(ground.observation.live),
    created: new Set(),
  };
  const endings = await schedule<Step, Performed>(steps, {
    concurrency: options.concurrency,
    drain: options.drain,
    isGood: ({ status }) => status === 'succeeded',
    ready: waitingFor(workspace, kinds, options),
    run: async (step) => {
      options.onEvent({ type: 'change-started', addresses: step.addresses });
      const performed = await perform(step, kinds.named(step.kind.name), workspace);
      for (const address of step.addresses) {
        const change = byAddress.get(address);
        // The first half of a replacement is not yet an outcome.
        if (
          change !== undefined &&
          !(change.action === 'replace' && step.operation === 'delete' && performed.status === 'succeeded')
        )
          options.onEvent({ type: 'change-finished', outcome: { address, action: change.action, ...performed } });
      }
      return performed;
    },
  });
  const stepsFor = new Map<Address, Step[]>();
  for (const step of steps)
    for (const address of step.addresses) stepsFor.set(address, [...(stepsFor.get(address) ?? []), step]);
  const outcomes = changes.map((change) => outcomeOf(change, stepsFor.get(change.address) ?? [], endings));
  for (const outcome of outcomes)
    if (outcome.status === 'blocked' || outcome.status === 'cancelled' || outcome.status === 'pending')
      options.onEvent({ type: 'change-finished', outcome });
  return outcomes.sort((a, b) => compareAddress(a.address, b.address));
}

/** The worst of a change's steps is what became of it. */
function outcomeOf(change: Change, steps: readonly Step[], endings: ReadonlyMap<string, Ending<Performed>>): Outcome {
  const parts = steps.map((step) => partOf(endings.get(step.id), endings));
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

function partOf(
  ending: Ending<Performed> | undefined,
  endings: ReadonlyMap<string, Ending<Performed>>,
): Omit<Outcome, 'address' | 'action'> {
  if (ending === undefined) return { status: 'cancelled', attempts: 0 };
  switch (ending.type) {
    case 'done':
      return ending.result;
    case 'blocked':
      return isPending(ending, endings)
        ? { status: 'pending', attempts: 0, because: `${ending.by} is pending` }
        : { status: 'blocked', attempts: 0, because: `${ending.by} did not succeed` };
    case 'cancelled':
      return { status: 'cancelled', attempts: 0, because: 'interrupted before it was started' };
    default:
      return ending satisfies never;
  }
}

/** Whether what blocks it has not failed, and only waits for the platform. */
function isPending(ending: Ending<Performed> | undefined, endings: ReadonlyMap<string, Ending<Performed>>): boolean {
  const seen = new Set<unknown>();
  let at = ending;
  while (at?.type === 'blocked' && !seen.has(at)) {
    seen.add(at);
    at = endings.get(at.by);
  }
  return at?.type === 'done' && at.result.status === 'pending';
}
