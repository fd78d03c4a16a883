import type { ParityGroup, ParityRow } from '../../model/parity.ts';
import { cut } from '../markup.ts';
import { columnText } from '../parity-text.ts';
import { cellMark, legendText, rowsText, shownOf, standingText, UNLISTED, type ParityLimits } from '../parity-words.ts';
import { count } from '../words.ts';
import { addressHtml } from './address-html.ts';
import { markup, type Html } from './html.ts';
import { glyph, section, type Tone } from './page.ts';

/** `--parity`: a table for each group; null where nobody asked. */
export function parityHtml(groups: readonly ParityGroup[] | undefined): Html | null {
  if (groups === undefined) return null;
  const shown = groups.slice(0, LIMITS.groups);
  const more = groups.length - shown.length;
  return section(
    { title: 'Parity after this plan', n: groups.length, name: 'parity' },
    groups.length === 0
      ? markup`<p>Nothing is there to compare.</p>`
      : markup`<p class="fine">In a table, ${legendText(groups)}.</p>
${shown.map((group) => groupHtml(group, shown.length <= MOST_OPEN))}${more > 0 ? markup`<p class="fine">And ${count(more, 'more place')}.</p>` : null}`,
  );
}

function groupHtml(group: ParityGroup, isOpen: boolean): Html {
  const name = group.group === null ? markup`the team` : addressHtml(group.group);
  const unlisted = group.listed ? null : markup`<p class="fine">${UNLISTED}.</p>\n`;
  if (group.columns.length === 0) return markup`<p>${name}</p>\n${unlisted}`;
  const { columns, rows, moreColumns, moreRows } = shownOf(group, LIMITS);
  const legend = columns.map((column) => markup`<li><bdi>${cut(columnText(column, group.group))}</bdi></li>\n`);
  const heads = columns.map((_column, at) => markup`<th scope="col">${at + 1}</th>`);
  const lines = rows.map((row, index) => rowHtml(row, standingText(group.rows[index] ?? row, group.columns)));
  const left = [
    ...(moreColumns > 0 ? [count(moreColumns, 'more column')] : []),
    ...(moreRows > 0 ? [count(moreRows, 'more name')] : []),
  ].join(' and ');
  return markup`<details${isOpen ? markup` open` : null}><summary>${name} <span class="kind">${group.kind}</span> ${rowsText(group.rows)}</summary>
${unlisted}<ol>
${legend}</ol>
${
  rows.length === 0
    ? null
    : markup`<div class="wide" tabindex="0" role="group" aria-label="${group.group ?? 'the team'}"><table><thead><tr><td></td>${heads}<td></td></tr></thead>
<tbody>
${lines}</tbody></table></div>
`
}${left === '' ? null : markup`<p class="fine">And ${left}, in the JSON.</p>\n`}</details>
`;
}

function rowHtml(row: ParityRow, standing: string): Html {
  const cells = row.cells.map((cell) => markup`<td>${cellMark(cell)}</td>`);
  return markup`<tr><th scope="row"><bdi>${row.key}</bdi></th>${cells}<td>${glyph(Object.hasOwn(TONES, row.standing) ? TONES[row.standing] : 'info')} ${standing}</td></tr>\n`;
}

const TONES = { same: 'quiet', differs: 'alter', missing: 'remove', unknown: 'info' } as const satisfies Record<
  ParityRow['standing'],
  Tone
>;
const LIMITS: ParityLimits = { groups: 500, columns: 100, rows: 1_000 };
const MOST_OPEN = 12;
