import { lastEvent, movedBy, withContainers, type Found } from '../diff/attribute.ts';
import { lastSegment, parentAddress, type Address } from '../model/address.ts';
import type { DriftItem } from '../model/drift.ts';
import { kindsOf } from '../model/kinds.ts';
import type { LiveResource } from '../model/resource.ts';
import type { LogReading, Trail } from '../model/trail.ts';
import type { World } from './world.ts';

/** The end of the range lies ahead, for a platform whose clock does. */
const AHEAD_MS = 86_400_000;

export interface AttributionRequest {
  readonly now: number;
  readonly sinceMs: number;
  readonly showIp: boolean;
  /** Requests that may still be sent; null: as many as it takes. */
  readonly most: number | null;
  readonly signal: AbortSignal;
}

/**
 * The items with who moved them, or why nobody can be named. Reads only logs that would tell of one: the team's once, of
 * each container its own. A log that cannot be read is no failure. Throws only when aborted.
 */
export async function attributed(
  items: readonly DriftItem[],
  world: Pick<World, 'provider' | 'observation'>,
  request: AttributionRequest,
): Promise<readonly DriftItem[]> {
  const { provider, observation } = world;
  const { trail } = provider;
  const kinds = kindsOf(provider.kinds);
  const logs = trail === undefined ? null : logsOf(trail, request);
  const parentOf = (address: Address): LiveResource | null => {
    const parent = parentAddress(address);
    return parent === null ? null : (observation.live.get(parent) ?? null);
  };
  const found = await Promise.all(
    items.map(async (item): Promise<Found> => {
      const { traces } = kinds.named(item.kind);
      if (logs === null || traces === undefined) return { why: 'this API has no log that tells' };
      const parent = parentOf(item.address);
      const live = observation.live.get(item.address) ?? null;
      if (traces.log === 'parent' && parent === null) return { why: 'what it was in is not there' };
      const log = traces.log === 'parent' && parent !== null ? await logs.of(parent) : await logs.team();
      const sought = { key: live?.key ?? lastSegment(item.address).key, live, parent, fields: item.fields };
      return lastEvent({ item, sought, traces, log });
    }),
  );
  const byMembers = found.some((one) => 'event' in one && one.event.actor.kind === 'member');
  const names = logs === null || !byMembers ? new Map<number, string>() : await logs.names();
  const whoKnows = { ownToken: trail?.ownToken() ?? null, names, showIp: request.showIp };
  return withContainers(
    items.map((item, index) => {
      const one = found[index];
      if (one === undefined) return item;
      return 'event' in one ? { ...item, by: movedBy(one.event, whoKnows) } : { ...item, unattributed: one.why };
    }),
  );
}

/** Each log is read once. */
function logsOf(trail: Trail, { now, sinceMs, most, signal }: AttributionRequest) {
  let asked = 0;
  const mayAsk = (): string | null => {
    if (most !== null && asked >= most) return '--max-requests leaves no request for its log';
    asked += 1;
    return null;
  };
  const range = { from: Math.max(0, now - sinceMs), to: now + AHEAD_MS, signal, mayAsk };
  const containers = new Map<Address, Promise<LogReading>>();
  let team: Promise<LogReading> | null = null;
  return {
    team: () => (team ??= trail.ofTeam(range)),
    of(container: LiveResource): Promise<LogReading> {
      const reading = containers.get(container.address) ?? trail.ofContainer(container, range);
      containers.set(container.address, reading);
      return reading;
    },
    names: async () => (mayAsk() === null ? trail.memberNames(signal) : new Map<number, string>()),
  };
}
