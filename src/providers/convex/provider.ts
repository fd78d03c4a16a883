import type { EventSink } from '../../model/event.ts';
import type { Hints, Push } from '../../model/hints.ts';
import type { ResourceKind } from '../../model/kind.ts';
import type { Chance, Clock, MayWrite } from '../../model/ports.ts';
import type { Provider, SaidTeam } from '../../model/provider.ts';
import type { Spec } from '../../model/resource.ts';
import type { Secret } from '../../model/secret.ts';
import type { Trail } from '../../model/trail.ts';
import { openClient, type Client } from '../http/client.ts';
import type { DispatcherOptions } from '../http/dispatcher.ts';
import { openExchange } from '../http/exchange.ts';
import type { Resolve } from '../http/guarded-connect.ts';
import { openLimiter } from '../http/limiter.ts';
import type { Proxies } from '../http/proxies.ts';
import { EVERYWHERE, openScrubber } from '../http/scrub.ts';
import type { ConvexApi } from './api.ts';
import { openConnection } from './connection.ts';

export interface ConvexOptions {
  /** With its `/v1`. */
  readonly apiUrl: string;
  readonly token: Secret;
  /** Host suffixes that may get the token beside the API host and `convex.cloud`; addresses and networks, too. */
  readonly allowHosts: readonly string[];
  /** Of the environment; see {@link proxiesOf}. */
  readonly proxies: Proxies;
  /** Looks up names; default: the system's resolver. */
  readonly resolve?: Resolve;
  /** PEM of a certificate authority to trust beside the usual ones; null: none. */
  readonly ca: string | null;
  /** Requests in any sliding second over all hosts, retries included. */
  readonly rate: number;
  /** Requests at one time. */
  readonly concurrency: number;
  /** For one attempt of a request, milliseconds; all its attempts together have twice as much. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly onEvent: EventSink;
  /** Asked immediately before each write. Absent: always. */
  readonly mayWrite?: MayWrite | undefined;
  /** This tool's version, for the User-Agent. */
  readonly version: string;
  /** What carries the requests. Absent: HTTP. */
  readonly openClient?: (options: DispatcherOptions) => Client;
}

/** How one dialect is spoken: its kinds, parents before children, and how the team is found. */
export interface ConvexDialect {
  readonly kinds: readonly ResourceKind<Spec, ConvexApi>[];
  /** Throws {@link PlatformError}. */
  identify(api: ConvexApi, signal: AbortSignal, said: SaidTeam | null): Promise<IdentifiedTeam>;
  /** Follows the log of the team; absent: the dialect has none. */
  readonly hints?: (api: ConvexApi, clock: Clock) => Hints;
  /** Reads the logs for who did what; absent: the dialect has none. */
  readonly trail?: (api: ConvexApi) => Trail;
  /** Understands what deployments send; absent: they send nothing. */
  readonly push?: Push;
}

export interface IdentifiedTeam {
  readonly teamId: number;
  /** Null until something that names it is read. */
  readonly teamSlug: string | null;
}

/** The Convex platform over HTTP. `name` is the dialect's. */
export function openConvex(
  options: ConvexOptions & { readonly name: string; readonly dialect: ConvexDialect },
): Provider<ConvexApi> {
  const { concurrency, clock, token } = options;
  const apiUrl = options.apiUrl.replace(/\/+$/, '');
  const scrubber = openScrubber();
  scrubber.note(EVERYWHERE, [token]);
  const open = options.openClient ?? openClient;
  const client = open({
    connections: concurrency,
    ca: options.ca,
    allowHosts: options.allowHosts,
    proxies: options.proxies,
    resolve: options.resolve,
  });
  const limiter = openLimiter({ rate: options.rate, concurrency, clock });
  const exchange = openExchange({
    client,
    limiter,
    scrubber,
    timeoutMs: options.timeoutMs,
    clock,
    chance: options.chance,
    onEvent: options.onEvent,
    mayWrite: options.mayWrite,
  });
  const api = openConnection({
    exchange,
    scrubber,
    hosts: { apiUrl, allowHosts: options.allowHosts },
    token,
    userAgent: `converge/${options.version}`,
    clock,
  });
  return {
    kinds: options.dialect.kinds,
    api,
    async identify(signal, said = null) {
      const { teamId, teamSlug } = await options.dialect.identify(api, signal, said);
      api.setTeamId(teamId);
      if (teamSlug !== null) api.noteTeamSlug(teamSlug);
      return { apiUrl, dialect: options.name, teamId, teamSlug: api.teamSlug() };
    },
    ...(options.dialect.hints && { hints: options.dialect.hints(api, clock) }),
    ...(options.dialect.trail && { trail: options.dialect.trail(api) }),
    teamSlug: () => api.teamSlug(),
    teamId: () => api.notedTeamId(),
    usage: () => exchange.usage(),
    keepSecret: (container, secrets) => scrubber.note(container, secrets),
    close: () => client.close(),
  };
}
