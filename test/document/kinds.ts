import type { Finding, ResourceKind } from '../../src/model/kind.ts';
import type { Secret } from '../../src/model/secret.ts';
import type { UnknownValue } from '../../src/model/unknown-value.ts';

/** Three kinds of the shapes that the document knows, with nothing of a real platform behind them. */
type Project = { readonly slug: string; readonly name: string };
type Deployment = {
  readonly reference: string;
  readonly type: string;
  readonly default: boolean;
  readonly class: string;
  readonly region: string;
  readonly expiresAt: number | null;
  readonly logs: boolean | null;
};
type EnvVar = { readonly name: string; readonly value: Secret | UnknownValue };

const offline = {
  list: () => Promise.reject(new Error('not in these tests')),
  write: { how: 'singly', create: () => Promise.reject(new Error('not in these tests')) },
} as const;

const project: ResourceKind<Project> = {
  ...offline,
  name: 'project',
  collection: 'projects',
  parent: null,
  form: { shape: 'list', description: 'The projects.' },
  holdsData: true,
  renamable: true,
  prunable: true,
  schema: {
    slug: { key: true, selects: true, json: { type: 'string', minLength: 1, description: 'The key.' } },
    name: { json: { type: 'string', description: 'Shown to people.' } },
  },
  key: (spec) => spec.slug ?? '',
};

const deployment: ResourceKind<Deployment> = {
  ...offline,
  name: 'deployment',
  collection: 'deployments',
  parent: 'project',
  form: { shape: 'list', description: 'The deployments of a project.' },
  holdsData: true,
  renamable: true,
  prunable: true,
  schema: {
    reference: { key: true, selects: true, json: { type: 'string', description: 'The key.' } },
    type: {
      selects: true,
      json: { enum: ['prod', 'dev', 'custom'], description: 'The type.' },
      refused: { preview: { code: 'CVG312', summary: 'no previews' } },
    },
    default: { json: { type: 'boolean', description: 'The one that is meant.' } },
    class: { defaultable: true, selects: true, json: { type: 'string', description: 'The size.' } },
    region: {
      immutable: true,
      defaultable: true,
      selects: true,
      json: { type: 'string', description: 'Where it runs.' },
    },
    expiresAt: {
      nullable: true,
      json: { type: ['string', 'null'], description: 'When it ends.' },
      read: (written: string | null) => (written === null ? null : Date.parse(written)),
    },
    logs: { nullable: true, defaultable: true, json: { type: ['boolean', 'null'], description: 'Logs.' } },
  },
  key: (spec) => spec.reference ?? '',
  check: (spec) => [
    ...(spec.region === 'moon' ? [warning('no such region', 'region')] : []),
    ...(spec.default === true && spec.type !== 'prod' ? [error('default is for prod', 'default')] : []),
    ...(spec.class === 'bad' ? [error('bad class', 'class')] : []),
  ],
  claims: (spec) =>
    spec.default === true ? [{ name: 'default', label: 'the main one', scope: 'siblings', rule: 'default' }] : [],
};

const envVar: ResourceKind<EnvVar> = {
  ...offline,
  name: 'env-var',
  collection: 'env',
  parent: 'deployment',
  form: {
    shape: 'map',
    description: 'Variables by name.',
    shorthand: 'value',
    sourced: true,
    defaultable: true,
    bulk: { key: 'envFrom', sets: 'envSets' },
  },
  prunable: true,
  schema: {
    name: { key: true, json: { type: 'string', description: 'The name.' } },
    value: { sensitive: true, json: { type: 'string', description: 'The text.' } },
  },
  key: (spec) => spec.name ?? '',
  check: (spec) => (/^[A-Za-z_]\w*$/.test(spec.name ?? '') ? [] : [error('not a variable name', 'name')]),
  checkAll: (members) => (members.length > 50 ? [error('too many variables')] : []),
};

function error(summary: string, field?: string): Finding {
  return { severity: 'error', code: 'CVG302', summary, ...(field !== undefined && { field }) };
}

function warning(summary: string, field: string): Finding {
  return { severity: 'warning', code: 'CVG311', summary, field };
}

export const testKinds = [project, deployment, envVar];
