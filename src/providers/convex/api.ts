import type { LiveResource } from '../../model/resource.ts';
import type { Scrubber } from '../http/scrub.ts';

/** One request to the platform, to be sent with retries as its method allows. */
export interface ApiRequest<Reply> {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below the API's base, with a leading slash and its parameters encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Reply body → what is needed of it; throws {@link UnexpectedShape}. Absent: the reply is empty and ignored. */
  readonly decode?: (body: unknown) => Reply;
  /** Whose secrets a message of the platform could echo; see {@link Scrubber}. */
  readonly secretsOf?: string;
  /** It changes nothing, although its method is not GET. */
  readonly isRead?: true;
  /** "Not found" is an answer, also about what was created a moment ago. */
  readonly mayBeAbsent?: true;
  readonly signal: AbortSignal;
}

/** The one handle that the kinds' requests go through. Every method throws {@link PlatformError}. */
export interface ConvexApi {
  /** The team of the token. Known after `identify`; asking before is a bug. */
  teamId(): number;
  /** What a reply said the team's slug is. */
  noteTeamSlug(slug: string): void;
  /** What a reply said the team's id is. */
  noteTeamId(id: number): void;
  /** What a reply said the token's own id is. */
  noteTokenId(id: number): void;
  /** Null: no reply has said it. */
  tokenId(): number | null;
  /** The path of what was just created (`/projects/41`): until all of the platform knows it, "not found" is asked again. */
  noteBorn(thing: string): void;
  readonly scrubber: Scrubber;
  /** To the management API, as `Authorization: Bearer`. */
  management<Reply = void>(request: ApiRequest<Reply>): Promise<Reply>;
  /** To the API of one live deployment, as `Authorization: Convex`; its host is judged before anything is sent. */
  deployment<Reply = void>(live: LiveResource, request: ApiRequest<Reply>): Promise<Reply>;
}
