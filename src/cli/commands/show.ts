import { planClaims } from '../../report/claim.ts';
import { planHtml } from '../../report/html/plan-html.ts';
import { planDocument, planOf } from '../../report/plan-json.ts';
import { planMarkdown } from '../../report/plan-markdown.ts';
import { planJunit } from '../../report/plan-junit.ts';
import { renderPlan } from '../../report/plan-text.ts';
import { sarifLog } from '../../report/sarif-log.ts';
import type { ShowOptions } from '../args.ts';
import { checkReportFolders, deliver, deliverErrors } from '../deliver.ts';
import { aboutSarif } from '../diagnostics-rendition.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { collectionsOf } from '../kind-words.ts';
import { readPlanFile } from '../plan-file.ts';
import type { Session } from '../session.ts';

/** Prints a saved plan, also a stale one, as it was made: no network, no clock, no digests. */
export async function runShow(planFile: string, options: ShowOptions, session: Session): Promise<ExitCode> {
  await checkReportFolders(session);
  const file = await readPlanFile(planFile, session.io.cwd);
  if (file.type === 'unusable') return deliverErrors(session, file, EXIT.error);
  const { document } = file;
  const plan = planOf(document);
  const about = { createdAt: document.createdAt, texts: new Map(), successful: plan.unreadable.length === 0 };
  const collections = collectionsOf(options.dialect);
  return deliver(
    session,
    {
      text: ({ color, width }) => renderPlan(plan, { color, width, command: 'show', collections }),
      json: () => planDocument(plan, document),
      markdown: (elsewhere) => planMarkdown(plan, { command: 'show', elsewhere }),
      sarif: () => sarifLog(planClaims(plan), aboutSarif(session, about)),
      junit: () => planJunit(plan, { command: 'show', createdAt: document.createdAt, unchanged: null }),
      html: (page) =>
        planHtml(plan, { tool: document.tool, createdAt: document.createdAt, page, command: 'show', rate: null }),
    },
    EXIT.done,
  );
}
