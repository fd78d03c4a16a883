import type { Diagnostic } from '../model/diagnostic.ts';
import { diagnosticsJson } from './diagnostic-json.ts';
import { FORMAT_VERSIONS } from './format-version.ts';

/** What stdout carries with `--format json` when a command ends in errors. */
export interface ErrorDocument {
  readonly kind: 'error';
  readonly formatVersion: string;
  readonly diagnostics: readonly Diagnostic[];
}

export function errorDocument(diagnostics: readonly Diagnostic[]): ErrorDocument {
  return {
    kind: 'error',
    formatVersion: FORMAT_VERSIONS.error,
    diagnostics: diagnosticsJson(diagnostics, 'place'),
  };
}
