import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { RawData, WebSocket } from 'ws';
import { admitToDeployment } from '../api.ts';
import type { Platform } from '../platform/platform.ts';
import { createSyncSession } from './session.ts';

export interface SyncSocketOptions {
  readonly platform: Platform;
  /** The platform's time, in ms since the epoch. */
  readonly clock: () => number;
  /** Told of each socket that opens: its path and the deployment that the path names. */
  readonly opened: (path: string, deployment: string | null) => void;
}

export interface SyncSockets {
  /** Takes no more sockets and says goodbye to those that are open; cuts the ones that do not answer in time (ms). */
  readonly close: (drainMs: number) => Promise<void>;
}

/** `{deploymentUrl}/api/<version of the client>/sync`; where the client dropped the URL's path, the key says the name. */
const SYNC_PATH = /^(?:\/([^/]+))?\/api\/\d+\.\d+\.\d+(?:-[\w.-]+)?\/sync$/;

/** What a client sends here is a handful of short messages. */
const MAX_MESSAGE_BYTES = 64 * 1024;

const POLICY_VIOLATION = 1008;
const GOING_AWAY = 1001;

/** Serves the sync protocol on a server's WebSocket upgrades. Other upgrades are answered 404. */
export function serveSyncSockets(server: Server, { platform, clock, opened }: SyncSocketOptions): SyncSockets {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  let closing = false;

  function converse(socket: WebSocket, request: IncomingMessage, label: string | null): void {
    const { 'user-agent': userAgent } = request.headers;
    const clientIp = request.socket.remoteAddress;
    const session = createSyncSession({
      platform,
      clock,
      admit: (key) => admitToDeployment(platform, { authorization: `Convex ${key}`, userAgent, clientIp }, label),
    });
    // ws closes the socket itself after an error of the protocol below.
    socket.on('error', () => undefined);
    socket.on('message', (data: RawData, binary: boolean) => {
      // What a client sent before it heard that the conversation is over.
      if (socket.readyState !== socket.OPEN) return;
      const reply = session.receive(binary ? '' : textOf(data));
      if (reply === null) return;
      socket.send(JSON.stringify(reply));
      if (reply.type === 'FatalError') socket.close(POLICY_VIOLATION);
    });
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = request.url ?? '';
    const match = SYNC_PATH.exec(path);
    if (match === null || closing) return refuse(socket, path);
    const label = match[1] ?? null;
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      opened(path, label?.split('.')[0] ?? null);
      converse(webSocket, request, label);
    });
  });

  return {
    async close(drainMs) {
      closing = true;
      const open = [...sockets.clients];
      const ended = open.map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())));
      for (const socket of open) socket.close(GOING_AWAY);
      const deadline = setTimeout(() => {
        for (const socket of open) socket.terminate();
      }, drainMs);
      await Promise.all(ended);
      clearTimeout(deadline);
    },
  };
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return data instanceof ArrayBuffer ? Buffer.from(data).toString() : data.toString();
}

function refuse(socket: Duplex, path: string): void {
  const message = `The sandbox serves no WebSocket at ${path}; docs/sandbox.md lists what it does.`;
  const body = JSON.stringify({ code: 'SandboxDoesNotServe', message });
  socket.on('error', () => socket.destroy());
  socket.end(
    [
      'HTTP/1.1 404 Not Found',
      'content-type: application/json',
      `content-length: ${String(Buffer.byteLength(body))}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}
