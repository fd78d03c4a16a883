import type { Dialect } from './api.ts';
import { cliRoutes } from './official/cli-routes.ts';
import { deploymentApiRoutes } from './official/deployment-api.ts';
import { deploymentRoutes } from './official/deployments.ts';
import { projectRoutes } from './official/projects.ts';
import { teamRoutes } from './official/team.ts';

/**
 * The official dialect (npm @convex-dev/platform 0.1.10), as far as the sandbox serves it. Keys are the
 * specification's own: method and path template, under `/v1` and under `{deploymentUrl}/api/v1`. The tables keep
 * the types of their replies: `test/sandbox/official-types.test.ts` compares them with the official package's.
 */
export const officialDialect = {
  management: { ...projectRoutes, ...deploymentRoutes, ...teamRoutes },
  deployment: deploymentApiRoutes,
  unversioned: cliRoutes,
  sync: true,
} satisfies Dialect;
