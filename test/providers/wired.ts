import { beforeEach } from 'vitest';
import type { ProviderOptions } from '../../src/providers/registry.ts';
import { recorder, serve, type Recorder } from './network.ts';
import { API, never, open, tokenReply, type Opened } from './official.ts';

/** A provider on a recorded network, both new for each test of the file that asks for them. */
export interface Wired {
  readonly net: Recorder;
  readonly opened: Opened;
  /** Serves the handlers, and has the provider identify itself first. */
  identified(...handlers: readonly ReturnType<Recorder['on']>[]): Promise<void>;
}

export function wired(options: Partial<ProviderOptions> = {}): Wired {
  let current: { readonly net: Recorder; readonly opened: Opened } | null = null;
  beforeEach(() => {
    current = { net: recorder(), opened: open(options) };
  });
  const now = () => {
    if (current === null) throw new Error('only inside a test');
    return current;
  };
  return {
    get net() {
      return now().net;
    },
    get opened() {
      return now().opened;
    },
    async identified(...handlers) {
      serve(now().net.on('get', `${API}/token_details`, tokenReply()), ...handlers);
      await now().opened.provider.identify(never);
    },
  };
}
