import { badRequest } from '../platform/errors.ts';
import { Misread, integer, list, nullable, number, oneOf, optional, shape, text } from '../readers.ts';
import type { Reader } from '../readers.ts';

/*
 * The sync protocol, as far as a client needs it that reads a query once (npm convex 1.48.0,
 * `src/browser/sync/protocol.ts`). Mutations, actions, events and user identities are refused.
 */

const anything: Reader<unknown> = (value) => value;

const connect = shape({
  type: oneOf('Connect'),
  sessionId: text,
  connectionCount: integer,
  lastCloseReason: nullable(text),
  maxObservedTimestamp: optional(text),
  clientTs: number,
});

const authenticate = shape({
  type: oneOf('Authenticate'),
  tokenType: oneOf('Admin'),
  value: text,
  baseVersion: integer,
});

const add = shape({
  type: oneOf('Add'),
  queryId: integer,
  udfPath: text,
  args: list(anything),
  journal: optional(nullable(text)),
  componentPath: optional(text),
});

const remove = shape({ type: oneOf('Remove'), queryId: integer });

const modification: Reader<ReturnType<typeof add> | ReturnType<typeof remove>> = (value, at) =>
  wordAt(value, 'type') === 'Remove' ? remove(value, at) : add(value, at);

const modifyQuerySet = shape({
  type: oneOf('ModifyQuerySet'),
  baseVersion: integer,
  newVersion: integer,
  modifications: list(modification),
});

export type AddQuery = ReturnType<typeof add>;

export type ClientMessage = ReturnType<typeof connect | typeof authenticate | typeof modifyQuerySet>;

function wordAt(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function read(value: unknown): ClientMessage {
  const type = wordAt(value, 'type');
  switch (type) {
    case 'Connect':
      return connect(value, 'message');
    case 'Authenticate':
      return authenticate(value, 'message');
    case 'ModifyQuerySet':
      return modifyQuerySet(value, 'message');
    default:
      throw badRequest('SandboxDoesNotServe', `The sandbox takes no '${String(type)}' on the sync socket.`);
  }
}

/** Reads what a client sent; throws a refusal when it is not exactly a message that the sandbox knows. */
export function readClientMessage(source: string): ClientMessage {
  try {
    return read(JSON.parse(source));
  } catch (error) {
    if (error instanceof SyntaxError) throw badRequest('WSMessageInvalidJson', 'The message is not JSON.');
    throw error instanceof Misread ? badRequest('WSMessageInvalidJson', error.message) : error;
  }
}

export interface StateVersion {
  readonly querySet: number;
  readonly identity: number;
  /** Unsigned 64-bit, little-endian, in base64. */
  readonly ts: string;
}

export type StateModification =
  | {
      readonly type: 'QueryUpdated';
      readonly queryId: number;
      readonly value: unknown;
      readonly logLines: readonly string[];
      readonly journal: null;
    }
  | {
      readonly type: 'QueryFailed';
      readonly queryId: number;
      readonly errorMessage: string;
      readonly logLines: readonly string[];
      readonly journal: null;
    }
  | { readonly type: 'QueryRemoved'; readonly queryId: number };

export type ServerMessage =
  | {
      readonly type: 'Transition';
      readonly startVersion: StateVersion;
      readonly endVersion: StateVersion;
      readonly modifications: readonly StateModification[];
    }
  | { readonly type: 'FatalError'; readonly error: string };

/** A timestamp as the protocol writes it. */
export function encodeTimestamp(ts: bigint): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(ts);
  return bytes.toString('base64');
}
