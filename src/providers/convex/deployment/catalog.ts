import { PlatformError } from '../../../model/error.ts';
import type { CreateRequest, Listed, ResourceKind } from '../../../model/kind.ts';
import type { LiveResource } from '../../../model/resource.ts';
import { listOf, shapeOf } from '../../http/decode.ts';
import type { ConvexApi } from '../api.ts';
import { CATALOG_API } from '../catalog-api.ts';
import { deploymentPath } from '../deployment-path.ts';
import { listingOfEach } from '../listing.ts';
import { deploymentKind, type DeploymentSpec } from './kind.ts';
import { adoptDeployments } from './adopt.ts';
import { checkAlike, matchDeployments } from './match.ts';

/** What the catalog knows of a deployment. `reference` is the document's label: it is never sent. */
export type CatalogDeploymentSpec = Pick<DeploymentSpec, 'reference' | 'type' | 'default' | 'class' | 'region'> & {
  /** Given by the platform: which live one an entry is. */
  readonly name: string;
};

const { selects: _notKept, ...reference } = deploymentKind.schema.reference;
const { type, default: isDefault, class: deploymentClass, region } = deploymentKind.schema;
const { check, claims, release, guarded } = deploymentKind;

/** Deployments in the catalog's management API: made and deleted, never changed. */
export const catalogDeployment: ResourceKind<CatalogDeploymentSpec, ConvexApi> = {
  name: deploymentKind.name,
  collection: deploymentKind.collection,
  parent: deploymentKind.parent,
  form: deploymentKind.form,
  holdsData: true,
  prunable: true,
  unserved: {
    by: CATALOG_API,
    keys: ['expiresAt', 'sendLogsToClient', 'dashboardEditConfirmation', 'canonicalUrls', 'renamedFrom'],
    matches: ['reference'],
  },
  schema: {
    reference: {
      ...reference,
      json: {
        ...reference.json,
        description: 'The key of the deployment in this document: 3 to 100 of a-z, 0-9, `-` and `/`. Never sent.',
      },
    },
    name: {
      fixed: true,
      disguise: (name: string, hide) => `name-${hide(name)}`,
      json: {
        type: 'string',
        description:
          'The name that the platform gave it, such as happy-otter-123: which live one this is. Absent: told by type and region.',
        examples: ['happy-otter-123'],
      },
    },
    type: { ...type, fixed: true },
    default: { ...isDefault, fixed: true },
    class: { ...deploymentClass, fixed: true },
    region: { ...region, requiredToCreate: true },
  },
  key: (spec) => spec.reference ?? '',
  ...(check && { check }),
  ...(claims && { claims }),
  ...(release && { release }),
  guarded: (live) => guarded?.(live) ?? null,
  checkSiblings: checkAlike,
  match: matchDeployments,
  adopt: adoptDeployments,
  // Production that is made may become the default or not: the platform decides.
  born({ name: _given, default: _decided, ...carried }) {
    return carried.type === 'prod' ? carried : { ...carried, default: false };
  },
  list(api, { parents, signal }) {
    if (parents === 'team') throw new Error('the catalog lists deployments per project');
    return listingOfEach(parents, (project) => listOfProject(api, project, signal));
  },
  write: {
    how: 'singly',
    create: createDeployment,
    delete: (api, { live, signal }) =>
      api.management({ method: 'POST', path: `${deploymentPath(live)}/delete`, signal }),
  },
};

/** Which production deployment is the default the list does not say: that is asked where there is one. */
async function listOfProject(
  api: ConvexApi,
  project: LiveResource,
  signal: AbortSignal,
): Promise<readonly Listed<CatalogDeploymentSpec>[]> {
  const listed = await api.management({
    method: 'GET',
    path: `${projectPath(project)}/deployments/list`,
    decode: (body) =>
      listOf(body, 'deployments').map((item, index) =>
        deploymentOf(item, { at: `deployments[${String(index)}]`, project }),
      ),
    signal,
  });
  if (!listed.some(({ spec }) => spec.type === 'prod')) return listed;
  const defaultId = await defaultProduction(api, project, signal);
  return listed.map((one) => ({ ...one, spec: { ...one.spec, default: one.id === defaultId } }));
}

async function defaultProduction(api: ConvexApi, project: LiveResource, signal: AbortSignal): Promise<string | null> {
  try {
    return await api.management({
      method: 'GET',
      path: `${projectPath(project)}/deployment/default_prod`,
      decode: (body) => String(shapeOf(body, 'the default production deployment').integer('id')),
      mayBeAbsent: true,
      signal,
    });
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'not-found') return null;
    throw error;
  }
}

/** `Deployment` of the catalog → the deployment. Class, region and URL may be left out: then they are not known. */
function deploymentOf(
  item: unknown,
  { at, project }: { readonly at: string; readonly project: LiveResource },
): Listed<CatalogDeploymentSpec> {
  const one = shapeOf(item, at);
  const name = one.text('name');
  const [given, where] = [one.maybeText('deployment_class'), one.maybeText('region')];
  return {
    id: String(one.integer('id')),
    parentId: project.id,
    spec: {
      reference: `@${name}`,
      name,
      type: one.text('deployment_type'),
      default: false,
      ...(given === null ? {} : { class: given }),
      ...(where === null ? {} : { region: where }),
    },
    facts: { name, deploymentUrl: one.maybeText('url') ?? urlOfName(name) },
  };
}

/** What the catalog's deployment API says of addresses: the region has no part in them. */
function urlOfName(name: string): string {
  return /^[a-z0-9-]+$/.test(name) ? `https://${name}.convex.cloud` : '';
}

async function createDeployment(
  api: ConvexApi,
  { parent, spec, signal }: CreateRequest<CatalogDeploymentSpec>,
): Promise<Listed<CatalogDeploymentSpec>> {
  if (parent === null) throw new Error('a deployment is created in a project');
  const { reference: key = '', type: deploymentType, region: place, class: size } = spec;
  const created = await api.management({
    method: 'POST',
    path: `${projectPath(parent)}/deployments/create_cloud`,
    body: {
      deployment_type: deploymentType,
      region: place,
      ...(size === undefined ? {} : { deployment_class: size }),
    },
    decode: (body) => deploymentOf(body, { at: 'the created deployment', project: parent }),
    signal,
  });
  api.noteBorn(deploymentPath({ ...parent, facts: created.facts }));
  return { ...created, spec: { ...created.spec, reference: key } };
}

function projectPath({ id }: LiveResource): string {
  return `/projects/${encodeURIComponent(id)}`;
}
