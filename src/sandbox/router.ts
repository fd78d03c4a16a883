import type { Operation } from './operation.ts';

export interface Match {
  readonly operation: Operation;
  /** A path parameter by its name in the template, percent-decoded. */
  readonly path: (name: string) => string;
}

interface Row {
  readonly method: string;
  readonly pattern: URLPattern;
  readonly operation: Operation;
}

const segments = (path: string) => path.split('/').length;

/**
 * Finds the row for a method and a path. Keys are `METHOD /path/{parameter}`, as the specifications write them.
 * Rows are tried by number of segments, for a pattern test costs microseconds.
 */
export function createRouter(table: Readonly<Record<string, Operation>>): {
  readonly match: (method: string, path: string) => Match | undefined;
} {
  const rows = new Map<number, Row[]>();
  for (const [key, operation] of Object.entries(table)) {
    const space = key.indexOf(' ');
    const template = key.slice(space + 1);
    const row: Row = {
      method: key.slice(0, space),
      pattern: new URLPattern({ pathname: template.replace(/\{(\w+)\}/g, ':$1') }),
      operation,
    };
    const same = rows.get(segments(template));
    if (same === undefined) rows.set(segments(template), [row]);
    else same.push(row);
  }
  return {
    match(method, path) {
      for (const row of rows.get(segments(path)) ?? []) {
        if (row.method !== method || !row.pattern.test({ pathname: path })) continue;
        const groups = row.pattern.exec({ pathname: path })?.pathname.groups ?? {};
        return { operation: row.operation, path: (name) => decodeSegment(groups[name] ?? '') };
      }
      return undefined;
    },
  };
}

/** A segment that cannot be decoded names nothing, so its raw form does as well. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
