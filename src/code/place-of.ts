import type { Place } from '../model/place.ts';
import type { CodeModule } from './code-module.ts';
import type { Node } from './syntax.ts';

/** Where a node begins; columns count UTF-16 units from 1. */
export function placeOf({ file }: CodeModule, { loc }: Node): Place {
  const start = loc?.start;
  return { file, line: start?.line ?? 1, column: (start?.column ?? 0) + 1 };
}
