import { EMPTY, json, operation } from '../operation.ts';
import { projectBySlugOf, projectOf, teamOf } from '../path-arguments.ts';
import { list, nullable, optional, shape, text } from '../readers.ts';
import { maybe, paging, queryType, type } from './arguments.ts';
import { pageReply, pagination, projectReply } from './replies.ts';

/** Projects and their default environment variables, of the official management API. */
export const projectRoutes = {
  'POST /teams/{team_id}/create_project': operation({
    permission: 'project:create',
    body: shape({
      projectName: text,
      deploymentType: optional(nullable(type)),
      deploymentClass: maybe.text,
      deploymentRegion: maybe.text,
    }),
    answer(call) {
      const { platform, caller, urlOf, body } = call;
      const { project, deployment } = platform.createProject(caller, teamOf(call), {
        name: body.projectName,
        deploymentType: body.deploymentType,
        class: body.deploymentClass,
        region: body.deploymentRegion,
      });
      const { id, slug } = project;
      if (deployment === null) return json({ projectId: id, id, slug });
      const deploymentUrl = urlOf(deployment, 'convexCloud');
      return json({ projectId: id, id, slug, deploymentName: deployment.name, deploymentUrl });
    },
  }),
  'GET /teams/{team_id}/projects': operation({
    permission: 'project:view',
    query: shape({ ...paging, q: optional(text) }),
    answer(call) {
      const { platform, caller, query } = call;
      return json(pageReply(platform.listProjects(teamOf(call), query), (one) => projectReply(platform, caller, one)));
    },
  }),
  'GET /projects/{project_id}': operation({
    permission: 'project:view',
    answer: (call) => json(projectReply(call.platform, call.caller, projectOf(call))),
  }),
  'GET /teams/{team_id_or_slug}/projects/{project_slug}': operation({
    permission: 'project:view',
    answer: (call) => json(projectReply(call.platform, call.caller, projectBySlugOf(call))),
  }),
  'PATCH /projects/{project_id}': operation({
    permission: 'project:update',
    body: shape({ name: maybe.text, slug: maybe.text }),
    answer(call) {
      const project = projectOf(call);
      call.platform.updateProject(call.caller, project, call.body);
      return json(projectReply(call.platform, call.caller, project));
    },
  }),
  'POST /projects/{project_id}/delete': operation({
    permission: 'project:delete',
    answer(call) {
      call.platform.deleteProject(call.caller, projectOf(call));
      return EMPTY;
    },
  }),
  'GET /projects/{project_id}/list_default_environment_variables': operation({
    permission: 'project:env:view',
    query: shape({ name: optional(text), deploymentType: queryType }),
    answer(call) {
      const items = call.platform.listDefaultEnvironment(projectOf(call), call.query);
      return json({ items, pagination: pagination(null) });
    },
  }),
  'POST /projects/{project_id}/update_default_environment_variables': operation({
    permission: 'project:env:write',
    body: shape({ changes: list(shape({ name: text, deploymentType: type, value: maybe.text })) }),
    answer(call) {
      call.platform.updateDefaultEnvironment(call.caller, projectOf(call), call.body.changes);
      return EMPTY;
    },
  }),
};
