import type { Plan, Refusal } from '../model/change.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { ApplyReport, Outcome, OutcomeStatus } from '../model/outcome.ts';
import { countLine } from './apply-text.ts';
import { junitXml, type TestCase } from './junit-xml.ts';
import { errorCases, readingCases, suitesOf, toldOf } from './junit-parts.ts';
import { verbOf, withReason } from './outcome-words.ts';
import { planJunit } from './plan-junit.ts';

/** A case for every change: what did not succeed fails, what is pending or was not begun is skipped. */
export function applyJunit(report: ApplyReport, about: { readonly createdAt: string }): string {
  const { plan, outcomes, proof } = report;
  const unproven = (proof?.remaining ?? []).map((address) => ({
    name: `proof ${address}`,
    problem: { type: 'failure', rule: 'proof', message: 'still differs' } as const,
  }));
  const first = {
    name: 'apply',
    cases: [
      ...errorCases(plan.diagnostics),
      ...readingCases(plan.unreadable),
      ...(proof === null
        ? [{ name: 'proof', problem: { type: 'error', rule: 'proof', message: 'nothing was read again' } } as const]
        : unproven.length > 0
          ? unproven
          : [{ name: 'proof' }]),
    ],
    told: [countLine(report), ...toldOf(plan.diagnostics)],
  };
  const cases = outcomes.map((outcome) => ({ address: outcome.address, one: outcomeCase(outcome) }));
  return junitXml([first, ...suitesOf(cases)], about);
}

/** An apply that was refused or whose plan is stale: nothing was written. */
export function unappliedJunit(
  plan: Plan | null,
  { refusals, diagnostics }: { readonly refusals: readonly Refusal[]; readonly diagnostics: readonly Diagnostic[] },
  about: { readonly createdAt: string },
): string {
  if (plan === null || diagnostics.length > 0)
    return junitXml([{ name: 'apply', cases: errorCases(diagnostics), told: toldOf(diagnostics) }], about);
  return planJunit(plan, { ...about, command: 'apply', unchanged: null, refusals });
}

function outcomeCase(outcome: Outcome): TestCase {
  const { address, status } = outcome;
  const type = TYPES[status];
  const name = `${verbOf(outcome)} ${address}`;
  if (type === null) return { name };
  return { name, problem: { type, rule: `outcome/${status}`, message: `${status}${withReason(outcome)}` } };
}

const TYPES: Readonly<Record<OutcomeStatus, 'failure' | 'skipped' | null>> = {
  succeeded: null,
  failed: 'failure',
  blocked: 'failure',
  pending: 'skipped',
  cancelled: 'skipped',
  uncertain: 'failure',
};
