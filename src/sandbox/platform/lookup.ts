import { badRequest, notFound } from './errors.ts';
import type { Deployment, Project, Team, World } from './state.ts';
import { requireTeam } from './tokens.ts';
import type { Caller } from './tokens.ts';

/** 404 TeamNotFound; 403 for another team's token. */
export function team(world: World, caller: Caller, idOrSlug: number | string): Team {
  const found =
    typeof idOrSlug === 'number'
      ? world.teams.get(idOrSlug)
      : ([...world.teams.values()].find(({ slug }) => slug === idOrSlug) ??
        (/^\d+$/.test(idOrSlug) ? world.teams.get(Number(idOrSlug)) : undefined));
  if (found === undefined) throw notFound('TeamNotFound', 'The requested team does not exist');
  requireTeam(caller, found);
  return found;
}

const NO_PROJECT = 'The requested project does not exist';

/** 404 ProjectNotFound; 403 for another team's token. */
export function project(world: World, caller: Caller, id: number): Project {
  const found = world.projects.get(id);
  if (found === undefined) throw notFound('ProjectNotFound', NO_PROJECT);
  requireTeam(caller, found.team);
  return found;
}

export function projectBySlug(world: World, caller: Caller, teamIdOrSlug: string, slug: string): Project {
  const found = team(world, caller, teamIdOrSlug).slugs.get(slug);
  if (found === undefined) throw notFound('ProjectNotFound', NO_PROJECT);
  return found;
}

/** 404 DeploymentNotFound; 403 for another team's token. */
export function deployment(world: World, caller: Caller, name: string): Deployment {
  const found = world.deployments.get(name);
  if (found === undefined) {
    throw notFound('DeploymentNotFound', `The requested deployment ${name} does not exist`);
  }
  requireTeam(caller, found.project.team);
  return found;
}

/** One of the three ways to name a deployment inside its project. */
export interface DeploymentRole {
  readonly reference?: string | null | undefined;
  readonly defaultProd?: boolean | null | undefined;
  readonly defaultDev?: boolean | null | undefined;
}

/** The deployment in a role; 400 BadQueryArgs unless exactly one role is asked for, 404 DeploymentNotFound. */
export function deploymentByRole(_world: World, caller: Caller, project: Project, role: DeploymentRole): Deployment {
  const { reference = null, defaultProd, defaultDev } = role;
  if (Number(reference !== null) + Number(defaultProd === true) + Number(defaultDev === true) !== 1) {
    throw badRequest('BadQueryArgs', 'Exactly one of reference, defaultProd and defaultDev must be given.');
  }
  const found =
    reference !== null
      ? project.deployments.get(reference)
      : defaultDeployment(project, defaultProd === true ? 'prod' : 'dev', caller.token.member.id);
  if (found === undefined) throw notFound('DeploymentNotFound', 'The requested deployment does not exist');
  return found;
}

/** The project's default prod deployment, or the default dev deployment of one member. */
export function defaultDeployment(project: Project, type: 'prod' | 'dev', creator: number): Deployment | undefined {
  for (const one of project.deployments.values()) {
    if (one.isDefault && one.type === type && (type === 'prod' || one.creator === creator)) return one;
  }
  return undefined;
}
