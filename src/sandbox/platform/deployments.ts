import { recordInTeam } from './audit.ts';
import { checkClass, checkDefault, checkExpiry, checkRegion, latestExpiry } from './deployment-rules.ts';
import { badRequest } from './errors.ts';
import { insertDeployment, removeDeployment } from './inventory.ts';
import { generateDeploymentName } from './names.ts';
import { checkReference, checkReferenceFree, generatedReference, previewReference } from './references.ts';
import type { Deployment, DeploymentType, Project, World } from './state.ts';
import { SYSTEM } from './tokens.ts';
import type { Caller } from './tokens.ts';

export interface CreateDeployment {
  readonly type: DeploymentType;
  readonly class?: string | null | undefined;
  readonly region?: string | null | undefined;
  /** For a preview: its identifier. */
  readonly reference?: string | null | undefined;
  readonly isDefault?: boolean | null | undefined;
  /** ms since the epoch; null: never, also for a preview. */
  readonly expiresAt?: number | null | undefined;
}

const summary = ({ id, name, type, reference, project }: Deployment) => ({
  id,
  name,
  type,
  reference,
  projectId: project.id,
});

/**
 * A preview with an identifier that exists **replaces** it: the old one and its data are gone (recorded).
 * Everything else answers 400 for a reference that exists.
 */
export function createDeployment(world: World, caller: Caller, project: Project, args: CreateDeployment): Deployment {
  const { type, reference: asked = null } = args;
  const { team } = project;
  const creator = caller.token.member;
  const deploymentClass = checkClass(team, args.class);
  const region = checkRegion(team, args.region);
  const expiresAt = args.expiresAt === undefined && type === 'preview' ? latestExpiry(world, team) : args.expiresAt;
  if (typeof args.expiresAt === 'number') checkExpiry(world, team, args.expiresAt);

  const replaced = type === 'preview' ? previewToReplace(project, asked) : undefined;
  const reference = referenceFor(project, type, asked, creator.name);
  if (replaced?.reference !== reference) checkReferenceFree(project, reference);

  if (typeof args.isDefault === 'boolean' && type !== 'prod' && type !== 'dev') {
    throw badRequest('InvalidIsDefault', `isDefault cannot be set on a ${type} deployment.`);
  }
  const isDefault = args.isDefault ?? ((type === 'prod' || type === 'dev') && asked === null);
  if (isDefault) checkDefault(project, type, creator.id, undefined);

  if (team.deployments.length - (replaced === undefined ? 0 : 1) >= team.settings.maxDeployments) {
    throw badRequest('DeploymentQuotaReached', 'This team has as many deployments as its plan allows.');
  }
  if (replaced !== undefined) deleteDeployment(world, caller, replaced);
  const deployment = insertDeployment(world, {
    project,
    type,
    reference,
    region,
    isDefault,
    name: generateDeploymentName(world.random, (name) => world.deployments.has(name)),
    class: deploymentClass,
    creator: creator.id,
    expiresAt: expiresAt ?? null,
    previewIdentifier: type === 'preview' ? asked : null,
  });
  recordInTeam(world, team, caller, 'deployment:create', { noun: 'deployment', current: summary(deployment) });
  return deployment;
}

function previewToReplace(project: Project, identifier: string | null): Deployment | undefined {
  if (identifier === null) {
    throw badRequest('MissingReference', 'A reference must be provided when creating a preview deployment');
  }
  for (const one of project.deployments.values()) {
    if (one.type === 'preview' && one.previewIdentifier === identifier) return one;
  }
  return undefined;
}

function referenceFor(project: Project, type: DeploymentType, asked: string | null, creator: string): string {
  if (asked === null) return generatedReference(project, type, creator);
  if (type === 'preview') return previewReference(asked);
  checkReference(asked);
  return asked;
}

/** Any type, production too: its data is gone. */
export function deleteDeployment(world: World, caller: Caller | typeof SYSTEM, deployment: Deployment): void {
  removeDeployment(world, deployment);
  const change = { noun: 'deployment', previous: summary(deployment) };
  recordInTeam(world, deployment.project.team, caller, 'deployment:delete', change);
}

/** To another project of the same team; reference and default must be free there. */
export function transferDeployment(world: World, caller: Caller, deployment: Deployment, to: Project): void {
  const from = deployment.project;
  if (to.team !== from.team) {
    throw badRequest('InvalidTransfer', 'A deployment can only be transferred within its team.');
  }
  if (to === from) return;
  checkReferenceFree(to, deployment.reference);
  if (deployment.isDefault) checkDefault(to, deployment.type, deployment.creator, undefined);
  const previous = summary(deployment);
  from.deployments.delete(deployment.reference);
  deployment.project = to;
  to.deployments.set(deployment.reference, deployment);
  const change = { noun: 'deployment', previous, current: summary(deployment) };
  recordInTeam(world, to.team, caller, 'deployment:transfer', change);
  recordInTeam(world, to.team, caller, 'deployment:receive', change);
}

/** Deletes what has expired by the injected clock. */
export function sweepExpired(world: World): void {
  const now = world.clock();
  if (now < world.nextExpiry) return;
  world.nextExpiry = Number.POSITIVE_INFINITY;
  for (const deployment of world.deployments.values()) {
    if (deployment.expiresAt === null) continue;
    if (deployment.expiresAt <= now) deleteDeployment(world, SYSTEM, deployment);
    else world.nextExpiry = Math.min(world.nextExpiry, deployment.expiresAt);
  }
}
