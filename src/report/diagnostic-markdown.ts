import { sortDiagnostics, type Diagnostic } from '../model/diagnostic.ts';
import { openMarkdown } from './markdown-writer.ts';
import { cut, markdownCode, markdownText } from './markup.ts';
import { count } from './words.ts';

/** Diagnostics as a list, errors first; nothing in it that came from outside is markup. */
export function diagnosticsMarkdown(diagnostics: readonly Diagnostic[], elsewhere: string | null): string {
  const out = openMarkdown(elsewhere);
  const sorted = sortDiagnostics(diagnostics);
  for (const severity of ['error', 'warning', 'note'] as const) {
    const of = sorted.filter((diagnostic) => diagnostic.severity === severity);
    if (of.length > 0) out.put(`**${count(of.length, severity)}**\n`, of.map(diagnosticLine));
  }
  if (sorted.length === 0) out.add('Nothing to complain about.');
  return out.text();
}

/** One of them as an item of a list. */
export function diagnosticLine({ code, summary, hint, where }: Diagnostic): string {
  const parts = [
    markdownCode(code),
    ...(where === undefined ? [] : [markdownCode(cut(`${where.file}:${where.line}:${where.column}`))]),
    `${markdownText(cut(summary))}.`,
    ...(hint === undefined ? [] : [markdownText(cut(hint))]),
  ];
  return `- ${parts.join(' ')}`;
}
