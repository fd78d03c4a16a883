import { SandboxError } from './errors.ts';
import { pageLimit, readCursor, writeCursor } from './pages.ts';
import type { Page, PageRequest } from './pages.ts';
import type { AuditEvent, Deployment, Team, World } from './state.ts';
import { SYSTEM, actorOf } from './tokens.ts';
import type { Caller } from './tokens.ts';

const DAY_MS = 86_400_000;

function event(
  world: World,
  caller: Caller | typeof SYSTEM,
  action: string,
  metadata: Record<string, unknown>,
): AuditEvent {
  return {
    actor: actorOf(caller),
    action,
    createTime: world.clock(),
    metadata,
    ...(caller !== SYSTEM && caller.clientIp !== undefined ? { clientIp: caller.clientIp } : {}),
    ...(caller !== SYSTEM && caller.userAgent !== undefined ? { clientUserAgent: caller.userAgent } : {}),
  };
}

/** Metadata of the team log: `{noun, previous, current}` (dashboard `AuditLogItem.tsx`). */
export interface TeamChange {
  readonly noun: string;
  readonly previous?: Readonly<Record<string, unknown>>;
  readonly current?: Readonly<Record<string, unknown>>;
}

export function recordInTeam(
  world: World,
  team: Team,
  caller: Caller | typeof SYSTEM,
  action: string,
  { noun, previous, current }: TeamChange,
): void {
  team.audit.push(event(world, caller, action, { noun, previous: previous ?? null, current: current ?? null }));
}

/** Events of a deployment: names, never values. */
export function recordInDeployment(
  world: World,
  deployment: Deployment,
  caller: Caller,
  action: string,
  metadata: Record<string, unknown>,
): void {
  deployment.audit.push(event(world, caller, action, metadata));
}

/** 403 AuditLogsDisabled by plan, 403 AuditLogsTooOld before the retention (convex-backend `application/src/lib.rs`). */
function checkReadable(world: World, team: Team, from: number): void {
  if (!team.settings.auditLogs) {
    throw new SandboxError(403, 'AuditLogsDisabled', 'Audit logs are not available on the plan of this team.');
  }
  const days = team.settings.auditLogRetentionDays;
  if (days >= 0 && from < world.clock() - days * DAY_MS) {
    throw new SandboxError(403, 'AuditLogsTooOld', `Audit logs are kept for ${String(days)} days.`);
  }
}

/** Events from an index on, in one direction. The logs only grow at the end, so an index stays where it is. */
function slice(
  list: string,
  events: readonly AuditEvent[],
  step: 1 | -1,
  keep: (event: AuditEvent) => boolean,
  request: PageRequest,
): Page<AuditEvent> {
  const limit = pageLimit(request.limit, 15);
  const start = readCursor(list, 1, request.cursor)?.[0] ?? (step === 1 ? 0 : events.length - 1);
  const found: AuditEvent[] = [];
  for (let at = Number(start); at >= 0 && at < events.length; at += step) {
    const one = events[at];
    if (one === undefined || !keep(one)) continue;
    if (found.length === limit) return { items: found, next: writeCursor(list, [at]) };
    found.push(one);
  }
  return { items: found, next: null };
}

export interface TeamEventsRequest extends PageRequest {
  /** Both ends inclusive, ms since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly memberId?: number | null | undefined;
  readonly action?: string | undefined;
}

/** Newest first: the true order is not documented, so that clients must not rely on either. */
export function listTeamEvents(world: World, team: Team, request: TeamEventsRequest): Page<AuditEvent> {
  checkReadable(world, team, request.from);
  const { from, to, memberId = null, action } = request;
  return slice(
    `team-events:${String(team.id)}`,
    team.audit,
    -1,
    (one) =>
      one.createTime >= from &&
      one.createTime <= Math.min(to, world.clock() - team.settings.auditLogLagMs) &&
      (action === undefined || one.action === action) &&
      (memberId === null || ('member_id' in one.actor && one.actor.member_id === memberId)),
    request,
  );
}

/** Oldest first, `from` inclusive. */
export function listDeploymentEvents(
  world: World,
  deployment: Deployment,
  request: PageRequest & { readonly from: number },
): Page<AuditEvent> {
  checkReadable(world, deployment.project.team, request.from);
  const list = `deployment-events:${deployment.name}`;
  return slice(list, deployment.audit, 1, (one) => one.createTime >= request.from, request);
}
