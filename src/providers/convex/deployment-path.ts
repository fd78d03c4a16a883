import type { LiveResource } from '../../model/resource.ts';

/** The path of a live deployment in the management API: by the name that the platform gave it. */
export function deploymentPath({ facts, address }: Pick<LiveResource, 'facts' | 'address'>): string {
  const name = facts['name'];
  if (typeof name !== 'string') throw new Error(`no name is known of ${address}`);
  return `/deployments/${encodeURIComponent(name)}`;
}
