import { listDeploymentEvents, listTeamEvents } from './audit.ts';
import { canonicalUrls, updateCanonicalUrl } from './canonical-urls.ts';
import { listDefaultEnvironment, updateDefaultEnvironment } from './default-environment.ts';
import { listProjectDeployments, listTeamDeployments } from './deployment-lists.ts';
import { updateDeployment } from './deployment-update.ts';
import { createDeployment, deleteDeployment, sweepExpired, transferDeployment } from './deployments.ts';
import { createDomain, deleteDomain, verificationTime, verifyDomain } from './domains.ts';
import { listEnvironment, updateEnvironment } from './environment.ts';
import { defaultDeployment, deployment, deploymentByRole, project, projectBySlug, team } from './lookup.ts';
import { createProject, deleteProject, listProjects, updateProject } from './projects.ts';
import { seededRandom } from './random.ts';
import type { Deployment, World } from './state.ts';
import { identify } from './tokens.ts';

export interface PlatformOptions {
  readonly clock: () => number;
  readonly randomSeed: number;
}

/** An empty platform: no team, so nothing can be done before a seed is planted. */
export function createWorld({ clock, randomSeed }: PlatformOptions): World {
  return {
    clock,
    random: seededRandom(randomSeed),
    domainVerificationMs: 1000,
    teams: new Map(),
    projects: new Map(),
    deployments: new Map(),
    domains: new Map(),
    tokens: new Map(),
    nextId: { project: 1001, deployment: 5001, token: 901 },
    nextExpiry: Number.POSITIVE_INFINITY,
  };
}

/**
 * The platform's operations over one world, which every dialect's routes call. Refusals are thrown as `SandboxError`.
 * Before each operation whatever has expired by the clock is gone.
 */
export function createPlatform(world: World) {
  const on =
    <Args extends unknown[], Result>(operation: (world: World, ...args: Args) => Result) =>
    (...args: Args): Result => {
      sweepExpired(world);
      return operation(world, ...args);
    };
  return {
    /** The state itself, for tests that look behind the API. */
    world,
    identify: on(identify),

    team: on(team),
    project: on(project),
    projectBySlug: on(projectBySlug),
    deployment: on(deployment),
    deploymentByRole: on(deploymentByRole),
    defaultDeployment,

    createProject: on(createProject),
    updateProject: on(updateProject),
    deleteProject: on(deleteProject),
    listProjects: on(listProjects),

    createDeployment: on(createDeployment),
    updateDeployment: on(updateDeployment),
    deleteDeployment: on(deleteDeployment),
    transferDeployment: on(transferDeployment),
    listProjectDeployments: on(listProjectDeployments),
    listTeamDeployments: on(listTeamDeployments),

    updateEnvironment: on(updateEnvironment),
    listEnvironment: on(listEnvironment),
    updateDefaultEnvironment: on(updateDefaultEnvironment),
    listDefaultEnvironment: on(listDefaultEnvironment),

    createDomain: on(createDomain),
    deleteDomain: on(deleteDomain),
    verificationTime: on(verificationTime),
    verifyDomain: on(verifyDomain),

    updateCanonicalUrl: on(updateCanonicalUrl),
    canonicalUrls: on(canonicalUrls),

    listTeamEvents: on(listTeamEvents),
    listDeploymentEvents: on(listDeploymentEvents),

    /** For tests, without a caller: the deployment of that name, undefined when it is gone. */
    find: on((world: World, name: string): Deployment | undefined => world.deployments.get(name)),
  };
}

export type Platform = ReturnType<typeof createPlatform>;
