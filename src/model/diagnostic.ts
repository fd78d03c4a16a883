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

/** Sorted by place, then code, then text; exact duplicates removed. */
export function sortDiagnostics(diagnostics: Iterable<Diagnostic>): readonly Diagnostic[] {
  const seen = new Set<string>();
  return [...diagnostics]
    .sort(
      (a, b) =>
        comparePlace(a.where, b.where) ||
        compareText(a.code, b.code) ||
        compareText(a.address ?? '', b.address ?? '') ||
        compareText(a.summary, b.summary),
    )
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
