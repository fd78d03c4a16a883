import type { CodeChecked } from '../compose/check-code.ts';
import type { Planned } from '../compose/contract.ts';
import { hasErrors } from '../model/diagnostic.ts';
import type { Drift } from '../model/drift.ts';
import type { Proposal } from '../model/proposal.ts';
import type { ApplyReport } from '../model/outcome.ts';

/** Every way out of a command. Pipelines depend on the numbers. */
export const EXIT = {
  done: 0,
  error: 1,
  changes: 2,
  refused: 3,
  stale: 4,
  partial: 5,
  usage: 64,
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** `detailed`: `--detailed-exitcode`. */
export function planExit(planned: Planned, detailed: boolean): ExitCode {
  if (planned.type === 'invalid') return EXIT.error;
  const { plan } = planned;
  if (hasErrors(plan.diagnostics) || plan.unreadable.length > 0) return EXIT.error;
  if (!detailed) return EXIT.done;
  if (plan.refusals.length > 0) return EXIT.refused;
  // What a pause holds still differs: a pipeline that asks must not hear that nothing does.
  const isPaused = (plan.paused ?? []).some(({ held }) => held.length > 0);
  return plan.changes.length > 0 || isPaused ? EXIT.changes : EXIT.done;
}

/** `counted`: how many items count (`--fail-on`); `most`: from how many on they do (`--max-drift`). */
export function driftExit(
  drift: Drift,
  { counted, most }: { readonly counted: number; readonly most: number },
): ExitCode {
  if (hasErrors(drift.diagnostics) || drift.unreadable.length > 0) return EXIT.error;
  return counted > 0 && counted >= most ? EXIT.changes : EXIT.done;
}

/** With `--propose`: what could not be said in the files is an error; what is proposed or written has drifted all the same. */
export function proposalExit(proposal: Proposal | null, code: ExitCode): ExitCode {
  return proposal !== null && proposal.refused.length > 0 ? EXIT.error : code;
}

/** What is removed too early is refused; all else that is wrong with code or document is an error. */
export function checkCodeExit(checked: CodeChecked): ExitCode {
  if (checked.type === 'invalid') return EXIT.error;
  const errors = checked.check.findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return EXIT.done;
  return errors.every(({ code }) => code === 'CVG803') ? EXIT.refused : EXIT.error;
}

/** What is pending on the platform is not a failure; what could not be proven is. */
export function applyExit({ plan, outcomes, proof, interrupted }: ApplyReport): ExitCode {
  if (interrupted !== null) return EXIT[interrupted === 'AbortSignal' ? 'SIGTERM' : interrupted];
  const wholly = outcomes.every(
    ({ status }) => status === 'succeeded' || status === 'pending' || status === 'cancelled',
  );
  const proven = proof === null ? outcomes.length === 0 : proof.converged;
  return wholly && proven && plan.unreadable.length === 0 ? EXIT.done : EXIT.partial;
}

/** The lines of `--help` and docs/commands.md. */
export const EXIT_MEANINGS: readonly (readonly [ExitCode, string])[] = [
  [EXIT.done, 'done (plan: whatever it found, unless --detailed-exitcode)'],
  [
    EXIT.error,
    'an error: invalid document, unreachable platform, bad token, wrong team; plan, drift and dump with unreadable parts; drift --propose with refusals',
  ],
  [EXIT.changes, 'plan --detailed-exitcode: changes are pending and nothing is refused; drift: drift was found'],
  [
    EXIT.refused,
    'refused: protection, threshold, missing consent, change window, invariant, policy, "no"; apply has written nothing',
  ],
  [EXIT.stale, 'the saved plan is stale or for another target; nothing was written'],
  [EXIT.partial, 'applied, not wholly: something failed, is blocked, uncertain or unreadable, or is not proven'],
  [EXIT.usage, 'wrong usage'],
  [EXIT.SIGHUP, 'interrupted by SIGHUP (the terminal is gone); the report was still written'],
  [EXIT.SIGINT, 'interrupted by SIGINT; the report was still written'],
  [EXIT.SIGTERM, 'interrupted by SIGTERM; the report was still written'],
];
