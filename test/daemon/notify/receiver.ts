// A receiver of webhooks on a real socket, which checks nothing and keeps everything.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Received[];
  /** The n-th request, once it is there. */
  next(): Promise<Received>;
}

export async function startReceiver(
  reply: (nth: number) => Reply | 'hang' = () => ({ status: 200 }),
): Promise<Receiver> {
  const received: Received[] = [];
  let wake: (() => void) | null = null;
  let given = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      received.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
      const answer = reply(received.length);
      if (answer !== 'hang') response.writeHead(answer.status, answer.headers).end(answer.body ?? 'ok');
      wake?.();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/very-secret-path?key=very-secret-key`,
    received,
    async next() {
      for (; received.length <= given;) await new Promise<void>((resolve) => (wake = resolve));
      return received[given++] as Received;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
