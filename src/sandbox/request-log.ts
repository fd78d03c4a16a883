/** One request as the sandbox saw it. Tokens are never part of it. */
export interface RequestLogEntry {
  /** 0 for the first request since the start; goes on counting after {@link RequestLog.clear}. */
  readonly index: number;
  /** Arrival, in ms since the sandbox started (monotonic real time, not the injected clock). */
  readonly at: number;
  readonly method: string;
  /** Path without the query, as sent. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Name of the deployment whose API was called. */
  readonly deployment?: string;
  /** HTTP status sent; 0 while none was sent (still running, hung, or reset before the head). */
  readonly status: number;
  /** What the operation does; `write` for everything but GET and HEAD that is not said to read. */
  readonly kind: 'read' | 'write';
  /** Parsed JSON body. Holds the values that the client sent. */
  readonly requestBody?: unknown;
  /** First word of `Authorization` in lower case, null when the header is absent. */
  readonly tokenScheme: string | null;
}

type Draft = { -readonly [Key in keyof RequestLogEntry]: RequestLogEntry[Key] };

/** Entries in order of arrival; the oldest go first once `limit` is exceeded, so that a long run stays bounded. */
export interface RequestLog {
  readonly entries: readonly RequestLogEntry[];
  open(entry: Omit<RequestLogEntry, 'index' | 'status'>): Draft;
  clear(): void;
}

export function createRequestLog(limit: number): RequestLog {
  const entries: Draft[] = [];
  let next = 0;
  return {
    entries,
    open(entry) {
      // Dropping in blocks keeps the cost per request constant.
      if (entries.length >= 2 * limit) entries.splice(0, entries.length - limit);
      const draft: Draft = { index: next++, status: 0, ...entry };
      entries.push(draft);
      return draft;
    },
    clear() {
      entries.length = 0;
    },
  };
}
