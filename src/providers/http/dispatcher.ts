import { createSecureContext, getCACertificates, type SecureContext, type SecureVersion } from 'node:tls';
import type { Dispatcher } from 'undici';
import { openAddressRules } from './addresses.ts';
import { guardedConnect, guardedLookup, type Resolve } from './guarded-connect.ts';
import { isLoopback } from './hosts.ts';
import type { Proxies } from './proxies.ts';

const CONNECT_MS = 10_000;
/** Node's own bound for all headers of a reply together. */
const HEADER_BYTES = 16 * 1024;

const OLDEST_TLS: SecureVersion = 'TLSv1.2';

export interface DispatcherOptions {
  /** Connections per host. */
  readonly connections: number;
  /** PEM of certificate authorities beside the usual ones; null: none. */
  readonly ca: string | null;
  /** `--allow-host`; see {@link openAddressRules}. */
  readonly allowHosts: readonly string[];
  readonly proxies: Proxies;
  /** Default: the system's resolver. */
  readonly resolve?: Resolve | undefined;
}

export interface Dispatchers {
  /** For a host, as the URL parser spells it. */
  of(hostname: string): Dispatcher;
  /** May a proxy stand between? */
  isProxied(hostname: string): boolean;
  destroy(): Promise<void>;
}

/**
 * The agents that connect: directly and guarded, or through the proxies of the environment; this machine is never
 * reached through a proxy. Behind a proxy it is the proxy that looks up names, and our guard sees none of it.
 * undici is loaded here: commands that send nothing start faster.
 */
export async function openDispatchers(options: DispatcherOptions): Promise<Dispatchers> {
  const { Agent, EnvHttpProxyAgent, Pool, buildConnector } = await import('undici');
  const { connections, ca, proxies, resolve } = options;
  const rules = openAddressRules(options.allowHosts);
  const tls = {
    // Whatever the environment says of it.
    rejectUnauthorized: true,
    ...(ca === null ? { minVersion: OLDEST_TLS } : { secureContext: trusting(ca) }),
  };
  const dial = buildConnector({
    ...tls,
    allowH2: false,
    timeout: CONNECT_MS,
    lookup: guardedLookup(rules, resolve),
  });
  const common = {
    connections,
    allowH2: false,
    maxHeaderSize: HEADER_BYTES,
    // Each request has a time of its own, for all of it.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: guardedConnect(rules, dial),
  };
  const direct = new Agent(common);
  const proxied =
    proxies.https === null && proxies.http === null
      ? direct
      : new EnvHttpProxyAgent({
          ...common,
          // Empty, not absent: undici would read the environment itself.
          httpProxy: proxies.http ?? '',
          httpsProxy: proxies.https ?? '',
          noProxy: proxies.except,
          proxyTunnel: true,
          requestTls: { ...tls, timeout: CONNECT_MS },
          proxyTls: { ...tls, timeout: CONNECT_MS },
          clientFactory: (origin, given) => new Pool(origin, { ...given, headersTimeout: CONNECT_MS }),
        });
  return {
    of: (hostname) => (isLoopback(hostname) ? direct : proxied),
    isProxied: (hostname) => proxied !== direct && !isLoopback(hostname),
    async destroy() {
      await Promise.all([direct.destroy(), proxied === direct ? null : proxied.destroy()]);
    },
  };
}

/** Made once: reading all authorities for each connection would take longer than the connection. */
function trusting(ca: string): SecureContext {
  return createSecureContext({ minVersion: OLDEST_TLS, ca: [...getCACertificates('default'), ca] });
}
