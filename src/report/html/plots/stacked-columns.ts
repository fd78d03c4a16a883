import type { Html } from '../html.ts';
import { markup } from '../html.ts';
import { grouped } from '../page.ts';
import { countTicks, figure, px, timeTicks } from './axes.ts';

/** Something that lasts: milliseconds since epoch, `to` null where it goes on. */
export interface Span {
  readonly series: string;
  readonly from: number;
  readonly to: number | null;
}

const WIDTH = 1_000;
const HEIGHT = 240;
const LEFT = 44;
const RIGHT = 10;
const TOP = 12;
const BOTTOM = 26;
const COLUMNS = 180;
/** More colours nobody tells apart. */
const MOST_SERIES = 6;
export const OTHERS = 'others';

/** How many spans there were at any time of each column, by series, stacked; the largest series first, the smallest ones together. */
export function stackedColumns(
  spans: readonly Span[],
  {
    from,
    to,
    name,
    title,
  }: { readonly from: number; readonly to: number; readonly name: string; readonly title: string },
): { readonly plot: Html; readonly series: readonly string[] } {
  const totals = new Map<string, number>();
  for (const { series } of spans) totals.set(series, (totals.get(series) ?? 0) + 1);
  const ranked = [...totals].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([series]) => series);
  const series = ranked.length > MOST_SERIES ? [...ranked.slice(0, MOST_SERIES - 1), OTHERS] : ranked;
  const counts = series.map(() => Array.from({ length: COLUMNS }, () => 0));
  const columnOf = (at: number): number =>
    Math.min(COLUMNS - 1, Math.max(0, Math.floor(((at - from) / Math.max(1, to - from)) * COLUMNS)));
  for (const span of spans) {
    const own = counts[series.indexOf(span.series)] ?? counts.at(-1) ?? [];
    for (let column = columnOf(span.from); column <= columnOf(span.to ?? to); column++)
      own[column] = (own[column] ?? 0) + 1;
  }
  const heights = Array.from({ length: COLUMNS }, (_, column) =>
    counts.reduce((sum, own) => sum + (own[column] ?? 0), 0),
  );
  const ticks = countTicks(Math.max(...heights));
  const top = ticks.at(-1) ?? 1;
  const x = (column: number): number => LEFT + (column / COLUMNS) * (WIDTH - LEFT - RIGHT);
  const y = (n: number): number => HEIGHT - BOTTOM - (n / top) * (HEIGHT - TOP - BOTTOM);
  const base = Array.from({ length: COLUMNS }, () => 0);
  const areas = counts.map((own, index) => {
    const below = [...base];
    for (const [column, n] of own.entries()) base[column] = (base[column] ?? 0) + n;
    return markup`<path class="series-${index + 1}" d="${stepPath(below, base, x, y)}"/>\n`;
  });
  const most = Math.max(...heights);
  const description = `${grouped(most)} at the most, ${grouped(heights.at(-1) ?? 0)} at the end. ${series
    .map((one, index) => `${one}: ${grouped(counts[index]?.at(-1) ?? 0)} at the end`)
    .join(', ')}.`;
  const plot = figure({ name, title, description, width: WIDTH, height: HEIGHT }, [
    ...ticks.map(
      (n) =>
        markup`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${px(y(n))}" y2="${px(y(n))}"/><text class="tick" x="${LEFT - 8}" y="${px(y(n) + 4)}" text-anchor="end">${grouped(n)}</text>\n`,
    ),
    ...areas,
    ...timeTicks(from, to).map(({ at, label }) => {
      const place = LEFT + ((at - from) / Math.max(1, to - from)) * (WIDTH - LEFT - RIGHT);
      return markup`<line class="grid" x1="${px(place)}" x2="${px(place)}" y1="${HEIGHT - BOTTOM}" y2="${HEIGHT - BOTTOM + 5}"/><text class="tick" x="${px(place)}" y="${HEIGHT - 6}" text-anchor="middle">${label}</text>\n`;
    }),
  ]);
  return { plot, series };
}

/** A band between two lines of steps; runs of equal steps are one. */
function stepPath(
  below: readonly number[],
  above: readonly number[],
  x: (column: number) => number,
  y: (n: number) => number,
): string {
  const there = steps(above).map(({ from, to, n }) => `L${px(x(from))} ${px(y(n))}H${px(x(to))}`);
  const back = steps(below)
    .toReversed()
    .map(({ from, to, n }) => `L${px(x(to))} ${px(y(n))}H${px(x(from))}`);
  return `M${px(x(0))} ${px(y(below[0] ?? 0))}${there.join('')}${back.join('')}Z`;
}

function steps(
  values: readonly number[],
): readonly { readonly from: number; readonly to: number; readonly n: number }[] {
  const found: { from: number; to: number; n: number }[] = [];
  for (const [index, n] of values.entries()) {
    const last = found.at(-1);
    if (last?.n === n) last.to = index + 1;
    else found.push({ from: index, to: index + 1, n });
  }
  return found;
}
