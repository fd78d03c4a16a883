import type { Call } from '../operation.ts';
import { badRequest } from '../platform/errors.ts';
import { DEPLOYMENT_TYPES } from '../platform/state.ts';
import { flag, fromText, integer, nullable, number, oneOf, optional, text } from '../readers.ts';

/* Arguments that several official operations share. */

type AnyCall = Pick<Call<unknown, unknown>, 'platform' | 'caller' | 'path'>;

export const type = oneOf(...DEPLOYMENT_TYPES);
export const maybe = {
  text: optional(nullable(text)),
  flag: optional(nullable(flag)),
  time: optional(nullable(number)),
};
export const queryId = optional(fromText(integer));
export const queryFlag = optional(fromText(nullable(flag)));
export const queryType = optional(fromText(nullable(type)));
export const paging = { cursor: optional(text), limit: optional(fromText(number)) };

function pathId(call: AnyCall, name: string): number {
  const value = call.path(name);
  if (!/^\d{1,15}$/.test(value)) throw badRequest('BadPathArgs', `${name} must be a number, not '${value}'.`);
  return Number(value);
}

export const teamOf = (call: AnyCall) => call.platform.team(call.caller, pathId(call, 'team_id'));
export const projectOf = (call: AnyCall) => call.platform.project(call.caller, pathId(call, 'project_id'));
export const deploymentOf = (call: AnyCall) => call.platform.deployment(call.caller, call.path('deployment_name'));
export const projectBySlugOf = (call: AnyCall) =>
  call.platform.projectBySlug(call.caller, call.path('team_id_or_slug'), call.path('project_slug'));
