// What may not go, worked out from the scenario and the team's own objects, not from any plan (I10).
import type { Deployment } from '../../../src/sandbox/platform/state.ts';
import type { Scenario } from './scenario.ts';
import type { Team } from './team.ts';

/** Gives what has gone that may not have. Asked after every write. */
export function guardsOf(scenario: Scenario, { world }: Team): () => readonly string[] {
  const deployments = [...world.deployments.values()].map((one) => ({
    one,
    slug: one.project.slug,
    env: [...one.env.keys()],
  }));
  const projects = [...world.projects.values()];
  const isProtected = ({ one, slug }: (typeof deployments)[number]): boolean =>
    one.type === 'prod' ||
    (scenario.protect.includes('project:alpha') && slug === 'alpha') ||
    (scenario.protect.includes('**/deployment:staging') && one.reference === 'staging');

  return () => {
    const gone = deployments.filter(({ one }) => world.deployments.get(one.name) !== one);
    return [
      ...gone.filter(isProtected).map(({ one, slug }) => `${slug}/${one.reference} is protected, and was deleted`),
      ...(scenario.consents
        ? []
        : gone.map(({ one, slug }) => `${slug}/${one.reference} was deleted, and nobody agreed`)),
      ...(scenario.consents
        ? []
        : projects
            .filter(({ id }) => !world.projects.has(id))
            .map(({ slug }) => `${slug} was deleted, and nobody agreed`)),
      ...deployments
        .filter(({ one, slug, env }) => isOverThreshold(scenario, { one, slug, env }))
        .map(({ one, slug }) => `${slug}/${one.reference}: all variables were pruned at once`),
    ];
  };
}

/** Under ten members, all of two or more never go at once, unless the limit is 100 % or each is named as absent. */
function isOverThreshold(
  { wanted, maxDeletePercent }: Scenario,
  { one, slug, env }: { readonly one: Deployment; readonly slug: string; readonly env: readonly string[] },
): boolean {
  if (maxDeletePercent >= 100 || env.length < 2) return false;
  const entry = wanted
    .find((project) => project.slug === slug)
    ?.deployments?.find(({ reference }) => reference === one.reference);
  const pruned = env.filter((name) => !one.env.has(name) && entry?.env?.[name] === undefined);
  return pruned.length === env.length;
}
