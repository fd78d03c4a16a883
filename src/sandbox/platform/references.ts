import { badRequest } from './errors.ts';
import { DEPLOYMENT_NAME, slugify } from './names.ts';
import type { DeploymentType, Project } from './state.ts';

const RESERVED = new Set([
  'prod',
  'dev',
  'cloud',
  'local',
  'default',
  'name',
  'new',
  'existing',
  'deployment',
  'preview',
]);

/** The rules of `PlatformUpdateDeploymentArgs.reference` in the specification. Their error code is not known. */
export function checkReference(reference: string): void {
  const wrong =
    reference.length < 3 || reference.length > 100
      ? 'it must have 3 to 100 characters'
      : !/^[a-z0-9/-]+$/.test(reference)
        ? "only lowercase letters, numbers, '-' and '/' are allowed"
        : DEPLOYMENT_NAME.test(reference)
          ? 'it must not look like a deployment name'
          : reference.startsWith('local-')
            ? "it must not start with 'local-'"
            : RESERVED.has(reference)
              ? 'it is a reserved word'
              : undefined;
  if (wrong !== undefined) {
    throw badRequest('InvalidDeploymentReference', `The deployment reference '${reference}' is invalid: ${wrong}.`);
  }
}

/** A reference is unique in its project; taken is 400, not 409 (recorded). */
export function checkReferenceFree(project: Project, reference: string): void {
  if (project.deployments.has(reference)) {
    throw badRequest(
      'DeploymentReferenceAlreadyExists',
      `A deployment with the reference '${reference}' already exists in this project.`,
    );
  }
}

/** `preview/<slug of the identifier>` (recorded). */
export function previewReference(identifier: string): string {
  const slug = slugify(identifier).slice(0, 100 - 'preview/'.length);
  if (slug === '') throw badRequest('InvalidDeploymentReference', `'${identifier}' is no preview identifier.`);
  return `preview/${slug}`;
}

/** What a deployment created without a reference gets: `production`, `dev/<creator>`; numbered when that is taken. */
export function generatedReference(project: Project, type: DeploymentType, creator: string): string {
  const base = type === 'prod' ? 'production' : type === 'dev' ? `dev/${slugify(creator) || 'member'}` : `${type}/1`;
  let reference = base;
  for (let n = 2; project.deployments.has(reference); n += 1) {
    reference = type === 'prod' || type === 'dev' ? `${base}-${n}` : `${type}/${n}`;
  }
  return reference;
}
