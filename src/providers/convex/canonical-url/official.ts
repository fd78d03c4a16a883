import type { CreateRequest, Listed } from '../../../model/kind.ts';
import type { LiveResource } from '../../../model/resource.ts';
import { shapeOf } from '../../http/decode.ts';
import type { ConvexApi } from '../api.ts';
import type { KindWire } from '../kind-definition.ts';
import { listingOfEach } from '../listing.ts';
import type { CanonicalUrlSpec } from './kind.ts';
import { isPlatformDefault } from './origin.ts';

/** Canonical URLs in the official deployment API: each write re-evaluates the auth config and invalidates. */
export const officialCanonicalUrl: KindWire<CanonicalUrlSpec> = {
  keyed: true,
  toldBy: 'push',
  list(api, { parents, signal }) {
    if (parents === 'team') throw new Error('canonical URLs are listed per deployment');
    return listingOfEach(parents, (deployment) => listUrls(api, deployment, signal));
  },
  write: {
    how: 'singly',
    invalidates: true,
    create: createUrl,
    update: (api, { live, parent, fields, signal }) =>
      send(api, parent, { destination: live.key, url: fields.url ?? null, signal }),
    delete: (api, { live, parent, signal }) => send(api, parent, { destination: live.key, url: null, signal }),
  },
};

/** The API gives both, always; what equals the platform's default counts as unset (rule 32). */
async function listUrls(
  api: ConvexApi,
  deployment: LiveResource,
  signal: AbortSignal,
): Promise<readonly Listed<CanonicalUrlSpec>[]> {
  const both = await api.deployment(deployment, {
    method: 'GET',
    path: '/get_canonical_urls',
    decode(body) {
      const reply = shapeOf(body, 'the reply');
      return { convexCloud: reply.text('convexCloudUrl'), convexSite: reply.text('convexSiteUrl') };
    },
    signal,
  });
  return Object.entries(both)
    .filter(([destination, url]) => !isPlatformDefault(destination, url, deployment))
    .map(([destination, url]) => urlOf(deployment, destination, url));
}

function urlOf(deployment: LiveResource, destination: string, url: string): Listed<CanonicalUrlSpec> {
  return { id: `${deployment.id}/${destination}`, parentId: deployment.id, spec: { destination, url }, facts: {} };
}

async function createUrl(
  api: ConvexApi,
  { parent, spec, signal }: CreateRequest<CanonicalUrlSpec>,
): Promise<Listed<CanonicalUrlSpec>> {
  const { destination = '', url = null } = spec;
  if (parent === null || url === null) throw new Error('a canonical URL is set on a deployment');
  await send(api, parent, { destination, url, signal });
  return urlOf(parent, destination, url);
}

async function send(
  api: ConvexApi,
  deployment: LiveResource | null,
  { destination, url, signal }: { destination: string; url: string | null; signal: AbortSignal },
): Promise<void> {
  if (deployment === null) throw new Error('a canonical URL belongs to a deployment');
  await api.deployment(deployment, {
    method: 'POST',
    path: '/update_canonical_url',
    body: { requestDestination: destination, url },
    signal,
  });
}
