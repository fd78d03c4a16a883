import { recordInDeployment } from './audit.ts';
import type { Deployment, Destination, World } from './state.ts';
import { DESTINATIONS } from './state.ts';
import type { Caller } from './tokens.ts';

/**
 * Sets, or with null resets. The URL is free text on the server; equal values and resets of nothing are events too
 * (convex-backend `local_backend/src/canonical_urls.rs`).
 */
export function updateCanonicalUrl(
  world: World,
  caller: Caller,
  deployment: Deployment,
  { destination, url }: { readonly destination: Destination; readonly url: string | null },
): void {
  deployment.canonicalUrls[destination] = url;
  const metadata = { request_destination: destination };
  if (url === null) recordInDeployment(world, deployment, caller, 'delete_canonical_url', metadata);
  else recordInDeployment(world, deployment, caller, 'update_canonical_url', { ...metadata, url });
}

/** Both, the platform's default where none is set: the two cannot be told apart by value alone. */
export function canonicalUrls(world: World, deployment: Deployment): Record<Destination, string> {
  const [cloud, site] = DESTINATIONS.map((to) => deployment.canonicalUrls[to] ?? world.urlOf(deployment, to));
  return { convexCloud: cloud ?? '', convexSite: site ?? '' };
}
