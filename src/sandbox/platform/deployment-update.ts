import { recordInTeam } from './audit.ts';
import { checkClass, checkDefault, checkExpiry } from './deployment-rules.ts';
import { badRequest } from './errors.ts';
import { noteExpiry } from './inventory.ts';
import { checkReference, checkReferenceFree } from './references.ts';
import type { Deployment, DeploymentType, World } from './state.ts';
import type { Caller } from './tokens.ts';

/** Absent leaves a field. Null resets the two settings and clears the expiry; elsewhere it means absent. */
export interface UpdateDeployment {
  readonly reference?: string | null | undefined;
  readonly deploymentType?: DeploymentType | null | undefined;
  readonly isDefault?: boolean | null | undefined;
  readonly class?: string | null | undefined;
  readonly expiresAt?: number | null | undefined;
  readonly dashboardEditConfirmation?: boolean | null | undefined;
  readonly sendLogsToClient?: boolean | null | undefined;
}

const FIELDS = [
  'reference',
  'type',
  'isDefault',
  'class',
  'expiresAt',
  'dashboardEditConfirmation',
  'sendLogsToClient',
] as const;

/** All or nothing. The name and the region cannot change. */
export function updateDeployment(
  world: World,
  caller: Caller,
  deployment: Deployment,
  changes: UpdateDeployment,
): void {
  const { project } = deployment;
  const next = {
    reference: changes.reference ?? deployment.reference,
    type: changes.deploymentType ?? deployment.type,
    isDefault: changes.isDefault ?? deployment.isDefault,
    class: changes.class ?? deployment.class,
    expiresAt: changes.expiresAt === undefined ? deployment.expiresAt : changes.expiresAt,
    dashboardEditConfirmation:
      changes.dashboardEditConfirmation === undefined
        ? deployment.dashboardEditConfirmation
        : changes.dashboardEditConfirmation,
    sendLogsToClient: changes.sendLogsToClient === undefined ? deployment.sendLogsToClient : changes.sendLogsToClient,
  };
  if (next.reference !== deployment.reference) {
    checkReference(next.reference);
    checkReferenceFree(project, next.reference);
  }
  // The specification: a default deployment that changes its type must say isDefault explicitly.
  if (next.type !== deployment.type && deployment.isDefault && typeof changes.isDefault !== 'boolean') {
    throw badRequest('InvalidIsDefault', 'isDefault must be given when a default deployment changes its type.');
  }
  if (next.isDefault) checkDefault(project, next.type, deployment.creator, deployment);
  if (next.class !== deployment.class) checkClass(project.team, next.class);
  if (typeof changes.expiresAt === 'number') checkExpiry(world, project.team, changes.expiresAt);

  const changed = FIELDS.filter((field) => next[field] !== deployment[field]);
  const previous = Object.fromEntries(changed.map((field) => [field, deployment[field]]));
  project.deployments.delete(deployment.reference);
  Object.assign(deployment, next);
  project.deployments.set(deployment.reference, deployment);
  noteExpiry(world, deployment);
  const current = Object.fromEntries(changed.map((field) => [field, next[field]]));
  const identity = { id: deployment.id, name: deployment.name, projectId: project.id };
  recordInTeam(world, project.team, caller, 'deployment:update', {
    noun: 'deployment',
    previous: { ...identity, ...previous },
    current: { ...identity, ...current },
  });
}
