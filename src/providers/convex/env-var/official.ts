import type { BatchRequest, Listed } from '../../../model/kind.ts';
import type { LiveResource } from '../../../model/resource.ts';
import { Secret } from '../../../model/secret.ts';
import { shapeOf } from '../../http/decode.ts';
import type { ConvexApi } from '../api.ts';
import type { KindWire } from '../kind-definition.ts';
import { listingOfEach } from '../listing.ts';
import type { EnvVarSpec } from './kind.ts';
import { noteSecrets, textOf } from './values.ts';

/** Environment variables in the official deployment API. */
export const officialEnvVar: KindWire<EnvVarSpec> = {
  toldBy: 'push',
  list(api, { parents, signal }) {
    if (parents === 'team') throw new Error('variables are listed per deployment');
    return listingOfEach(parents, (deployment) => listVariables(api, deployment, signal));
  },
  write: { how: 'together', invalidates: true, write: writeVariables },
};

async function listVariables(
  api: ConvexApi,
  deployment: LiveResource,
  signal: AbortSignal,
): Promise<readonly Listed<EnvVarSpec>[]> {
  const variables = await api.deployment(deployment, {
    method: 'GET',
    path: '/list_environment_variables',
    decode: (body) => shapeOf(body, 'the reply').object('environmentVariables').entries(),
    secretsOf: deployment.address,
    signal,
  });
  const listed = variables.map(([name, value]) => variableOf(deployment.id, name, value));
  noteSecrets(
    api,
    deployment,
    listed.map(({ spec }) => spec),
  );
  return listed;
}

/** The specification announces that secret values may be left out one day: such a value is not known, not empty. */
function variableOf(deploymentId: string, name: string, value: unknown): Listed<EnvVarSpec> {
  return {
    id: `${deploymentId}/${name}`,
    parentId: deploymentId,
    spec: typeof value === 'string' ? { name, value: new Secret(value) } : { name },
    facts: {},
  };
}

/** One transaction for all changes (law E). A value of null removes. */
async function writeVariables(api: ConvexApi, request: BatchRequest<EnvVarSpec>): Promise<void> {
  const { parent, set, remove, signal } = request;
  noteSecrets(api, parent, set);
  const changes = [
    ...set.map(({ name, value }) => ({ name: name ?? '', value: textOf(name, value) })),
    ...remove.map(({ name }) => ({ name: name ?? '', value: null })),
  ].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  await api.deployment(parent, {
    method: 'POST',
    path: '/update_environment_variables',
    body: { changes },
    secretsOf: parent.address,
    signal,
  });
}
