import type { Address } from '../model/address.ts';
import type { ParityColumn, ParityGroup } from '../model/parity.ts';
import type { Paint, Style } from './paint.ts';
import {
  cellMark,
  legendText,
  rowsText,
  shownOf,
  standingText,
  UNLISTED,
  unseenText,
  type ParityLimits,
} from './parity-words.ts';
import { sanitize } from './sanitize.ts';

/** `--parity`: a matrix for each group, columns by number so that any name fits. Nothing where nobody asked. */
export function parityLines(groups: readonly ParityGroup[] | undefined, paint: Paint): string[] {
  if (groups === undefined) return [];
  if (groups.length === 0) return [paint('bold', 'Parity: nothing is there to compare.')];
  const shown = groups.slice(0, LIMITS.groups);
  const more = groups.length - shown.length;
  return [
    `${paint('bold', 'Parity after this plan:')} ${legendText(groups)}.`,
    ...shown.flatMap((group) => groupLines(group, paint)),
    ...(more > 0 ? [`  … and ${String(more)} more places like these`] : []),
  ];
}

function groupLines(group: ParityGroup, paint: Paint): string[] {
  const title = `  ${sanitize(group.group ?? 'the team')}  ${paint('dim', sanitize(group.kind))}`;
  if (!group.listed && group.columns.length === 0) return [title, `    ${UNLISTED}`];
  const { columns, rows, moreColumns, moreRows } = shownOf(group, LIMITS);
  const numbers = columns.map((_column, at) => String(at + 1));
  const widest = Math.max(...rows.map(({ key }) => sanitize(key).length), 4);
  const widths = numbers.map((number, at) =>
    Math.max(number.length, ...rows.map(({ cells }) => markAt(cells, at).length)),
  );
  const table = rows.map((row, index) => {
    const cells = widths.map((width, at) => markAt(row.cells, at).padEnd(width));
    const standing = sanitize(standingText(group.rows[index] ?? row, group.columns));
    return `    ${sanitize(row.key).padEnd(widest)}  ${cells.join('  ')}  ${paint(Object.hasOwn(STYLES, row.standing) ? STYLES[row.standing] : 'dim', standing)}`;
  });
  const head = `    ${' '.repeat(widest)}  ${numbers.map((number, at) => number.padEnd(widths[at] ?? 0)).join('  ')}`;
  return [
    `${title}  ${rowsText(group.rows)}`,
    ...(group.listed ? [] : [`    ${UNLISTED}`]),
    ...columns.map(
      (column, at) => `    ${String(at + 1).padStart(numbers.at(-1)?.length ?? 1)}  ${columnText(column, group.group)}`,
    ),
    ...(moreColumns > 0 ? [`    … and ${String(moreColumns)} more columns, in json and html`] : []),
    ...(table.length === 0 ? [] : [paint('dim', head.trimEnd()), ...table]),
    ...(moreRows > 0 ? [`    … and ${String(moreRows)} more names, in json and html`] : []),
  ];
}

function markAt(cells: ParityGroup['rows'][number]['cells'], at: number): string {
  const cell = cells[at];
  return cell === undefined ? '' : sanitize(cellMark(cell));
}

/** `deployment:dev`, `deployment:a, deployment:b and 12 more, all equal (not declared, so not read)`. */
export function columnText({ containers, unseen }: ParityColumn, group: Address | null): string {
  const inside = containers.map((address) => (group === null ? address : address.slice(group.length + 1)));
  const named = inside.slice(0, MOST_NAMED).map(sanitize);
  const more = inside.length - named.length;
  const why = sanitize(unseenText(unseen));
  const equal = inside.length === 1 || unseen !== null ? '' : ', all equal';
  return `${named.join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}${equal}${why === '' ? '' : ` (${why})`}`;
}

const STYLES = { same: 'dim', differs: 'yellow', missing: 'red', unknown: 'magenta' } as const satisfies Record<
  string,
  Style
>;
const LIMITS: ParityLimits = { groups: 50, columns: 20, rows: 200 };
const MOST_NAMED = 3;
