import { DESTINATIONS } from '../destination.ts';
import type { KindDefinition } from '../kind-definition.ts';
import { effectIn, isOne } from '../log-states.ts';
import { checkHostname, disguisedHost, readHostname } from './hostname.ts';

/** A type alias, not an interface: it must be assignable to the engine's open `Spec`. */
export type DomainSpec = {
  /** Lower-case punycode. */
  readonly domain: string;
  /** An open string on the live side; the document accepts the two. */
  readonly destination: string;
};

/**
 * A custom domain of a deployment. The records are the dashboard's (`CustomDomains.tsx`); that a hostname has one
 * destination only follows from them, since they are the same for both.
 */
export const domainKind: KindDefinition<DomainSpec> = {
  name: 'domain',
  collection: 'domains',
  parent: 'deployment',
  form: {
    shape: 'list',
    description: 'Custom domains. `[]` manages the collection and declares none. They are served once DNS is set up.',
  },
  prunable: true,
  schema: {
    domain: {
      key: true,
      disguise: (hostname: string, hide) => disguisedHost(hostname, hide),
      json: { type: 'string', description: 'The hostname, such as api.acme.com. Once in the whole team.' },
      read: readHostname,
    },
    destination: {
      immutable: true,
      disguise: 'kept',
      requiredToCreate: true,
      json: {
        type: 'string',
        enum: DESTINATIONS,
        description:
          'convexCloud for clients and the API, convexSite for HTTP actions. Another one makes the domain again: it is down until verified.',
      },
    },
  },
  key: (spec) => spec.domain ?? '',
  traces: {
    log: 'team',
    effect: (event, { key, parent }) =>
      isOne(
        event,
        ({ domain, deploymentName }) =>
          typeof domain === 'string' &&
          domain.toLowerCase() === key &&
          (deploymentName === undefined || deploymentName === parent?.facts['name']),
      )
        ? effectIn(event.action, /^deployment:customDomain:create$/, /^deployment:customDomain:delete$/)
        : null,
  },
  check: (spec) => checkHostname(spec.domain),
  claims: ({ domain }) =>
    domain === undefined ? [] : [{ name: domain, label: `the holder of ${domain}`, scope: 'team', rule: 'claim' }],
  settled: (live) => (live.facts['verified'] === true ? true : 'its DNS records are not verified yet'),
  interrupts: 'down until verified',
  advice({ domain = '' }, parent) {
    const name = parent?.facts['name'];
    return [
      { type: 'CNAME', name: domain, value: 'convex.domains', why: 'sends requests to Convex' },
      {
        type: 'TXT',
        name: `_convex_domains.${domain}`,
        value: typeof name === 'string' ? name : null,
        why: 'proves whose it is',
      },
    ];
  },
};
