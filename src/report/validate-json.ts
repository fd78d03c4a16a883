import type { Diagnostic } from '../model/diagnostic.ts';
import { diagnosticsJson } from './diagnostic-json.ts';
import { compareText } from './envelope-json.ts';
import { FORMAT_VERSIONS } from './format-version.ts';

/** What `validate --format json` prints. */
export interface ValidateDocument {
  readonly kind: 'validate';
  readonly formatVersion: string;
  readonly tool: string;
  readonly valid: boolean;
  /** How much was declared, by kind; null when it is not valid. */
  readonly declared: Readonly<Record<string, number>> | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** No time in it: the same files give the same bytes. */
export function validateDocument(
  validated: {
    readonly declared: Readonly<Record<string, number>> | null;
    readonly diagnostics: readonly Diagnostic[];
  },
  meta: { readonly tool: string },
): ValidateDocument {
  const { declared, diagnostics } = validated;
  return {
    kind: 'validate',
    formatVersion: FORMAT_VERSIONS.validate,
    tool: meta.tool,
    valid: declared !== null,
    declared:
      declared === null ? null : Object.fromEntries(Object.entries(declared).sort(([a], [b]) => compareText(a, b))),
    diagnostics: diagnosticsJson(diagnostics, 'place'),
  };
}
