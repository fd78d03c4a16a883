import type { Plan, Refusal } from '../model/change.ts';
import type { ApplyReport, Outcome, OutcomeStatus } from '../model/outcome.ts';
import type { RequestUsage } from '../model/provider.ts';
import { outcomeCounts } from './apply-json.ts';
import { labelOf } from './change-text.ts';
import { ignoredLines, ignoredNumber } from './ignored-text.ts';
import { pausedCount, pausedLines } from './paused-text.ts';
import { painter, type Paint, type Style } from './paint.ts';
import { refusalLines, unreadableLines, type TextOptions } from './plan-text.ts';
import { recordLines, unsettledLines } from './records-text.ts';
import { sanitize } from './sanitize.ts';
import { isPartial, scopeText, targetText } from './target-text.ts';
import { count, duration, firstOf, joinSections } from './words.ts';

type ApplyTextOptions = Pick<TextOptions, 'color' | 'width'>;

/**
 * The report of an apply for people: every change that did not succeed with its reason, how many did, what reading
 * again showed, and what it cost. Ends with a newline.
 */
export function renderApply(report: ApplyReport, options: ApplyTextOptions): string {
  const paint = painter(options.color);
  return joinSections([
    headingLines(report.plan, paint),
    outcomeLines(report.outcomes, paint),
    unreadableLines(report.plan.unreadable, 'nothing was written under', paint),
    pausedLines(report.plan.paused ?? [], paint),
    ignoredLines(report.plan.ignored, paint),
    notAppliedLines(report, paint),
    unsettledLines(report.unsettled ?? [], paint),
    recordLines(report.unsettled ?? [], paint),
    [
      ...(report.interrupted === null
        ? []
        : [paint('yellow', `Interrupted by ${report.interrupted}: what had not begun was not started.`)]),
      paint('bold', countLine(report)),
      ...proofLines(report, paint),
      usageLine(report.requests),
    ],
  ]);
}

/** An apply that was refused: nothing was written. */
export function renderRefused(
  refused: { readonly plan: Plan; readonly refusals: readonly Refusal[] },
  options: ApplyTextOptions,
): string {
  const paint = painter(options.color);
  return joinSections([
    headingLines(refused.plan, paint),
    unreadableLines(refused.plan.unreadable, 'nothing is planned under', paint),
    refusalLines(refused.refusals, 'nothing was written', paint),
  ]);
}

/** A saved plan that no longer holds: nothing was written. */
export function renderStale(
  stale: { readonly plan: Plan | null; readonly moved: readonly string[] },
  options: ApplyTextOptions,
): string {
  const paint = painter(options.color);
  return joinSections([
    stale.plan === null ? [] : headingLines(stale.plan, paint),
    [
      paint(['bold', 'red'], 'Stale: nothing was written. Since the plan was saved:'),
      ...stale.moved.map((line) => `  ✗ ${sanitize(line)}`),
      'Plan again, and apply what it shows now.',
    ],
  ]);
}

function headingLines(plan: Plan, paint: Paint): string[] {
  const scope = scopeText(plan.scope);
  return [
    paint('bold', `Apply to ${targetText(plan.target)}`),
    ...(scope === null ? [] : [paint('yellow', `Partial: ${scope}. The rest was left alone.`)]),
  ];
}

function outcomeLines(outcomes: readonly Outcome[], paint: Paint): string[] {
  const rest = outcomes.filter(({ status }) => status !== 'succeeded');
  const statusWidth = Math.max(0, ...rest.map(({ status }) => status.length));
  return rest.flatMap(({ address, action, status, attempts, error, because }) => {
    const verb = labelOf(action).replace(/^\S+ /, '');
    const tries = attempts > 1 ? ` (${attempts} requests)` : '';
    return [
      `  ${paint(['bold', styleOf(status)], status.padEnd(statusWidth))}  ${verb} ${sanitize(address)}${tries}`,
      ...(error === undefined ? [] : [`      ${paint('red', sanitize(error.code))}: ${sanitize(error.message)}`]),
      ...(because === undefined ? [] : [`      because ${sanitize(because)}`]),
    ];
  });
}

