// A team on a platform in this process, as a scenario has it, and everything about its state as plain data.
import type { Clock } from '../../../src/model/ports.ts';
import { createApi, urlLabel, type RequestHead, type Target } from '../../../src/sandbox/api.ts';
import { officialDialect } from '../../../src/sandbox/official-routes.ts';
import { plantSeed } from '../../../src/sandbox/plant.ts';
import { createPlatform, createWorld, type Platform } from '../../../src/sandbox/platform/platform.ts';
import type { World } from '../../../src/sandbox/platform/state.ts';
import type { SandboxSeed } from '../../../src/sandbox/seed.ts';
import type { ProjectCase, Scenario } from './scenario.ts';

export interface Team {
  readonly world: World;
  readonly platform: Platform;
  readonly resolve: (head: RequestHead) => Target;
  /** The platform as it is now, to answer reads from when it has moved on. */
  snapshot(): (head: RequestHead) => Target;
}

export const TOKEN = 'sandbox-faults-token';

export function openTeam(scenario: Scenario, clock: Clock): Team {
  const seed = seedOf(scenario);
  const options = { clock: () => Math.floor(clock.now()), randomSeed: 7 };
  const urlOf = (deployment: { readonly name: string; readonly region: string }, to: string): string =>
    `https://${urlLabel(deployment)}.convex.${to === 'convexSite' ? 'site' : 'cloud'}`;
  const world = createWorld(options);
  plantSeed(world, seed);
  const platform = createPlatform(world);
  platform.identify(TOKEN);
  return {
    world,
    platform,
    resolve: createApi(platform, officialDialect, urlOf),
    snapshot() {
      const { clock: _clock, random: _random, ...state } = world;
      const copy = Object.assign(createWorld(options), structuredClone(state));
      return createApi(createPlatform(copy), officialDialect, urlOf);
    },
  };
}

/** Projects of others, each with a deployment. */
export function crowdOf(count: number): readonly ProjectCase[] {
  return Array.from({ length: count }, (_, n) => ({
    slug: `theirs-${String(n)}`,
    deployments: [{ reference: 'staging', type: 'custom' as const, class: 's16', region: 'aws-us-east-1', env: {} }],
  }));
}

export function seedOf({ live, crowd = 0 }: Scenario): SandboxSeed {
  return {
    teams: [
      {
        slug: 'acme',
        id: 41,
        projects: [...live, ...crowdOf(crowd)].map(({ slug, name = slug, defaultEnv = {}, deployments = [] }) => ({
          slug,
          name,
          defaultEnv,
          deployments: deployments.map(
            ({ env = {}, domains = {}, sendLogsToClient = null, renamedFrom: _old, ...one }) => ({
              ...one,
              env: env as Record<string, string>,
              ...(sendLogsToClient === null ? {} : { sendLogsToClient }),
              domains: Object.entries(domains).map(([domain, destination]) => ({ domain, destination })),
              canonicalUrls: (one.canonicalUrls ?? {}) as Record<string, string>,
            }),
          ),
        })),
      },
    ],
  };
}

/** Path → value, for everything that a user could see or lose: `alpha/staging/env/A` → `…`. Ids and names left out. */
export type State = ReadonlyMap<string, unknown>;

export function stateOf(world: World): State {
  const state = new Map<string, unknown>();
  for (const { slug, name, deployments, defaultEnv } of world.projects.values()) {
    state.set(slug, 'project');
    state.set(`${slug}/name`, name);
    for (const [type, variables] of defaultEnv)
      for (const [key, text] of variables) state.set(`${slug}/default env/${type}/${key}`, text);
    for (const one of deployments.values()) {
      const at = `${slug}/${one.reference.replaceAll('/', '%2F')}`;
      state.set(at, 'deployment');
      const { type, isDefault, region, expiresAt, sendLogsToClient, dashboardEditConfirmation } = one;
      const fields = {
        type,
        isDefault,
        class: one.class,
        region,
        expiresAt,
        sendLogsToClient,
        dashboardEditConfirmation,
      };
      for (const [field, value] of Object.entries(fields)) state.set(`${at}/${field}`, value);
      for (const [key, text] of one.env) state.set(`${at}/env/${key}`, text);
      for (const { domain, destination } of one.domains) state.set(`${at}/domain/${domain}`, destination);
      for (const [to, url] of Object.entries(one.canonicalUrls)) if (url !== null) state.set(`${at}/url/${to}`, url);
    }
  }
  return state;
}

/** The addresses of all that holds data. */
export function holdersOf({ world }: { readonly world: World }): readonly string[] {
  return [...world.projects.values()].flatMap(({ slug, deployments }) => [
    `project:${slug}`,
    ...[...deployments.keys()].map((reference) => `project:${slug}/deployment:${encodeURIComponent(reference)}`),
  ]);
}
