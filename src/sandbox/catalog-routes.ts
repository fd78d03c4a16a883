import type { Dialect } from './api.ts';
import { catalogDeploymentApiRoutes } from './catalog/deployment-api.ts';
import { catalogDeploymentRoutes } from './catalog/deployments.ts';
import { catalogProjectRoutes } from './catalog/projects.ts';
import { catalogTeamRoutes } from './catalog/team.ts';

/**
 * The catalog dialect: the API as public catalogs describe it, snake_case, whole lists, few operations. Keys are
 * method and path template of its two specifications, under `/v1` and under `{url}/api/v1`.
 */
export const catalogDialect = {
  management: { ...catalogProjectRoutes, ...catalogDeploymentRoutes, ...catalogTeamRoutes },
  deployment: catalogDeploymentApiRoutes,
} satisfies Dialect;
