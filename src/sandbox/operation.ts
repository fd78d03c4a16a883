import type { Platform } from './platform/platform.ts';
import type { Deployment, Destination } from './platform/state.ts';
import type { Caller } from './platform/tokens.ts';
import type { Shape } from './readers.ts';

/** An answer before it is bytes. Without `body` the reply is really empty. */
export interface Reply<Body = unknown> {
  readonly status: number;
  readonly body?: Body;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The API base of a deployment, and the base of its HTTP actions, as the server that answers serves them. */
export type UrlOf = (deployment: Pick<Deployment, 'name' | 'region'>, to: Destination) => string;

/** What an operation is given: everything about the request that it declared, already read. */
export interface Call<Query, Body> {
  readonly platform: Platform;
  readonly caller: Caller;
  readonly urlOf: UrlOf;
  /** A path parameter by its name in the template. */
  readonly path: (name: string) => string;
  readonly query: Query;
  readonly body: Body;
  /** The deployment whose API is called. Throws on a management operation. */
  readonly deployment: () => Deployment;
}

/** One row of a dialect's table. */
export interface Operation<Result = unknown> {
  /** What the caller must be allowed to do, as 403 names it. */
  readonly permission: string;
  /** `personal`: Team Tokens are refused. */
  readonly tokens?: 'personal';
  /** Two calls that overlap on one deployment conflict (503, recorded for environment updates). */
  readonly exclusive?: true;
  /** `read`: nothing is changed, whatever the method. Absent: GET reads, everything else writes. */
  readonly access?: 'read';
  readonly query: Shape<unknown> | null;
  readonly body: Shape<unknown> | null;
  readonly answer: (call: Call<never, never>) => Reply<Result>;
}

type Read<S> = S extends Shape<infer Value> ? Value : undefined;

/** Writes a row; `answer` sees the types of the declared query and body, the table keeps the type of the result. */
export function operation<
  Result,
  Query extends Shape<unknown> | null = null,
  Body extends Shape<unknown> | null = null,
>(row: {
  readonly permission: string;
  readonly tokens?: 'personal';
  readonly exclusive?: true;
  readonly access?: 'read';
  readonly query?: Query;
  readonly body?: Body;
  readonly answer: (call: Call<Read<Query>, Read<Body>>) => Reply<Result>;
}): Operation<Result> {
  return { ...row, query: row.query ?? null, body: row.body ?? null };
}

export function json<Body>(body: Body): Reply<Body> {
  return { status: 200, body };
}

/** 200 with no body at all, as most official writes answer. */
export const EMPTY: Reply<never> = { status: 200 };

/** 204. */
export const NO_CONTENT: Reply<never> = { status: 204 };
