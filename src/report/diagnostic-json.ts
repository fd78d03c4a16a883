import { sortDiagnostics, type Diagnostic } from '../model/diagnostic.ts';
import type { Place } from '../model/place.ts';

/** Diagnostics as documents hold them: sorted (by place for what is about files, by content for plans), keys in one order, nothing but the documented ones. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[], by: 'place' | 'content'): readonly Diagnostic[] {
  return sortDiagnostics(diagnostics, by).map(({ severity, code, summary, hint, where, also, address }) => ({
    // Documents know two severities; a note is told as the milder one.
    severity: severity === 'note' ? 'warning' : severity,
    code,
    summary,
    ...(hint === undefined ? {} : { hint }),
    ...(where === undefined ? {} : { where: placeJson(where) }),
    ...(also === undefined ? {} : { also: placeJson(also) }),
    ...(address === undefined ? {} : { address }),
  }));
}

export function placeJson({ file, line, column }: Place): Place {
  return { file, line, column };
}
