import type { Address } from './address.ts';
import type { Hints } from './hints.ts';
import type { ResourceKind } from './kind.ts';
import type { Spec } from './resource.ts';
import type { Secret } from './secret.ts';
import type { Target } from './target.ts';
import type { Trail } from './trail.ts';

/** A platform: its kinds, parents before children, and the one handle that their requests go through. */
export interface Provider<Api = unknown> {
  readonly kinds: readonly ResourceKind<Spec, Api>[];
  readonly api: Api;
  /** Who the token is for; `said` helps where the token alone does not tell. Throws {@link PlatformError}. */
  identify(signal: AbortSignal, said?: SaidTeam | null): Promise<Target>;
  /** The target's slug as far as the reads so far have shown it. */
  teamSlug(): string | null;
  /** The team that the things read so far belong to, where they say so. */
  teamId?(): number | null;
  /** Requests sent so far, retries included, and what the limiter and the platform made us wait. */
  usage(): RequestUsage;
  /**
   * Values that the document has for members of `container`, told before the first request about them: no message of
   * the platform that concerns it may show one, also where what is live could not be read (law C).
   */
  keepSecret?(container: Address, secrets: readonly Secret[]): void;
  /** Tells what may have moved, for fewer requests than listing. Absent: nothing does. */
  readonly hints?: Hints;
  /** Tells who did what. Absent: nothing does. */
  readonly trail?: Trail;
  close(): Promise<void>;
}

/** What the document says of whose things these are. */
export interface SaidTeam {
  /** Slug or numeric id. */
  readonly team: string | number;
  /** Keys of declared things at the top: what the team may be found by. */
  readonly keys: readonly string[];
}

export interface RequestUsage {
  readonly reads: number;
  readonly writes: number;
  /** Replies 429. */
  readonly throttled: number;
  /** Milliseconds in which something waited and only the rate, holds or the learned pace held it back. */
  readonly waitedMs: number;
}
