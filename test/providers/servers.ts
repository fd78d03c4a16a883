import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { connect, createServer as createRawServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';

/** Listens on loopback until the test is over; its port. */
export async function portOf(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  const ready = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', ready.resolve);
  await ready.promise;
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    const closed = Promise.withResolvers<void>();
    server.close(() => closed.resolve());
    await closed.promise;
  });
  return (server.address() as AddressInfo).port;
}

/** The URL of a listening server. */
export async function listening(server: Server): Promise<string> {
  return `http://127.0.0.1:${String(await portOf(server))}`;
}

export const http = (listener: RequestListener): Promise<string> => listening(createServer(listener));
export const raw = (onSocket: (socket: Socket) => void): Promise<string> => listening(createRawServer(onSocket));

export interface ProxyServer {
  readonly url: string;
  /** `host:port` of each tunnel that was asked for. */
  readonly tunnels: readonly string[];
  /** Heads of the requests for tunnels. */
  readonly heads: readonly IncomingMessage[];
  /** Requests that came without a tunnel. */
  readonly plain: readonly string[];
}

/** A proxy that tunnels every host to one port of this machine, or answers with a status of its own. */
export async function proxyTo(port: number, status = 200): Promise<ProxyServer> {
  const tunnels: string[] = [];
  const heads: IncomingMessage[] = [];
  const plain: string[] = [];
  const server = createServer((request, response) => {
    plain.push(request.url ?? '');
    response.writeHead(500).end();
  });
  server.on('connect', (request: IncomingMessage, client: Duplex) => {
    tunnels.push(request.url ?? '');
    heads.push(request);
    client.on('error', () => undefined);
    if (status !== 200) return client.end(`HTTP/1.1 ${String(status)} No\r\ncontent-length: 0\r\n\r\n`);
    const target = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      target.pipe(client);
      client.pipe(target);
    });
    target.on('error', () => client.destroy());
    client.on('close', () => target.destroy());
    return undefined;
  });
  return { url: await listening(server), tunnels, heads, plain };
}
