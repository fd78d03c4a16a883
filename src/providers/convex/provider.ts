import { PlatformError } from '../../model/error.ts';
import type { EventSink } from '../../model/event.ts';
import type { ResourceKind } from '../../model/kind.ts';
import type { Chance, Clock } from '../../model/ports.ts';
import type { Provider } from '../../model/provider.ts';
import type { Spec } from '../../model/resource.ts';
import type { Secret } from '../../model/secret.ts';
import { openClient, type Client, type ClientOptions } from '../http/client.ts';
import { shapeOf } from '../http/decode.ts';
import { openExchange } from '../http/exchange.ts';
import { openLimiter } from '../http/limiter.ts';
import { EVERYWHERE, openScrubber } from '../http/scrub.ts';
import type { ConvexApi } from './api.ts';
import { openConnection } from './connection.ts';

export interface ConvexOptions {
  /** With its `/v1`. */
  readonly apiUrl: string;
  readonly token: Secret;
  /** Host suffixes that may get the token beside the API host and `convex.cloud`. */
  readonly allowHosts: readonly string[];
  /** PEM of a certificate authority to trust beside the usual ones; null: none. */
  readonly ca: string | null;
  /** Requests in any sliding second over all hosts, retries included. */
  readonly rate: number;
  /** Requests at one time. */
  readonly concurrency: number;
  /** Per request, milliseconds. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly onEvent: EventSink;
  /** This tool's version, for the User-Agent. */
  readonly version: string;
  /** What carries the requests. Absent: HTTP. */
  readonly openClient?: (options: ClientOptions) => Client;
}

/** The Convex platform over HTTP. `dialect` and `kinds` belong together. */
export function openConvex(
  options: ConvexOptions & { readonly dialect: string; readonly kinds: readonly ResourceKind<Spec, ConvexApi>[] },
): Provider<ConvexApi> {
  const { concurrency, clock, token } = options;
  const apiUrl = options.apiUrl.replace(/\/+$/, '');
  const scrubber = openScrubber();
  scrubber.note(EVERYWHERE, [token]);
  const open = options.openClient ?? openClient;
  const client = open({ connections: concurrency, timeoutMs: options.timeoutMs, ca: options.ca });
  const limiter = openLimiter({ rate: options.rate, concurrency, clock });
  const exchange = openExchange({ client, limiter, scrubber, clock, chance: options.chance, onEvent: options.onEvent });
  const api = openConnection({
    exchange,
    scrubber,
    hosts: { apiUrl, allowHosts: options.allowHosts },
    token,
    userAgent: `converge/${options.version}`,
    clock,
  });
  return {
    kinds: options.kinds,
    api,
    async identify(signal) {
      const teamId = await api.management({ method: 'GET', path: '/token_details', decode: teamOf, signal });
      if (teamId === null) throw notATeamToken();
      api.setTeamId(teamId);
      return { apiUrl, dialect: options.dialect, teamId, teamSlug: api.teamSlug() };
    },
    teamSlug: () => api.teamSlug(),
    usage: () => exchange.usage(),
    keepSecret: (container, secrets) => scrubber.note(container, secrets),
    close: () => client.close(),
  };
}

/** `PlatformTokenDetailsResponse` → the team; null for a token of something else (a project's has no team id). */
function teamOf(body: unknown): number | null {
  const details = shapeOf(body, 'the token');
  return details.text('type') === 'projectToken' ? null : details.integer('teamId');
}

function notATeamToken(): PlatformError {
  return new PlatformError('forbidden', 'this is the token of a project; a team token is needed', {
    executed: 'no',
    retryable: false,
  });
}
