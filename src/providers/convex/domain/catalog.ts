import type { CreateRequest, DeleteRequest, Listed, ResourceKind } from '../../../model/kind.ts';
import type { LiveResource } from '../../../model/resource.ts';
import { listOf, shapeOf } from '../../http/decode.ts';
import type { ConvexApi } from '../api.ts';
import { deploymentPath } from '../deployment-path.ts';
import { listingOfEach } from '../listing.ts';
import { readHostname } from './hostname.ts';
import { domainKind, type DomainSpec } from './kind.ts';

// Verification is not told, and what is not known is not waited for.
const { settled: _notTold, ...shared } = domainKind;

/** Custom domains in the catalog's management API. There is no update: another destination is another domain. */
export const catalogDomain: ResourceKind<DomainSpec, ConvexApi> = {
  ...shared,
  list(api, { parents, signal }) {
    if (parents === 'team') throw new Error('domains are listed per deployment');
    return listingOfEach(parents, (deployment) => listDomains(api, deployment, signal));
  },
  write: { how: 'singly', create: createDomain, delete: deleteDomain },
};

function listDomains(
  api: ConvexApi,
  deployment: LiveResource,
  signal: AbortSignal,
): Promise<readonly Listed<DomainSpec>[]> {
  return api.management({
    method: 'GET',
    path: `${deploymentPath(deployment)}/custom_domains/list`,
    decode: (body) =>
      listOf(body, 'domains').map((item, index) => domainOf(deployment, item, `domains[${String(index)}]`)),
    signal,
  });
}

function domainOf(deployment: LiveResource, item: unknown, at: string): Listed<DomainSpec> {
  const one = shapeOf(item, at);
  const [written, destination] = [one.text('domain'), one.text('request_destination')];
  return {
    id: `${deployment.id}/${written}/${destination}`,
    parentId: deployment.id,
    spec: { domain: readHostname(written), destination },
    facts: { written },
  };
}

function createDomain(
  api: ConvexApi,
  { parent, spec, signal }: CreateRequest<DomainSpec>,
): Promise<Listed<DomainSpec>> {
  if (parent === null) throw new Error('a domain is created on a deployment');
  return api.management({
    method: 'POST',
    path: `${deploymentPath(parent)}/custom_domains/create`,
    body: { domain: spec.domain ?? '', request_destination: spec.destination ?? '' },
    decode: (body) => domainOf(parent, body, 'the created domain'),
    signal,
  });
}

/** By its hostname alone, as the platform spells it. */
async function deleteDomain(api: ConvexApi, { live, parent, signal }: DeleteRequest<DomainSpec>): Promise<void> {
  if (parent === null) throw new Error('a domain is deleted from a deployment');
  await api.management({
    method: 'POST',
    path: `${deploymentPath(parent)}/custom_domains/delete`,
    body: { domain: live.facts['written'] ?? live.key },
    signal,
  });
}
