import { EMPTY, json, operation } from '../operation.ts';
import { list, shape, text } from '../readers.ts';

/**
 * The catalog's deployment API: variables, in three operations. What is written takes effect at the next push, so no
 * subscription is invalidated.
 */
export const catalogDeploymentApiRoutes = {
  'POST /list_environment_variables': operation({
    permission: 'deployment:env:view',
    access: 'read',
    answer(call) {
      const variables = Object.entries(call.platform.listEnvironment(call.deployment()));
      return json(variables.map(([name, value]) => ({ name, value })));
    },
  }),
  'POST /update_environment_variables': operation({
    permission: 'deployment:env:write',
    exclusive: true,
    body: shape({ changes: list(shape({ name: text, value: text })) }),
    answer(call) {
      const { platform, caller, body } = call;
      platform.updateEnvironment(caller, call.deployment(), body.changes, { atOnce: false });
      return EMPTY;
    },
  }),
  'POST /delete_environment_variables': operation({
    permission: 'deployment:env:write',
    exclusive: true,
    body: shape({ names: list(text) }),
    answer(call) {
      const { platform, caller, body } = call;
      const changes = body.names.map((name) => ({ name, value: null }));
      platform.updateEnvironment(caller, call.deployment(), changes, { atOnce: false });
      return EMPTY;
    },
  }),
};
