import type { Diagnostic } from '../model/diagnostic.ts';
import { renderDiagnostics } from './diagnostic-text.ts';
import { painter } from './paint.ts';
import { sanitize } from './sanitize.ts';
import { count } from './words.ts';

/**
 * What `validate` prints: the diagnostics, then `ok: 2 projects, 4 deployments declared` when there is no error.
 * `declared` is by noun in the singular, in the order to say it; null when there are errors.
 */
export function renderValidated(
  validated: {
    readonly declared: Readonly<Record<string, number>> | null;
    readonly diagnostics: readonly Diagnostic[];
    readonly texts: ReadonlyMap<string, string>;
  },
  options: { readonly color: boolean; readonly width: number },
): string {
  const problems = renderDiagnostics(validated.diagnostics, validated.texts, options);
  if (validated.declared === null) return problems;
  const counts = Object.entries(validated.declared).map(([noun, n]) => count(n, sanitize(noun)));
  const said = counts.length === 0 ? 'nothing' : counts.join(', ');
  const ok = `${painter(options.color)(['bold', 'green'], 'ok:')} ${said} declared\n`;
  return problems === '' ? ok : `${problems}\n${ok}`;
}
