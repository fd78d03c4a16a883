import { deploymentApiRoutes } from './deployment-api.ts';

/*
 * What the official CLI calls under `{deploymentUrl}/api` (npm convex 1.48.0, `src/cli/lib/env.ts`): the operation
 * of the specification, at the address that it had before there was one. What the CLI reads comes over the sync socket.
 */
export const cliRoutes = {
  'POST /update_environment_variables': deploymentApiRoutes['POST /update_environment_variables'],
};