function notAppliedLines({ notApplied }: ApplyReport, paint: Paint): string[] {
  if (notApplied.length === 0) return [];
  return [
    paint('bold', `Not in the saved plan, not applied: ${count(notApplied.length, 'difference')}.`),
    ...firstOf(notApplied, MOST_NAMED).map((address) => `  ${address}`),
  ];
}

/** How many succeeded. */
export function countLine({ outcomes }: ApplyReport): string {
  if (outcomes.length === 0) return 'Nothing was to be written.';
  const { succeeded, ...others } = outcomeCounts(outcomes);
  const counts = Object.entries(others).filter(([, n]) => n > 0);
  const rest = counts.map(([status, n]) => `, ${n} ${status}`).join('');
  return `Applied: ${succeeded} of ${count(outcomes.length, 'change')} succeeded${rest}.`;
}

/** What reading again has shown. */
export function proofLines({ proof, plan, notApplied, outcomes }: ApplyReport, paint: Paint): string[] {
  if (proof === null) return [paint('yellow', 'Proof: none, live state was not read again.')];
  const pending =
    proof.pending.length === 0
      ? []
      : [
          `${count(proof.pending.length, 'change')} pending until the platform is finished:`,
          ...firstOf(proof.pending, MOST_NAMED).map((address) => `  ${address}`),
        ];
  if (proof.converged && proof.remaining.length === 0) {
    const how = outcomes.length === 0 ? 'as just read' : 'read again';
    const lead = `Proof: ${how}, ${provenText(plan, notApplied.length > 0)}${apartFrom(plan, pending.length > 0)}.`;
    return [paint('green', lead), ...pending];
  }
  const remaining = firstOf(proof.remaining, MOST_NAMED).map((address) => `  ${address}`);
  const lead =
    remaining.length === 0
      ? 'Proof: read again, and not everything is shown to be as the files say.'
      : `Proof: read again, ${count(proof.remaining.length, 'thing')} still ${proof.remaining.length === 1 ? 'differs' : 'differ'} from the files:`;
  return [paint(['bold', 'red'], lead), ...remaining, ...pending];
}

function apartFrom({ paused, ignored }: Plan, isPending: boolean): string {
  const rest = [
    ...(pausedCount(paused) > 0 ? ['what is paused'] : []),
    ...(isPending ? ['what is pending'] : []),
    ...(ignoredNumber(ignored) > 0 ? ['what is ignored'] : []),
  ];
  return rest.length === 0 ? '' : `, apart from ${rest.join(' and ')}`;
}

/** Never more than was seen: what could not be read and what is out of scope is not claimed. */
function provenText(plan: Plan, more: boolean): string {
  if (plan.unreadable.length > 0) return 'what could be read is as the files say';
  if (more) return 'everything in the saved plan is as the files say';
  return isPartial(plan.scope) ? 'everything in this scope is as the files say' : 'everything is as the files say';
}

/** A shorter wait is nobody's concern. */
const NOTICEABLE_MS = 1000;

/** What it cost. */
export function usageLine({ reads, writes, throttled, waitedMs }: RequestUsage): string {
  const slow = [
    ...(throttled === 0 ? [] : [`the platform said 429 (too many requests) to ${throttled} of them`]),
    ...(waitedMs < NOTICEABLE_MS ? [] : [`requests waited ${duration(waitedMs)} for the rate limit`]),
  ];
  return `It took ${count(writes, 'write request')} and ${count(reads, 'read request')}${slow.length === 0 ? '' : `; ${slow.join('; ')}`}.`;
}

function styleOf(status: OutcomeStatus): Style {
  switch (status) {
    case 'failed':
      return 'red';
    case 'uncertain':
      return 'magenta';
    case 'blocked':
    case 'pending':
    case 'cancelled':
      return 'yellow';
    case 'succeeded':
      return 'green';
    default:
      status satisfies never;
      return 'cyan';
  }
}

const MOST_NAMED = 20;
