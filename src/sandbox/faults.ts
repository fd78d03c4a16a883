import type { Reply } from './operation.ts';

/** Which requests a fault meets. All given keys must hold. */
export interface FaultMatch {
  readonly method?: string;
  /**
   * The whole path, without the query. A glob, where `*` stays within a segment and `**` crosses segments
   * (`/v1/projects/*`), or a regular expression after `re:` (`re:/update_environment_variables$`).
   */
  readonly path?: string;
  /** The first matching request to meet, counted from 1 (default 1). */
  readonly nth?: number;
  /** How many matching requests in a row meet the fault, from `nth` on (default 1). */
  readonly times?: number | 'always';
}

/** `before`: the platform did nothing. `after`: it did the work (committed), only the reply goes wrong. */
export type When = 'before' | 'after';

/** What goes wrong. `when` defaults to `before`. */
export type FaultEffect =
  /** Another status; `body` as it is, else `{code, message}`, else an empty body. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly code?: string;
      readonly message?: string;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly when?: When;
    }
  /** 429 with `Retry-After` in seconds, as an HTTP date so many ms ahead, or as any text; nothing executed. */
  | { readonly kind: 'rate-limited'; readonly seconds?: number; readonly dateInMs?: number; readonly text?: string }
  /** An HTML page, as a proxy sends it (default 502). */
  | { readonly kind: 'html'; readonly status?: number; readonly when?: When }
  /** The connection is reset; `mid-body`: after the head and half of the body, the work done. */
  | { readonly kind: 'reset'; readonly when?: When | 'mid-body' }
  /** No answer, the connection stays open. */
  | { readonly kind: 'hang'; readonly when?: When }
  /** The true reply, `ms` later; `before` delays the work too. */
  | { readonly kind: 'delay'; readonly ms: number; readonly when?: When }
  /** The true status with half of the JSON, correctly framed. */
  | { readonly kind: 'truncated' }
  /** The true JSON under another content type (default `text/html`). */
  | { readonly kind: 'content-type'; readonly value?: string }
  /** The true reply at so many bytes a second. */
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }
  /** 200 with a JSON string of so many bytes. */
  | { readonly kind: 'huge'; readonly bytes: number; readonly when?: When }
  /** A redirect (default 307), usually to another host. */
  | { readonly kind: 'redirect'; readonly location: string; readonly status?: number; readonly when?: When }
  /** A page that says `hasMore` and names no cursor. */
  | { readonly kind: 'no-cursor' }
  /** A list whose cursor leads to the same page again. */
  | { readonly kind: 'cursor-loop' }
  /** The create succeeds, then the first `reads` reads that name what it made answer 404. */
  | { readonly kind: 'lag'; readonly reads: number };

/** Every kind once; the compiler keeps it complete. */
export const FAULT_KINDS = Object.keys({
  status: true,
  'rate-limited': true,
  html: true,
  reset: true,
  hang: true,
  delay: true,
  truncated: true,
  'content-type': true,
  slow: true,
  huge: true,
  redirect: true,
  'no-cursor': true,
  'cursor-loop': true,
  lag: true,
} satisfies Record<FaultEffect['kind'], true>);

export interface Fault {
  readonly match?: FaultMatch;
  readonly effect: FaultEffect;
}

/** The faults in force, and what they remember between requests. */
export interface FaultBook {
  replace(faults: readonly Fault[]): void;
  /** The first fault that meets this request. Counts: to be asked once for each request. */
  meet(method: string, path: string): FaultEffect | undefined;
  /** After a create under a `lag` fault: its things are hidden from the next `reads` reads. */
  hide(reply: Reply, reads: number): void;
  /** True while `path` names something hidden; counts as one of its reads. */
  hidden(access: 'read' | 'write', path: string): boolean;
}

function pathTest(pattern: string): (path: string) => boolean {
  const source = pattern.startsWith('re:')
    ? pattern.slice(3)
    : `^${pattern.replace(/\*\*|\*|[^*]+/g, (part) =>
        part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`),
      )}$`;
  const regex = new RegExp(source);
  return (path) => regex.test(path);
}

interface Armed {
  readonly fault: Fault;
  readonly matches: (method: string, path: string) => boolean;
  readonly from: number;
  readonly until: number;
  seen: number;
}

function arm(fault: Fault): Armed {
  const { method, path, nth = 1, times = 1 } = fault.match ?? {};
  const onPath = path === undefined ? () => true : pathTest(path);
  return {
    fault,
    matches: (m, p) => (method === undefined || m === method.toUpperCase()) && onPath(p),
    from: nth,
    until: times === 'always' ? Number.POSITIVE_INFINITY : nth + times,
    seen: 0,
  };
}

/** Throws a SyntaxError for a regular expression that does not compile. */
export function createFaultBook(faults: readonly Fault[] = []): FaultBook {
  let armed = faults.map(arm);
  const lagging = new Map<string, number>();
  return {
    replace(next) {
      armed = next.map(arm);
      lagging.clear();
    },
    meet(method, path) {
      let met: FaultEffect | undefined;
      for (const one of armed) {
        if (!one.matches(method, path)) continue;
        one.seen += 1;
        if (one.seen >= one.from && one.seen < one.until) met ??= one.fault.effect;
      }
      return met;
    },
    hide(reply, reads) {
      if (reply.status >= 300 || typeof reply.body !== 'object' || reply.body === null) return;
      const made = reply.body as Record<string, unknown>;
      const name = made['deploymentName'] ?? made['name'];
      if (typeof name === 'string') lagging.set(name, reads);
      if ('slug' in made) lagging.set(String(made['slug']), reads).set(String(made['id']), reads);
    },
    hidden(access, path) {
      if (lagging.size === 0 || access !== 'read') return false;
      for (const part of path.split('/')) {
        // A deployment's address ends in its region.
        const [segment = ''] = part.split('.');
        const left = lagging.get(segment);
        if (left === undefined) continue;
        if (left <= 1) lagging.delete(segment);
        else lagging.set(segment, left - 1);
        return true;
      }
      return false;
    },
  };
}
