// A real etcd and a real kube-apiserver, RBAC on, from the folder that KUBEBUILDER_ASSETS names.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Agent, request } from 'undici';
import { LEASE, leaseSeen, NAMESPACE, type Backend } from './backend.ts';
import { ROLE_FILE } from './role.ts';

export interface RealCluster extends Backend {
  /** Runs kubectl as the administrator; rejects with what it printed. */
  readonly kubectl: (...args: readonly string[]) => Promise<string>;
  /** Asks the API server with a token; the status and the parsed body. */
  readonly ask: (
    token: string,
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
  ) => Promise<{ readonly status: number; readonly body: unknown }>;
  readonly adminToken: string;
}

const ADMIN_TOKEN = 'test-admin-token';
const READY_WITHIN_MS = 60_000;

export async function startRealCluster(assets: string): Promise<RealCluster> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'converge-cluster-'));
  const at = (name: string): string => path.join(folder, name);
  const processes: ChildProcess[] = [];
  const run = (program: string, args: readonly string[]): void => {
    const log = openSync(at(`${program}.log`), 'w');
    processes.push(spawn(path.join(assets, program), args, { cwd: folder, stdio: ['ignore', log, log] }));
  };
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  await writeFile(at('sa.key'), privateKey);
  await writeFile(at('sa.pub'), publicKey);
  await writeFile(at('tokens.csv'), `${ADMIN_TOKEN},admin,admin,system:masters\n`);
  const [etcd, peer, port] = await Promise.all([freePort(), freePort(), freePort()]);
  const local = (of: number): string => `http://127.0.0.1:${of}`;
  run('etcd', [
    '--data-dir',
    at('etcd'),
    '--listen-client-urls',
    local(etcd),
    '--advertise-client-urls',
    local(etcd),
    '--listen-peer-urls',
    local(peer),
    '--initial-advertise-peer-urls',
    local(peer),
    '--initial-cluster',
    `default=${local(peer)}`,
    '--unsafe-no-fsync',
  ]);
  run('kube-apiserver', [
    '--etcd-servers',
    local(etcd),
    '--bind-address',
    '127.0.0.1',
    '--secure-port',
    String(port),
    '--cert-dir',
    at('certs'),
    '--token-auth-file',
    at('tokens.csv'),
    '--authorization-mode',
    'RBAC',
    '--service-account-key-file',
    at('sa.pub'),
    '--service-account-signing-key-file',
    at('sa.key'),
    '--service-account-issuer',
    'https://kubernetes.default.svc',
    '--service-cluster-ip-range',
    '10.0.0.0/24',
    // There is no controller that would make the tokens and the bundle of authorities that a pod is given.
    '--disable-admission-plugins',
    'ServiceAccount',
  ]);
  const dispose = async (): Promise<void> => {
    for (const child of processes.reverse()) {
      if (child.exitCode !== null) continue;
      const closed = once(child, 'exit');
      child.kill('SIGKILL');
      await closed;
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const ca = await certificate(at('certs/apiserver.crt'), processes);
    const agent = new Agent({ connect: { ca } });
    const origin = `https://127.0.0.1:${port}`;
    const ask: RealCluster['ask'] = async (token, method, url, body) => {
      const reply = await request(`${origin}${url}`, {
        method,
        dispatcher: agent,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
      });
      const text = await reply.body.text();
      return { status: reply.statusCode, body: text.startsWith('{') ? (JSON.parse(text) as unknown) : text };
    };
    await until(async () => (await ask(ADMIN_TOKEN, 'GET', '/readyz').catch(() => null))?.body === 'ok', processes);
    const kubeconfig = at('kubeconfig');
    const kubectl = (...args: readonly string[]): Promise<string> =>
      new Promise((resolve, reject) => {
        const all = ['--kubeconfig', kubeconfig, ...args];
        execFile(path.join(assets, 'kubectl'), all, { cwd: folder }, (error, stdout, stderr) =>
          error === null ? resolve(stdout) : reject(new Error(`kubectl ${args.join(' ')}: ${stdout}${stderr}`)),
        );
      });
    await kubectl(
      'config',
      'set-cluster',
      'c',
      `--server=${origin}`,
      `--certificate-authority=${at('certs/apiserver.crt')}`,
    );
    await kubectl('config', 'set-credentials', 'admin', `--token=${ADMIN_TOKEN}`);
    await kubectl('config', 'set-context', 'c', '--cluster=c', '--user=admin');
    await kubectl('config', 'use-context', 'c');
    await kubectl('create', 'namespace', NAMESPACE);
    await kubectl('-n', NAMESPACE, 'create', 'serviceaccount', 'converge');
    await kubectl('-n', NAMESPACE, 'apply', '-f', ROLE_FILE.pathname);
    await kubectl(
      '-n',
      NAMESPACE,
      'create',
      'rolebinding',
      'converge',
      '--role=converge',
      `--serviceaccount=${NAMESPACE}:converge`,
    );
    const leasePath = (name: string): string => `/apis/coordination.k8s.io/v1/namespaces/${NAMESPACE}/leases/${name}`;
    return {
      name: 'a real kube-apiserver',
      port,
      ca,
      adminToken: ADMIN_TOKEN,
      kubectl,
      ask,
      token: async () => (await kubectl('-n', NAMESPACE, 'create', 'token', 'converge')).trim(),
      async lease(name) {
        const { status, body } = await ask(ADMIN_TOKEN, 'GET', leasePath(name));
        return status === 404 ? null : leaseSeen(body);
      },
      async remove(name = LEASE) {
        await ask(ADMIN_TOKEN, 'DELETE', leasePath(name));
      },
      async [Symbol.asyncDispose]() {
        await agent.destroy();
        await dispose();
      },
    };
  } catch (error) {
    const log = await readFile(at('kube-apiserver.log'), 'utf8').catch(() => '');
    await dispose();
    throw new Error(`the API server did not start: ${String(error)}\n${log.slice(-2000)}`, { cause: error });
  }
}

async function certificate(file: string, processes: readonly ChildProcess[]): Promise<string> {
  let text = '';
  await until(async () => {
    text = await readFile(file, 'utf8').catch(() => '');
    return text.includes('END CERTIFICATE');
  }, processes);
  return text;
}

/** Polls; a process that has ended, and a minute, are its bounds. */
async function until(holds: () => Promise<boolean>, processes: readonly ChildProcess[]): Promise<void> {
  for (const from = performance.now(); !(await holds());) {
    const ended = processes.find(({ exitCode }) => exitCode !== null);
    if (ended !== undefined) throw new Error(`${ended.spawnfile} ended with ${ended.exitCode}`);
    if (performance.now() - from > READY_WITHIN_MS) throw new Error('not within a minute');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const closed = once(server, 'close');
  server.close();
  await closed;
  return port;
}
