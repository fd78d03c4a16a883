import type { UrlOf } from '../operation.ts';
import type { Page } from '../platform/pages.ts';
import type { Platform } from '../platform/platform.ts';
import type { AuditEvent, Deployment, Domain, Member, Project, Team } from '../platform/state.ts';
import type { Caller } from '../platform/tokens.ts';

/*
 * State → the JSON of the official management and deployment specifications. `test/sandbox/official-types.test.ts`
 * holds every reply to the types of the official package at compile time.
 */

/** Last page: `{"hasMore":false}`, the cursor absent (recorded). */
export function pagination(next: string | null): { readonly hasMore: boolean; readonly nextCursor?: string } {
  return next === null ? { hasMore: false } : { hasMore: true, nextCursor: next };
}

export function pageReply<Item, Json>(page: Page<Item>, toJson: (item: Item) => Json) {
  return { items: page.items.map(toJson), pagination: pagination(page.next) };
}

export function projectReply(platform: Platform, caller: Caller, project: Project) {
  const { id, name, slug, team, createTime } = project;
  return {
    id,
    name,
    slug,
    teamId: team.id,
    teamSlug: team.slug,
    createTime,
    prodDeploymentName: platform.defaultDeployment(project, 'prod', 0)?.name ?? null,
    devDeploymentName: platform.defaultDeployment(project, 'dev', caller.token.member.id)?.name ?? null,
  };
}

/** `identifier: false` for the two reads that answer `previewIdentifier: null` even for previews (recorded). */
export function deploymentReply(urlOf: UrlOf, one: Deployment, { identifier = true } = {}) {
  return {
    kind: 'cloud' as const,
    id: one.id,
    name: one.name,
    createTime: one.createTime,
    deploymentType: one.type,
    projectId: one.project.id,
    creator: one.creator,
    previewIdentifier: identifier ? one.previewIdentifier : null,
    region: one.region,
    isDefault: one.isDefault,
    reference: one.reference,
    dashboardEditConfirmation: one.dashboardEditConfirmation,
    deploymentUrl: urlOf(one, 'convexCloud'),
    expiresAt: one.expiresAt,
    class: one.class,
    sendLogsToClient: one.sendLogsToClient,
  };
}

export function domainReply(platform: Platform, one: Domain) {
  return {
    creationTime: one.creationTime,
    deploymentName: one.deployment.name,
    requestDestination: one.destination,
    domain: one.domain,
    verificationTime: platform.verificationTime(one),
  };
}

export function teamEventReply(team: Team) {
  return (one: AuditEvent) => ({ teamId: team.id, ...one });
}

export function memberReply({ id, name, email, role }: Member) {
  return { id, name, email, role };
}

export function tokenReply({ token }: Caller) {
  return {
    type: 'teamToken' as const,
    id: token.id,
    teamId: token.team.id,
    name: token.name,
    createTime: token.createTime,
  };
}
