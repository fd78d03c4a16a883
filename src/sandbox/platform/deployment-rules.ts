import { badRequest } from './errors.ts';
import { defaultDeployment } from './lookup.ts';
import type { Deployment, DeploymentType, Project, Team, World } from './state.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The end of the team's preview retention, counted from now: a preview's default expiry and everyone's latest. */
export function latestExpiry(world: World, team: Team): number {
  return world.clock() + team.settings.previewRetentionDays * DAY_MS;
}

/** At least 30 minutes ahead, at most the preview retention (specification); the error code is not known. */
export function checkExpiry(world: World, team: Team, expiresAt: number): void {
  if (expiresAt < world.clock() + 30 * MINUTE_MS) {
    throw badRequest('InvalidExpiresAt', 'expiresAt must be at least 30 minutes in the future.');
  }
  if (expiresAt > latestExpiry(world, team)) {
    const days = String(team.settings.previewRetentionDays);
    throw badRequest('InvalidExpiresAt', `expiresAt must not be more than ${days} days in the future.`);
  }
}

/** The class, the team's default when none is given. */
export function checkClass(team: Team, wanted: string | null | undefined): string {
  const name = wanted ?? team.settings.defaultClass;
  const known = team.settings.classes.find(({ type }) => type === name);
  if (known === undefined) throw badRequest('InvalidDeploymentClass', `There is no deployment class '${name}'.`);
  if (!known.available) {
    throw badRequest('DeploymentClassNotAvailable', `The deployment class '${name}' is not available to this team.`);
  }
  return name;
}

/** The region, the team's default when none is given. */
export function checkRegion(team: Team, wanted: string | null | undefined): string {
  const name = wanted ?? team.settings.defaultRegion;
  const known = team.settings.regions.find((region) => region.name === name);
  if (known === undefined) throw badRequest('InvalidRegion', `There is no region '${name}'.`);
  if (!known.available) throw badRequest('RegionNotAvailable', `The region '${name}' is not available to this team.`);
  return name;
}

/** Only prod and dev have defaults: one per project, and one per project and creator. */
export function checkDefault(
  project: Project,
  type: DeploymentType,
  creator: number,
  besides: Deployment | undefined,
): void {
  if (type !== 'prod' && type !== 'dev') {
    throw badRequest('InvalidIsDefault', `isDefault cannot be set on a ${type} deployment.`);
  }
  const present = defaultDeployment(project, type, creator);
  if (present !== undefined && present !== besides) {
    throw badRequest(
      'DefaultDeploymentAlreadyExists',
      `The project already has a default ${type} deployment (${present.name}).`,
    );
  }
}
