import { pageReply } from './replies.ts';
import { EMPTY, json, operation } from '../operation.ts';
import { DESTINATIONS } from '../platform/state.ts';
import { fromText, integer, list, nullable, number, oneOf, optional, shape, text } from '../readers.ts';

/*
 * The official deployment API, as far as the sandbox serves it. Keys are the specification's own: method and path
 * under `{deploymentUrl}/api/v1`.
 */
export const deploymentApiRoutes = {
  'GET /list_environment_variables': operation({
    permission: 'deployment:env:view',
    answer: (call) => json({ environmentVariables: call.platform.listEnvironment(call.deployment()) }),
  }),
  'POST /update_environment_variables': operation({
    permission: 'deployment:env:write',
    exclusive: true,
    body: shape({ changes: list(shape({ name: text, value: optional(nullable(text)) })) }),
    answer(call) {
      call.platform.updateEnvironment(call.caller, call.deployment(), call.body.changes);
      return EMPTY;
    },
  }),
  'GET /get_canonical_urls': operation({
    permission: 'deployment:view',
    answer(call) {
      // Both, always: what is set and the default cannot be told apart by value alone.
      const { convexCloud, convexSite } = call.platform.canonicalUrls(call.deployment());
      return json({
        convexCloudUrl: convexCloud ?? call.urlOf(call.deployment(), 'convexCloud'),
        convexSiteUrl: convexSite ?? call.urlOf(call.deployment(), 'convexSite'),
      });
    },
  }),
  'POST /update_canonical_url': operation({
    permission: 'deployment:env:write',
    body: shape({ requestDestination: oneOf(...DESTINATIONS), url: optional(nullable(text)) }),
    answer(call) {
      const { requestDestination: destination, url = null } = call.body;
      call.platform.updateCanonicalUrl(call.caller, call.deployment(), { destination, url });
      return EMPTY;
    },
  }),
  'GET /deployment_info': operation({
    permission: 'deployment:data:view',
    answer(call) {
      const { id, type, reference, project } = call.deployment();
      return json({
        kind: 'cloud' as const,
        teamId: project.team.id,
        projectId: project.id,
        projectName: project.name,
        projectSlug: project.slug,
        id,
        deploymentType: type,
        reference,
      });
    },
  }),
  'GET /list_audit_log_events': operation({
    permission: 'deployment:auditLog:view',
    query: shape({ from: fromText(integer), limit: optional(fromText(number)), cursor: optional(text) }),
    answer(call) {
      return json(pageReply(call.platform.listDeploymentEvents(call.deployment(), call.query), (one) => ({ ...one })));
    },
  }),
};
