import type { Finding } from '../../../model/kind.ts';
import { isExpiry } from './expiry.ts';
import type { DeploymentSpec } from './kind.ts';

/** Seen so far; the platform adds more, so an unknown one is only a warning (recorded replies, specification). */
const REGIONS = ['aws-us-east-1', 'aws-eu-west-1', 'aws-ap-southeast-2', 'aws-ca-central-1'];
const CLASSES = ['s16', 's256', 'd1024', 'd2048'];

/** The rules of `PlatformUpdateDeploymentArgs.reference` in the management specification. */
const RESERVED: ReadonlySet<string> = new Set([
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
const REFERENCE = /^[a-z0-9/-]{3,100}$/;
const DEPLOYMENT_NAME = /^[a-z]+-[a-z]+-[0-9]+$/;

/** Offline checks of one declared deployment (rules 19, 22, 23). */
export function checkDeployment(spec: Partial<DeploymentSpec>): readonly Finding[] {
  return [
    ...checkReference(spec.reference),
    ...checkType(spec),
    ...checkKnown('region', spec.region, REGIONS),
    ...checkKnown('class', spec.class, CLASSES),
    ...checkExpiresAt(spec.expiresAt),
  ];
}

function checkReference(reference: string | undefined): readonly Finding[] {
  if (reference === undefined) return [];
  const field = 'reference';
  const quoted = JSON.stringify(reference);
  if (RESERVED.has(reference)) {
    return [{ severity: 'error', code: 'CVG303', summary: `${quoted} is a word that the platform reserves`, field }];
  }
  if (reference.startsWith('local-')) {
    return [
      {
        severity: 'error',
        code: 'CVG303',
        summary: `${quoted} starts with "local-", which the platform reserves`,
        field,
      },
    ];
  }
  if (DEPLOYMENT_NAME.test(reference)) {
    return [
      {
        severity: 'error',
        code: 'CVG303',
        summary: `${quoted} has the form of the names that the platform gives to deployments`,
        hint: 'A reference is chosen by you, such as `production` or `feature/login`.',
        field,
      },
    ];
  }
  if (REFERENCE.test(reference)) return [];
  return [
    {
      severity: 'error',
      code: 'CVG302',
      summary: `${quoted} is not a deployment reference: 3 to 100 of a-z, 0-9, "-" and "/" are needed`,
      field,
    },
  ];
}

function checkType(spec: Partial<DeploymentSpec>): readonly Finding[] {
  if (spec.default === true && spec.type !== 'prod') {
    return [
      {
        severity: 'error',
        code: 'CVG307',
        summary:
          spec.type === undefined
            ? '`default: true` needs `type: prod` beside it'
            : `\`default: true\` is for deployments of type prod, this one is ${spec.type}`,
        field: 'default',
      },
    ];
  }
  return [];
}

function checkKnown(
  field: 'region' | 'class',
  value: string | undefined,
  known: readonly string[],
): readonly Finding[] {
  if (value === undefined || known.includes(value)) return [];
  return [
    {
      severity: 'warning',
      code: 'CVG311',
      summary: `the ${field} ${JSON.stringify(value)} is not one we know (${known.join(', ')})`,
      field,
    },
  ];
}

function checkExpiresAt(expiresAt: string | null | undefined): readonly Finding[] {
  if (typeof expiresAt !== 'string' || isExpiry(expiresAt)) return [];
  return [
    {
      severity: 'error',
      code: 'CVG304',
      summary:
        'expiresAt is no instant: RFC 3339 with a time zone (2026-12-31T18:00:00Z) or milliseconds since 1970 is needed',
      field: 'expiresAt',
    },
  ];
}
