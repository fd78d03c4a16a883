import type { CreateRequest, Listed, UpdateRequest } from '../../../model/kind.ts';
import type { Facts, LiveResource } from '../../../model/resource.ts';
import { listOf, shapeOf, UnexpectedShape } from '../../http/decode.ts';
import { PAGE_SIZE, pageOf, readPages } from '../../http/pages.ts';
import type { ConvexApi } from '../api.ts';
import { deploymentPath } from '../deployment-path.ts';
import type { KindWire } from '../kind-definition.ts';
import { listingOf, listingOfEach } from '../listing.ts';
import { instantMs, instantText } from './expiry.ts';
import type { DeploymentSpec } from './kind.ts';

/** Deployments in the official management API. */
export const officialDeployment: KindWire<DeploymentSpec> = {
  unserved: { by: 'the official API', keys: ['name'] },
  keyed: true,
  pageSize: PAGE_SIZE,
  toldBy: 'log',
  list: (api, { parents, signal }) =>
    parents === 'team'
      ? listingOf(null, () => listOfTeam(api, signal))
      : listingOfEach(parents, (project) => listOfProject(api, project, signal)),
  write: {
    how: 'singly',
    create: createDeployment,
    arrived: (api, { facts }) => noteBorn(api, facts),
    update: updateDeployment,
    delete: (api, { live, signal }) =>
      api.management({ method: 'POST', path: `${deploymentPath(live)}/delete`, signal }),
  },
};

async function listOfTeam(api: ConvexApi, signal: AbortSignal): Promise<readonly Listed<DeploymentSpec>[]> {
  const path = `/teams/${String(api.teamId())}/list_deployments`;
  const deployments = await readPages(
    'the list of deployments',
    (query) =>
      api.management({
        method: 'GET',
        path,
        query,
        decode: (body) => pageOf(body, 'deployments', deploymentOf),
        signal,
      }),
    (one) => one?.id ?? '',
  );
  return deployments.filter((one) => one !== null);
}

function listOfProject(
  api: ConvexApi,
  project: LiveResource,
  signal: AbortSignal,
): Promise<readonly Listed<DeploymentSpec>[]> {
  return api.management({
    method: 'GET',
    path: `/projects/${encodeURIComponent(project.id)}/list_deployments`,
    decode: (body) =>
      listOf(body, 'deployments')
        .map((item, index) => deploymentOf(item, `deployments[${String(index)}]`))
        .filter((one) => one !== null),
    signal,
  });
}

/** `PlatformDeploymentResponse` → the deployment; null for one on somebody's machine, which nobody can manage. */
function deploymentOf(item: unknown, at: string): Listed<DeploymentSpec> | null {
  const one = shapeOf(item, at);
  if (one.text('kind') === 'local') return null;
  return {
    id: String(one.integer('id')),
    parentId: String(one.integer('projectId')),
    spec: {
      // Always given today; without one nobody can declare it, and it is told by its name (rule 25).
      reference: one.maybeText('reference') ?? `@${one.text('name')}`,
      type: one.text('deploymentType'),
      default: one.flag('isDefault') && one.text('deploymentType') === 'prod',
      class: one.text('class'),
      region: one.text('region'),
      expiresAt: instantText(one.maybeInteger('expiresAt')),
      sendLogsToClient: one.maybeFlag('sendLogsToClient'),
      dashboardEditConfirmation: one.maybeFlag('dashboardEditConfirmation'),
    },
    facts: {
      name: one.text('name'),
      // A member's default dev deployment has the flag too, and it is not the document's to move.
      isDefault: one.flag('isDefault'),
      deploymentUrl: one.text('deploymentUrl'),
      createTime: one.integer('createTime'),
      creator: one.maybeInteger('creator'),
      lastDeployTime: one.maybeInteger('lastDeployTime'),
    },
  };
}

async function createDeployment(
  api: ConvexApi,
  { parent, spec, signal }: CreateRequest<DeploymentSpec>,
): Promise<Listed<DeploymentSpec>> {
  if (parent === null) throw new Error('a deployment is created in a project');
  const created = await api.management({
    method: 'POST',
    path: `/projects/${encodeURIComponent(parent.id)}/create_deployment`,
    body: given({
      type: spec.type,
      reference: spec.reference,
      class: spec.class,
      region: spec.region,
      // The API refuses the flag on types that have no default, even when it says no.
      isDefault: spec.type === 'prod' ? spec.default : undefined,
      expiresAt: instantMs(spec.expiresAt),
    }),
    decode: createdOf,
    signal,
  });
  noteBorn(api, created.facts);
  return created;
}

function noteBorn(api: ConvexApi, { name }: Facts): void {
  if (typeof name === 'string') api.noteBorn(`/deployments/${encodeURIComponent(name)}`);
}

function createdOf(body: unknown): Listed<DeploymentSpec> {
  const created = deploymentOf(body, 'the created deployment');
  if (created === null) throw new UnexpectedShape('the created deployment is a local one');
  return created;
}

function updateDeployment(api: ConvexApi, { live, fields, signal }: UpdateRequest<DeploymentSpec>): Promise<void> {
  const { type, default: isDefault, region: _immutable, expiresAt, ...rest } = fields;
  return api.management({
    method: 'PATCH',
    path: deploymentPath(live),
    body: given({
      ...rest,
      expiresAt: instantMs(expiresAt),
      deploymentType: type,
      isDefault: isDefault ?? impliedDefault(live, type),
    }),
    signal,
  });
}

/**
 * A default deployment that changes its type must say whether it stays one (specification). It stays one of prod,
 * which is the only type whose default the document can speak of; a member's dev default is not moved by us.
 */
function impliedDefault(live: LiveResource<DeploymentSpec>, type: string | undefined): boolean | undefined {
  return type === undefined || live.facts['isDefault'] !== true ? undefined : type === 'prod';
}

/** Without the fields that are not given: an absent field is left as it is, `null` resets it. */
function given(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
