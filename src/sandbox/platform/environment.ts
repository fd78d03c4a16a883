import { recordInDeployment } from './audit.ts';
import { badRequest } from './errors.ts';
import type { Deployment, World } from './state.ts';
import type { Caller } from './tokens.ts';

/** A null or absent value unsets. */
export interface EnvChange {
  readonly name: string;
  readonly value?: string | null | undefined;
}

const LIMIT = { nameBytes: 256, valueBytes: 8192, count: 512, totalBytes: 512 * 1024 } as const;
const RESERVED = new Set(['CONVEX_CLOUD_URL', 'CONVEX_SITE_URL']);

/** Rules of one name and value (convex-backend `common/src/types/environment_variables.rs`). */
export function checkEnvChange({ name, value }: EnvChange): void {
  if (Buffer.byteLength(name) > LIMIT.nameBytes) {
    throw badRequest('EnvironmentVariableNameTooLong', `Environment variable names have at most 256 bytes.`);
  }
  if (!/^[a-zA-Z_]+[a-zA-Z0-9_]*$/.test(name)) {
    throw badRequest(
      'EnvironmentVariableNameInvalid',
      `Environment variable name "${name}" must begin with a letter and only contain letters, numbers, and underscores.`,
    );
  }
  if (typeof value === 'string' && Buffer.byteLength(value) > LIMIT.valueBytes) {
    throw badRequest('EnvironmentVariableValueTooLarge', `The value of "${name}" has more than 8192 bytes.`);
  }
}

/** Limits of a whole environment, judged on its final state (convex-backend `application/src/lib.rs`). */
function checkEnvironment(env: ReadonlyMap<string, string>): void {
  if (env.size > LIMIT.count) {
    throw badRequest('EnvVarLimitMet', `A deployment has at most ${String(LIMIT.count)} environment variables.`);
  }
  let total = 0;
  for (const [name, value] of env) total += Buffer.byteLength(name) + Buffer.byteLength(value);
  if (total > LIMIT.totalBytes) {
    throw badRequest('EnvVarTotalSizeLimitMet', 'The names and values of a deployment have at most 512 KiB together.');
  }
}

const bytewise = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/**
 * One transaction: any error leaves everything as it was. All unsets come before all sets, sets in byte order of
 * (name, value), so of two sets of one name the greater value wins. Unsetting what is absent does nothing; setting
 * an equal value is a write like any other: an event, and every subscription runs again, unless it takes effect at the
 * next push only (`atOnce: false`).
 */
export function updateEnvironment(
  world: World,
  caller: Caller,
  deployment: Deployment,
  changes: readonly EnvChange[],
  { atOnce = true }: { readonly atOnce?: boolean } = {},
): void {
  for (const change of changes) checkEnvChange(change);
  const unsets = changes.filter(({ value }) => typeof value !== 'string').map(({ name }) => name);
  const sets = changes
    .flatMap(({ name, value }) => (typeof value === 'string' ? [{ name, value }] : []))
    .sort((a, b) => bytewise(a.name, b.name) || bytewise(a.value, b.value));

  const required = unsets.find((name) => deployment.requiredEnv.has(name));
  if (required !== undefined) {
    throw badRequest('RequiredEnvironmentVariable', `"${required}" is required by the deployed app.`);
  }
  const env = new Map(deployment.env);
  const events: { readonly action: string; readonly name: string }[] = [];
  for (const name of unsets.sort(bytewise)) {
    if (env.delete(name)) events.push({ action: 'delete_environment_variable', name });
  }
  for (const { name, value } of sets) {
    if (RESERVED.has(name)) {
      throw badRequest(
        'EnvVarNameForbidden',
        `Environment variable with name "${name}" is built in and cannot be set.`,
      );
    }
    events.push({ action: env.has(name) ? 'update_environment_variable' : 'create_environment_variable', name });
    env.set(name, value);
  }
  checkEnvironment(env);

  deployment.env = env;
  if (atOnce && events.length > 0) deployment.invalidations += 1;
  for (const { action, name } of events) recordInDeployment(world, deployment, caller, action, { variable_name: name });
}

/** Every user variable, by name; never the reserved two. */
export function listEnvironment(_world: World, deployment: Deployment): Record<string, string> {
  return Object.fromEntries([...deployment.env].sort(([a], [b]) => (a < b ? -1 : 1)));
}
