import type { Provider } from '../model/provider.ts';
import type { Secret } from '../model/secret.ts';
import type { Effects, Settings } from './contract.ts';
import { openSession, readToken, type Opened } from './session.ts';

/** A session that many runs share, so that they share one limiter (law G). */
export interface LastingSession {
  /** The platform as the token of now opens it: a file may be rotated under a process that lives for months. */
  readonly open: () => Promise<Opened>;
  /** Null before the first {@link open}. */
  readonly current: () => Provider | null;
  readonly close: () => Promise<void>;
}

export function lastingSession(settings: Settings, effects: Effects): LastingSession {
  let held: { readonly provider: Provider; readonly token: Secret | string } | null = null;
  const close = async (): Promise<void> => {
    const before = held;
    held = null;
    await before?.provider.close();
  };
  return {
    async open() {
      const token = await readToken(settings, effects);
      if (held !== null && isSame(token, held.token)) return { type: 'open', provider: held.provider };
      await close();
      const opened = await openSession(settings, effects);
      if (opened.type === 'open') held = { provider: opened.provider, token };
      return opened;
    },
    current: () => held?.provider ?? null,
    close,
  };
}

function isSame(a: Secret | string, b: Secret | string): boolean {
  return typeof a === 'string' || typeof b === 'string' ? a === b : a.equals(b);
}
