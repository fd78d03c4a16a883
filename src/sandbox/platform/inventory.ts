import { lowerBound } from './pages.ts';
import type { Deployment, Project, World } from './state.ts';

/** Puts a project into every index. The caller has checked the rules. */
export function insertProject(world: World, fields: Pick<Project, 'team' | 'name' | 'slug'>): Project {
  const project: Project = {
    ...fields,
    id: world.nextId.project++,
    createTime: world.clock(),
    deployments: new Map(),
    defaultEnv: new Map(),
  };
  world.projects.set(project.id, project);
  project.team.projects.push(project);
  project.team.slugs.set(project.slug, project);
  return project;
}

/** Takes a project and all its deployments out of every index. */
export function removeProject(world: World, project: Project): void {
  for (const deployment of project.deployments.values()) removeDeployment(world, deployment);
  world.projects.delete(project.id);
  project.team.slugs.delete(project.slug);
  project.team.projects.splice(lowerBound(project.team.projects, project.id), 1);
}

export type NewDeployment = Pick<
  Deployment,
  'project' | 'name' | 'type' | 'reference' | 'region' | 'class' | 'creator' | 'isDefault'
> &
  Partial<Pick<Deployment, 'previewIdentifier' | 'expiresAt'>>;

/** Puts a deployment into every index, with a copy of its project's default variables. The caller has checked the rules. */
export function insertDeployment(world: World, fields: NewDeployment): Deployment {
  const deployment: Deployment = {
    previewIdentifier: null,
    expiresAt: null,
    ...fields,
    id: world.nextId.deployment++,
    createTime: world.clock(),
    dashboardEditConfirmation: null,
    sendLogsToClient: null,
    env: new Map(fields.project.defaultEnv.get(fields.type)),
    requiredEnv: new Set(),
    invalidations: 0,
    domains: [],
    canonicalUrls: { convexCloud: null, convexSite: null },
    audit: [],
  };
  world.deployments.set(deployment.name, deployment);
  deployment.project.deployments.set(deployment.reference, deployment);
  deployment.project.team.deployments.push(deployment);
  noteExpiry(world, deployment);
  return deployment;
}

/** Takes a deployment, its data and its hostnames out of every index. */
export function removeDeployment(world: World, deployment: Deployment): void {
  const { project } = deployment;
  for (const { domain } of deployment.domains) world.domains.delete(domain);
  world.deployments.delete(deployment.name);
  project.deployments.delete(deployment.reference);
  project.team.deployments.splice(lowerBound(project.team.deployments, deployment.id), 1);
}

/** Keeps `nextExpiry` a lower bound, so that the sweep costs nothing until something can have expired. */
export function noteExpiry(world: World, { expiresAt }: Deployment): void {
  if (expiresAt !== null && expiresAt < world.nextExpiry) world.nextExpiry = expiresAt;
}
