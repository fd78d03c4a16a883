import { recordInTeam } from './audit.ts';
import { checkEnvChange } from './environment.ts';
import type { DeploymentType, Project, World } from './state.ts';
import { DEPLOYMENT_TYPES } from './state.ts';
import type { Caller } from './tokens.ts';

/** A null or absent value deletes; what is not there stays so. */
export interface DefaultEnvChange {
  readonly name: string;
  readonly deploymentType: DeploymentType;
  readonly value?: string | null | undefined;
}

export interface DefaultVariable {
  readonly name: string;
  readonly value: string;
  readonly deploymentTypes: DeploymentType[];
}

/** Concerns only deployments created later. Atomic here; the true server's atomicity is not known. */
export function updateDefaultEnvironment(
  world: World,
  caller: Caller,
  project: Project,
  changes: readonly DefaultEnvChange[],
): void {
  for (const change of changes) checkEnvChange(change);
  for (const { name, deploymentType, value } of changes) {
    const variables = project.defaultEnv.get(deploymentType) ?? new Map<string, string>();
    project.defaultEnv.set(deploymentType, variables);
    const known = variables.has(name);
    const about = { name, deploymentType, projectId: project.id };
    const noun = 'defaultEnvironmentVariable';
    if (typeof value === 'string') {
      variables.set(name, value);
      recordInTeam(world, project.team, caller, `${noun}:${known ? 'update' : 'create'}`, { noun, current: about });
    } else if (variables.delete(name)) {
      recordInTeam(world, project.team, caller, `${noun}:delete`, { noun, previous: about });
    }
  }
}

/** By name. Without a type, types that share one value are one item; with a type, every item has that one type. */
export function listDefaultEnvironment(
  _world: World,
  project: Project,
  filter: { readonly name?: string | null | undefined; readonly deploymentType?: DeploymentType | null | undefined },
): DefaultVariable[] {
  const { name = null, deploymentType = null } = filter;
  const items = new Map<string, DefaultVariable>();
  for (const type of deploymentType === null ? DEPLOYMENT_TYPES : [deploymentType]) {
    for (const [variable, value] of project.defaultEnv.get(type) ?? []) {
      if (name !== null && variable !== name) continue;
      const key = `${variable}=${value}`;
      const item = items.get(key);
      if (item === undefined) items.set(key, { name: variable, value, deploymentTypes: [type] });
      else item.deploymentTypes.push(type);
    }
  }
  return [...items.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}
