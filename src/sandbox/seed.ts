import { parseDocument } from 'yaml';
import { FAULT_KINDS } from './faults.ts';
import type { Fault } from './faults.ts';
import { DEPLOYMENT_TYPES, DESTINATIONS } from './platform/state.ts';
import { Misread, flag, integer, list, nullable, number, oneOf, optional, record, shape, text } from './readers.ts';
import type { Reader, Shape } from './readers.ts';

/*
 * What a sandbox starts with, as YAML or JSON. Everything may be left out; ids and generated names are the same at
 * every start. The fields are described in docs/sandbox.md.
 */

const type = oneOf(...DEPLOYMENT_TYPES);
const variables = record(text);

const deployment = shape({
  reference: optional(text),
  type,
  /** Generated when absent. */
  name: optional(text),
  default: optional(flag),
  class: optional(text),
  region: optional(text),
  /** ms from the start of the sandbox. */
  expiresInMs: optional(integer),
  /** E-mail or name of a member; the first one when absent. */
  creator: optional(text),
  /** Previews only; the part after `preview/` of the reference when absent. */
  previewIdentifier: optional(text),
  sendLogsToClient: optional(flag),
  dashboardEditConfirmation: optional(flag),
  env: optional(variables),
  /** Names that the deployed app declares required. */
  requiredEnv: optional(list(text)),
  domains: optional(list(shape({ domain: text, destination: oneOf(...DESTINATIONS), verified: optional(flag) }))),
  canonicalUrls: optional(shape({ convexCloud: optional(text), convexSite: optional(text) })),
});

const project = shape({
  name: text,
  /** Derived from the name when absent. */
  slug: optional(text),
  defaultEnv: optional(
    shape({
      prod: optional(variables),
      dev: optional(variables),
      preview: optional(variables),
      custom: optional(variables),
    }),
  ),
  deployments: optional(list(deployment)),
});

const team = shape({
  slug: text,
  /** 41, 42, … when absent. */
  id: optional(integer),
  name: optional(text),
  members: optional(
    list(
      shape({
        name: text,
        id: optional(integer),
        email: optional(text),
        role: optional(oneOf('admin', 'developer')),
      }),
    ),
  ),
  auditLogs: optional(flag),
  /** −1: unlimited. */
  auditLogRetentionDays: optional(number),
  /** Events of the team's log are seen so many ms late. */
  auditLogLagMs: optional(number),
  customDomains: optional(flag),
  previewRetentionDays: optional(number),
  quotas: optional(shape({ projects: optional(integer), deployments: optional(integer) })),
  /** Class → available. */
  classes: optional(record(flag)),
  defaultClass: optional(text),
  /** Region → available. */
  regions: optional(record(flag)),
  defaultRegion: optional(text),
  projects: optional(list(project)),
  /** Equal projects `filler-1`, `filler-2`, …, created before the listed ones. */
  filler: optional(
    shape({
      projects: integer,
      /** The first is the default production deployment, the others are custom. */
      deploymentsPerProject: optional(integer),
      /** Variables in each of their deployments. */
      variablesPerDeployment: optional(integer),
    }),
  ),
});

const token = shape({
  /** Must start with `sandbox`. */
  token: text,
  /** Slug; the first team when absent. */
  team: optional(text),
  kind: optional(oneOf('team', 'personal')),
  readOnly: optional(flag),
  /** E-mail or name of its member; the first one when absent. */
  member: optional(text),
  /** How its writes appear in audit logs. */
  actor: optional(oneOf('token', 'member')),
});

const anything: Reader<unknown> = (value) => value;
const faultFields = shape({
  match: optional(
    shape({
      method: optional(text),
      path: optional(text),
      nth: optional(integer),
      times: optional((value: unknown, at: string) => (value === 'always' ? value : integer(value, at))),
    }),
  ),
  effect: record(anything),
});

/** Of the effect only the kind is checked: a fault may be as wrong as its test wants. */
const fault: Reader<Fault> = (value, at) => {
  const fields = faultFields(value, at);
  oneOf(...FAULT_KINDS)(fields.effect['kind'], `${at}.effect.kind`);
  return fields as Fault;
};

const seed = shape({
  teams: optional(list(team)),
  tokens: optional(list(token)),
  /** From creating a domain to its verification; null: only by the sandbox's own switch. Default 1000. */
  domainVerificationMs: optional(nullable(integer)),
  faults: optional(list(fault)),
});

/** What the readers return, with absent fields absent instead of undefined. */
type Plain<Value> = Value extends Fault
  ? Value
  : Value extends readonly (infer Item)[]
    ? readonly Plain<Item>[]
    : Value extends object
      ? { readonly [Key in keyof Value as undefined extends Value[Key] ? never : Key]: Plain<Value[Key]> } & {
          readonly [Key in keyof Value as undefined extends Value[Key] ? Key : never]?: Plain<Value[Key]>;
        }
      : Value;
type Of<S> = S extends Shape<infer Value> ? Plain<Value> : never;

export type SandboxSeed = Of<typeof seed>;
export type TeamSeed = Of<typeof team>;
export type ProjectSeed = Of<typeof project>;
export type DeploymentSeed = Of<typeof deployment>;

/** Checks a seed that is already a value. Throws an Error that says which field is wrong. */
export function checkSeed(value: unknown): SandboxSeed {
  try {
    return seed(value ?? {}, 'seed');
  } catch (error) {
    throw error instanceof Misread ? new Error(`The sandbox seed is wrong: ${error.message}`) : error;
  }
}

/** Reads a seed file's text, YAML or JSON. `file` only stands in messages. */
export function parseSeed(source: string, file: string): SandboxSeed {
  const document = parseDocument(source, { prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) throw new Error(`${file}: ${error.message}`);
  try {
    return checkSeed(document.toJS());
  } catch (cause) {
    throw new Error(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
