import type { DriftItem, Movement } from '../../model/drift.ts';
import type { DriftPast } from '../../model/drift-past.ts';
import { scopeText, targetText } from '../target-text.ts';
import { count } from '../words.ts';
import { markup, type Html } from './html.ts';
import { actorOf, driftPlots } from './drift-plots.ts';
import type { DriftFacts, DriftItemFacts } from './facts.ts';
import { coverageHtml, ignoredHtml } from './facts-html.ts';
import { lazyList, listData, TOOLS, type Facet, type Row } from './list.ts';
import { diagnosticsHtml, unmanagedHtml, unreadableHtml } from './notices.ts';
import { grouped, momentText, renderPage, section, type HtmlOptions } from './page.ts';
import { shareBar } from './share-bar.ts';

export interface DriftHtmlOptions extends HtmlOptions {
  /** What a history tells; null: there is none. */
  readonly past: DriftPast | null;
}

/**
 * What moved on the live side for a browser: how much, what, by whom, since when, and how much the document covers; with plots
 * of what a history knows. No value stands in it. `createdAt` is when the live side was read.
 */
export function driftHtml(drift: DriftFacts, options: DriftHtmlOptions): string {
  const rows = drift.items.map(rowOf);
  const list = { title: 'What drifted', noun: 'drifted thing', facets: FACETS };
  return renderPage(
    {
      name: 'Drift report',
      about: targetText(drift.target),
      tone: drift.unreadable.length > 0 ? 'remove' : drift.items.length > 0 ? 'alter' : 'good',
      headline: headlineOf(drift),
      lead: leadOf(drift, options),
      sections: [
        unreadableHtml(drift.unreadable, 'nothing is said of what is under it'),
        rows.length === 0 ? null : TOOLS,
        lazyList(rows, list),
        whoHtml(drift.items),
        ...driftPlots(drift, options.past),
        ignoredHtml(drift.ignored),
        coverageHtml(drift.coverage),
        ...diagnosticsHtml(drift.diagnostics, 'content'),
        unmanagedHtml(drift.unmanaged),
      ],
      data: rows.length === 0 ? null : listData(rows, list),
    },
    options,
  );
}

const FACETS: Readonly<Record<Movement, Facet>> = {
  changed: { word: 'changed', tone: 'alter' },
  missing: { word: 'missing', tone: 'remove' },
  unexpected: { word: 'unexpected', tone: 'info' },
};

function rowOf(item: DriftItemFacts): Row {
  const { address, moved, fields, by, unattributed, since, where, severity } = item;
  return {
    address,
    facet: moved,
    fields: [...fields].sort().map((name) => ({ name, text: '' })),
    place: where === undefined || where === null ? null : `${where.file}:${where.line}`,
    notes: [
      ...(severity === undefined ? [] : [severity]),
      by === undefined
        ? `unattributed: ${unattributed ?? 'nobody looked'}`
        : [
            `by ${actorOf(item)}`,
            ...(by.via === undefined ? [] : [by.via]),
            momentText(by.at),
            ...(by.ip === undefined ? [] : [`from ${by.ip}`]),
          ].join(', '),
      ...(since === undefined ? [] : [`as declared until ${momentText(since)}`]),
    ],
  };
}

function headlineOf({ items, unreadable }: DriftFacts): string {
  const n = items.length === 0 ? 'No drift' : `${grouped(items.length)} drifted`;
  return unreadable.length > 0 ? `${n}, not all was read` : n;
}

function leadOf({ items, scope, requests }: DriftFacts, { createdAt }: DriftHtmlOptions): readonly (Html | string)[] {
  const narrowed = scopeText(scope);
  const shares = (Object.keys(FACETS) as Movement[]).map((moved) => ({
    ...FACETS[moved],
    n: items.filter((item) => item.moved === moved).length,
  }));
  return [
    ...(narrowed === null ? [] : [markup`<b>Partial: ${narrowed}.</b> The rest was not compared.`]),
    ...(items.length === 0 ? [] : [shareBar(shares, 'How it moved')]),
    markup`The live side was read at <time datetime="${createdAt}">${momentText(createdAt)}</time>. ${
      items.length === 0 ? 'What was compared' : 'All else that was compared'
    } is live as the files say.`,
    `Reading took ${count(requests.read, 'request')}, and ${requests.logs} for who did it.`,
  ];
}

/** One line for everybody who can be named, who moved most first. */
function whoHtml(items: readonly DriftItem[]): Html | null {
  const by = [...Map.groupBy(items, actorOf)].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  if (by.length === 0) return null;
  const lines = by.slice(0, MOST_ACTORS).map(([actor, members]) => {
    const last =
      members
        .map(({ by: moved }) => moved?.at ?? '')
        .toSorted()
        .at(-1) ?? '';
    const ways = [...new Set(members.flatMap(({ by: moved }) => moved?.via ?? []))].toSorted().join(', ');
    const when = last === '' ? '' : markup`<time datetime="${last}">${momentText(last)}</time>`;
    return markup`<tr><th scope="row"><bdi>${actor}</bdi></th><td class="n">${grouped(members.length)}</td><td>${ways}</td><td>${when}</td></tr>\n`;
  });
  const left = by.length - lines.length;
  return section(
    { title: 'Who moved it', name: 'who' },
    markup`<div class="wide" tabindex="0" role="group" aria-labelledby="who-title"><table><thead><tr><th scope="col">who</th><th scope="col" class="n">things</th><th scope="col">by way of</th><th scope="col">last</th></tr></thead>
<tbody>
${lines}</tbody></table></div>${left > 0 ? markup`\n<p class="fine">And ${grouped(left)} more.</p>` : null}`,
  );
}

const MOST_ACTORS = 100;
