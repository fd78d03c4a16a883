import { json, operation } from '../operation.ts';
import { teamRoutes } from '../official/team.ts';
import { teamOf } from '../path-arguments.ts';
import { memberReply } from './replies.ts';

/** What concerns the team as a whole. `token_details` is of the documentation, not of the catalog, and as it is there. */
export const catalogTeamRoutes = {
  'GET /token_details': teamRoutes['GET /token_details'],
  'GET /teams/{team_id}/members': operation({
    permission: 'team:view',
    answer: (call) => json(teamOf(call).members.map(memberReply)),
  }),
};
