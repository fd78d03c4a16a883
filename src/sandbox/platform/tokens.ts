import { SandboxError, forbidden } from './errors.ts';
import type { Actor, Member, Team, Token, World } from './state.ts';

/** Who is asking, and from where. */
export interface Caller {
  readonly token: Token;
  readonly clientIp?: string;
  readonly userAgent?: string;
}

/** The system itself: expiry. */
export const SYSTEM = 'system';

export function actorOf(caller: Caller | typeof SYSTEM): Actor {
  if (caller === SYSTEM) return { kind: 'system' };
  const { token } = caller;
  return token.actor === 'member'
    ? { kind: 'member', member_id: token.member.id }
    : { kind: 'token', member_id: token.member.id, token_id: token.id, client_id: null };
}

/** Registers a secret, or replaces what is known of it. */
export function registerToken(
  world: World,
  secret: string,
  about: {
    readonly team: Team;
    readonly member: Member;
    readonly kind?: Token['kind'] | undefined;
    readonly readOnly?: boolean | undefined;
    readonly actor?: Token['actor'] | undefined;
  },
): Token {
  const id = world.nextId.token++;
  const token: Token = {
    id,
    name: `sandbox token ${String(id)}`,
    createTime: world.clock(),
    kind: about.kind ?? 'team',
    readOnly: about.readOnly ?? false,
    actor: about.actor ?? 'token',
    team: about.team,
    member: about.member,
  };
  world.tokens.set(secret, token);
  return token;
}

/**
 * The token behind a secret. A secret that starts with `sandbox` is born at its first use: for the team whose slug
 * follows (`sandbox-team-2`), else for the first team.
 */
export function identify(world: World, secret: string): Token | undefined {
  const known = world.tokens.get(secret);
  if (known !== undefined) return known;
  if (!secret.startsWith('sandbox')) return undefined;
  const teams = [...world.teams.values()];
  const team = teams.find(({ slug }) => secret === `sandbox-${slug}`) ?? teams[0];
  const member = team?.members[0];
  if (team === undefined || member === undefined) return undefined;
  return registerToken(world, secret, { team, member });
}

export function accessTokenInvalid(message: string): SandboxError {
  return new SandboxError(401, 'AccessTokenInvalid', message);
}

/** Throws 403 for a write with a read-only token. */
export function authorize(caller: Caller, permission: string, access: 'read' | 'write'): void {
  if (access === 'write' && caller.token.readOnly) throw forbidden(permission);
}

/** Throws 403 unless the caller belongs to the team. */
export function requireTeam(caller: Caller, team: Team): void {
  if (caller.token.kind === 'team' && caller.token.team !== team) throw forbidden('team:view');
}
