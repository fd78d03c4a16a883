import { createdAt } from '../../compose/created-at.ts';
import { apply } from '../../compose.ts';
import type { Plan } from '../../model/change.ts';
import { renderDiagnostics } from '../../report/diagnostic-text.ts';
import { renderPlan } from '../../report/plan-text.ts';
import { approvePlan } from '../approval.ts';
import type { ApplyOptions } from '../apply-options.ts';
import { deliverApplied } from '../deliver-applied.ts';
import { checkReportFolders, deliverErrors } from '../deliver.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { collectionsOf, kindsThatHoldData } from '../kind-words.ts';
import { readSavedPlan } from '../plan-file.ts';
import { askOn, canAsk } from '../prompt.ts';
import type { Session } from '../session.ts';
import { settingsOf } from '../settings.ts';
import { UsageError } from '../usage-error.ts';
import { withRun } from '../with-run.ts';

/** Plans, judges, asks, executes, proves. `planFile`: a saved plan whose changes are consented to. */
export async function runApply(planFile: string | null, options: ApplyOptions, session: Session): Promise<ExitCode> {
  const settings = settingsOf(options, session.io.env, {
    target: options.target,
    exclude: options.exclude,
    policy: options.policy,
  });
  checkAllowDelete(options);
  await checkReportFolders(session);
  const file = planFile === null ? null : await readSavedPlan(planFile, session.io.cwd);
  if (file?.type === 'unusable') return deliverErrors(session, file, file.otherMajor ? EXIT.stale : EXIT.error);
  const saved = file?.saved ?? null;

  return withRun(session, options, async (run) => {
    const { effects, interrupt, progress } = run;
    const needsYes = options.autoApprove !== true && saved === null;
    const shown = { plan: false };
    const applied = await apply(settings, effects, {
      consent: {
        allowDelete: options.allowDelete,
        confirm: options.confirm,
        maxDeletePercent: options.maxDeletePercent ?? null,
      },
      saved,
      waitMs: options.wait,
      approve: async (plan, unconfirmed) => {
        await showPlan(plan);
        shown.plan = true;
        return approvePlan(plan, unconfirmed, {
          needsYes,
          ask: canAsk(session.io) ? askOn(session.io, interrupt) : null,
        });
      },
      drain: interrupt.drain,
      abort: interrupt.abort,
      interruptedBy: () => interrupt.received(),
    });
    await progress.settle();
    if (applied.type === 'refused' && !shown.plan) {
      await showPlan(applied.plan);
      // Refused before anybody was asked: who follows the refusals' advice must not be refused once more.
      if (needsYes && !canAsk(session.io) && applied.refusals.every(({ override }) => override !== null))
        session.io.stderr.write('There is no terminal to ask on: --auto-approve is needed as well.\n');
    }
    // Nobody was shown the plan, and its warnings must not be lost with it.
    if (applied.type === 'applied' && !shown.plan && applied.report.plan.diagnostics.length > 0)
      session.io.stderr.write(renderDiagnostics(applied.report.plan.diagnostics, applied.texts, session.stderr));
    return deliverApplied(session, applied, { createdAt: createdAt(effects), signal: interrupt.received() });

    // On stderr, since stdout is the report's; without the refusals, which the report says.
    async function showPlan(plan: Plan): Promise<void> {
      await progress.settle();
      const { color, width } = session.stderr;
      const collections = collectionsOf(options.dialect);
      const text = renderPlan(plan, { color, width, command: 'apply', collections, withoutRefusals: true });
      session.io.stderr.write(`${text}\n`);
    }
  });
}

/** A misspelt kind would only show as a refusal, after everything was read. */
function checkAllowDelete(options: ApplyOptions): void {
  const kinds = kindsThatHoldData(options.dialect);
  const unknown = options.allowDelete.find((kind) => !kinds.includes(kind));
  if (unknown !== undefined) {
    throw new UsageError(`--allow-delete ${unknown}: no such kind holds data`, `kinds that do: ${kinds.join(', ')}`);
  }
}
