import { markup, type Html } from '../html.ts';
import { grouped } from '../page.ts';
import { figure, px } from './axes.ts';

const WIDTH = 1_000;
const LEFT = 130;
const RIGHT = 60;
const ROW = 26;
const BAR = 16;

/** How many of each, a bar with its number each, in the order given. */
export function bars(
  rows: readonly { readonly word: string; readonly n: number }[],
  { name, title }: { readonly name: string; readonly title: string },
): Html {
  const most = Math.max(1, ...rows.map(({ n }) => n));
  const lines = rows.map(({ word, n }, index) => {
    const y = index * ROW;
    const width = (n / most) * (WIDTH - LEFT - RIGHT);
    return markup`<text class="lane" x="0" y="${px(y + 17)}">${word}</text><rect class="series-1" x="${LEFT}" y="${px(y + (ROW - BAR) / 2)}" width="${px(width)}" height="${BAR}" rx="3"/><text class="tick" x="${px(LEFT + width + 8)}" y="${px(y + 17)}">${grouped(n)}</text>\n`;
  });
  const description = rows.map(({ word, n }) => `${word}: ${grouped(n)}`).join(', ');
  return figure({ name, title, description: `${description}.`, width: WIDTH, height: rows.length * ROW }, lines);
}
