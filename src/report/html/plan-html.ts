import type { Action, Plan } from '../../model/change.ts';
import { painter } from '../paint.ts';
import { conclusionLines, toldDiagnostics } from '../plan-text.ts';
import { pausedCount } from '../paused-text.ts';
import { scopeText, targetText } from '../target-text.ts';
import { duration } from '../words.ts';
import type { PlanFacts } from './facts.ts';
import { costHtml, coverageHtml, ignoredHtml } from './facts-html.ts';
import { actionFacets, changeRow, isDestructive, toneOf } from './change-row.ts';
import { markup, type Html } from './html.ts';
import { inOrder, lazyList, listData, openList, TOOLS } from './list.ts';
import {
  diagnosticsHtml,
  pausedHtml,
  recordsHtml,
  refusalsHtml,
  unmanagedHtml,
  unreadableHtml,
  unsettledHtml,
} from './notices.ts';
import { parityHtml } from './parity-html.ts';
import { grouped, renderPage, section, type HtmlOptions, type Tone } from './page.ts';
import { shareBar } from './share-bar.ts';

export interface PlanHtmlOptions extends HtmlOptions {
  readonly command: 'plan' | 'show';
  /** Requests per second, for the time that the writes take; null: not known. */
  readonly rate: number | null;
}

/**
 * A plan as one file for a browser: what it comes to, what refuses it, all that is deleted or replaced, then the rest,
 * searchable, by container. Without scripts it still says all of that but the single changes of the rest.
 */
export function planHtml(plan: PlanFacts, options: PlanHtmlOptions): string {
  const { changes, refusals } = plan;
  const facets = actionFacets(changes);
  const destructive = destructiveFirst(plan).map(changeRow);
  const rest = inOrder(changes.filter((change) => !isDestructive(change))).map(changeRow);
  const list = { title: destructive.length === 0 ? 'Changes' : 'All other changes', noun: 'change', facets };
  return renderPage(
    {
      name: options.command === 'show' ? 'Saved plan' : 'Plan',
      about: targetText(plan.target),
      tone: toneOfPlan(plan),
      headline: headlineOf(plan),
      lead: leadOf(plan, options),
      sections: [
        refusalsHtml(refusals, 'apply would write nothing'),
        changes.length === 0 ? null : TOOLS,
        destructive.length === 0
          ? null
          : section(
              { title: 'Deletes and replaces', n: destructive.length, name: 'destructive' },
              openList(destructive, { facets }),
            ),
        unreadableHtml(plan.unreadable, 'nothing is planned under it'),
        pausedHtml(plan.paused),
        lazyList(rest, list),
        recordsHtml(plan),
        parityHtml(plan.parity),
        costHtml(plan.cost),
        unsettledHtml(plan.unsettled),
        ...diagnosticsHtml(toldDiagnostics(plan), 'content'),
        ignoredHtml(plan.ignored),
        coverageHtml(plan.coverage),
        unmanagedHtml(plan.unmanaged),
      ],
      data: changes.length === 0 ? null : listData(rest, list),
    },
    options,
  );
}

/** What takes things that hold something first: it is what a reader must not miss. */
function destructiveFirst({ changes }: Plan): Plan['changes'] {
  const all = inOrder(changes.filter(isDestructive));
  return [...all.filter(({ takes }) => takes.length > 0), ...all.filter(({ takes }) => takes.length === 0)];
}

function toneOfPlan({ refusals, changes, unreadable }: Plan): Tone {
  if (refusals.length > 0 || unreadable.length > 0 || changes.some(isDestructive)) return 'remove';
  return changes.length > 0 ? 'alter' : 'good';
}

function headlineOf({ changes, refusals, unreadable, paused }: Plan): string {
  const n = changes.length === 0 ? 'No changes' : `${grouped(changes.length)} change${changes.length === 1 ? '' : 's'}`;
  if (refusals.length > 0) return `${n}, refused`;
  if (unreadable.length > 0) return `${n}, not all was read`;
  return pausedCount(paused) > 0 ? `${n}, ${grouped(pausedCount(paused))} paused` : n;
}

function leadOf(plan: PlanFacts, { rate }: PlanHtmlOptions): readonly (Html | string)[] {
  const { summary, unmanaged } = plan;
  const scope = scopeText(plan.scope);
  const [first, ...others] = conclusionLines(plan, painter(false)).filter((line) => !line.startsWith('Plan:'));
  const said = [...(first === undefined ? [] : [first]), ...others];
  const actions: readonly Action[] = ['create', 'update', 'replace', 'delete'];
  const parts = actions.map((action) => ({ word: `to ${action}`, n: summary[action], tone: toneOf(action) }));
  const declared = summary.create + summary.update + summary.replace + summary['no-op'];
  return [
    ...(scope === null ? [] : [markup`<b>Partial: ${scope}.</b> The rest is not planned.`]),
    ...(plan.changes.length === 0
      ? []
      : [shareBar([...parts, { word: 'unchanged', n: summary['no-op'], tone: 'quiet' }], 'What the plan does')]),
    ...said,
    ...(plan.cost === undefined ? timeLines(plan, rate) : []),
    ...(plan.coverage === undefined
      ? [
          `The document declares ${grouped(declared)} ${declared === 1 ? 'thing' : 'things'}; ${unmanaged.length === 0 ? 'nothing undeclared is live beside them' : `${grouped(unmanaged.length)} live ${unmanaged.length === 1 ? 'one is' : 'ones are'} not declared`}.`,
        ]
      : []),
  ];
}

/** How long the writes take at the rate that is configured, where the plan does not say what all of it costs. */
function timeLines({ requests }: Plan, rate: number | null): readonly string[] {
  if (requests.predictedWrites === 0 || rate === null) return [];
  const time = duration((requests.predictedWrites / rate) * 1_000);
  return [`The writes take ${time} or more at ${rate} requests a second.`];
}
