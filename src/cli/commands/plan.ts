import path from 'node:path';
import { plan } from '../../compose.ts';
import type { Planned } from '../../compose/contract.ts';
import { NO_CONSENT } from '../../model/consent.ts';
import { planClaims } from '../../report/claim.ts';
import { planHtml } from '../../report/html/plan-html.ts';
import { jsonText } from '../../report/plain-json.ts';
import { planDocument, savedPlanDocument } from '../../report/plan-json.ts';
import { planMarkdown } from '../../report/plan-markdown.ts';
import { planJunit } from '../../report/plan-junit.ts';
import { renderPlan } from '../../report/plan-text.ts';
import { sarifLog } from '../../report/sarif-log.ts';
import type { PlanOptions } from '../args.ts';
import { attempt, checkReportFolders, deliver, deliverErrors } from '../deliver.ts';
import { aboutSarif } from '../diagnostics-rendition.ts';
import { EXIT, type ExitCode, planExit } from '../exit-codes.ts';
import { deliverInterrupted } from '../interrupted.ts';
import { collectionsOf } from '../kind-words.ts';
import type { Session } from '../session.ts';
import { withRun } from '../with-run.ts';
import { settingsOf } from '../settings.ts';
import { writeSecretFile } from '../written-file.ts';

/** Reads live state and prints what differs; writes nothing but `--out` and reports. */
export async function runPlan(options: PlanOptions, session: Session): Promise<ExitCode> {
  const settings = settingsOf(options, session.io.env, {
    target: options.target,
    exclude: options.exclude,
    allowUnresolved: options.allowUnresolved === true,
    policy: options.policy,
  });
  await checkReportFolders(session, options.out === undefined ? [] : [options.out]);
  return withRun(session, options, async ({ effects, interrupt, progress }) => {
    let planned: Planned;
    try {
      // Nothing is written, so there is nothing to drain: the first signal ends the reading.
      planned = await plan(settings, effects, {
        consent: NO_CONSENT,
        signal: interrupt.drain,
        parity: options.parity === true,
      });
    } catch (error) {
      if (interrupt.received() === null) throw error;
      return deliverInterrupted(session, interrupt);
    } finally {
      await progress.settle();
    }
    if (planned.type === 'invalid') return deliverErrors(session, planned, EXIT.error);
    const { saved, texts, unchanged } = planned;
    const about = { createdAt: saved.createdAt, texts, successful: saved.plan.unreadable.length === 0 };
    const collections = collectionsOf(options.dialect);
    const code = await deliver(
      session,
      {
        text: ({ color, width }) => renderPlan(saved.plan, { color, width, command: 'plan', collections }),
        json: () => planDocument(saved.plan, saved),
        markdown: (elsewhere) => planMarkdown(saved.plan, { command: 'plan', elsewhere }),
        sarif: () => sarifLog(planClaims(saved.plan), aboutSarif(session, about)),
        junit: () => planJunit(saved.plan, { command: 'plan', createdAt: saved.createdAt, unchanged }),
        html: (page) =>
          planHtml(saved.plan, {
            tool: saved.tool,
            createdAt: saved.createdAt,
            page,
            command: 'plan',
            rate: settings.rate,
          }),
      },
      planExit(planned, options.detailedExitcode === true),
    );
    const { out } = options;
    if (out === undefined) return code;
    return attempt(session, code, () =>
      writeSecretFile(path.resolve(session.io.cwd, out), jsonText(savedPlanDocument(saved))),
    );
  });
}
