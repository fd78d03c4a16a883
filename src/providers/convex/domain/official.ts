import type { CreateRequest, DeleteRequest, Listed } from '../../../model/kind.ts';
import type { LiveResource } from '../../../model/resource.ts';
import { listOf, shapeOf } from '../../http/decode.ts';
import type { ConvexApi } from '../api.ts';
import { deploymentPath } from '../deployment-path.ts';
import type { KindWire } from '../kind-definition.ts';
import { listingOfEach } from '../listing.ts';
import { readHostname } from './hostname.ts';
import type { DomainSpec } from './kind.ts';

/** Custom domains in the official management API. There is no update: another destination is another domain. */
export const officialDomain: KindWire<DomainSpec> = {
  keyed: true,
  toldBy: 'log',
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
    path: `${deploymentPath(deployment)}/custom_domains`,
    decode: (body) =>
      listOf(shapeOf(body, 'the reply').list('domains'), 'domains').map((item, index) => {
        const one = shapeOf(item, `domains[${String(index)}]`);
        const verificationTime = one.maybeInteger('verificationTime');
        return domainOf(deployment, {
          written: one.text('domain'),
          destination: one.text('requestDestination'),
          verificationTime,
        });
      }),
    signal,
  });
}

/** `verificationTime` is in milliseconds since epoch, null until the platform has seen the records. */
function domainOf(
  deployment: LiveResource,
  said: { readonly written: string; readonly destination: string; readonly verificationTime: number | null },
): Listed<DomainSpec> {
  const { written, destination, verificationTime } = said;
  return {
    id: `${deployment.id}/${written}/${destination}`,
    parentId: deployment.id,
    spec: { domain: readHostname(written), destination },
    facts: { written, verified: verificationTime !== null, verificationTime },
  };
}

/** The reply is empty. Verification goes on in the background (up to half an hour). */
async function createDomain(
  api: ConvexApi,
  { parent, spec, signal }: CreateRequest<DomainSpec>,
): Promise<Listed<DomainSpec>> {
  if (parent === null) throw new Error('a domain is created on a deployment');
  const { domain = '', destination = '' } = spec;
  await api.management({
    method: 'POST',
    path: `${deploymentPath(parent)}/create_custom_domain`,
    body: { domain, requestDestination: destination },
    signal,
  });
  return domainOf(parent, { written: domain, destination, verificationTime: null });
}

/** By both parts of its key, as the platform spells them. */
async function deleteDomain(api: ConvexApi, { live, parent, signal }: DeleteRequest<DomainSpec>): Promise<void> {
  if (parent === null) throw new Error('a domain is deleted from a deployment');
  await api.management({
    method: 'POST',
    path: `${deploymentPath(parent)}/delete_custom_domain`,
    body: { domain: live.facts['written'] ?? live.key, requestDestination: live.spec.destination },
    signal,
  });
}
