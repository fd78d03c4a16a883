import { PlatformError } from '../../model/error.ts';
import type { Clock } from '../../model/ports.ts';
import type { LiveResource } from '../../model/resource.ts';
import { reveal, type Secret } from '../../model/secret.ts';
import type { Exchange } from '../http/exchange.ts';
import { hostOf, isAllowedApiUrl, isAllowedHost, type HostRules } from '../http/hosts.ts';
import type { HostClass } from '../http/limiter.ts';
import { EVERYWHERE, type Scrubber } from '../http/scrub.ts';
import type { ApiRequest, ConvexApi } from './api.ts';

/** What was created in this run may be "not found" for so long, until all of the platform knows it (CLI practice). */
const FRESH_MS = 60_000;

export interface ConnectionOptions {
  readonly exchange: Exchange;
  readonly scrubber: Scrubber;
  readonly hosts: HostRules;
  readonly token: Secret;
  readonly userAgent: string;
  readonly clock: Clock;
}

export interface Connection extends ConvexApi {
  setTeamId(id: number): void;
  teamSlug(): string | null;
  /** As replies have told it, whatever was set. */
  notedTeamId(): number | null;
}

/** The handle over HTTP: which URL, which authorization, and whether the token may go there. */
export function openConnection(options: ConnectionOptions): Connection {
  const { exchange, scrubber, hosts, token, clock } = options;
  let teamId: number | null = null;
  let teamSlug: string | null = null;
  let notedTeamId: number | null = null;
  let tokenId: number | null = null;
  const born = new Map<string, number>();

  function isFresh(thing: string | null): boolean {
    const at = thing === null ? undefined : born.get(thing);
    return at !== undefined && clock.monotonic() - at < FRESH_MS;
  }

  function send<Reply>(
    to: { readonly on: HostClass; readonly base: string; readonly scheme: string; readonly about: string | null },
    request: ApiRequest<Reply>,
  ): Promise<Reply> {
    const query = new URLSearchParams(request.query).toString();
    return exchange.send({
      on: to.on,
      method: request.method,
      url: `${to.base}${request.path}${query === '' ? '' : `?${query}`}`,
      headers: {
        authorization: `${to.scheme} ${sendable(token)}`,
        accept: 'application/json',
        'accept-encoding': 'identity',
        'user-agent': options.userAgent,
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: request.body,
      decode: request.decode,
      secretsOf: request.secretsOf ?? EVERYWHERE,
      isFresh: request.mayBeAbsent !== true && isFresh(to.about),
      isRead: request.isRead,
      signal: request.signal,
    });
  }

  return {
    scrubber,
    teamId() {
      if (teamId === null) throw new Error('the team is not known before `identify`');
      return teamId;
    },
    setTeamId(id) {
      teamId = id;
    },
    noteTeamSlug(slug) {
      teamSlug = slug;
    },
    teamSlug: () => teamSlug,
    noteTeamId(id) {
      notedTeamId = id;
    },
    notedTeamId: () => notedTeamId,
    noteTokenId(id) {
      tokenId = id;
    },
    tokenId: () => tokenId,
    noteBorn(thing) {
      born.set(thing, clock.monotonic());
    },
    async management(request) {
      if (!isAllowedApiUrl(hosts.apiUrl)) throw notAllowed(hosts.apiUrl, 'the API URL needs https');
      return send({ on: 'management', base: hosts.apiUrl, scheme: 'Bearer', about: thingOf(request.path) }, request);
    },
    async deployment(live, request) {
      const url = urlOf(live);
      if (!isAllowedHost(url, hosts)) {
        throw notAllowed(url, 'the platform names it as the host of a deployment; `--allow-host` would permit it');
      }
      const base = `${url.replace(/\/$/, '')}/api/v1`;
      return send({ on: 'deployment', base, scheme: 'Convex', about: thingNamed(live) }, request);
    },
  };
}

/** `/projects/41/list_deployments` → `/projects/41`, the thing that a path is about. */
function thingOf(path: string): string | null {
  return /^\/[^/]+\/[^/]+/.exec(path)?.[0] ?? null;
}

function thingNamed(live: LiveResource): string | null {
  const name = live.facts['name'];
  return typeof name === 'string' ? `/deployments/${encodeURIComponent(name)}` : null;
}

function urlOf(live: LiveResource): string {
  const url = live.facts['deploymentUrl'];
  return typeof url === 'string' ? url : '';
}

function notAllowed(url: string, why: string): PlatformError {
  return new PlatformError('host-not-allowed', `the token is not sent to ${hostOf(url)}: ${why}`, {
    executed: 'no',
    retryable: false,
  });
}

/** The token's text for a header; a line break or a stray character would be an error deep in the network stack. */
function sendable(token: Secret): string {
  const text = reveal(token);
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new PlatformError('unauthenticated', 'the token is empty or holds characters that no token has', {
    executed: 'no',
    retryable: false,
  });
}
