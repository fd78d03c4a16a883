import { cut, markdownCode, markdownText } from '../report/markup.ts';
import { count } from '../report/words.ts';
import type { DriftDocument } from './report-document.ts';

export type ProposalDocument = NonNullable<DriftDocument['proposal']>;

const MOST_LISTED = 40;

/** What stands in the pull request above the report: what it does, what has to be set, what it leaves out. */
export function proposalBody({ files, refused, toSet }: ProposalDocument): string {
  const edits = files.reduce((sum, file) => sum + file.edits.length, 0);
  const sections = [
    [
      `The live side has moved. This makes the state files say what is live: ${count(edits, 'edit')} in ${count(files.length, 'file')}. Merge it to accept that, or close it and apply the files to undo it.`,
    ],
    toSet.length === 0
      ? []
      : [
          '**Before it is applied anywhere, set these** where the tool runs, to what is live now; the values are not in the files:',
          '',
          ...listed(toSet, ({ name, uses }) => `- ${markdownCode(name)} for ${markdownCode(cut(uses.join(', ')))}`),
        ],
    refused.length === 0
      ? []
      : [
          '**Not edited:**',
          '',
          ...listed(refused, ({ address, why }) => `- ${markdownCode(cut(address))}: ${markdownText(cut(why))}`),
        ],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function listed<T>(items: readonly T[], line: (item: T) => string): readonly string[] {
  const more = items.length - MOST_LISTED;
  return [...items.slice(0, MOST_LISTED).map(line), ...(more > 0 ? [`- and ${String(more)} more`] : [])];
}
