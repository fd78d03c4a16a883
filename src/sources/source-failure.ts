import type { DiagnosticCode } from '../model/diagnostic-codes.ts';
import type { Place } from '../model/place.ts';
import type { Resolved } from '../model/source.ts';

/** What went wrong with a source. Never a value, nor anything out of a file that could be one. */
export interface SourceFailure {
  readonly code: DiagnosticCode;
  readonly summary: string;
  readonly hint: string;
  readonly where: Place;
  /** The line that asks for the source, when `where` is in the source itself. */
  readonly also?: Place;
}

export function unresolved(failure: SourceFailure): Resolved {
  return { type: 'unresolved', diagnostic: { severity: 'error', ...failure } };
}
