import { recordInTeam } from './audit.ts';
import { SandboxError, badRequest, notFound } from './errors.ts';
import type { Deployment, Destination, Domain, World } from './state.ts';
import type { Caller } from './tokens.ts';

/** What names a custom domain: both fields, on create and on delete. */
export interface DomainKey {
  readonly domain: string;
  readonly destination: Destination;
}

const HOSTNAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

const summary = ({ domain, destination, deployment }: Domain) => ({
  domain,
  requestDestination: destination,
  deploymentName: deployment.name,
  projectId: deployment.project.id,
});

/** Error codes and the rule "a hostname exists once in the whole platform" are not documented: the strict reading. */
export function createDomain(world: World, caller: Caller, deployment: Deployment, key: DomainKey): Domain {
  const { team } = deployment.project;
  if (!team.settings.customDomains) {
    throw new SandboxError(403, 'CustomDomainsDisabled', 'Custom domains are not available on the plan of this team.');
  }
  const hostname = key.domain.toLowerCase();
  if (!HOSTNAME.test(hostname) || /\.convex\.(cloud|site)$/.test(hostname)) {
    throw badRequest('InvalidDomain', `'${key.domain}' is not a hostname that can be a custom domain.`);
  }
  const owner = world.domains.get(hostname);
  if (owner !== undefined) {
    throw badRequest('DomainAlreadyExists', `The domain ${hostname} is already in use.`);
  }
  const domain = insertDomain(world, deployment, { domain: hostname, destination: key.destination });
  recordInTeam(world, team, caller, 'deployment:customDomain:create', {
    noun: 'customDomain',
    current: summary(domain),
  });
  return domain;
}

/** Puts a domain into every index. The caller has checked the rules. */
export function insertDomain(world: World, deployment: Deployment, key: DomainKey): Domain {
  const domain: Domain = { ...key, deployment, creationTime: world.clock(), verifiedAt: null };
  deployment.domains.push(domain);
  world.domains.set(domain.domain, domain);
  return domain;
}

/** 404 CustomDomainNotFound unless hostname and destination both fit. */
export function deleteDomain(world: World, caller: Caller, deployment: Deployment, key: DomainKey): void {
  const hostname = key.domain.toLowerCase();
  const at = deployment.domains.findIndex(
    ({ domain, destination }) => domain === hostname && destination === key.destination,
  );
  const [domain] = at === -1 ? [] : deployment.domains.splice(at, 1);
  if (domain === undefined) throw notFound('CustomDomainNotFound', `There is no custom domain ${hostname} here.`);
  world.domains.delete(hostname);
  recordInTeam(world, deployment.project.team, caller, 'deployment:customDomain:delete', {
    noun: 'customDomain',
    previous: summary(domain),
  });
}

/** ms since the epoch, null while unverified: by `verifyDomain`, or so long after creation as the world says. */
export function verificationTime(world: World, { verifiedAt, creationTime }: Domain): number | null {
  if (verifiedAt !== null || world.domainVerificationMs === null) return verifiedAt;
  const due = creationTime + world.domainVerificationMs;
  return world.clock() >= due ? due : null;
}

/** The DNS records of a hostname appeared. Throws 404 for an unknown one. */
export function verifyDomain(world: World, hostname: string): void {
  const domain = world.domains.get(hostname.toLowerCase());
  if (domain === undefined) throw notFound('CustomDomainNotFound', `There is no custom domain ${hostname}.`);
  domain.verifiedAt ??= world.clock();
}
