import { insertDomain } from './platform/domains.ts';
import { checkEnvChange } from './platform/environment.ts';
import { insertDeployment, insertProject } from './platform/inventory.ts';
import { checkSlug, deriveSlug, generateDeploymentName } from './platform/names.ts';
import { generatedReference } from './platform/references.ts';
import { DEPLOYMENT_TYPES, DESTINATIONS } from './platform/state.ts';
import type { Deployment, Member, Project, Team, TeamSettings, World } from './platform/state.ts';
import { registerToken } from './platform/tokens.ts';
import type { DeploymentSeed, ProjectSeed, SandboxSeed, TeamSeed } from './seed.ts';

const REGION_NAMES: Readonly<Record<string, string>> = {
  'aws-us-east-1': 'US East (N. Virginia)',
  'aws-eu-west-1': 'EU West (Ireland)',
};

/** Fills an empty world. No audit events, no quotas: what a seed says simply is. Throws an Error for contradictions. */
export function plantSeed(world: World, seed: SandboxSeed): void {
  if (seed.domainVerificationMs !== undefined) world.domainVerificationMs = seed.domainVerificationMs;
  const teams = seed.teams ?? [{ slug: 'acme' }];
  let nextTeam = 41;
  let nextMember = 101;
  for (const one of teams) {
    const members = (one.members ?? [{ name: 'Ada Lovelace' }]).map((member): Member => {
      const id = member.id ?? nextMember;
      nextMember = Math.max(nextMember, id) + 1;
      const email = member.email ?? `${member.name.toLowerCase().replace(/[^a-z0-9]+/g, '.')}@example.com`;
      return { id, name: member.name, email, role: member.role ?? 'admin' };
    });
    const id = one.id ?? nextTeam;
    nextTeam = Math.max(nextTeam, id) + 1;
    if (world.teams.has(id)) throw new Error(`two teams have the id ${String(id)}`);
    plantTeam(world, one, id, members);
  }
  for (const { token: secret, team: slug, member: who, ...about } of seed.tokens ?? []) {
    if (!secret.startsWith('sandbox')) throw new Error('every token of a seed must start with `sandbox`');
    const team = [...world.teams.values()].find((one) => slug === undefined || one.slug === slug);
    if (team === undefined) throw new Error(`a token names the team ${String(slug)}, which the seed does not have`);
    registerToken(world, secret, { team, member: memberOf(team, who), ...about });
  }
}

function settingsOf(seed: TeamSeed): TeamSettings {
  const classes = seed.classes ?? { s16: true, s256: true, d1024: true, d2048: true };
  const regions = seed.regions ?? { 'aws-us-east-1': true, 'aws-eu-west-1': true };
  return {
    auditLogs: seed.auditLogs ?? true,
    auditLogRetentionDays: seed.auditLogRetentionDays ?? 90,
    auditLogLagMs: seed.auditLogLagMs ?? 0,
    customDomains: seed.customDomains ?? true,
    maxProjects: seed.quotas?.projects ?? 1_000_000,
    maxDeployments: seed.quotas?.deployments ?? 1_000_000,
    previewRetentionDays: seed.previewRetentionDays ?? 14,
    classes: Object.entries(classes).map(([type, available]) => ({ type, available })),
    defaultClass: seed.defaultClass ?? 's256',
    regions: Object.entries(regions).map(([name, available]) => ({
      name,
      displayName: REGION_NAMES[name] ?? name,
      available,
    })),
    defaultRegion: seed.defaultRegion ?? 'aws-us-east-1',
  };
}

