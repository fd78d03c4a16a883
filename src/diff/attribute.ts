import type { DriftItem, MovedBy } from '../model/drift.ts';
import { instantText } from '../model/instant.ts';
import { parentAddress, type Address } from '../model/address.ts';
import type { LogEvent, LogReading, Sought, Traces } from '../model/trail.ts';

/** A drifted thing, and the log that would tell of it. */
export interface Tracked {
  readonly item: DriftItem;
  readonly sought: Sought;
  readonly traces: Traces;
  readonly log: LogReading;
}

export interface Attribution {
  readonly ownToken: number | string | null;
  readonly names: ReadonlyMap<number | string, string>;
  readonly showIp: boolean;
}

/** The event that made a thing as it is, or why none can be named. */
export type Found = { readonly event: LogEvent } | { readonly why: string };

/**
 * The newest event about the thing, where it leaves it as it was found. Does not depend on the order of a log that has none,
 * nor on events that are listed twice: of several at the same moment only an ordered log tells the last.
 */
export function lastEvent({
  item,
  sought,
  traces,
  log,
}: Omit<Tracked, 'item'> & { item: Pick<DriftItem, 'moved'> }): Found {
  if (log.type === 'unreadable') return { why: log.why };
  if (log.cut !== null) return { why: `its last event may not have been read: ${log.cut}` };
  const about = log.events.flatMap((event) => {
    const effect = traces.effect(event, sought);
    return effect === null ? [] : [{ event, effect }];
  });
  if (about.length === 0) return { why: 'no event about it in the time of --since' };
  const newest = Math.max(...about.map(({ event }) => event.at));
  const latest = about.filter(({ event }) => event.at === newest);
  const wanted = item.moved === 'missing' ? 'gone' : 'there';
  // Of an ordered log the last one counts, whatever the others at that moment say.
  const candidates = log.ordered ? latest.slice(-1) : latest;
  const fitting = candidates.filter(({ effect }) => effect === wanted);
  const [first] = fitting;
  if (first === undefined)
    return {
      why: `the log does not tell of it yet: its last event says that it was ${candidates[0]?.effect === 'gone' ? 'deleted' : 'there'}`,
    };
  if (new Set(fitting.map(({ event }) => whoOf(event))).size > 1)
    return { why: `several changed it at ${instantText(newest)}, and the log does not say who was last` };
  return { event: first.event };
}

/** Who did it, as a report says it. An event is ours by its user agent, or by our token where it gives no agent. */
export function movedBy(event: LogEvent, { ownToken, names, showIp }: Attribution): MovedBy {
  const { kind, id } = event.actor;
  const isOurs = event.byUs || (event.via === null && kind === 'token' && id !== null && id === ownToken);
  const name = kind === 'member' && id !== null ? names.get(id) : undefined;
  return {
    actor: isOurs ? 'converge' : kind,
    ...(id === null ? {} : { id }),
    ...(name === undefined ? {} : { name }),
    ...(event.via === null || isOurs ? {} : { via: event.via }),
    at: instantText(event.at),
    ...(showIp && event.ip !== null ? { ip: event.ip } : {}),
  };
}

/** What went with its container went by the same hand. `items` are sorted by address: containers stand first. */
export function withContainers(items: readonly DriftItem[]): readonly DriftItem[] {
  const missing = new Map<Address, DriftItem>();
  return items.map((item) => {
    if (item.moved !== 'missing') return item;
    const parent = parentAddress(item.address);
    const container = item.by !== undefined || parent === null ? undefined : missing.get(parent);
    const found = container === undefined ? item : goneWith(item, container);
    missing.set(item.address, found);
    return found;
  });
}

function goneWith({ unattributed: _own, ...item }: DriftItem, container: DriftItem): DriftItem {
  if (container.by !== undefined) return { ...item, by: container.by };
  return { ...item, unattributed: `it went with ${container.address}, which nobody can be named for` };
}

function whoOf({ actor, byUs, via }: LogEvent): string {
  return JSON.stringify([actor.kind, actor.id, byUs, via]);
}
