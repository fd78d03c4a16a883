import type { CodeCheck } from '../model/code-check.ts';
import { sortDiagnostics } from '../model/diagnostic.ts';
import { conclusionOf, listsOf, STANDING_WORDS } from './check-code-words.ts';
import { diagnosticLine } from './diagnostic-markdown.ts';
import { openMarkdown } from './markdown-writer.ts';
import { cut, markdownCode, markdownText } from './markup.ts';
import { count } from './words.ts';

/** For a comment: what it comes to, errors, how each deployment stands; warnings and notes folded. Nothing from outside is markup. */
export function checkCodeMarkdown(check: CodeCheck, elsewhere: string | null): string {
  const out = openMarkdown(elsewhere);
  out.add(`### Code of ${markdownText(cut(check.folder))} against the document`);
  out.add(`**${markdownText(conclusionOf(check))}**`);
  const findings = sortDiagnostics(check.findings);
  const errors = findings.filter(({ severity }) => severity === 'error');
  out.put(`**${count(errors.length, 'error')}**\n`, errors.map(diagnosticLine));
  out.put(
    '| where | stands | variables |\n|---|---|---|',
    check.subjects.map((subject) => {
      const lists = listsOf(subject).map(
        ([label, names]) =>
          `${label}: ${names
            .slice(0, MOST_NAMES)
            .map((name) => markdownCode(cut(name)))
            .join(' ')}${more(names)}`,
      );
      return `| ${markdownCode(cut(subject.name))} | ${STANDING_WORDS[subject.standing]} | ${lists.join('<br>')} |`;
    }),
  );
  const others = findings.filter(({ severity }) => severity !== 'error');
  out.put('', others.map(diagnosticLine), count(others.length, 'further finding'));
  return out.text();
}

const MOST_NAMES = 20;

function more(names: readonly string[]): string {
  return names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
}
