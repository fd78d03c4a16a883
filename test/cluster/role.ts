import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** What a request asks to be permitted. */
export interface Asked {
  readonly verb: string;
  readonly resource: string;
  readonly name: string | null;
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

export const ROLE_FILE = new URL('../../deploy/kustomize/base/role.yaml', import.meta.url);

/** The rules of the Role that is installed. */
export function roleRules(): readonly Rule[] {
  return (parse(readFileSync(ROLE_FILE, 'utf8')) as { readonly rules: readonly Rule[] }).rules;
}

/** As the RBAC authorizer decides it: a rule with names permits nothing that has none. */
export function isPermitted({ verb, resource, name }: Asked): boolean {
  return roleRules().some(
    (rule) =>
      rule.verbs.includes(verb) &&
      rule.resources.includes(resource) &&
      (rule.resourceNames === undefined || (name !== null && rule.resourceNames.includes(name))),
  );
}
