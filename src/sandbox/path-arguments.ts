import type { Call } from './operation.ts';
import { badRequest } from './platform/errors.ts';
import type { Deployment, Project, Team } from './platform/state.ts';

/* What the parameters of a path name, in every dialect. */

type AnyCall = Pick<Call<unknown, unknown>, 'platform' | 'caller' | 'path'>;

function pathId(call: AnyCall, name: string): number {
  const value = call.path(name);
  if (!/^\d{1,15}$/.test(value)) throw badRequest('BadPathArgs', `${name} must be a number, not '${value}'.`);
  return Number(value);
}

export const teamOf = (call: AnyCall): Team => call.platform.team(call.caller, pathId(call, 'team_id'));
export const projectOf = (call: AnyCall): Project => call.platform.project(call.caller, pathId(call, 'project_id'));
export const deploymentOf = (call: AnyCall): Deployment =>
  call.platform.deployment(call.caller, call.path('deployment_name'));
export const projectBySlugOf = (call: AnyCall): Project =>
  call.platform.projectBySlug(call.caller, call.path('team_id_or_slug'), call.path('project_slug'));
