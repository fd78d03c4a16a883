import type { Operation } from './operation.ts';

export interface Match {
  readonly operation: Operation;
  /** A path parameter by its name in the template, percent-decoded. */
  readonly path: (name: string) => string;
}

interface Row {
  readonly method: string;
  /** `projects`, `{project_id}`, … */
  readonly segments: readonly string[];
  readonly operation: Operation;
}

/** Finds the row for a method and a path. Keys are `METHOD /path/{parameter}`, as the specifications write them. */
export function createRouter(table: Readonly<Record<string, Operation>>): {
  readonly match: (method: string, path: string) => Match | undefined;
} {
  const rows = Object.entries(table).map(([key, operation]): Row => {
    const space = key.indexOf(' ');
    return { method: key.slice(0, space), segments: key.slice(space + 1).split('/'), operation };
  });
  return {
    match(method, path) {
      const segments = path.split('/');
      const row = rows.find((one) => one.method === method && fits(one.segments, segments));
      if (row === undefined) return undefined;
      return {
        operation: row.operation,
        path: (name) => decodeSegment(segments[row.segments.indexOf(`{${name}}`)] ?? ''),
      };
    },
  };
}

/** A parameter takes any segment that is not empty. */
function fits(template: readonly string[], segments: readonly string[]): boolean {
  return (
    template.length === segments.length &&
    template.every((part, at) => (part.startsWith('{') ? segments[at] !== '' : part === segments[at]))
  );
}

/** A segment that cannot be decoded names nothing, so its raw form does as well. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
