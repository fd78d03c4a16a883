import { checkCode } from '../../compose/check-code.ts';
import { checkCodeDocument } from '../../report/check-code-json.ts';
import { checkCodeMarkdown } from '../../report/check-code-markdown.ts';
import { renderCodeCheck } from '../../report/check-code-text.ts';
import { problemsHtml } from '../../report/html/diagnostics-html.ts';
import type { CheckCodeOptions } from '../check-code-options.ts';
import { checkReportFolders, deliver, deliverErrors, madeNow } from '../deliver.ts';
import { diagnosticsRendition } from '../diagnostics-rendition.ts';
import { checkCodeExit, type ExitCode } from '../exit-codes.ts';
import { systemChance, systemClock } from '../../compose/machine.ts';
import type { Session } from '../session.ts';
import { settingsOf } from '../settings.ts';

/** Checks an app's code against the document, offline. */
export async function runCheckCode(folder: string, options: CheckCodeOptions, session: Session): Promise<ExitCode> {
  const settings = settingsOf(options, session.io.env);
  await checkReportFolders(session);
  const { io, version } = session;
  const checked = await checkCode(
    settings,
    {
      env: io.env,
      cwd: io.cwd,
      clock: systemClock,
      chance: systemChance,
      onEvent: () => undefined,
      version,
    },
    { folder, deployments: options.deployment },
  );
  const code = checkCodeExit(checked);
  if (checked.type === 'invalid') return deliverErrors(session, checked, code);
  const { check, texts } = checked;
  return deliver(
    session,
    {
      text: (screen) => renderCodeCheck(check, { ...screen, texts }),
      json: () => checkCodeDocument(check, { tool: version }),
      ...diagnosticsRendition(session, check.findings, texts),
      markdown: (elsewhere) => checkCodeMarkdown(check, elsewhere),
      html: (page) =>
        problemsHtml({ diagnostics: check.findings, texts }, { ...madeNow(session), page, name: 'Code check' }),
    },
    code,
  );
}
