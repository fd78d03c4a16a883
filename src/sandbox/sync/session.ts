import { SandboxError, badRequest } from '../platform/errors.ts';
import type { Platform } from '../platform/platform.ts';
import type { Deployment } from '../platform/state.ts';
import type { Caller } from '../platform/tokens.ts';
import { encodeTimestamp, readClientMessage } from './messages.ts';
import type { AddQuery, ClientMessage, ServerMessage, StateModification, StateVersion } from './messages.ts';
import { runSystemQuery } from './system-queries.ts';

export interface SyncSessionOptions {
  readonly platform: Platform;
  /** Who holds this admin key, and for which deployment. Throws what the platform refuses. */
  readonly admit: (adminKey: string) => { readonly caller: Caller; readonly deployment: Deployment };
  /** The platform's time, in ms since the epoch. */
  readonly clock: () => number;
}

/** The server's end of one conversation. Knows no sockets. */
export interface SyncSession {
  /** The reply to a message, null where there is none. After a `FatalError` the conversation is over. */
  readonly receive: (source: string) => ServerMessage | null;
}

/**
 * A conversation in which each change of identity or query set is answered by one transition. A query is run once,
 * when it is added: the sandbox does not push later values.
 */
export function createSyncSession({ platform, admit, clock }: SyncSessionOptions): SyncSession {
  let connected = false;
  let adminKey: string | null = null;
  let ts = 0n;
  let version: StateVersion = { querySet: 0, identity: 0, ts: encodeTimestamp(ts) };
  const queries = new Set<number>();

  function transition(
    change: Partial<Pick<StateVersion, 'querySet' | 'identity'>>,
    modifications: readonly StateModification[],
  ): ServerMessage {
    // Nanoseconds, as on the platform, and never backwards: clients compare.
    const now = BigInt(Math.trunc(clock())) * 1_000_000n;
    ts = now > ts ? now : ts + 1n;
    const startVersion = version;
    version = { ...version, ...change, ts: encodeTimestamp(ts) };
    return { type: 'Transition', startVersion, endVersion: version, modifications };
  }

  function add(query: AddQuery, key: string): StateModification {
    const { queryId } = query;
    if (queries.has(queryId)) throw badRequest('DuplicateQuery', `The query ${String(queryId)} is there already.`);
    const common = { queryId, logLines: [], journal: null } as const;
    // The deployment may be gone since the key was shown, so it is shown again.
    const context = { platform, ...admit(key) };
    queries.add(queryId);
    try {
      return { type: 'QueryUpdated', ...common, value: runSystemQuery(context, query) };
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      return { type: 'QueryFailed', ...common, errorMessage: `${error.code}: ${error.message}` };
    }
  }

  function answer(message: ClientMessage): ServerMessage | null {
    if (!connected && message.type !== 'Connect') throw badRequest('NotConnected', 'The first message is Connect.');
    switch (message.type) {
      case 'Connect':
        if (connected) throw badRequest('AlreadyConnected', 'Connect comes once.');
        connected = true;
        return null;
      case 'Authenticate':
        expectVersion('identity', message.baseVersion, version.identity);
        admit(message.value);
        adminKey = message.value;
        return transition({ identity: version.identity + 1 }, []);
      case 'ModifyQuerySet': {
        expectVersion('query set', message.baseVersion, version.querySet);
        expectVersion('query set', message.newVersion, version.querySet + 1);
        const modifications = message.modifications.map((one): StateModification => {
          if (one.type === 'Add') {
            if (adminKey === null) throw new SandboxError(401, 'BadAdminKey', 'System queries need an admin key.');
            return add(one, adminKey);
          }
          if (!queries.delete(one.queryId)) {
            throw badRequest('UnknownQuery', `There is no query ${String(one.queryId)} to remove.`);
          }
          return { type: 'QueryRemoved', queryId: one.queryId };
        });
        return transition({ querySet: message.newVersion }, modifications);
      }
      default:
        return message satisfies never;
    }
  }

  return {
    receive(source) {
      try {
        return answer(readClientMessage(source));
      } catch (error) {
        const why =
          error instanceof SandboxError ? `${error.code}: ${error.message}` : `The sandbox failed: ${String(error)}`;
        return { type: 'FatalError', error: why };
      }
    },
  };
}

function expectVersion(what: string, given: number, current: number): void {
  if (given === current) return;
  throw badRequest('BadVersion', `The ${what} version is ${String(current)} here, not ${String(given)}.`);
}
