// What a team must be like when a document has been applied to it, worked out here from the rules of the contract and
// not by the engine: the referee must not be the player.
import type { DeploymentCase, ProjectCase, Scenario } from './scenario.ts';
import { crowdOf, type State } from './team.ts';

export interface FinalState {
  readonly state: State;
  /** The paths under which everything is made anew. */
  readonly replaced: readonly string[];
  /**
   * What a replacement carries over and nobody declares: when it is interrupted in the middle there is nothing that
   * would remember it, and the platform's default is as good.
   */
  readonly forgettable: ReadonlyMap<string, unknown>;
}

export function finalState(scenario: Scenario): FinalState {
  const replaced: string[] = [];
  const forgettable = new Map<string, unknown>();
  const wanted = new Map(scenario.wanted.map((project) => [project.slug, project]));
  const state = new Map<string, unknown>();
  const live = new Map([...scenario.live, ...crowdOf(scenario.crowd ?? 0)].map((project) => [project.slug, project]));
  for (const slug of new Set([...live.keys(), ...wanted.keys()])) {
    const entry = wanted.get(slug);
    const was = live.get(slug);
    if (entry === undefined && scenario.prune.includes('projects')) continue;
    state.set(slug, 'project');
    state.set(`${slug}/name`, entry?.name ?? was?.name ?? slug);
    for (const [type, variables] of Object.entries(was?.defaultEnv ?? {}))
      for (const [key, text] of Object.entries(variables)) state.set(`${slug}/default env/${type}/${key}`, text);
    deploymentsInto(state, { scenario, slug, entry, was, replaced, forgettable });
  }
  return { state, replaced, forgettable };
}

interface Of {
  readonly scenario: Scenario;
  readonly slug: string;
  readonly entry: ProjectCase | undefined;
  readonly was: ProjectCase | undefined;
  readonly replaced: string[];
  readonly forgettable: Map<string, unknown>;
}

function deploymentsInto(state: Map<string, unknown>, { scenario, slug, entry, was, replaced, forgettable }: Of): void {
  const live = new Map((was?.deployments ?? []).map((one) => [one.reference, one]));
  const entries = new Map((entry?.deployments ?? []).map((one) => [one.reference, one]));
  const isPruned = entry?.deployments !== undefined && scenario.prune.includes('deployments');
  const takesDefault = [...entries.values()].find((one) => one.default === true)?.reference;
  for (const reference of new Set([...live.keys(), ...entries.keys()])) {
    const wanted = entries.get(reference);
    const before = live.get(reference);
    if (wanted === undefined && isPruned) continue;
    const at = `${slug}/${reference.replaceAll('/', '%2F')}`;
    const type = wanted?.type ?? before?.type ?? 'custom';
    const isReplaced = before !== undefined && wanted?.region !== undefined && wanted.region !== before.region;
    if (isReplaced) {
      replaced.push(at);
      if (wanted.class === undefined) forgettable.set(`${at}/class`, 's256');
      if (wanted.default === undefined) forgettable.set(`${at}/isDefault`, false);
      if (wanted.sendLogsToClient === undefined) forgettable.set(`${at}/sendLogsToClient`, null);
    }
    const isDefault =
      wanted?.default ??
      (takesDefault === undefined || takesDefault === reference ? (before?.default ?? false) : false);
    state.set(at, 'deployment');
    const fields = {
      type,
      isDefault,
      class: wanted?.class ?? before?.class ?? 's256',
      region: wanted?.region ?? before?.region ?? 'aws-us-east-1',
      expiresAt: null,
      sendLogsToClient:
        wanted?.sendLogsToClient === undefined ? (before?.sendLogsToClient ?? null) : wanted.sendLogsToClient,
      dashboardEditConfirmation: null,
    };
    for (const [field, value] of Object.entries(fields)) state.set(`${at}/${field}`, value);
    const isNew = before === undefined || isReplaced;
    const bornWith = was?.defaultEnv?.[type] ?? {};
    membersInto(state, at, { wanted, before: isNew ? { env: bornWith } : before, isNew, prune: scenario.prune });
  }
}

function membersInto(
  state: Map<string, unknown>,
  at: string,
  of: {
    readonly wanted: DeploymentCase | undefined;
    readonly before: Pick<DeploymentCase, 'env' | 'domains' | 'canonicalUrls'>;
    readonly isNew: boolean;
    readonly prune: Scenario['prune'];
  },
): void {
  const { wanted, before, isNew, prune } = of;
  const merge = (
    was: Readonly<Record<string, unknown>> | undefined,
    says: Readonly<Record<string, unknown>> | undefined,
    isPruned: boolean,
  ): readonly (readonly [string, unknown])[] =>
    Object.entries({ ...(says !== undefined && isPruned && !isNew ? {} : was), ...says }).filter(
      ([, value]) => value !== null,
    );
  for (const [name, text] of merge(before.env, wanted?.env, prune.includes('env')))
    state.set(`${at}/env/${name}`, text);
  for (const [host, to] of merge(before.domains, wanted?.domains, prune.includes('domains')))
    state.set(`${at}/domain/${host}`, to);
  for (const [to, url] of merge(before.canonicalUrls, wanted?.canonicalUrls, false)) state.set(`${at}/url/${to}`, url);
}
