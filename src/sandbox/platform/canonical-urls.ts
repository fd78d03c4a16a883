import { recordInDeployment } from './audit.ts';
import type { Deployment, Destination, World } from './state.ts';
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

/** What is set for each destination; null: the platform's default, which is the deployment's own URL. */
export function canonicalUrls(_world: World, deployment: Deployment): Readonly<Record<Destination, string | null>> {
  return deployment.canonicalUrls;
}
