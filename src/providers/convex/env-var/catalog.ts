import type { BatchRequest, Listed, ResourceKind } from '../../../model/kind.ts';
import type { LiveResource } from '../../../model/resource.ts';
import { Secret } from '../../../model/secret.ts';
import { listOf, shapeOf } from '../../http/decode.ts';
import type { ConvexApi } from '../api.ts';
import { listingOfEach } from '../listing.ts';
import { envVarKind, type EnvVarSpec } from './kind.ts';
import { noteSecrets, textOf } from './values.ts';

/** Environment variables in the catalog's deployment API: read by POST, set and removed by a request each. */
export const catalogEnvVar: ResourceKind<EnvVarSpec, ConvexApi> = {
  ...envVarKind,
  effect: 'at the next push; in a deployment, what is set is one request and what is removed a second',
  list(api, { parents, signal }) {
    if (parents === 'team') throw new Error('variables are listed per deployment');
    return listingOfEach(parents, (deployment) => listVariables(api, deployment, signal));
  },
  write: { how: 'together', apart: true, write: writeVariables },
};

async function listVariables(
  api: ConvexApi,
  deployment: LiveResource,
  signal: AbortSignal,
): Promise<readonly Listed<EnvVarSpec>[]> {
  const listed = await api.deployment(deployment, {
    method: 'POST',
    path: '/list_environment_variables',
    isRead: true,
    decode: (body) =>
      listOf(body, 'variables').map((item, index) => {
        const one = shapeOf(item, `variables[${String(index)}]`);
        const [name, value] = [one.text('name'), one.maybeText('value')];
        const spec = value === null ? { name } : { name, value: new Secret(value) };
        return { id: `${deployment.id}/${name}`, parentId: deployment.id, spec, facts: {} };
      }),
    secretsOf: deployment.address,
    signal,
  });
  noteSecrets(
    api,
    deployment,
    listed.map(({ spec }) => spec),
  );
  return listed;
}

/** One of the two at a time: the engine keeps what is set and what is removed apart. */
async function writeVariables(api: ConvexApi, request: BatchRequest<EnvVarSpec>): Promise<void> {
  const { parent, set, remove, signal } = request;
  if (set.length > 0 && remove.length > 0) throw new Error('variables are set and removed by two requests');
  noteSecrets(api, parent, set);
  const names = remove.map(({ name }) => name ?? '').sort();
  const changes = set
    .map(({ name, value }) => ({ name: name ?? '', value: textOf(name, value) }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  await api.deployment(parent, {
    method: 'POST',
    path: set.length > 0 ? '/update_environment_variables' : '/delete_environment_variables',
    body: set.length > 0 ? { changes } : { names },
    secretsOf: parent.address,
    signal,
  });
}
