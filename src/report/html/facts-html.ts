import type { Drift } from '../../model/drift.ts';
import { compareText } from '../envelope-json.ts';
import { cut } from '../markup.ts';
import { count } from '../words.ts';
import { addressHtml } from './address-html.ts';
import type { Cost, Ignored } from './facts.ts';
import { markup, type Html } from './html.ts';
import { glyph, grouped, momentText, section } from './page.ts';

/** What each container costs, what is dearest for those who use it first. */
export function costHtml(cost: Cost | undefined): Html | null {
  if (cost === undefined || cost.containers.length === 0) return null;
  const dearest = [...cost.containers].sort(
    (a, b) => b.invalidations - a.invalidations || b.writes - a.writes || compareText(a.address, b.address),
  );
  const lines = dearest
    .slice(0, MOST_CONTAINERS)
    .map(
      ({ address, writes, invalidations }) =>
        markup`<tr><td>${addressHtml(address)}</td><td class="n">${grouped(writes)}</td><td class="n">${grouped(invalidations)}</td></tr>\n`,
    );
  const left = dearest.length - lines.length;
  const table = markup`<div class="wide" tabindex="0" role="group" aria-labelledby="cost-title"><table><thead><tr><th scope="col">in</th><th scope="col" class="n">write requests</th><th scope="col" class="n">subscription invalidations</th></tr></thead>
<tbody>
${lines}</tbody></table></div>${left > 0 ? markup`\n<p class="fine">And ${count(left, 'more container')}.</p>` : null}`;
  return section(
    { title: 'What it costs where', n: dearest.length, name: 'cost' },
    dearest.length <= MOST_OPEN
      ? table
      : markup`<details><summary>The most: ${addressHtml(dearest[0]?.address ?? '')} with ${count(dearest[0]?.writes ?? 0, 'write request')} and ${count(dearest[0]?.invalidations ?? 0, 'subscription invalidation')}</summary>
${table}</details>`,
  );
}

/** How much of the team the document manages, kind by kind. */
export function coverageHtml(coverage: Drift['coverage'] = []): Html | null {
  if (coverage.length === 0) return null;
  const lines = coverage.map(({ kind, declared, live, unmanaged }) => {
    const all = live + unmanaged;
    // Never 100 % of what is not whole.
    const share = all === 0 ? '' : `${Math.floor((live / all) * 100)} %`;
    const bar = coverageBar({ live, missing: declared - live, unmanaged });
    return markup`<tr><th scope="row">${kind}</th><td class="n">${grouped(declared)}</td><td class="n">${grouped(live)}</td><td class="n">${grouped(unmanaged)}</td><td class="n">${share}</td><td class="bar-cell">${bar}</td></tr>\n`;
  });
  return section(
    { title: 'What the document covers', name: 'coverage' },
    markup`<div class="wide" tabindex="0" role="group" aria-labelledby="coverage-title"><table><thead><tr><th scope="col">kind</th><th scope="col" class="n">declared</th><th scope="col" class="n">of them live</th><th scope="col" class="n">live and not declared</th><th scope="col" class="n">covered</th><td></td></tr></thead>
<tbody>
${lines}</tbody></table></div>
<p class="fine shares"><span class="share">${glyph('good')}declared and live</span><span class="share">${glyph('remove')}declared and missing</span><span class="share">${glyph('quiet')}live and not declared</span></p>
<p class="fine">Counted inside of the collections that the document declares.</p>`,
  );
}

function coverageBar(parts: {
  readonly live: number;
  readonly missing: number;
  readonly unmanaged: number;
}): Html | null {
  const all = parts.live + parts.missing + parts.unmanaged;
  if (all === 0) return null;
  const tones = { live: 'good', missing: 'remove', unmanaged: 'quiet' } as const;
  let x = 0;
  const pieces = (['live', 'missing', 'unmanaged'] as const).map((part) => {
    const width = (parts[part] / all) * 300;
    const piece = markup`<rect x="${x.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="10" data-tone="${tones[part]}"/>`;
    x += width;
    return width === 0 ? markup`` : piece;
  });
  return markup`<svg class="bar" viewBox="0 0 300 10" preserveAspectRatio="none" aria-hidden="true">${pieces}</svg>`;
}

/** What is left alone on purpose, and until when. */
export function ignoredHtml(ignored: readonly Ignored[] = []): Html | null {
  if (ignored.length === 0) return null;
  const items = [...ignored]
    .sort((a, b) => compareText(a.address, b.address) || compareText(a.reason, b.reason))
    .map(
      ({ address, fields, reason, expires, things, differing }) => markup`<li class="notice" data-tone="quiet">
<p><code>${cut(address)}</code>${fields.length === 0 ? null : markup` ${fields.join(', ')}`} until <time datetime="${expires}">${momentText(expires)}</time></p>
<p class="fine">${cut(reason)}. It matches ${count(things.length, 'thing')}${differing.length === 0 ? '' : `, ${grouped(differing.length)} of them not as declared`}.</p>
</li>\n`,
    );
  return section(
    { title: 'Ignored with a reason', n: ignored.length, name: 'ignored' },
    markup`<ul class="notices">\n${items}</ul>`,
  );
}

const MOST_OPEN = 12;
const MOST_CONTAINERS = 1_000;
