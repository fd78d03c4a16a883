import { systemClock } from '../../src/compose/machine.ts';
import { openEventStream } from '../../src/daemon/event-stream.ts';
import type { ServerOptions } from '../../src/daemon/server.ts';

/** What a server needs that a test says nothing of: on a free port of this machine, well, and with nothing to tell. */
export function served(options: Partial<ServerOptions>): ServerOptions {
  const nobody = () => Promise.resolve({ status: 503, body: {} });
  return {
    listen: { host: '127.0.0.1', port: 0 },
    names: [],
    token: () => Promise.resolve(null),
    live: () => ({ ok: true }),
    ready: () => ({ ok: true }),
    metrics: () => Promise.resolve(''),
    status: () => ({}),
    reconcile: () => undefined,
    elsewhere: () => null,
    pauses: { list: nobody, add: nobody, lift: nobody },
    history: () => {
      throw new Error('nobody asks for the past here');
    },
    setLogLevel: () => undefined,
    hook: null,
    page: {
      shell: { html: '', policy: '' },
      tree: () => ({ etag: '', body: '' }),
      events: openEventStream({ clock: systemClock, state: () => ({}) }),
    },
    ...options,
  };
}
