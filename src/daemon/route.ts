import type { ServerOptions } from './server.ts';

export interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What of a request its route may look at. */
export interface Asked {
  readonly url: URL;
  /** What stands for `*` in the route's path; empty where there is none. */
  readonly rest: string;
  /** Empty unless the route reads one. */
  readonly body: string;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `open`: for anybody; `private`: with the bearer, unless only this machine can ask; `bearer`: always with it. */
  readonly access: 'open' | 'private' | 'bearer';
  /** Bytes of a body that it reads; absent: none. */
  readonly takes?: number;
  readonly answer: (options: ServerOptions, asked: Asked) => Answer | Promise<Answer>;
}

/** By path, one for each method. `/api/runs/*`: whatever one segment stands for the star. */
export type Routes = Readonly<Record<string, Route | readonly Route[]>>;

export function json(status: number, body: unknown): Answer {
  return { status, type: 'application/json', body: `${JSON.stringify(body)}\n` };
}

export function findRoute(
  routes: Routes,
  path: string,
): { readonly routes: readonly Route[]; readonly rest: string } | null {
  if (Object.hasOwn(routes, path)) return { routes: [routes[path] ?? []].flat(), rest: '' };
  const slash = path.lastIndexOf('/');
  const rest = path.slice(slash + 1);
  const starred = `${path.slice(0, slash)}/*`;
  return rest !== '' && Object.hasOwn(routes, starred) ? { routes: [routes[starred] ?? []].flat(), rest } : null;
}
