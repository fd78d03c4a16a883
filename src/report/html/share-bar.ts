import { markup, joined, NOTHING, type Html } from './html.ts';
import { glyph, grouped, type Tone } from './page.ts';

export interface Share {
  readonly word: string;
  readonly n: number;
  readonly tone: Tone;
}

const WIDTH = 1_000;
const HEIGHT = 10;
const GAP = 3;
/** One of a hundred thousand is still to be seen. */
const LEAST = 6;

/** How a whole is made up: a bar, and under it the numbers, which say the same. Shares of nothing are left out. */
export function shareBar(all: readonly Share[], title: string): Html {
  const shares = all.filter(({ n }) => n > 0);
  const total = shares.reduce((sum, { n }) => sum + n, 0);
  const free = WIDTH - LEAST * shares.length - GAP * Math.max(0, shares.length - 1);
  let x = 0;
  const pieces = shares.map(({ n, tone }) => {
    const width = LEAST + (free * n) / total;
    const piece = markup`<rect x="${x.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="${HEIGHT}" rx="2" data-tone="${tone}"/>`;
    x += width + GAP;
    return piece;
  });
  const words = shares.map(
    ({ word, n, tone }) => markup`<span class="share">${glyph(tone)}<b>${grouped(n)}</b> ${word}</span>`,
  );
  const said = shares.map(({ word, n }) => `${n} ${word}`).join(', ');
  return markup`<svg class="bar" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${title}: ${said}">${joined(pieces)}</svg>
<span class="shares">${shares.length === 0 ? NOTHING : joined(words)}</span>`;
}
