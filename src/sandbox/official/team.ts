import { json, operation } from '../operation.ts';
import { forbidden } from '../platform/errors.ts';
import { teamOf } from '../path-arguments.ts';
import { fromText, integer, optional, shape, text } from '../readers.ts';
import { paging, queryId } from './arguments.ts';
import { memberReply, pageReply, teamEventReply, tokenReply } from './replies.ts';

/** What concerns the team as a whole, of the official management API. */
export const teamRoutes = {
  'GET /token_details': operation({
    permission: 'team:view',
    answer({ caller }) {
      // The reply for personal tokens is not specified.
      if (caller.token.kind === 'personal') throw forbidden('token_details of a personal access token');
      return json(tokenReply(caller));
    },
  }),
  'GET /teams/{team_id}/list_deployment_classes': operation({
    permission: 'team:view',
    answer: (call) => json({ items: teamOf(call).settings.classes }),
  }),
  'GET /teams/{team_id}/list_deployment_regions': operation({
    permission: 'team:view',
    answer: (call) => json({ items: teamOf(call).settings.regions }),
  }),
  'GET /teams/{team_id}/list_members': operation({
    permission: 'team:view',
    tokens: 'personal',
    answer: (call) => json({ items: teamOf(call).members.map(memberReply) }),
  }),
  'GET /teams/{team_id}/list_audit_log_events': operation({
    permission: 'team:auditLog:view',
    query: shape({
      ...paging,
      from: fromText(integer),
      to: fromText(integer),
      memberId: queryId,
      action: optional(text),
    }),
    answer(call) {
      const team = teamOf(call);
      return json(pageReply(call.platform.listTeamEvents(team, call.query), teamEventReply(team)));
    },
  }),
};
