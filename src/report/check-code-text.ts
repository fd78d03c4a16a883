import type { CodeCheck } from '../model/code-check.ts';
import { conclusionOf, listsOf, STANDING_WORDS } from './check-code-words.ts';
import { renderDiagnostics } from './diagnostic-text.ts';
import { painter, type Style } from './paint.ts';
import { sanitize } from './sanitize.ts';
import { joinSections, wrapList } from './words.ts';

export interface CheckCodeTextOptions {
  readonly color: boolean;
  readonly width: number;
  /** Of the document's files, with what is not to be seen masked. Lines of code are not shown: they may hold anything. */
  readonly texts: ReadonlyMap<string, string>;
}

/** For people: the findings, how each deployment stands, and what comes before and after the deploy. Ends with a newline. */
export function renderCodeCheck(check: CodeCheck, { color, width, texts }: CheckCodeTextOptions): string {
  const paint = painter(color);
  const findings = renderDiagnostics(check.findings, texts, { color, width });
  const sections = check.subjects.map((subject) => [
    `${paint('bold', sanitize(subject.name))}  ${paint(STYLES[subject.standing], STANDING_WORDS[subject.standing])}`,
    ...listsOf(subject).flatMap(([label, names]) => wrapList(`  ${label.padEnd(LABEL_WIDTH)}`, names, width)),
  ]);
  const rest = joinSections([...sections, [conclusionOf(check)]]);
  return findings === '' ? rest : `${findings}\n${rest}`;
}

const LABEL_WIDTH = 25;

const STYLES: Readonly<Record<CodeCheck['subjects'][number]['standing'], Style>> = {
  satisfied: 'green',
  unsatisfied: 'red',
  unknown: 'cyan',
};
