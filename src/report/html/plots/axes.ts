import { markup, type Html } from '../html.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS: readonly number[] = [10 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 30 * DAY];

export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** At most eight round moments in UTC between two, both milliseconds since epoch. */
export function timeTicks(from: number, to: number): readonly Tick[] {
  const step = STEPS.find((one) => (to - from) / one <= 8) ?? Math.ceil((to - from) / 8 / DAY) * DAY;
  const ticks: Tick[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push({ at, label: labelOf(at, step) });
  return ticks;
}

function labelOf(at: number, step: number): string {
  const text = new Date(at).toISOString();
  return step < DAY && at % DAY !== 0 ? text.slice(11, 16) : text.slice(5, 10);
}

/** Whole numbers from 0 on, at most five of them, the last not below `most`. */
export function countTicks(most: number): readonly number[] {
  const rough = Math.max(1, most / 4);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough);
  return Array.from({ length: Math.ceil(Math.max(1, most) / step) + 1 }, (_, index) => index * step);
}

/** A picture in its own units, with words for who does not see it. It is as wide as there is room, and scrolls where that is little. */
export function figure(
  {
    name,
    title,
    description,
    width,
    height,
  }: {
    readonly name: string;
    readonly title: string;
    readonly description: string;
    readonly width: number;
    readonly height: number;
  },
  inside: readonly Html[],
): Html {
  return markup`<figure class="plot">
<div class="wide" tabindex="0" role="group" aria-label="${title}"><svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${name}-name ${name}-about">
<title id="${name}-name">${title}</title>
<desc id="${name}-about">${description}</desc>
${inside}
</svg></div>
</figure>`;
}

/** Rounded to a tenth: what nobody sees takes no room, and is the same everywhere. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
