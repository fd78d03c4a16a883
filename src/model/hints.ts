import type { LiveResource } from './resource.ts';
import type { Secret } from './secret.ts';

/** Members that may not be any more as they were listed. A hint: it says where to look, never what is there. */
export interface Moved {
  readonly kind: string;
  /** Only in these containers; absent: in all of them. */
  readonly of?: (container: LiveResource) => boolean;
}

export type Hint =
  | { readonly type: 'nothing' }
  /** `everything`: all that such hints tell of. */
  | { readonly type: 'moved'; readonly moved: readonly Moved[] | 'everything' }
  /** This time nobody can say what has moved; asking again may help. */
  | { readonly type: 'unknown'; readonly why: string }
  /** There are none: of this plan, or for this token. */
  | { readonly type: 'unavailable'; readonly why: string };

/** What the platform's log says of kinds that it tells of (`toldBy: 'log'`). */
export interface Hints {
  /**
   * What has moved since the last call that did not answer `unknown` or `unavailable`; the first one answers `moved
   * everything`. One request where nothing has happened. Throws only when aborted.
   */
  poll(signal: AbortSignal): Promise<Hint>;
}

/** A secret that deliveries are signed with. `of`: only deliveries of the container of that name; null: of any. */
export interface PushSecret {
  readonly of: string | null;
  readonly secret: Secret;
}

/** What arrived at our door. Nothing of it is trusted before its signature holds. */
export interface Delivery {
  readonly body: Uint8Array;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The container that the address named; null: none. */
  readonly of: string | null;
}

export type Received =
  /** Signed by nobody we know, or long ago. */
  { readonly type: 'refused' } | { readonly type: 'told'; readonly moved: readonly Moved[] };

/** What the platform sends by itself of kinds with `toldBy: 'push'`. Pure. */
export interface Push {
  /** `now`: milliseconds since epoch. */
  receive(delivery: Delivery, secrets: readonly PushSecret[], now: number): Received;
  /** The name under which deliveries know a container; null: none come from it. */
  nameOf(container: LiveResource): string | null;
}
