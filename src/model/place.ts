/** A place in a file the user wrote. `line` and `column` count from 1; `file` is the path as given to us. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Orders places by file, line, column; things without a place come first. */
export function comparePlace(a: Place | undefined, b: Place | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

/** `file:line:column`, as editors and terminals link it. */
export function formatPlace(place: Place): string {
  return `${place.file}:${place.line}:${place.column}`;
}
