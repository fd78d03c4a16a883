import { EMPTY, NO_CONTENT, json, operation } from '../operation.ts';
import { DESTINATIONS } from '../platform/state.ts';
import { deploymentOf, projectBySlugOf, projectOf, teamOf } from '../path-arguments.ts';
import { flag, fromText, integer, nullable, oneOf, optional, shape, text } from '../readers.ts';
import { maybe, paging, queryFlag, queryId, queryType, type } from './arguments.ts';
import { deploymentReply, domainReply, pageReply } from './replies.ts';

const domainKey = shape({ requestDestination: oneOf(...DESTINATIONS), domain: text });
const role = shape({ reference: optional(text), defaultProd: queryFlag, defaultDev: queryFlag });

/** Deployments and their custom domains, of the official management API. */
export const deploymentRoutes = {
  'POST /projects/{project_id}/create_deployment': operation({
    permission: 'deployment:create',
    body: shape({
      type,
      class: maybe.text,
      region: maybe.text,
      reference: maybe.text,
      isDefault: maybe.flag,
      expiresAt: maybe.time,
    }),
    answer(call) {
      const { platform, caller, urlOf } = call;
      return json(deploymentReply(urlOf, platform.createDeployment(caller, projectOf(call), call.body)));
    },
  }),
  'GET /projects/{project_id}/list_deployments': operation({
    permission: 'deployment:view',
    query: shape({ includeLocal: queryFlag, isDefault: queryFlag, deploymentType: queryType }),
    answer(call) {
      const { platform, urlOf, query } = call;
      return json(platform.listProjectDeployments(projectOf(call), query).map((one) => deploymentReply(urlOf, one)));
    },
  }),
  'GET /teams/{team_id}/list_deployments': operation({
    permission: 'deployment:view',
    query: shape({
      ...paging,
      sortBy: optional(oneOf('createTime', 'lastDeployTime', 'reference')),
      sortOrder: optional(oneOf('asc', 'desc')),
      deploymentType: optional(type),
      q: optional(text),
      projectId: queryId,
      creator: queryId,
      isDefault: optional(fromText(flag)),
    }),
    answer(call) {
      const { platform, urlOf, query } = call;
      const page = platform.listTeamDeployments(teamOf(call), query);
      return json(pageReply(page, (one) => deploymentReply(urlOf, one)));
    },
  }),
  'GET /projects/{project_id}/deployment': operation({
    permission: 'deployment:view',
    query: role,
    answer(call) {
      const { platform, caller, urlOf, query } = call;
      const found = platform.deploymentByRole(caller, projectOf(call), query);
      return json(deploymentReply(urlOf, found, { identifier: false }));
    },
  }),
  'GET /teams/{team_id_or_slug}/projects/{project_slug}/deployment': operation({
    permission: 'deployment:view',
    query: role,
    answer(call) {
      const { platform, caller, urlOf, query } = call;
      const found = platform.deploymentByRole(caller, projectBySlugOf(call), query);
      return json(deploymentReply(urlOf, found, { identifier: false }));
    },
  }),
  'GET /deployments/{deployment_name}': operation({
    permission: 'deployment:view',
    answer: (call) => json(deploymentReply(call.urlOf, deploymentOf(call), { identifier: false })),
  }),
  'PATCH /deployments/{deployment_name}': operation({
    permission: 'deployment:update',
    body: shape({
      reference: maybe.text,
      dashboardEditConfirmation: maybe.flag,
      expiresAt: maybe.time,
      sendLogsToClient: maybe.flag,
      class: maybe.text,
      isDefault: maybe.flag,
      deploymentType: optional(nullable(type)),
    }),
    answer(call) {
      call.platform.updateDeployment(call.caller, deploymentOf(call), call.body);
      return EMPTY;
    },
  }),
  'POST /deployments/{deployment_name}/delete': operation({
    permission: 'deployment:delete',
    answer(call) {
      call.platform.deleteDeployment(call.caller, deploymentOf(call));
      return EMPTY;
    },
  }),
  'POST /deployments/{deployment_name}/transfer': operation({
    permission: 'deployment:transfer',
    body: shape({ destinationProjectId: integer }),
    answer(call) {
      const destination = call.platform.project(call.caller, call.body.destinationProjectId);
      call.platform.transferDeployment(call.caller, deploymentOf(call), destination);
      return NO_CONTENT;
    },
  }),
  'POST /deployments/{deployment_name}/create_custom_domain': operation({
    permission: 'deployment:customDomain:create',
    body: domainKey,
    answer(call) {
      const { domain, requestDestination: destination } = call.body;
      call.platform.createDomain(call.caller, deploymentOf(call), { domain, destination });
      return EMPTY;
    },
  }),
  'POST /deployments/{deployment_name}/delete_custom_domain': operation({
    permission: 'deployment:customDomain:delete',
    body: domainKey,
    answer(call) {
      const { domain, requestDestination: destination } = call.body;
      call.platform.deleteDomain(call.caller, deploymentOf(call), { domain, destination });
      return EMPTY;
    },
  }),
  'GET /deployments/{deployment_name}/custom_domains': operation({
    permission: 'deployment:view',
    answer: (call) => json({ domains: deploymentOf(call).domains.map((domain) => domainReply(call.platform, domain)) }),
  }),
};
