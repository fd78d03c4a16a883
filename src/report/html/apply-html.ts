import type { Plan, Refusal } from '../../model/change.ts';
import type { ApplyReport, OutcomeStatus } from '../../model/outcome.ts';
import { outcomeCounts } from '../apply-json.ts';
import { countLine, proofLines, usageLine } from '../apply-text.ts';
import { painter } from '../paint.ts';
import { scopeText, targetText } from '../target-text.ts';
import { addressHtml } from './address-html.ts';
import { changeRow, isDestructive } from './change-row.ts';
import { markup, type Html } from './html.ts';
import { inOrder, lazyList, listData, openList, TOOLS, type Facet, type Row } from './list.ts';
import { pausedHtml, recordsHtml, refusalsHtml, unreadableHtml, unsettledHtml } from './notices.ts';
import { grouped, renderPage, section, type HtmlOptions, type Tone } from './page.ts';
import { shareBar } from './share-bar.ts';

/** The report of an apply for a browser: what did not succeed and what was deleted first, what is proven, what it cost. */
export function applyHtml(report: ApplyReport, options: HtmlOptions): string {
  const { plan, outcomes } = report;
  const rows = inOrder(outcomes).map((outcome) => ({ row: outcomeRow(report, outcome), outcome }));
  const failed = rows.filter(({ outcome }) => outcome.status !== 'succeeded');
  const destroyed = rows.filter(({ outcome }) => outcome.status === 'succeeded' && isDestructive(outcome));
  const rest = rows.filter((one) => !failed.includes(one) && !destroyed.includes(one)).map(({ row }) => row);
  const list = { title: 'What succeeded', noun: 'change', facets: FACETS };
  return renderPage(
    {
      name: 'Apply',
      about: targetText(plan.target),
      tone: toneOfApply(report),
      headline: headlineOf(report),
      lead: leadOf(report),
      sections: [
        outcomes.length === 0 ? null : TOOLS,
        openSection('Did not succeed', 'failed', failed),
        openSection('Deleted and replaced', 'destructive', destroyed),
        unreadableHtml(plan.unreadable, 'nothing was written under it'),
        pausedHtml(plan.paused),
        lazyList(rest, list),
        addressesHtml('Not in the saved plan, not applied', 'not-applied', report.notApplied),
        addressesHtml('Still different after reading again', 'remaining', report.proof?.remaining ?? []),
        addressesHtml('Pending until the platform is finished', 'pending', report.proof?.pending ?? []),
        unsettledHtml(report.unsettled),
        recordsHtml({ changes: [], unsettled: report.unsettled ?? [] }),
      ],
      data: outcomes.length === 0 ? null : listData(rest, list),
    },
    options,
  );
}

/** An apply that was refused: nothing was written. */
export function refusedHtml(
  { plan, refusals }: { readonly plan: Plan; readonly refusals: readonly Refusal[] },
  options: HtmlOptions,
): string {
  return renderPage(
    {
      ...nothingWritten(plan),
      headline: 'Refused, nothing was written',
      sections: [
        refusalsHtml(refusals, 'nothing was written'),
        unreadableHtml(plan.unreadable, 'nothing is planned under it'),
        pausedHtml(plan.paused),
      ],
    },
    options,
  );
}

/** A saved plan that no longer holds: nothing was written. */
export function staleHtml(
  { plan, moved }: { readonly plan: Plan | null; readonly moved: readonly string[] },
  options: HtmlOptions,
): string {
  const items = moved.map((line) => markup`<li class="notice" data-tone="remove"><p>${line}</p></li>\n`);
  return renderPage(
    {
      ...nothingWritten(plan),
      headline: 'Stale, nothing was written',
      sections: [
        section(
          { title: 'Since the plan was saved', name: 'stale' },
          markup`<ul class="notices">
${items}</ul>`,
        ),
        markup`<section><p>Plan again, and apply what it shows now.</p></section>`,
      ],
    },
    options,
  );
}

