// What a kubelet gives a pod: files with its credentials, and the address of the API server, here through a line that
// can be cut.
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { NAMESPACE, type Backend } from './backend.ts';

export interface Pod extends AsyncDisposable {
  readonly name: string;
  /** Variables of its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Replaces one of the files, as a kubelet does. */
  readonly put: (file: 'token' | 'ca.crt' | 'namespace' | 'bearer', text: string) => Promise<void>;
  /** From now on nothing passes between it and the API server, and nobody says so. */
  readonly cut: () => void;
}

export async function openPod(backend: Backend, name: string): Promise<Pod> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'converge-pod-'));
  await mkdir(folder, { recursive: true });
  const put: Pod['put'] = (file, text) => writeFile(path.join(folder, file), text);
  await Promise.all([put('token', await backend.token()), put('ca.crt', backend.ca), put('namespace', NAMESPACE)]);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    const far = connect(backend.port, '127.0.0.1');
    for (const [one, other] of [[near, far] as const, [far, near] as const]) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('data', (chunk) => void (isCut || other.write(chunk)));
      one.on('close', () => {
        sockets.delete(one);
        if (!isCut) other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    name,
    put,
    env: {
      KUBERNETES_SERVICE_HOST: '127.0.0.1',
      KUBERNETES_SERVICE_PORT: String((server.address() as AddressInfo).port),
      CONVERGE_SERVICE_ACCOUNT_DIR: folder,
      POD_NAME: name,
    },
    cut: () => void (isCut = true),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
      await rm(folder, { recursive: true });
    },
  };
}
