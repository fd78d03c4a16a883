import type { Diagnostic } from '../model/diagnostic.ts';
import type { Settings } from './contract.ts';

/** `--suppress` removes warnings and notes by code; `--warnings-as-errors` makes errors of those that are left. */
export function judge(
  diagnostics: readonly Diagnostic[],
  settings: Pick<Settings, 'suppress' | 'warningsAsErrors'>,
): readonly Diagnostic[] {
  const { suppress, warningsAsErrors } = settings;
  return diagnostics
    .filter(({ severity, code }) => severity === 'error' || !suppress.includes(code))
    .map((diagnostic) => {
      const raised =
        warningsAsErrors === true || (warningsAsErrors !== false && warningsAsErrors.includes(diagnostic.code));
      return diagnostic.severity === 'warning' && raised ? { ...diagnostic, severity: 'error' } : diagnostic;
    });
}
