import type { KindDefinition } from '../kind-definition.ts';
import { checkDeployment } from './checks.ts';
import { effectIn, isOne, renamesAway, touches } from '../log-states.ts';
import { readExpiry } from './expiry.ts';

/** A type alias, not an interface: it must be assignable to the engine's open `Spec`. */
export type DeploymentSpec = {
  readonly reference: string;
  /** An open string on the live side; the document accepts prod, dev and custom. */
  readonly type: string;
  /** The project's default production deployment. */
  readonly default: boolean;
  readonly class: string;
  readonly region: string;
  /** RFC 3339 UTC, `2026-11-21T12:00:00Z`; null: never. */
  readonly expiresAt: string | null;
  readonly sendLogsToClient: boolean | null;
  readonly dashboardEditConfirmation: boolean | null;
};

const DEFAULT_PROD = 'default-prod';

/** As the log spells the fields that it spells otherwise. */
const LOGGED = { default: 'isDefault', type: 'deploymentType' };

/** A cloud deployment of a project. Facts: its API's create and PATCH bodies in the management specification. */
export const deploymentKind: KindDefinition<DeploymentSpec> = {
  name: 'deployment',
  collection: 'deployments',
  parent: 'project',
  form: { shape: 'list', description: 'The deployments of the project. Previews are not declared.' },
  holdsData: true,
  renamable: true,
  prunable: true,
  listsTeam: true,
  schema: {
    reference: {
      key: true,
      selects: true,
      // What cannot be declared must not look as if it could.
      disguise: (real: string, hide) => (real.startsWith('@') ? `@${hide(real)}` : `ref-${hide(real)}`),
      json: {
        type: 'string',
        description: 'The key of the deployment: its reference in the project, 3 to 100 of a-z, 0-9, `-` and `/`.',
      },
    },
    type: {
      requiredToCreate: true,
      selects: true,
      disguise: 'kept',
      json: {
        type: 'string',
        enum: ['prod', 'dev', 'custom'],
        description: 'prod, dev or custom. Needed to create. Previews are not declared.',
      },
      refused: {
        preview: {
          code: 'CVG312',
          summary: 'preview deployments cannot be declared: creating one that exists would destroy it',
          hint: 'Let `convex deploy` or your CI create previews, and give them their variables with `eachDeployment`.',
        },
      },
    },
    default: {
      usual: false,
      json: {
        type: 'boolean',
        description:
          'The default production deployment, which `convex deploy` uses. Only on `type: prod`, one per project.',
      },
    },
    class: {
      disguise: 'kept',
      defaultable: true,
      selects: true,
      json: {
        type: 'string',
        description: 'The deployment class, such as s16 or s256. Absent: the team’s default.',
        examples: ['s16', 's256', 'd1024'],
      },
    },
    region: {
      immutable: true,
      disguise: 'kept',
      defaultable: true,
      selects: true,
      json: {
        type: 'string',
        description:
          'Where it runs, such as aws-us-east-1. Cannot be changed: another region replaces the deployment and its data.',
        examples: ['aws-us-east-1', 'aws-eu-west-1'],
      },
    },
    expiresAt: {
      nullable: true,
      disguise: 'kept',
      json: {
        type: ['string', 'integer', 'null'],
        description:
          'When the platform deletes it: RFC 3339 with a time zone, or milliseconds since 1970; null: never. At least 30 minutes ahead.',
        examples: ['2030-01-31T12:00:00Z'],
      },
      read: readExpiry,
    },
    sendLogsToClient: {
      nullable: true,
      defaultable: true,
      json: {
        type: ['boolean', 'null'],
        description: 'Whether function logs go to the client; null: the default of the type (not for prod).',
      },
    },
    dashboardEditConfirmation: {
      nullable: true,
      defaultable: true,
      json: {
        type: ['boolean', 'null'],
        description: 'Whether the dashboard asks before edits; null: the default of the type (it does for prod).',
      },
    },
  },
  key: (spec) => spec.reference ?? '',
  traces: {
    log: 'team',
    effect(event, { key, live, parent, fields }) {
      const isThis = isOne(event, ({ deploymentName, name = deploymentName, reference, projectId }) =>
        live === null ? reference === key && String(projectId) === parent?.id : name === live.facts['name'],
      );
      if (!isThis || !touches(event, fields, LOGGED)) return null;
      if (live === null && renamesAway(event, 'reference', key)) return 'gone';
      return effectIn(event.action, /^deployment:(?:create|update|receive)$/, /^deployment:(?:delete|transfer)$/);
    },
  },
  check: checkDeployment,
  claims: (spec) =>
    spec.default === true && spec.type === 'prod'
      ? [{ name: DEFAULT_PROD, label: 'the default production deployment', scope: 'siblings', rule: 'default' }]
      : [],
  release: (claim) => (claim === DEFAULT_PROD ? { default: false } : {}),
  guarded: (live) => (live.spec.type === 'prod' ? 'production deployment' : null),
  resembles: (spec, live) =>
    spec.type !== undefined &&
    spec.type === live.spec.type &&
    (spec.region === undefined || spec.region === live.spec.region)
      ? 'the same type and region'
      : null,
  expired: (spec, now) => typeof spec.expiresAt === 'string' && Date.parse(spec.expiresAt) <= now,
  born({ sendLogsToClient: _logs, dashboardEditConfirmation: _confirmation, ...carried }) {
    return carried;
  },
};
