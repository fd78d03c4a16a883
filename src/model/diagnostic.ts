import type { Address } from './address.ts';
import type { DiagnosticCode } from './diagnostic-codes.ts';
import { comparePlace, type Place } from './place.ts';

/**
 * One thing to tell the user about what they wrote or asked. Errors stop the command; warnings and notes do not.
 * Never holds a value of a variable. Codes are stable and listed in docs/diagnostics.md.
 */
export interface Diagnostic {
  readonly severity: 'error' | 'warning' | 'note';
  readonly code: DiagnosticCode;
  /** What is wrong, what was expected, what came: one sentence. */
  readonly summary: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly where?: Place;
  /** The other place of a conflict (a duplicate's first occurrence). */
  readonly also?: Place;
  readonly address?: Address;
}

/**
 * Exact duplicates removed, and sorted: for errors of the document `by` place, as a person reads a file; for a plan by
 * content, so that moving an entry to another line does not move anything else (law D).
 */
export function sortDiagnostics(
  diagnostics: Iterable<Diagnostic>,
  by: 'place' | 'content' = 'place',
): readonly Diagnostic[] {
  const seen = new Set<string>();
  const place = (a: Diagnostic, b: Diagnostic): number => comparePlace(a.where, b.where);
  const content = (a: Diagnostic, b: Diagnostic): number =>
    compareText(a.code, b.code) || compareText(a.address ?? '', b.address ?? '') || compareText(a.summary, b.summary);
  return [...diagnostics]
    .sort((a, b) => (by === 'place' ? place(a, b) || content(a, b) : content(a, b) || place(a, b)))
    .filter((diagnostic) => {
      const identity = JSON.stringify(diagnostic);
      return seen.has(identity) ? false : (seen.add(identity), true);
    });
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