function nothingWritten(plan: Plan | null) {
  return {
    name: 'Apply',
    about: plan === null ? '' : targetText(plan.target),
    tone: 'remove' as const,
    lead: plan === null ? [] : partial(plan),
    data: null,
  };
}

const FACETS: Readonly<Record<OutcomeStatus, Facet>> = {
  failed: { word: 'failed', tone: 'remove' },
  uncertain: { word: 'uncertain', tone: 'replace' },
  blocked: { word: 'blocked', tone: 'alter' },
  cancelled: { word: 'cancelled', tone: 'quiet' },
  pending: { word: 'pending', tone: 'info' },
  succeeded: { word: 'succeeded', tone: 'good' },
};
const STATUSES = Object.keys(FACETS) as readonly OutcomeStatus[];

/** What became of a change, with what the plan said of it. */
function outcomeRow(
  { plan }: ApplyReport,
  { address, action, status, error, because, attempts }: ApplyReport['outcomes'][number],
): Row {
  const change = plan.changes.find((one) => one.address === address && one.action === action);
  const planned = change === undefined ? {} : changeRow(change);
  return {
    ...planned,
    address,
    facet: status,
    notes: [
      action,
      ...(error === undefined ? [] : [`${error.code}: ${error.message}`]),
      ...(because === undefined ? [] : [`because ${because}`]),
      ...(attempts > 1 ? [`${attempts} requests`] : []),
    ],
  };
}

function openSection(
  title: string,
  name: string,
  found: readonly { readonly row: Row; readonly outcome: { readonly status: OutcomeStatus } }[],
): Html | null {
  if (found.length === 0) return null;
  const rank = ({ outcome }: (typeof found)[number]): number => STATUSES.indexOf(outcome.status);
  const rows = [...found].sort((a, b) => rank(a) - rank(b)).map(({ row }) => row);
  return section({ title, n: found.length, name }, openList(rows, { facets: FACETS }));
}

function addressesHtml(title: string, name: string, addresses: readonly string[]): Html | null {
  if (addresses.length === 0) return null;
  const items = [...addresses].sort().map((address) => markup`<li>${addressHtml(address)}</li>\n`);
  return section(
    { title, n: addresses.length, name },
    markup`<ul class="plain">
${items}</ul>`,
  );
}

function toneOfApply({ outcomes, proof, interrupted }: ApplyReport): Tone {
  if (outcomes.some(({ status }) => status === 'failed' || status === 'blocked' || status === 'uncertain'))
    return 'remove';
  if (interrupted !== null || proof === null || !proof.converged) return 'alter';
  return proof.pending.length > 0 ? 'info' : 'good';
}

function headlineOf({ outcomes }: ApplyReport): string {
  if (outcomes.length === 0) return 'Nothing to write';
  const { succeeded } = outcomeCounts(outcomes);
  return succeeded === outcomes.length
    ? `${grouped(succeeded)} applied`
    : `${grouped(succeeded)} of ${grouped(outcomes.length)} applied`;
}

function leadOf(report: ApplyReport): readonly (Html | string)[] {
  const { plan, outcomes, interrupted } = report;
  const counts = outcomeCounts(outcomes);
  const shares = STATUSES.map((status) => ({ ...FACETS[status], n: counts[status] ?? 0 }));
  const [proof = ''] = proofLines(report, painter(false));
  return [
    ...partial(plan),
    ...(interrupted === null
      ? []
      : [markup`<b>Interrupted by ${interrupted}:</b> what had not begun was not started.`]),
    ...(outcomes.length === 0 ? [] : [shareBar(shares.toReversed(), 'What became of the changes')]),
    countLine(report),
    proof.endsWith(':') ? `${proof.slice(0, -1)}.` : proof,
    usageLine(report.requests),
  ];
}

function partial({ scope }: Plan): readonly Html[] {
  const text = scopeText(scope);
  return text === null ? [] : [markup`<b>Partial: ${text}.</b> The rest was left alone.`];
}
