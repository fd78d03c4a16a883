import { pageLimit, newestFirst, readCursor, writeCursor } from './pages.ts';
import type { Page, PageRequest } from './pages.ts';
import type { Deployment, DeploymentType, Project, Team, World } from './state.ts';

export interface DeploymentFilter {
  readonly deploymentType?: DeploymentType | null | undefined;
  readonly isDefault?: boolean | null | undefined;
  readonly projectId?: number | undefined;
  readonly creator?: number | undefined;
  /** In name or reference. */
  readonly q?: string | undefined;
}

export type SortField = 'createTime' | 'lastDeployTime' | 'reference';

export interface TeamDeploymentsRequest extends DeploymentFilter, PageRequest {
  readonly sortBy?: SortField | undefined;
  readonly sortOrder?: 'asc' | 'desc' | undefined;
}

function filtered(filter: DeploymentFilter): (deployment: Deployment) => boolean {
  const { deploymentType = null, isDefault = null, projectId, creator } = filter;
  const q = filter.q?.toLowerCase() ?? '';
  return (one) =>
    (deploymentType === null || one.type === deploymentType) &&
    (isDefault === null || one.isDefault === isDefault) &&
    (projectId === undefined || one.project.id === projectId) &&
    (creator === undefined || one.creator === creator) &&
    (q === '' || one.name.includes(q) || one.reference.includes(q));
}

/** All of a project's deployments that pass, newest first; never paginated. */
export function listProjectDeployments(_world: World, project: Project, filter: DeploymentFilter): Deployment[] {
  return [...project.deployments.values()].filter(filtered(filter)).sort((a, b) => b.id - a.id);
}

/** The whole team's. Without a sort: newest first, at the cost of one page; with one, at the cost of the team. */
export function listTeamDeployments(_world: World, team: Team, request: TeamDeploymentsRequest): Page<Deployment> {
  const keep = filtered(request);
  const { sortBy, sortOrder } = request;
  const list = `deployments:${String(team.id)}:${sortBy ?? ''}:${sortOrder ?? ''}`;
  if (sortBy === undefined && sortOrder === undefined) return newestFirst(list, team.deployments, keep, request);

  const sign = sortOrder === 'asc' ? 1 : -1;
  // Nothing is ever pushed to a sandbox deployment, so its last deploy time is always unset.
  const keyOf = (one: Deployment) =>
    sortBy === 'reference' ? one.reference : sortBy === 'lastDeployTime' ? 0 : one.createTime;
  const compare = (a: readonly [string | number, number], b: readonly [string | number, number]) =>
    sign * (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1]);
  const after = readCursor(list, 2, request.cursor);
  const limit = pageLimit(request.limit, 100);
  const rest = team.deployments
    .filter(keep)
    .map((one) => ({ one, key: [keyOf(one), one.id] as const }))
    .filter(({ key }) => after === undefined || compare(key, [after[0] ?? '', Number(after[1])]) > 0)
    .sort((a, b) => compare(a.key, b.key));
  const last = rest[limit - 1];
  return {
    items: rest.slice(0, limit).map(({ one }) => one),
    next: last !== undefined && rest.length > limit ? writeCursor(list, last.key) : null,
  };
}
