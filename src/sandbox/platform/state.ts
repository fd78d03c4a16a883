import type { Random } from './random.ts';

export type DeploymentType = 'prod' | 'dev' | 'preview' | 'custom';
export const DEPLOYMENT_TYPES: readonly DeploymentType[] = ['dev', 'prod', 'preview', 'custom'];

export type Destination = 'convexCloud' | 'convexSite';
export const DESTINATIONS: readonly Destination[] = ['convexCloud', 'convexSite'];

/** Who did it, as both audit logs write it: snake_case inside (specification). */
export type Actor =
  | { readonly kind: 'system' }
  | { readonly kind: 'member'; readonly member_id: number }
  | { readonly kind: 'token'; readonly member_id: number; readonly token_id: number; readonly client_id: null };

export interface AuditEvent {
  readonly actor: Actor;
  readonly action: string;
  /** ms since the epoch. */
  readonly createTime: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly clientIp?: string;
  readonly clientUserAgent?: string;
}

export interface Member {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly role: 'admin' | 'developer';
}

/** What a team's plan and entitlements allow. */
export interface TeamSettings {
  readonly auditLogs: boolean;
  /** −1: unlimited. */
  readonly auditLogRetentionDays: number;
  /** Events of the team's log are seen so many ms late. */
  readonly auditLogLagMs: number;
  readonly customDomains: boolean;
  readonly maxProjects: number;
  readonly maxDeployments: number;
  readonly previewRetentionDays: number;
  readonly classes: readonly { readonly type: string; readonly available: boolean }[];
  readonly defaultClass: string;
  readonly regions: readonly { readonly name: string; readonly displayName: string; readonly available: boolean }[];
  readonly defaultRegion: string;
}

export interface Team {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly settings: TeamSettings;
  readonly members: readonly Member[];
  /** Ascending by id. */
  readonly projects: Project[];
  readonly slugs: Map<string, Project>;
  /** Ascending by id. */
  readonly deployments: Deployment[];
  /** In order of time. */
  readonly audit: AuditEvent[];
}

export interface Project {
  readonly id: number;
  readonly team: Team;
  readonly createTime: number;
  name: string;
  slug: string;
  /** By reference. */
  readonly deployments: Map<string, Deployment>;
  /** By type, then by name. Copied into deployments when they are created, never later. */
  readonly defaultEnv: Map<DeploymentType, Map<string, string>>;
}

export interface Domain {
  /** Lower case. */
  readonly domain: string;
  readonly destination: Destination;
  readonly deployment: Deployment;
  readonly creationTime: number;
  /** Set by `verifyDomain`; the delay of the world counts beside it. */
  verifiedAt: number | null;
}

export interface Deployment {
  readonly id: number;
  /** Server-made, immutable. */
  readonly name: string;
  readonly createTime: number;
  readonly region: string;
  /** Member id. */
  readonly creator: number;
  project: Project;
  type: DeploymentType;
  reference: string;
  previewIdentifier: string | null;
  isDefault: boolean;
  class: string;
  /** ms since the epoch; null never expires. */
  expiresAt: number | null;
  dashboardEditConfirmation: boolean | null;
  sendLogsToClient: boolean | null;
  env: Map<string, string>;
  /** Names that the pushed app declares required: they cannot be unset. */
  readonly requiredEnv: Set<string>;
  /** Commits that changed the environment: each one re-runs every query subscription. */
  invalidations: number;
  readonly domains: Domain[];
  readonly canonicalUrls: Record<Destination, string | null>;
  readonly audit: AuditEvent[];
}

/** The whole state. Time and chance come from outside; nothing here knows HTTP. */
export interface World {
  readonly clock: () => number;
  readonly random: Random;
  /** ms from creating a domain to its verification; null: only by `verifyDomain`. */
  domainVerificationMs: number | null;
  readonly teams: Map<number, Team>;
  readonly projects: Map<number, Project>;
  /** By name. */
  readonly deployments: Map<string, Deployment>;
  /** By hostname: one owner in the whole platform. */
  readonly domains: Map<string, Domain>;
  readonly tokens: Map<string, Token>;
  readonly nextId: { project: number; deployment: number; token: number };
  /** No deployment expires before this time (ms since the epoch). */
  nextExpiry: number;
}

/** A credential as the platform knows it; the secret is only the key of the map. */
export interface Token {
  readonly id: number;
  /** `team`: a Team Token. `personal`: a member's own token, for all teams, without the deployment API. */
  readonly kind: 'team' | 'personal';
  readonly name: string;
  readonly createTime: number;
  readonly team: Team;
  readonly member: Member;
  readonly readOnly: boolean;
  /** How its writes appear in audit logs: `member` looks like the dashboard. */
  readonly actor: 'token' | 'member';
}

/** The region of a world's real-looking deployment URL, without the provider: `eu-west-1`; empty for us-east-1. */
export function regionLabel(region: string): string {
  return region === 'aws-us-east-1' ? '' : region.replace(/^aws-/, '');
}
