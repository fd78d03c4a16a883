import { createdAt } from '../../compose/created-at.ts';
import { explain, type Explained } from '../../compose/explain.ts';
import { explainDocument } from '../../report/explain-json.ts';
import { renderExplanation } from '../../report/explain-text.ts';
import { checkReportFolders, deliver, deliverErrors } from '../deliver.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import type { ExplainOptions } from '../explain-options.ts';
import { deliverInterrupted } from '../interrupted.ts';
import type { Session } from '../session.ts';
import { settingsOf } from '../settings.ts';
import { textAndJson } from '../text-and-json.ts';
import { withRun } from '../with-run.ts';

/** Reads live state and tells of one address; writes nothing but reports. */
export async function runExplain(address: string, options: ExplainOptions, session: Session): Promise<ExitCode> {
  const settings = settingsOf(options, session.io.env, { target: [], exclude: [], allowUnresolved: true });
  await checkReportFolders(session);
  return withRun(session, options, async ({ effects, interrupt, progress }) => {
    let explained: Explained;
    try {
      const { since: sinceMs, showIp, history } = options;
      const request = { address, sinceMs, showIp: showIp === true, history, signal: interrupt.drain };
      explained = await explain(settings, effects, request);
    } catch (error) {
      if (interrupt.received() === null) throw error;
      return deliverInterrupted(session, interrupt);
    } finally {
      await progress.settle();
    }
    if (explained.type === 'invalid') return deliverErrors(session, explained, EXIT.error);
    const { explanation } = explained;
    const readAt = createdAt({
      env: session.io.env,
      clock: { ...effects.clock, now: () => explanation.readAt },
    });
    return deliver(
      session,
      textAndJson({
        text: ({ color, width }) => renderExplanation(explanation, { color, width, readAt }),
        json: () => explainDocument(explanation, { tool: session.version, createdAt: readAt }),
      }),
      EXIT.done,
    );
  });
}
