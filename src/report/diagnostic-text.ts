import type { Diagnostic } from '../model/diagnostic.ts';
import { sortDiagnostics } from '../model/diagnostic.ts';
import { formatPlace } from '../model/place.ts';
import { frameLine, frameSource, hasKey } from './code-frame.ts';
import { painter, type Paint, type Style } from './paint.ts';
import { sanitize } from './sanitize.ts';
import { count } from './words.ts';

/**
 * Diagnostics for people, sorted: severity, code, sentence, place, the line (keys only, see code-frame), a hint; more
 * than one end with how many there are. Empty for none, else ends with a newline. `texts` are the files by path as
 * their places name them; without its file a place is only named.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  options: { readonly color: boolean; readonly width: number },
): string {
  const sorted = sortDiagnostics(diagnostics);
  if (sorted.length === 0) return '';
  const blocks = diagnosticBlocks(sorted, texts, painter(options.color));
  const counts = (['error', 'warning', 'note'] as const)
    .map((severity) => [severity, sorted.filter((diagnostic) => diagnostic.severity === severity).length] as const)
    .filter(([, n]) => n > 0)
    .map(([severity, n]) => count(n, severity));
  return `${[...blocks, ...(sorted.length > 1 ? [`${counts.join(', ')}.`] : [])].join('\n\n')}\n`;
}

/** One text of several lines for each. */
export function diagnosticBlocks(
  diagnostics: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  paint: Paint,
): readonly string[] {
  const sources = new Map<string, readonly (string | null)[]>();
  const sourceOf = (file: string): readonly (string | null)[] => {
    const known = sources.get(file);
    if (known !== undefined) return known;
    const text = texts.get(file);
    const source = text === undefined ? [] : frameSource(text);
    sources.set(file, source);
    return source;
  };
  return diagnostics.map((diagnostic) => {
    const { severity, code, summary, hint, where, also, address } = diagnostic;
    const place = where === undefined ? address : formatPlace(where);
    return [
      `${paint(['bold', styleOf(severity)], `${sanitize(severity)}[${sanitize(code)}]`)} ${paint('bold', sanitize(summary))}`,
      ...(place === undefined ? [] : [`  ${paint('cyan', '-->')} ${sanitize(place)}`]),
      ...(where === undefined ? [] : frameLines(diagnostic, sourceOf(where.file), paint)),
      ...(also === undefined ? [] : [`  ${paint('cyan', 'and')} ${sanitize(formatPlace(also))}`]),
      ...(hint === undefined ? [] : [`  ${paint('cyan', 'hint:')} ${sanitize(hint)}`]),
    ].join('\n');
  });
}

function frameLines(
  { severity, summary, where }: Diagnostic,
  source: readonly (string | null)[],
  paint: Paint,
): string[] {
  if (where === undefined) return [];
  const quoted = (token: string) =>
    ['"', "'", '`'].some((mark) => summary.includes(mark + token.replace(/^["']|["']$/g, '') + mark));
  const line = frameLine(source[where.line - 1] ?? null, where.column, quoted);
  if (line === null) return [];
  const gutter = String(where.line).length;
  const row = (label: string, text: string) =>
    `  ${paint('dim', `${label.padStart(gutter)} |`)}${text === '' ? '' : ` ${text}`}`;
  const above = source[where.line - 2] ?? null;
  const context = hasKey(above) ? frameLine(above, 1, () => false) : null;
  return [
    ...(context === null ? [] : [row(String(where.line - 1), context.text)]),
    row(String(where.line), line.text),
    row('', ' '.repeat(line.caret) + paint(styleOf(severity), '^'.repeat(line.length))),
  ];
}

function styleOf(severity: Diagnostic['severity']): Style {
  switch (severity) {
    case 'error':
      return 'red';
    case 'warning':
      return 'yellow';
    case 'note':
      return 'cyan';
    default:
      severity satisfies never;
      return 'cyan';
  }
}