function plantTeam(world: World, seed: TeamSeed, id: number, members: readonly Member[]): void {
  const team: Team = {
    id,
    slug: seed.slug,
    name: seed.name ?? seed.slug,
    settings: settingsOf(seed),
    members,
    projects: [],
    slugs: new Map(),
    deployments: [],
    audit: [],
  };
  world.teams.set(id, team);
  const { projects = 0, deploymentsPerProject = 1, variablesPerDeployment = 0 } = seed.filler ?? {};
  const env = Object.fromEntries(
    Array.from({ length: variablesPerDeployment }, (_, n) => [`VAR_${String(n + 1)}`, `value ${String(n + 1)}`]),
  );
  for (let n = 1; n <= projects; n += 1) {
    const project = insertProject(world, { team, name: `Filler ${String(n)}`, slug: `filler-${String(n)}` });
    for (let d = 1; d <= deploymentsPerProject; d += 1) {
      const first = { type: 'prod' as const, reference: 'production', default: true };
      const other = { type: 'custom' as const, reference: `custom/${String(d)}` };
      plantDeployment(world, project, { ...(d === 1 ? first : other), env });
    }
  }
  for (const project of seed.projects ?? []) plantProject(world, team, project);
}

function plantProject(world: World, team: Team, seed: ProjectSeed): void {
  const slug = seed.slug ?? deriveSlug(seed.name, world.random, (taken) => team.slugs.has(taken));
  checkSlug(slug);
  if (team.slugs.has(slug)) throw new Error(`two projects of ${team.slug} have the slug ${slug}`);
  const project = insertProject(world, { team, name: seed.name, slug });
  for (const type of DEPLOYMENT_TYPES) {
    const variables = seed.defaultEnv?.[type];
    if (variables !== undefined) project.defaultEnv.set(type, new Map(Object.entries(variables)));
  }
  for (const deployment of seed.deployments ?? []) plantDeployment(world, project, deployment);
}

function plantDeployment(world: World, project: Project, seed: DeploymentSeed): void {
  const { team } = project;
  const creator = memberOf(team, seed.creator);
  const taken = (name: string) => world.deployments.has(name);
  const name = seed.name ?? generateDeploymentName(world.random, taken);
  const reference = seed.reference ?? generatedReference(project, seed.type, creator.name);
  if (taken(name)) throw new Error(`two deployments have the name ${name}`);
  if (project.deployments.has(reference)) throw new Error(`two deployments of ${project.slug} are ${reference}`);
  const deployment = insertDeployment(world, {
    project,
    name,
    reference,
    type: seed.type,
    region: seed.region ?? team.settings.defaultRegion,
    class: seed.class ?? team.settings.defaultClass,
    creator: creator.id,
    isDefault: seed.default ?? false,
    expiresAt: seed.expiresInMs === undefined ? null : world.clock() + seed.expiresInMs,
    previewIdentifier: seed.type === 'preview' ? (seed.previewIdentifier ?? reference.replace(/^preview\//, '')) : null,
  });
  // What a seed names replaces the project's defaults: it tells the whole environment.
  if (seed.env !== undefined) plantEnvironment(deployment, seed.env);
  deployment.sendLogsToClient = seed.sendLogsToClient ?? null;
  deployment.dashboardEditConfirmation = seed.dashboardEditConfirmation ?? null;
  for (const required of seed.requiredEnv ?? []) deployment.requiredEnv.add(required);
  for (const { domain, destination, verified = true } of seed.domains ?? []) {
    if (world.domains.has(domain.toLowerCase())) throw new Error(`two deployments have the domain ${domain}`);
    const planted = insertDomain(world, deployment, { domain: domain.toLowerCase(), destination });
    if (verified) planted.verifiedAt = world.clock();
  }
  for (const to of DESTINATIONS) deployment.canonicalUrls[to] = seed.canonicalUrls?.[to] ?? null;
}

function plantEnvironment(deployment: Deployment, variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) checkEnvChange({ name, value });
  deployment.env = new Map(Object.entries(variables));
}

function memberOf(team: Team, who: string | undefined): Member {
  const member = team.members.find(({ name, email }) => who === undefined || name === who || email === who);
  if (member === undefined) throw new Error(`${team.slug} has no member ${who ?? ''}`);
  return member;
}
