import type { ParityGroup } from '../model/parity.ts';
import type { MarkdownWriter } from './markdown-writer.ts';
import { cut, markdownCode, markdownText } from './markup.ts';
import { cellMark, legendText, rowsText, shownOf, standingText, UNLISTED, type ParityLimits } from './parity-words.ts';
import { columnText } from './parity-text.ts';

/** `--parity`: a table for each group, folded, as far as there is room. Nothing where nobody asked. */
export function parityItems(out: MarkdownWriter, groups: readonly ParityGroup[] | undefined): void {
  if (groups === undefined) return;
  if (groups.length === 0) return out.add('**Parity:** nothing is there to compare.');
  out.add(`**Parity after this plan:** ${markdownText(legendText(groups))}.`);
  const bare = groups.filter(({ columns }) => columns.length === 0);
  for (const group of groups) {
    if (group.columns.length === 0) continue;
    const { columns, rows, moreColumns } = shownOf(group, LIMITS);
    const title = `${markdownCode(cut(group.group ?? 'the team'))} ${markdownText(group.kind)}, ${rowsText(group.rows)}`;
    const legend = [
      ...columns.map((column, at) => `- ${String(at + 1)} is ${markdownCode(cut(columnText(column, group.group)))}`),
      ...(moreColumns > 0 ? [`- and ${String(moreColumns)} more columns, in json and html`] : []),
      ...(group.listed ? [] : [`- ${markdownText(UNLISTED)}`]),
    ].join('\n');
    const head = `| | ${columns.map((_column, at) => String(at + 1)).join(' | ')} | |\n|---|${'---|'.repeat(columns.length + 1)}`;
    const lines = rows.map((row, index) => {
      const cells = row.cells.map((cell) => markdownCode(cellMark(cell)));
      const standing = markdownText(standingText(group.rows[index] ?? row, group.columns));
      return `| ${[markdownCode(cut(row.key)), ...cells, standing].join(' | ')} |`;
    });
    if (lines.length === 0) out.put('', legend.split('\n'), title);
    else out.put(`${legend}\n\n${head}`, lines, title);
  }
  out.put(
    '',
    bare.map(({ group }) => `- ${markdownCode(cut(group ?? 'the team'))} ${markdownText(UNLISTED)}`),
  );
}

/** Rows are cut where there is no room for more, by the writer, which counts them. */
const LIMITS: ParityLimits = { groups: Number.POSITIVE_INFINITY, columns: 20, rows: Number.POSITIVE_INFINITY };
