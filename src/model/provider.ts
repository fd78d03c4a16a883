import type { ResourceKind } from './kind.ts';
import type { Spec } from './resource.ts';

/** Whose things these are: what a plan's first line names and a saved plan is bound to. */
export interface Target {
  readonly apiUrl: string;
  readonly dialect: string;
  readonly teamId: number;
  /** Null until something that names it was read (an empty team cannot be checked, rule 26). */
  readonly teamSlug: string | null;
}

/** A platform: its kinds, parents before children, and the one handle that their requests go through. */
export interface Provider<Api = unknown> {
  readonly kinds: readonly ResourceKind<Spec, Api>[];
  readonly api: Api;
  /** Who the token is for. Throws {@link PlatformError}. */
  identify(signal: AbortSignal): Promise<Target>;
  /** The target's slug as far as the reads so far have shown it. */
  teamSlug(): string | null;
  /** Requests sent so far, retries included, and what the limiter and the platform made us wait. */
  usage(): RequestUsage;
  close(): Promise<void>;
}

export interface RequestUsage {
  readonly reads: number;
  readonly writes: number;
  /** Replies 429. */
  readonly throttled: number;
  /** Milliseconds that requests waited for the limiter. */
  readonly waitedMs: number;
}
