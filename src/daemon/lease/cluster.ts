import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isIP } from 'node:net';
import { Secret } from '../../model/secret.ts';

/** A cluster as a pod finds it. */
export interface Cluster {
  /** `https://10.96.0.1:443`. */
  readonly origin: string;
  /** Token and authorities, read anew for each use: the kubelet replaces them under us. Rejects where a file cannot be read. */
  readonly credentials: () => Promise<Credentials>;
  /** The pod's own. Rejects where it is not told. */
  readonly namespace: () => Promise<string>;
}

export interface Credentials {
  readonly token: Secret;
  /** PEM. */
  readonly ca: string;
}

/** Where a kubelet puts what a pod needs to talk to its cluster. */
const FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';
/** Another folder with the same files, for a token that is projected to a place of its own. */
const FOLDER_VARIABLE = 'CONVERGE_SERVICE_ACCOUNT_DIR';

/** Larger than any token or bundle of authorities that is meant. */
const MOST_BYTES = 1024 * 1024;

/** The cluster that this pod runs in, by the rules that all clients of Kubernetes keep. */
export function clusterOf(env: Readonly<Record<string, string | undefined>>): Cluster | { readonly wrong: string } {
  const host = env['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '';
  if (host === '' || port === '')
    return { wrong: 'this is no pod of a cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set' };
  const url = URL.parse(`https://${isIP(host) === 6 ? `[${host}]` : host}:${port}`);
  if (url === null || url.pathname !== '/' || url.username !== '')
    return { wrong: 'KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT do not make an address' };
  const given = env[FOLDER_VARIABLE] ?? '';
  const folder = given === '' ? FOLDER : given;
  return {
    origin: url.origin,
    async credentials() {
      const [token, ca] = await Promise.all([read(folder, 'token'), read(folder, 'ca.crt')]);
      return { token: new Secret(token), ca };
    },
    namespace: () => read(folder, 'namespace'),
  };
}

async function read(folder: string, name: string): Promise<string> {
  const file = path.join(folder, name);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file} cannot be read (${error.code ?? 'unknown'})`);
  });
  if (text.length > MOST_BYTES) throw new Error(`${file} is larger than ${MOST_BYTES} bytes`);
  if (text.trim() === '') throw new Error(`${file} is empty`);
  return text.trim();
}
