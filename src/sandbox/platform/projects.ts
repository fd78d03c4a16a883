import { recordInTeam } from './audit.ts';
import { createDeployment } from './deployments.ts';
import { badRequest } from './errors.ts';
import { insertProject, removeProject } from './inventory.ts';
import { checkProjectName, checkSlug, deriveSlug } from './names.ts';
import { newestFirst } from './pages.ts';
import type { Page, PageRequest } from './pages.ts';
import type { Deployment, DeploymentType, Project, Team, World } from './state.ts';
import type { Caller } from './tokens.ts';

export interface CreateProject {
  readonly name: string;
  /** With it a deployment is made too. */
  readonly deploymentType?: DeploymentType | null | undefined;
  readonly class?: string | null | undefined;
  readonly region?: string | null | undefined;
}

const summary = ({ id, name, slug }: Project) => ({ id, name, slug });

/** Not idempotent: names may repeat, the slug is made unique. All or nothing where a deployment is asked for. */
export function createProject(
  world: World,
  caller: Caller,
  team: Team,
  args: CreateProject,
): { readonly project: Project; readonly deployment: Deployment | null } {
  checkProjectName(args.name);
  if (team.projects.length >= team.settings.maxProjects) {
    throw badRequest('ProjectQuotaReached', 'This team has as many projects as its plan allows.');
  }
  const slug = deriveSlug(args.name, world.random, (taken) => team.slugs.has(taken));
  const project = insertProject(world, { team, name: args.name, slug });
  try {
    const { deploymentType: type, class: deploymentClass, region } = args;
    const deployment =
      type === null || type === undefined
        ? null
        : createDeployment(world, caller, project, { type, class: deploymentClass, region });
    recordInTeam(world, team, caller, 'project:create', { noun: 'project', current: summary(project) });
    return { project, deployment };
  } catch (error) {
    removeProject(world, project);
    throw error;
  }
}

/** A rename keeps the slug (recorded). Null and absent leave a field as it is. */
export function updateProject(
  world: World,
  caller: Caller,
  project: Project,
  changes: { readonly name?: string | null | undefined; readonly slug?: string | null | undefined },
): void {
  const { team } = project;
  const previous = summary(project);
  const name = changes.name ?? project.name;
  const slug = changes.slug ?? project.slug;
  if (name !== project.name) checkProjectName(name);
  if (slug !== project.slug) {
    checkSlug(slug);
    if (team.slugs.has(slug)) {
      throw badRequest('ProjectSlugAlreadyExists', `A project with the slug '${slug}' already exists in this team.`);
    }
  }
  team.slugs.delete(project.slug);
  project.name = name;
  project.slug = slug;
  team.slugs.set(slug, project);
  recordInTeam(world, team, caller, 'project:update', { noun: 'project', previous, current: summary(project) });
}

/** Deletes all its deployments too, production as well. */
export function deleteProject(world: World, caller: Caller, project: Project): void {
  removeProject(world, project);
  recordInTeam(world, project.team, caller, 'project:delete', { noun: 'project', previous: summary(project) });
}

/** By id, newest first; `q` in name or slug, whatever the case. */
export function listProjects(
  _world: World,
  team: Team,
  request: PageRequest & { readonly q?: string | undefined },
): Page<Project> {
  const q = request.q?.toLowerCase() ?? '';
  const keep = ({ name, slug }: Project) =>
    q === '' || name.toLowerCase().includes(q) || slug.toLowerCase().includes(q);
  return newestFirst(`projects:${String(team.id)}`, team.projects, keep, request);
}
