import { DESTINATIONS } from '../destination.ts';
import { disguisedHost } from '../domain/hostname.ts';
import type { KindDefinition } from '../kind-definition.ts';
import { effectIn } from '../log-states.ts';
import { checkOrigin, hostOf, isPlatformDefault, originText } from './origin.ts';

/** A type alias, not an interface: it must be assignable to the engine's open `Spec`. */
export type CanonicalUrlSpec = {
  readonly destination: string;
  /** An origin; null in the document only, where it means the platform's default. */
  readonly url: string | null;
};

/**
 * What `CONVEX_CLOUD_URL` and `CONVEX_SITE_URL` say instead of the platform's default. One exists where it differs
 * from the default; `null` declares that none does.
 */
export const canonicalUrlKind: KindDefinition<CanonicalUrlSpec> = {
  name: 'canonical-url',
  collection: 'canonicalUrls',
  parent: 'deployment',
  form: {
    shape: 'map',
    description:
      'The URLs that the deployment calls its own, for convexCloud and convexSite. null: the platform’s default. `{}` manages both and declares none.',
    shorthand: 'url',
  },
  schema: {
    destination: {
      key: true,
      disguise: 'kept',
      json: {
        type: 'string',
        enum: DESTINATIONS,
        description: 'convexCloud (CONVEX_CLOUD_URL) or convexSite (CONVEX_SITE_URL).',
      },
    },
    url: {
      nullable: true,
      disguise: (url: string, hide) => `https://${disguisedHost(hostOf(url) ?? url, hide)}`,
      json: {
        type: ['string', 'null'],
        description:
          'Scheme and host, such as https://api.acme.com; null: the platform’s default. On a custom domain of the deployment it is set once that is verified.',
      },
      read: (written: string | null) => (written === null ? null : originText(written)),
    },
  },
  key: (spec) => spec.destination ?? '',
  traces: {
    log: 'parent',
    effect: ({ action, about }, { key }) =>
      about['request_destination'] === key
        ? effectIn(action, /^update_canonical_url$/, /^delete_canonical_url$/)
        : null,
  },
  check: (spec) => checkOrigin(spec.url),
  normalize: (spec) => (typeof spec.url === 'string' ? { ...spec, url: originText(spec.url) } : spec),
  dependsOn({ url }) {
    const host = typeof url === 'string' ? hostOf(url) : null;
    return host === null ? [] : [{ kind: 'domain', key: host }];
  },
  isDefault: ({ destination, url }, deployment) =>
    typeof url === 'string' && isPlatformDefault(destination, url, deployment),
};
