// Statuses of a team of any size, as the daemon keeps them.
import { addressOf, type Address } from '../../src/model/address.ts';
import type { Action, Change } from '../../src/model/change.ts';
import type { HeldChange, TreeNode, WatchStatus } from '../../src/model/watch-status.ts';
import { PLAN, ROUND, STATUS, VIEW } from '../daemon/statuses.ts';

export interface Deviation {
  readonly project: number;
  readonly deployment: number;
  readonly variable: string;
  readonly action?: Action;
  readonly held?: Pick<HeldChange, 'because' | 'why'>;
}

export interface TeamShape {
  readonly projects: number;
  readonly deployments: number;
  readonly deviations?: readonly Deviation[];
  readonly mode?: WatchStatus['mode'];
  /** In place of `app-1`, `app-2`, … */
  readonly names?: readonly string[];
}

export function deploymentAt(project: number, deployment: number, names: readonly string[] = []): Address {
  const slug = names[project] ?? `app-${project + 1}`;
  const reference = deployment === 0 ? 'production' : `preview/feature-${deployment}`;
  return addressOf(addressOf(null, 'project', slug), 'deployment', reference);
}

/** Everything in sync but the deviations; read just before `now`. */
export function team(shape: TeamShape, now: number): WatchStatus {
  const { projects, deployments, deviations = [], names = [], mode = 'observe' } = shape;
  const changes: Change[] = deviations.map(({ project, deployment, variable, action = 'update' }) => ({
    address: addressOf(deploymentAt(project, deployment, names), 'env-var', variable),
    kind: 'env-var',
    action,
    reason: action === 'create' ? 'absent' : action === 'delete' ? 'undeclared' : 'differs',
    selector: null,
    takes: [],
    fields:
      action === 'update'
        ? [
            {
              field: 'value',
              sensitive: true,
              unknown: false,
              forcesReplacement: false,
              before: 'live-value-never-shown',
              after: 'desired-value-never-shown',
            },
          ]
        : [],
    comparable: true,
    dependsOn: [],
    where: null,
  }));
  const held: HeldChange[] = deviations.flatMap((one, index) => {
    const change = changes[index];
    return one.held === undefined || change === undefined
      ? []
      : [{ address: change.address, action: change.action, ...one.held }];
  });
  const differs = Map.groupBy(deviations, (one) => deploymentAt(one.project, one.deployment, names));
  const tree: TreeNode[] = [];
  for (let project = 0; project < projects; project++) {
    const slug = names[project] ?? `app-${project + 1}`;
    tree.push({
      address: addressOf(null, 'project', slug),
      kind: 'project',
      status: 'in-sync',
      counts: {},
      readAt: now - 1_000,
    });
    for (let deployment = 0; deployment < deployments; deployment++) {
      const address = deploymentAt(project, deployment, names);
      const count = differs.get(address)?.length ?? 0;
      const counts = { 'in-sync': 11 - count, ...(count === 0 ? {} : { differs: count }) };
      tree.push({ address, kind: 'deployment', status: 'in-sync', counts, readAt: now - 1_000 - 60_000 * deployment });
    }
  }
  const view = { ...VIEW, observedAt: now - 1_000, plan: { ...PLAN, changes, unmanaged: [] }, tree };
  const nextAt = now + 240_000;
  return {
    ...STATUS,
    mode,
    startedAt: now - 3_600_000,
    schedule: { ...STATUS.schedule, nextAt },
    round: { ...ROUND, startedAt: now - 1_000, view, held, outcomes: [] },
    view,
    succeededAt: now - 500,
    freshUntil: now + 600_000,
    movedAt: now - 500,
  };
}
