import type { Diagnostic } from '../model/diagnostic.ts';
import { sortDiagnostics } from '../model/diagnostic.ts';
import { formatPlace } from '../model/place.ts';
import { FRAME_WIDTH, frameLine, frameSource } from './code-frame.ts';
import { painter, type Paint, type Style } from './paint.ts';
import { sanitize } from './sanitize.ts';
import { count } from './words.ts';

/**
 * Diagnostics for people, sorted: severity, code, sentence, place, the line, a hint; more than one end with how many
 * there are. Empty for none, else ends with a newline. `texts` are the files by path as their places name them, with
 * everything masked that is not to be seen: their lines are shown as they are. Without its file a place is only named.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  options: { readonly color: boolean; readonly width: number },
): string {
  const sorted = sortDiagnostics(diagnostics);
  if (sorted.length === 0) return '';
  const blocks = blocksOf(sorted, texts, { paint: painter(options.color), width: options.width });
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
  return blocksOf(diagnostics, texts, { paint, width: FRAME_WIDTH });
}

interface Looks {
  readonly paint: Paint;
  readonly width: number;
}

function blocksOf(
  diagnostics: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  looks: Looks,
): readonly string[] {
  const sourceOf = sourcesOf(texts);
  const { paint } = looks;
  return diagnostics.map((diagnostic) => {
    const { severity, code, summary, hint, where, also, address } = diagnostic;
    const place = where === undefined ? address : formatPlace(where);
    return [
      `${paint(['bold', styleOf(severity)], `${sanitize(severity)}[${sanitize(code)}]`)} ${paint('bold', sanitize(summary))}`,
      ...(place === undefined ? [] : [`  ${paint('cyan', '-->')} ${sanitize(place)}`]),
      ...(where === undefined ? [] : frameLines(diagnostic, sourceOf(where.file), looks)),
      ...(also === undefined ? [] : [`  ${paint('cyan', 'and')} ${sanitize(formatPlace(also))}`]),
      ...(hint === undefined ? [] : [`  ${paint('cyan', 'hint:')} ${sanitize(hint)}`]),
    ].join('\n');
  });
}

/** The frame of a diagnostic as plain text of several lines, without its indent; null where there is none. */
export function frameText(
  texts: ReadonlyMap<string, string>,
  width: number,
): (diagnostic: Diagnostic) => string | null {
  const sourceOf = sourcesOf(texts);
  return (diagnostic) => {
    const { where } = diagnostic;
    if (where === undefined) return null;
    const lines = frameLines(diagnostic, sourceOf(where.file), { paint: painter(false), width });
    return lines.length === 0 ? null : lines.map((line) => line.slice(2)).join('\n');
  };
}

/** The lines of the files, each file split once. */
function sourcesOf(texts: ReadonlyMap<string, string>): (file: string) => readonly string[] {
  const sources = new Map<string, readonly string[]>();
  return (file) => {
    const known = sources.get(file);
    if (known !== undefined) return known;
    const text = texts.get(file);
    const source = text === undefined ? [] : frameSource(text);
    sources.set(file, source);
    return source;
  };
}

/** The line, the one above it, and a caret. */
function frameLines({ severity, where }: Diagnostic, source: readonly string[], { paint, width }: Looks): string[] {
  if (where === undefined) return [];
  const gutter = String(where.line).length;
  const room = Math.max(MIN_ROOM, width - gutter - '   | '.length);
  const line = frameLine(source[where.line - 1] ?? '', where.column, room);
  if (line === null) return [];
  const row = (label: string, text: string) =>
    `  ${paint('dim', `${label.padStart(gutter)} |`)}${text === '' ? '' : ` ${text}`}`;
  const above = frameLine(source[where.line - 2] ?? '', 1, room);
  return [
    ...(above === null ? [] : [row(String(where.line - 1), above.text)]),
    row(String(where.line), line.text),
    row('', ' '.repeat(line.caret) + paint(styleOf(severity), '^'.repeat(line.length))),
  ];
}

/** Narrower, a frame shows nothing that helps. */
const MIN_ROOM = 20;

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
