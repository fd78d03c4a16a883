import type { AdvisedRecord } from '../model/advised-record.ts';
import type { Change, Unsettled } from '../model/change.ts';
import { compareText } from './envelope-json.ts';
import type { Paint } from './paint.ts';
import { sanitize } from './sanitize.ts';
import { firstOf } from './words.ts';

/** What is declared and live and not finished on the platform: facts beside the plan, no differences. */
export function unsettledLines(unsettled: readonly Unsettled[], paint: Paint): string[] {
  if (unsettled.length === 0) return [];
  const lines = unsettled.map(({ address, because }) => `${address}: ${because}`).sort(compareText);
  return [
    paint('bold', `As declared, and not finished on the platform: ${unsettled.length}`),
    ...firstOf(lines, MOST_LISTED).map((line) => `  ${line}`),
  ];
}

/** The records that people have to make elsewhere, as an aligned table, each once. */
export function recordLines(from: readonly Pick<Change | Unsettled, 'address' | 'records'>[], paint: Paint): string[] {
  const inOrder = [...from].sort((a, b) => compareText(a.address, b.address));
  const records = new Map(inOrder.flatMap(({ records = [] }) => records).map((one) => [JSON.stringify(one), one]));
  if (records.size === 0) return [];
  const rows = [...records.values()].map(cellsOf);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const lines = rows.map((cells) =>
    cells.map((cell, column) => (column === 3 ? paint('dim', cell) : cell.padEnd(widths[column] ?? 0))).join('  '),
  );
  return [paint('bold', 'Records to set up where the names are kept:'), ...lines.map((line) => `  ${line}`)];
}

function cellsOf({ type, name, value, why }: AdvisedRecord): readonly string[] {
  return [type, name, value ?? 'known after apply', `(${why})`].map(sanitize);
}

const MOST_LISTED = 20;
