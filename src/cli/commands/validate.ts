import { validate } from '../../compose.ts';
import { hasErrors } from '../../model/diagnostic.ts';
import { errorDocument } from '../../report/error-json.ts';
import { problemsHtml } from '../../report/html/diagnostics-html.ts';
import { validateDocument } from '../../report/validate-json.ts';
import { renderValidated } from '../../report/validate-text.ts';
import type { ValidateOptions } from '../args.ts';
import { diagnosticsRendition } from '../diagnostics-rendition.ts';
import { checkReportFolders, deliver, madeNow } from '../deliver.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { systemChance, systemClock } from '../../compose/machine.ts';
import type { Session } from '../session.ts';
import { settingsOf } from '../settings.ts';

/** Checks the document offline. */
export async function runValidate(options: ValidateOptions, session: Session): Promise<ExitCode> {
  const settings = settingsOf(options, session.io.env);
  await checkReportFolders(session);
  const { io, version } = session;
  const validated = await validate(settings, {
    env: io.env,
    cwd: io.cwd,
    clock: systemClock,
    chance: systemChance,
    onEvent: () => undefined,
    version,
  });
  const invalid = hasErrors(validated.diagnostics);
  return deliver(
    session,
    {
      text: (screen) => renderValidated(validated, screen),
      json: () => (invalid ? errorDocument(validated.diagnostics) : validateDocument(validated, { tool: version })),
      ...diagnosticsRendition(session, validated.diagnostics, validated.texts),
      html: (page) => problemsHtml(validated, { ...madeNow(session), page, name: 'Validation' }),
    },
    invalid ? EXIT.error : EXIT.done,
  );
}
