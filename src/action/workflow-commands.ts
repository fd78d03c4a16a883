import { sanitize } from '../report/sanitize.ts';
import { cut } from '../report/markup.ts';

export type AnnotationLevel = 'error' | 'warning' | 'notice';

/** One note at a line of a file, or at none. */
export interface Annotation {
  readonly level: AnnotationLevel;
  readonly title: string;
  readonly message: string;
  /** `file` relative to the root of the repository. */
  readonly at: { readonly file: string; readonly line: number; readonly column: number } | null;
}

/** How many of a level the runner shows for a step; it drops further ones without a word. */
export const MOST_ANNOTATIONS = 10;

/** The annotations as commands of the runner, at most {@link MOST_ANNOTATIONS} of a level, with the number of the others. */
export function annotationLines(annotations: readonly Annotation[]): readonly string[] {
  return (['error', 'warning', 'notice'] as const).flatMap((level) => {
    const all = annotations.filter((annotation) => annotation.level === level);
    const isTooMuch = all.length > MOST_ANNOTATIONS;
    const shown = isTooMuch ? all.slice(0, MOST_ANNOTATIONS - 1) : all;
    const more = all.length - shown.length;
    const rest: readonly Annotation[] = isTooMuch
      ? [{ level, title: 'converge', message: `${String(more)} more: the summary of the job has them`, at: null }]
      : [];
    return [...shown, ...rest].map(commandOf);
  });
}

function commandOf({ level, title, message, at }: Annotation): string {
  const properties = [
    ...(at === null ? [] : [`file=${property(at.file)}`, `line=${String(at.line)}`, `col=${String(at.column)}`]),
    `title=${property(title)}`,
  ];
  return `::${level} ${properties.join(',')}::${data(cut(sanitize(message)))}\n`;
}

/** Has the runner replace a text by `***` in all logs that follow, line by line as it compares. */
export function maskLines(secret: string): readonly string[] {
  return secret
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => `::add-mask::${data(line)}\n`);
}

/** Between these two lines the runner takes nothing for a command. `token`: nobody can guess it. */
export function withoutCommands(token: string): { readonly begin: string; readonly end: string } {
  return { begin: `::stop-commands::${token}\n`, end: `::${token}::\n` };
}

/** As actions/toolkit escapes it; what it takes for syntax is exactly this. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(sanitize(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
