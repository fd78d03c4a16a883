import path from 'node:path';
import { drift, type Drifted } from '../../compose/drift.ts';
import { createdAt } from '../../compose/created-at.ts';
import type { PreparedProposal } from '../../compose/propose.ts';
import { driftHtml } from '../../report/html/drift-html.ts';
import { driftDocument } from '../../report/drift-json.ts';
import { driftJunit } from '../../report/drift-junit.ts';
import { driftMarkdown } from '../../report/drift-markdown.ts';
import { driftSarif } from '../../report/drift-sarif.ts';
import { renderDrift } from '../../report/drift-text.ts';
import { proposalJson } from '../../report/proposal-json.ts';
import { renderDiff, renderProposal } from '../../report/proposal-text.ts';
import { checkReportFolders, deliver, deliverErrors } from '../deliver.ts';
import { aboutSarif } from '../diagnostics-rendition.ts';
import { countedIn, type DriftOptions } from '../drift-options.ts';
import { driftExit, EXIT, proposalExit, type ExitCode } from '../exit-codes.ts';
import { deliverInterrupted } from '../interrupted.ts';
import { collectionsOf } from '../kind-words.ts';
import { replaceFiles } from '../replace-files.ts';
import type { Session } from '../session.ts';
import { settingsOf } from '../settings.ts';
import type { Screen } from '../terminal.ts';
import { withRun } from '../with-run.ts';

/** Reads live state and says what moved, and by whom; writes nothing but reports, and with `--write` the state files. */
export async function runDrift(options: DriftOptions, session: Session): Promise<ExitCode> {
  const { target, exclude, since, showIp } = options;
  const settings = settingsOf(options, session.io.env, { target, exclude });
  await checkReportFolders(session);
  return withRun(session, options, async ({ effects, interrupt, progress }) => {
    let drifted: Drifted;
    try {
      drifted = await drift(settings, effects, {
        sinceMs: since,
        showIp: showIp === true,
        history: options.history,
        propose: options.propose === true,
        signal: interrupt.drain,
      });
    } catch (error) {
      if (interrupt.received() === null) throw error;
      return deliverInterrupted(session, interrupt);
    } finally {
      await progress.settle();
    }
    if (drifted.type === 'invalid') return deliverErrors(session, drifted, EXIT.error);
    const found = drifted.drift;
    const { prepared } = drifted;
    const wasWritten = prepared !== null && options.write === true;
    if (wasWritten) await writeProposal(prepared, session);
    const readAt = createdAt({ env: session.io.env, clock: { ...effects.clock, now: () => found.readAt } });
    const about = { createdAt: readAt, texts: drifted.texts, successful: found.unreadable.length === 0 };
    const collections = collectionsOf(options.dialect);
    const meta = { tool: session.version, createdAt: readAt };
    const inWords = (screen: Screen): string => renderDrift(found, { color: screen.color, collections, readAt });
    // The diff is the document that was asked for; what it comes from stands beside it.
    if (prepared !== null && session.format === 'text')
      session.io.stderr.write(
        `${inWords(session.stderr)}\n${renderProposal(prepared.proposal, { color: session.stderr.color, written: wasWritten })}`,
      );
    return deliver(
      session,
      {
        text: (screen) => (prepared === null ? inWords(screen) : renderDiff(prepared.proposal, screen)),
        json: () => ({
          ...driftDocument(found, meta),
          ...(prepared === null ? {} : { proposal: proposalJson(prepared.proposal, wasWritten) }),
        }),
        markdown: (elsewhere) => driftMarkdown(found, { elsewhere, readAt }),
        sarif: () => driftSarif(found, aboutSarif(session, about)),
        junit: () => driftJunit(found, { createdAt: readAt }),
        html: (page) => driftHtml(found, { ...meta, page, past: drifted.past }),
      },
      proposalExit(
        prepared?.proposal ?? null,
        driftExit(found, { counted: countedIn(found.items, options.failOn), most: options.maxDrift }),
      ),
    );
  });
}

async function writeProposal({ files }: PreparedProposal, { io }: Session): Promise<void> {
  await replaceFiles(files.map(({ path: file, ...rest }) => ({ file: path.resolve(io.cwd, file), ...rest })));
}
