import type { Step } from '../diff/graph.ts';
import { addressOf, type Address } from '../model/address.ts';
import type { EventSink } from '../model/event.ts';
import type { ResourceKind } from '../model/kind.ts';
import type { Kinds } from '../model/kinds.ts';
import { collectionPath } from '../model/observation.ts';
import type { LiveResource, Spec } from '../model/resource.ts';
import type { Fates } from './fate.ts';
import { liveResource } from './observe.ts';
import type { Workspace } from './workspace.ts';

/** Between two looks at what is not settled. Milliseconds. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;

export interface WaitOptions {
  /** How long each change waits at most, milliseconds. */
  readonly waitMs: number;
  readonly onEvent: EventSink;
  readonly drain: AbortSignal;
}

/**
 * What a step waits for before it is run: that everything which its desired spec depends on, and which is live, is
 * settled. Null when it is, or when told to stop; else the outcome `pending` with the reason. Steps that wait for
 * members of one collection share its readings.
 */
export function waitingFor<Api>(
  workspace: Workspace<Api>,
  kinds: Kinds<ResourceKind<Spec, Api>>,
  options: WaitOptions,
): (step: Step) => Promise<Fates | null> {
  const { clock, live } = workspace;
  const stop = AbortSignal.any([options.drain, workspace.abort]);
  const readings = new Map<string, Promise<void>>();
  const pauses = new Map<string, number>();

  /** The first thing needed that is not settled, and why. */
  const unsettled = (step: Step): { readonly needed: LiveResource; readonly why: string } | null => {
    if (step.operation !== 'create' && step.operation !== 'update') return null;
    for (const address of step.addresses)
      for (const need of step.kind.dependsOn?.(workspace.desired.get(address)?.spec ?? {}) ?? []) {
        const needed = live.get(addressOf(step.parent, need.kind, need.key));
        const settled = needed === undefined ? true : (kinds.named(need.kind).settled?.(needed) ?? true);
        if (needed !== undefined && settled !== true)
          return { needed, why: `${needed.address} is not settled: ${settled}` };
      }
    return null;
  };

  /** Reads the collection again after a pause that grows; whoever asks meanwhile gets the same reading. */
  const readAgain = (needed: LiveResource, remaining: number): Promise<void> => {
    const kind = kinds.named(needed.kind);
    const path = collectionPath(needed.parent, kind.collection);
    const going = readings.get(path);
    if (going !== undefined) return going;
    const pause = pauses.get(path) ?? FIRST_PAUSE;
    pauses.set(path, Math.min(pause * 2, LONGEST_PAUSE));
    const reading = (async (): Promise<void> => {
      await clock.sleep(Math.min(pause, remaining), stop);
      const container = needed.parent === null ? undefined : live.get(needed.parent);
      const parents = container === undefined ? [] : [container];
      const { items } = await kind.list(workspace.api, { parents, signal: stop });
      for (const item of items) {
        const address: Address = addressOf(needed.parent, kind.name, kind.key(item.spec));
        if (live.has(address)) live.set(address, liveResource(kind, address, needed.parent, item));
      }
    })().finally(() => readings.delete(path));
    readings.set(path, reading);
    return reading;
  };

  return async (step) => {
    const until = clock.monotonic() + options.waitMs;
    const [waiter] = step.addresses;
    for (let told = false; ; told = true) {
      const found = unsettled(step);
      if (found === null || waiter === undefined) return null;
      const remaining = until - clock.monotonic();
      if (remaining <= 0)
        return new Map(
          step.addresses.map((address) => [address, { status: 'pending', attempts: 0, because: found.why }]),
        );
      if (!told) options.onEvent({ type: 'change-waiting', address: waiter, because: found.why });
      try {
        await readAgain(found.needed, remaining);
      } catch (error) {
        // Told to stop: the schedule says what becomes of the step.
        if (stop.aborted) return null;
        throw error;
      }
    }
  };
}
