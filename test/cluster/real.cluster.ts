// The same against a real kube-apiserver and etcd, and what only a real one can say: `npm run test:cluster`.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leaseContract } from './contract.ts';
import { NAMESPACE } from './backend.ts';
import { startRealCluster, type RealCluster } from './real-cluster.ts';
import { pausesOutliveTheirLeader } from './pauses.ts';
import { threeReplicas } from './replicas.ts';
import { roleRules } from './role.ts';

const assets = process.env['KUBEBUILDER_ASSETS'] ?? '';
const open = (): Promise<RealCluster> => startRealCluster(assets);

leaseContract(open);
threeReplicas(open);
pausesOutliveTheirLeader(open);

describe('the Role, judged by the authorizer of the API server', () => {
  const at: { cluster: RealCluster | null } = { cluster: null };
  const cluster = (): RealCluster => at.cluster as RealCluster;
  beforeAll(async () => {
    at.cluster = await open();
  }, 120_000);
  afterAll(() => at.cluster?.[Symbol.asyncDispose](), 60_000);

  const lease = (name: string) => ({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace: NAMESPACE },
    spec: { holderIdentity: 'one', leaseDurationSeconds: 5 },
  });
  const leases = (namespace: string, name?: string): string =>
    `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases${name === undefined ? '' : `/${name}`}`;
  const pods = `/api/v1/namespaces/${NAMESPACE}/pods`;

  test('permits what the daemon does', async () => {
    const token = await cluster().token();
    const made = await cluster().ask(token, 'PUT', leases(NAMESPACE, 'converge'), lease('converge'));
    expect(made.status).toBe(201);
    expect((await cluster().ask(token, 'GET', leases(NAMESPACE, 'converge'))).status).toBe(200);
    expect((await cluster().ask(token, 'PUT', leases(NAMESPACE, 'converge'), made.body)).status).toBe(200);
  });

  test.each<['GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', string, (object | undefined)?]>([
    ['GET', leases(NAMESPACE, 'other')],
    ['PUT', leases(NAMESPACE, 'other'), lease('other')],
    ['POST', leases(NAMESPACE), lease('converge')],
    ['GET', leases(NAMESPACE)],
    ['GET', `${leases(NAMESPACE)}?watch=true&fieldSelector=metadata.name%3Dconverge`],
    ['DELETE', leases(NAMESPACE, 'converge')],
    ['PATCH', leases(NAMESPACE, 'converge'), {}],
    ['GET', leases('kube-system', 'converge')],
    ['GET', pods],
    ['POST', pods, {}],
    ['GET', `/api/v1/namespaces/${NAMESPACE}/secrets`],
    ['GET', `/api/v1/namespaces/${NAMESPACE}/configmaps`],
    ['GET', '/api/v1/namespaces'],
  ])('forbids %s %s', async (method, path, body) => {
    expect((await cluster().ask(await cluster().token(), method, path, body)).status).toBe(403);
  });

  test('needs each verb that it has: without it the daemon cannot lead', async () => {
    const [rule] = roleRules();
    expect(roleRules()).toHaveLength(1);
    for (const verb of rule?.verbs ?? []) {
      const verbs = (rule?.verbs ?? []).filter((other) => other !== verb);
      const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'converge' } };
      const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${NAMESPACE}/roles/converge`;
      await cluster().ask(cluster().adminToken, 'PUT', path, { ...role, rules: [{ ...rule, verbs }] });
      await cluster().remove('converge');
      const token = await cluster().token();
      // The authorizer takes a moment to see a changed Role.
      const does = async (): Promise<readonly number[]> => {
        const read = await cluster().ask(token, 'GET', leases(NAMESPACE, 'converge'));
        const made = await cluster().ask(token, 'PUT', leases(NAMESPACE, 'converge'), lease('converge'));
        const kept =
          made.status < 300 ? await cluster().ask(token, 'PUT', leases(NAMESPACE, 'converge'), made.body) : made;
        await cluster().remove('converge');
        return [read.status, made.status, kept.status];
      };
      await expect.poll(does, { timeout: 10_000 }).toContain(403);
    }
  });
});

describe('the manifests', () => {
  const at: { cluster: RealCluster | null } = { cluster: null };
  const cluster = (): RealCluster => at.cluster as RealCluster;
  const folder = (name: string): string => new URL(`../../deploy/kustomize/${name}`, import.meta.url).pathname;
  beforeAll(async () => {
    at.cluster = await open();
  }, 120_000);
  afterAll(() => at.cluster?.[Symbol.asyncDispose](), 60_000);

  test('are accepted, applied, and applied again without a change; every pod of them is restricted', async () => {
    const { kubectl } = cluster();
    const restricted = 'pod-security.kubernetes.io/enforce=restricted';
    await kubectl('label', 'namespace', NAMESPACE, restricted, '--overwrite');
    for (const name of ['base', 'overlays/apply', 'overlays/drift-cronjob'])
      expect(await kubectl('-n', NAMESPACE, 'apply', '--dry-run=server', '-k', folder(name))).toContain(
        'deployment.apps/converge',
      );
    await kubectl('-n', NAMESPACE, 'apply', '-k', folder('overlays/drift-cronjob'));
    // Prints, and fails, where applying would change something.
    expect(await kubectl('-n', NAMESPACE, 'diff', '-k', folder('overlays/drift-cronjob'))).toBe('');

    const pods = `/api/v1/namespaces/${NAMESPACE}/pods`;
    const templates = {
      deployment: await template(cluster(), 'deployment/converge', 'spec.template'),
      cronjob: await template(cluster(), 'cronjob/converge-drift', 'spec.jobTemplate.spec.template'),
    };
    for (const [name, made] of Object.entries(templates)) {
      const pod = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { ...made.metadata, name },
        spec: { ...made.spec, restartPolicy: 'Never' },
      };
      const accepted = await cluster().ask(cluster().adminToken, 'POST', pods, pod);
      expect(accepted).toMatchObject({ status: 201 });
      // Admission does judge here: the same pod with more rights is refused.
      const free = { ...pod, metadata: { name: `${name}-free` }, spec: { ...pod.spec, hostNetwork: true } };
      expect(await cluster().ask(cluster().adminToken, 'POST', pods, free)).toMatchObject({ status: 403 });
    }
  });

  test('the overlay with a ServiceMonitor is accepted where its kind is known', async () => {
    const { kubectl } = cluster();
    const crd = new URL('service-monitor-crd.yaml', import.meta.url).pathname;
    await kubectl('apply', '-f', crd);
    await kubectl('wait', '--for=condition=Established', 'crd/servicemonitors.monitoring.coreos.com', '--timeout=30s');
    const said = await kubectl('-n', NAMESPACE, 'apply', '--dry-run=server', '-k', folder('overlays/servicemonitor'));
    expect(said).toContain('servicemonitor.monitoring.coreos.com/converge');
  });
});

interface Template {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: Readonly<Record<string, unknown>>;
}

async function template({ kubectl }: RealCluster, name: string, path: string): Promise<Template> {
  return JSON.parse(await kubectl('-n', NAMESPACE, 'get', name, '-o', `jsonpath={.${path}}`)) as Template;
}
