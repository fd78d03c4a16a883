import { markup, type Html } from '../html.ts';
import { grouped, type Tone } from '../page.ts';
import { figure, px, timeTicks } from './axes.ts';

/** Something that happened: milliseconds since epoch. */
export interface Moment {
  readonly lane: string;
  readonly at: number;
  readonly tone: Tone;
  /** What happened, for who points at it. */
  readonly what: string;
}

const WIDTH = 1_000;
const LEFT = 200;
const RIGHT = 16;
const LANE = 30;
const BOTTOM = 26;
const COLUMNS = 120;
const LONGEST_NAME = 26;
const MOST_NAMED = 5;

/** What happened when, a lane for each who did it, in the order given; what is near each other is one mark, larger for more. */
export function lanes(
  moments: readonly Moment[],
  {
    from,
    to,
    order,
    name,
    title,
  }: {
    readonly from: number;
    readonly to: number;
    readonly order: readonly string[];
    readonly name: string;
    readonly title: string;
  },
): Html {
  const height = order.length * LANE + BOTTOM;
  const x = (at: number): number => LEFT + ((at - from) / Math.max(1, to - from)) * (WIDTH - LEFT - RIGHT);
  const shown = moments
    .filter(({ at }) => at >= from && at <= to)
    .sort((a, b) => a.at - b.at || (a.what < b.what ? -1 : 1));
  const rows = order.map((lane, index) => {
    const y = index * LANE + LANE / 2;
    const own = shown.filter((moment) => moment.lane === lane);
    const near = Map.groupBy(
      own,
      ({ at, tone }) => `${Math.round(((at - from) / Math.max(1, to - from)) * COLUMNS)} ${tone}`,
    );
    const marks = [...near.values()].map((members) => markOf(members, x, y));
    const label = lane.length > LONGEST_NAME ? `${lane.slice(0, LONGEST_NAME - 1)}…` : lane;
    return markup`<text class="lane" x="0" y="${px(y + 4)}">${label}</text><line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${px(y)}" y2="${px(y)}"/>\n${marks}`;
  });
  const description = order
    .map((lane) => `${lane}: ${grouped(shown.filter((moment) => moment.lane === lane).length)}`)
    .join(', ');
  return figure({ name, title, description: `${description}.`, width: WIDTH, height }, [
    ...timeTicks(from, to).map(
      ({ at, label }) =>
        markup`<line class="grid" x1="${px(x(at))}" x2="${px(x(at))}" y1="0" y2="${height - BOTTOM + 4}"/><text class="tick" x="${px(x(at))}" y="${height - 6}" text-anchor="middle">${label}</text>\n`,
    ),
    ...rows,
  ]);
}

function markOf(sorted: readonly Moment[], x: (at: number) => number, y: number): Html {
  const middle = sorted.reduce((sum, { at }) => sum + at, 0) / Math.max(1, sorted.length);
  const radius = Math.min(12, 4 + 1.3 * Math.sqrt(sorted.length - 1));
  const named = sorted.slice(0, MOST_NAMED).map(({ what }) => what);
  const left = sorted.length - named.length;
  const words = [...named, ...(left > 0 ? [`and ${grouped(left)} more`] : [])].join('; ');
  return markup`<circle data-tone="${sorted[0]?.tone ?? 'quiet'}" cx="${px(x(middle))}" cy="${px(y)}" r="${px(radius)}"><title>${words}</title></circle>\n`;
}
