import type { Diagnostic } from '../../model/diagnostic.ts';
import { FRAME_WIDTH } from '../code-frame.ts';
import { frameText } from '../diagnostic-text.ts';
import { count } from '../words.ts';
import { diagnosticsHtml } from './notices.ts';
import { grouped, renderPage, type HtmlOptions } from './page.ts';

/**
 * What was wrong with the document or the run, errors first, each with its line; `declared` by noun where the document is
 * sound, null where it is not, or where that is not the question.
 */
export function problemsHtml(
  problem: {
    readonly diagnostics: readonly Diagnostic[];
    /** Masked: their lines are shown as they are. */
    readonly texts: ReadonlyMap<string, string>;
    readonly declared?: Readonly<Record<string, number>> | null;
  },
  options: HtmlOptions & { readonly name: string },
): string {
  const { diagnostics, texts, declared = null } = problem;
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.filter(({ severity }) => severity === 'warning').length;
  const counts = Object.entries(declared ?? {}).map(([noun, n]) => count(n, noun));
  const frames = frameText(texts, FRAME_WIDTH);
  return renderPage(
    {
      name: options.name,
      about: '',
      tone: errors > 0 ? 'remove' : warnings > 0 ? 'alter' : 'good',
      headline:
        errors > 0
          ? `${grouped(errors)} error${errors === 1 ? '' : 's'}`
          : warnings > 0
            ? `Valid, with ${count(warnings, 'warning')}`
            : 'Valid',
      lead: declared === null ? [] : [`${counts.length === 0 ? 'Nothing' : counts.join(', ')} declared.`],
      sections: diagnosticsHtml(diagnostics, 'place', frames),
      data: null,
    },
    options,
  );
}
