import { EMPTY, json, operation } from '../operation.ts';
import { deploymentOf, projectOf } from '../path-arguments.ts';
import { notFound } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import { DEPLOYMENT_TYPES, DESTINATIONS } from '../platform/state.ts';
import type { DeploymentType, Project } from '../platform/state.ts';
import type { Caller } from '../platform/tokens.ts';
import { oneOf, optional, shape, text } from '../readers.ts';
import { deploymentReply, domainReply } from './replies.ts';

/** Deployments and their custom domains, of the catalog's management API. */
export const catalogDeploymentRoutes = {
  'POST /projects/{project_id}/deployments/create_cloud': operation({
    permission: 'deployment:create',
    body: shape({ deployment_type: oneOf(...DEPLOYMENT_TYPES), region: text, deployment_class: optional(text) }),
    answer(call) {
      const { platform, caller, urlOf, body } = call;
      const project = projectOf(call);
      const { deployment_type: type, region, deployment_class: deploymentClass } = body;
      const isDefault = becomesDefault(platform, caller, { project, type });
      const made = platform.createDeployment(caller, project, { type, region, class: deploymentClass, isDefault });
      return json(deploymentReply(urlOf, made));
    },
  }),
  'GET /projects/{project_id}/deployments/list': operation({
    permission: 'deployment:view',
    answer(call) {
      const { platform, urlOf } = call;
      return json(platform.listProjectDeployments(projectOf(call), {}).map((one) => deploymentReply(urlOf, one)));
    },
  }),
  'GET /projects/{project_id}/deployment/default_prod': operation({
    permission: 'deployment:view',
    answer(call) {
      const { platform, caller, urlOf } = call;
      return json(deploymentReply(urlOf, platform.deploymentByRole(caller, projectOf(call), { defaultProd: true })));
    },
  }),
  'GET /deployments/{deployment_name}': operation({
    permission: 'deployment:view',
    answer: (call) => json(deploymentReply(call.urlOf, deploymentOf(call))),
  }),
  'POST /deployments/{deployment_name}/delete': operation({
    permission: 'deployment:delete',
    answer(call) {
      call.platform.deleteDeployment(call.caller, deploymentOf(call));
      return EMPTY;
    },
  }),
  'POST /deployments/{deployment_name}/custom_domains/create': operation({
    permission: 'deployment:customDomain:create',
    body: shape({ domain: text, request_destination: oneOf(...DESTINATIONS) }),
    answer(call) {
      const { domain, request_destination: destination } = call.body;
      return json(domainReply(call.platform.createDomain(call.caller, deploymentOf(call), { domain, destination })));
    },
  }),
  'GET /deployments/{deployment_name}/custom_domains/list': operation({
    permission: 'deployment:view',
    answer: (call) => json(deploymentOf(call).domains.map(domainReply)),
  }),
  'POST /deployments/{deployment_name}/custom_domains/delete': operation({
    permission: 'deployment:customDomain:delete',
    body: shape({ domain: text }),
    answer(call) {
      const deployment = deploymentOf(call);
      const found = deployment.domains.find(({ domain }) => domain === call.body.domain.toLowerCase());
      if (found === undefined) throw notFound('CustomDomainNotFound', 'There is no such custom domain here.');
      call.platform.deleteDomain(call.caller, deployment, found);
      return EMPTY;
    },
  }),
};

/** The catalog does not ask: the first of its kind becomes the default. Undefined for types that have none. */
function becomesDefault(
  platform: Platform,
  { token }: Caller,
  { project, type }: { readonly project: Project; readonly type: DeploymentType },
): boolean | undefined {
  if (type !== 'prod' && type !== 'dev') return undefined;
  return platform.defaultDeployment(project, type, token.member.id) === undefined;
}
