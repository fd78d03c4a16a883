import type { Plan, Refusal } from '../model/change.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { ApplyReport, Outcome, OutcomeStatus } from '../model/outcome.ts';
import type { Place } from '../model/place.ts';
import { diagnosticClaims, planClaims, type Claim } from './claim.ts';
import { verbOf, withReason } from './outcome-words.ts';
import { sarifLog, type SarifAbout } from './sarif-log.ts';

/** What is not as declared after an apply, on the line that asks for it. */
export function applySarif({ plan, outcomes }: ApplyReport, about: SarifAbout) {
  const places = new Map(plan.changes.map(({ address, where }) => [address, where]));
  const claims = outcomes.flatMap((outcome): readonly Claim[] => {
    const level = LEVELS[outcome.status];
    return level === null ? [] : [outcomeClaim(outcome, level, places.get(outcome.address) ?? null)];
  });
  return sarifLog([...claims, ...planClaims(plan, [])], about);
}

/** An apply that was refused or whose plan is stale: nothing was written. */
export function unappliedSarif(
  plan: Plan | null,
  { refusals, diagnostics }: { readonly refusals: readonly Refusal[]; readonly diagnostics: readonly Diagnostic[] },
  about: SarifAbout,
) {
  return sarifLog([...diagnosticClaims(diagnostics), ...(plan === null ? [] : planClaims(plan, refusals))], about);
}

function outcomeClaim(outcome: Outcome, level: Claim['level'], where: Place | null): Claim {
  const { address, status, attempts } = outcome;
  return {
    rule: `outcome/${status}`,
    level,
    message: `${address}: ${status} to ${verbOf(outcome)}${withReason(outcome)}`,
    where,
    address,
    facts: { status, attempts },
  };
}

const LEVELS: Readonly<Record<OutcomeStatus, Claim['level'] | null>> = {
  succeeded: null,
  failed: 'error',
  blocked: 'warning',
  pending: 'note',
  cancelled: 'warning',
  uncertain: 'error',
};
