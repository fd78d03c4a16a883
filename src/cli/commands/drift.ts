import { drift, type Drifted } from '../../compose/drift.ts';
import { createdAt } from '../../compose/created-at.ts';
import { driftDocument } from '../../report/drift-json.ts';
import { driftJunit } from '../../report/drift-junit.ts';
import { driftMarkdown } from '../../report/drift-markdown.ts';
import { driftSarif } from '../../report/drift-sarif.ts';
import { renderDrift } from '../../report/drift-text.ts';
import { checkReportFolders, deliver, deliverErrors } from '../deliver.ts';
import { aboutSarif } from '../diagnostics-rendition.ts';
import { countedIn, type DriftOptions } from '../drift-options.ts';
import { driftExit, EXIT, type ExitCode } from '../exit-codes.ts';
import { deliverInterrupted } from '../interrupted.ts';
import { collectionsOf } from '../kind-words.ts';
import type { Session } from '../session.ts';
import { settingsOf } from '../settings.ts';
import { withRun } from '../with-run.ts';

/** Reads live state and says what moved, and by whom; writes nothing but reports. */
export async function runDrift(options: DriftOptions, session: Session): Promise<ExitCode> {
  const { target, exclude, since, showIp } = options;
  const settings = settingsOf(options, session.io.env, { target, exclude });
  await checkReportFolders(session);
  return withRun(session, options, async ({ effects, interrupt, progress }) => {
    let drifted: Drifted;
    try {
      drifted = await drift(settings, effects, { sinceMs: since, showIp: showIp === true, signal: interrupt.drain });
    } catch (error) {
      if (interrupt.received() === null) throw error;
      return deliverInterrupted(session, interrupt);
    } finally {
      await progress.settle();
    }
    if (drifted.type === 'invalid') return deliverErrors(session, drifted, EXIT.error);
    const found = drifted.drift;
    const readAt = createdAt({ env: session.io.env, clock: { ...effects.clock, now: () => found.readAt } });
    const about = { createdAt: readAt, texts: drifted.texts, successful: found.unreadable.length === 0 };
    const collections = collectionsOf(options.dialect);
    return deliver(
      session,
      {
        text: ({ color }) => renderDrift(found, { color, collections, readAt }),
        json: () => driftDocument(found, { tool: session.version, createdAt: readAt }),
        markdown: (elsewhere) => driftMarkdown(found, { elsewhere, readAt }),
        sarif: () => driftSarif(found, aboutSarif(session, about)),
        junit: () => driftJunit(found, { createdAt: readAt }),
      },
      driftExit(found, { counted: countedIn(found.items, options.failOn), most: options.maxDrift }),
    );
  });
}
