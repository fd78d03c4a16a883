import { EMPTY, json, operation } from '../operation.ts';
import { projectBySlugOf, projectOf, teamOf } from '../path-arguments.ts';
import { badRequest } from '../platform/errors.ts';
import { integer, optional, shape, text } from '../readers.ts';
import { projectReply } from './replies.ts';

/** Projects, of the catalog's management API: made and deleted, never changed. */
export const catalogProjectRoutes = {
  'POST /teams/{team_id}/create_project': operation({
    permission: 'project:create',
    body: shape({
      name: text,
      team_id: optional(integer),
      deployment_region: optional(text),
      deployment_class: optional(text),
    }),
    answer(call) {
      const { platform, caller, body } = call;
      const team = teamOf(call);
      if (body.team_id !== undefined && body.team_id !== team.id) {
        throw badRequest('BadJsonBody', 'team_id is not the team of the path.');
      }
      // A region asks for a production deployment; without one there is none.
      const wanted = body.deployment_region === undefined ? {} : { deploymentType: 'prod' as const };
      const { project } = platform.createProject(caller, team, {
        ...wanted,
        name: body.name,
        class: body.deployment_class,
        region: body.deployment_region,
      });
      return json(projectReply(project));
    },
  }),
  'GET /teams/{team_id}/list_projects': operation({
    permission: 'project:view',
    // By id, newest first, and whole: the catalog has no pages.
    answer: (call) => json(teamOf(call).projects.toReversed().map(projectReply)),
  }),
  'GET /projects/{project_id}': operation({
    permission: 'project:view',
    answer: (call) => json(projectReply(projectOf(call))),
  }),
  'GET /teams/{team_id_or_slug}/projects/{project_slug}': operation({
    permission: 'project:view',
    answer: (call) => json(projectReply(projectBySlugOf(call))),
  }),
  'POST /projects/{project_id}/delete': operation({
    permission: 'project:delete',
    answer(call) {
      call.platform.deleteProject(call.caller, projectOf(call));
      return EMPTY;
    },
  }),
};
