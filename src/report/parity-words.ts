import type { ParityCell, ParityColumn, ParityGroup, ParityRow, Unseen } from '../model/parity.ts';
import { count } from './words.ts';

/** How much of a matrix a report shows; what is left out is counted. */
export interface ParityLimits {
  readonly groups: number;
  readonly columns: number;
  readonly rows: number;
}

/** A group cut to what a report has room for, and what that leaves out. */
export interface ShownGroup extends Pick<ParityGroup, 'columns' | 'rows'> {
  readonly moreColumns: number;
  readonly moreRows: number;
}

/** Rows that differ are no more worth than others: the first ones are kept, by key. */
export function shownOf({ columns, rows }: ParityGroup, limits: ParityLimits): ShownGroup {
  const kept = columns.slice(0, limits.columns);
  return {
    columns: kept,
    rows: rows.slice(0, limits.rows).map((row) => ({ ...row, cells: row.cells.slice(0, limits.columns) })),
    moreColumns: columns.length - kept.length,
    moreRows: Math.max(0, rows.length - limits.rows),
  };
}

const MARKS: Readonly<Record<ParityCell['state'], readonly [mark: string, meaning: string]>> = {
  set: ['A', 'equal letters in a row are equal values'],
  missing: ['-', 'missing'],
  withheld: ['#', 'set, and the platform withholds the value'],
  unresolved: ['~', 'set, to a value that is not resolved in this run'],
  unknown: ['?', 'not known'],
};

/** `A`, `-`, `?`; the last also for what a later version writes. */
export function cellMark({ state, letter }: ParityCell): string {
  return letter ?? (Object.hasOwn(MARKS, state) ? MARKS[state] : MARKS.unknown)[0];
}

/** What the marks mean that occur: `equal letters in a row are equal values; - missing`. */
export function legendText(groups: readonly ParityGroup[]): string {
  const states = new Set(groups.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.map(({ state }) => state))));
  const others = (['missing', 'withheld', 'unresolved', 'unknown'] as const).filter((state) => states.has(state));
  return [MARKS.set[1], ...others.map((state) => `${MARKS[state][0]} ${MARKS[state][1]}`)].join('; ');
}

/** What a row comes to, over all columns, also those that are not shown. */
export function standingText({ standing, cells }: ParityRow, columns: readonly ParityColumn[]): string {
  const inState = (wanted: ParityCell['state']): number =>
    columns.reduce((sum, { containers }, at) => sum + (cells[at]?.state === wanted ? containers.length : 0), 0);
  const missing = inState('missing');
  switch (standing) {
    case 'same':
      return 'same';
    case 'differs':
      return missing === 0 ? 'differs' : `differs, missing in ${String(missing)}`;
    case 'missing':
      return `missing in ${String(missing)}`;
    case 'unknown':
      return 'not known everywhere';
    default:
      return standing satisfies never;
  }
}

/** `12 names: 7 same, 3 differ, 2 missing somewhere`. */
export function rowsText(rows: readonly ParityRow[]): string {
  const words = { same: 'same', differs: 'differing', missing: 'missing somewhere', unknown: 'not known everywhere' };
  const parts = (['differs', 'missing', 'unknown', 'same'] as const).flatMap((standing) => {
    const n = rows.filter((row) => row.standing === standing).length;
    return n === 0 ? [] : [`${String(n)} ${words[standing]}`];
  });
  return parts.length === 0 ? 'nothing in them is known' : `${count(rows.length, 'name')}: ${parts.join(', ')}`;
}

/** Why not all of a column is known; empty where all is. */
export function unseenText(unseen: Unseen | null): string {
  switch (unseen) {
    case null:
      return '';
    case 'undeclared':
      return 'not declared, so not read';
    case 'unreadable':
      return 'could not be read';
    case 'unresolved':
      return 'a source is not resolved in this run';
    case 'new':
      return 'made by this plan; what it is born with is not known';
    case 'offline':
      return 'nothing live was read';
    default:
      return unseen satisfies never;
  }
}

export const UNLISTED = 'what is in it is not listed: the document does not declare it, or it could not be read';
