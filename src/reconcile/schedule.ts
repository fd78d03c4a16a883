import PQueue from 'p-queue';

/** A node of work: it starts when everything it needs has gone well. */
export interface Node {
  readonly id: string;
  readonly needs: readonly string[];
}

export type Ending<Result> =
  | { readonly type: 'done'; readonly result: Result }
  /** Something it needs did not go well; `by` names the first such node. */
  | { readonly type: 'blocked'; readonly by: string }
  /** We were told to start nothing more. */
  | { readonly type: 'cancelled' };

export interface ScheduleOptions<N extends Node, Result> {
  readonly concurrency: number;
  /** Once aborted nothing more starts; what runs is waited for. */
  readonly drain: AbortSignal;
  /** Never rejects for what can be expected; a rejection is a bug and ends the schedule. */
  readonly run: (node: N) => Promise<Result>;
  /** Waits for what else the node needs, taking nobody's turn; a result ends the node before it is run. */
  readonly ready: (node: N) => Promise<Result | null>;
  /** Whether dependants may start. */
  readonly isGood: (result: Result) => boolean;
}

/**
 * Runs a dependency graph with bounded concurrency. Independent work goes on after a failure; what depends on it is
 * blocked; what waits for itself in a circle is blocked too. Every node ends exactly one way.
 */
export async function schedule<N extends Node, Result>(
  nodes: readonly N[],
  options: ScheduleOptions<N, Result>,
): Promise<ReadonlyMap<string, Ending<Result>>> {
  const endings = new Map<string, Ending<Result>>();
  const known = new Set(nodes.map(({ id }) => id));
  const waiting = new Map(nodes.map((node) => [node.id, new Set(node.needs.filter((need) => known.has(need)))]));
  const dependants = new Map<string, N[]>();
  for (const node of nodes)
    for (const need of waiting.get(node.id) ?? []) dependants.set(need, [...(dependants.get(need) ?? []), node]);
  const queue = new PQueue({ concurrency: options.concurrency });
  const open = new Set<Promise<void>>();
  const failures: unknown[] = [];

  const end = (node: N, ending: Ending<Result>): void => {
    if (endings.has(node.id)) return;
    endings.set(node.id, ending);
    const good = ending.type === 'done' && options.isGood(ending.result);
    for (const dependant of dependants.get(node.id) ?? []) {
      if (!good) end(dependant, ending.type === 'cancelled' ? ending : { type: 'blocked', by: node.id });
      else {
        const needs = waiting.get(dependant.id);
        needs?.delete(node.id);
        if (needs?.size === 0) start(dependant);
      }
    }
  };
  const task = async (node: N): Promise<void> => {
    if (endings.has(node.id) || failures.length > 0) return;
    if (options.drain.aborted) return end(node, { type: 'cancelled' });
    end(node, { type: 'done', result: await options.run(node) });
  };
  const begin = async (node: N): Promise<void> => {
    const early = await options.ready(node);
    if (early !== null) end(node, { type: 'done', result: early });
    else await queue.add(() => task(node));
  };
  const start = (node: N): void => {
    const begun: Promise<void> = begin(node)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => open.delete(begun));
    open.add(begun);
  };
  for (const node of nodes) if (waiting.get(node.id)?.size === 0) start(node);
  while (open.size > 0) await Promise.all(open);
  if (failures.length > 0) throw failures[0];
  for (const node of nodes) if (!endings.has(node.id)) endings.set(node.id, { type: 'blocked', by: node.id });
  return endings;
}
