import type { Secret } from '../../../model/secret.ts';
import type { UnknownValue } from '../../../model/unknown-value.ts';
import type { KindDefinition } from '../kind-definition.ts';
import { effectIn } from '../log-states.ts';
import { checkVariable, checkVariables } from './checks.ts';
import { envVarCode } from './code.ts';

/** A type alias, not an interface: it must be assignable to the engine's open `Spec`. */
export type EnvVarSpec = {
  readonly name: string;
  /** On the live side always known or absent (the platform withholds it). */
  readonly value: Secret | UnknownValue;
};

/** An environment variable of a deployment. */
export const envVarKind: KindDefinition<EnvVarSpec> = {
  name: 'env-var',
  collection: 'env',
  parent: 'deployment',
  form: {
    shape: 'map',
    description: 'Environment variables by name. `{}` manages the collection and declares none.',
    shorthand: 'value',
    sourced: true,
    defaultable: true,
    bulk: { key: 'envFrom', sets: 'envSets' },
  },
  prunable: true,
  seeded: true,
  compared: true,
  schema: {
    name: {
      key: true,
      disguise: (name: string, hide) => `VAR_${hide(name).toUpperCase()}`,
      json: {
        type: 'string',
        description: 'The name of the variable: letters, digits and `_`, not a digit first, at most 256 bytes.',
      },
    },
    value: {
      sensitive: true,
      json: { type: 'string', description: 'The text of the variable, at most 8192 bytes.' },
    },
  },
  key: (spec) => spec.name ?? '',
  traces: { log: 'parent', effect: ({ action, about }, { key }) => effectOn(key, action, about) },
  check: checkVariable,
  checkAll: checkVariables,
  code: envVarCode,
};

/** A replacement renames: what had the old name is gone (convex-backend `audit_logs`: metadata has names only). */
function effectOn(name: string, action: string, about: Readonly<Record<string, unknown>>): 'there' | 'gone' | null {
  if (about['previous_variable_name'] === name && about['variable_name'] !== name)
    return action === 'replace_environment_variable' ? 'gone' : null;
  if (about['variable_name'] !== name) return null;
  return effectIn(action, /^(?:create|update|replace)_environment_variable$/, /^delete_environment_variable$/);
}
