import path from 'node:path';
import type { FileTexts } from '../compose/contract.ts';
import { createdAt } from '../compose/created-at.ts';
import { readReportPage } from '../compose/report-page.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { renderDiagnostics } from '../report/diagnostic-text.ts';
import type { DocumentMeta } from '../report/envelope-json.ts';
import { errorDocument } from '../report/error-json.ts';
import { problemsHtml } from '../report/html/diagnostics-html.ts';
import type { PageParts } from '../report/html/page.ts';
import { jsonText } from '../report/plain-json.ts';
import { sanitize } from '../report/sanitize.ts';
import { diagnosticsRendition } from './diagnostics-rendition.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { systemClock } from '../compose/machine.ts';
import type { Format } from './options.ts';
import type { Session } from './session.ts';
import { PLAIN_SCREEN, type Screen } from './terminal.ts';
import { checkFolderOf, FileNotWritten, writeReport } from './written-file.ts';

/** One document in every format that it can be asked for. */
export interface Rendition {
  readonly text: (screen: Screen) => string;
  /** Plain data. */
  readonly json: () => unknown;
  /** For a comment; `elsewhere` names where the whole of it is, null: nowhere. */
  readonly markdown: (elsewhere: string | null) => string;
  /** A SARIF log, plain data. */
  readonly sarif: () => unknown;
  /** XML. */
  readonly junit: () => string;
  /** For a browser; `page` is what it is drawn with. */
  readonly html: (page: PageParts) => string;
}

/** Prints the document on stdout and writes the reports. A report that cannot be written turns success into an error. */
export async function deliver(session: Session, rendition: Rendition, code: ExitCode): Promise<ExitCode> {
  session.io.stdout.write(
    await rendered(rendition, session.format, { screen: session.stdout, elsewhere: elsewhereOf(session) }),
  );
  return writeReports(session, rendition, code);
}

/** As {@link deliver} for what stopped the command: as text it goes to stderr, since it is not what was asked for. */
export async function deliverErrors(
  session: Session,
  problem: { readonly diagnostics: readonly Diagnostic[]; readonly texts?: FileTexts },
  code: ExitCode,
): Promise<ExitCode> {
  const texts: FileTexts = problem.texts ?? new Map();
  const rendition: Rendition = {
    text: (screen) => renderDiagnostics(problem.diagnostics, texts, screen),
    json: () => errorDocument(problem.diagnostics),
    ...diagnosticsRendition(session, problem.diagnostics, texts),
    html: (page) =>
      problemsHtml({ diagnostics: problem.diagnostics, texts }, { ...madeNow(session), page, name: 'Errors' }),
  };
  if (MACHINE_FORMATS.has(session.format))
    session.io.stdout.write(await rendered(rendition, session.format, { screen: session.stdout, elsewhere: null }));
  else session.io.stderr.write(rendition.text(session.stderr));
  return writeReports(session, rendition, code);
}

/** Fails before anything else happens where a file of the command line has no folder to stand in. */
export async function checkReportFolders(session: Session, further: readonly string[] = []): Promise<void> {
  for (const file of [...session.reports.map((report) => report.file), ...further]) {
    await checkFolderOf(path.resolve(session.io.cwd, file));
  }
}

/** Runs `write`; where that fails it says so and turns success into an error. */
export async function attempt(session: Session, code: ExitCode, write: () => Promise<void>): Promise<ExitCode> {
  try {
    await write();
    return code;
  } catch (error) {
    if (!(error instanceof FileNotWritten)) throw error;
    session.io.stderr.write(`converge: ${sanitize(error.message)}\n`);
    return code === EXIT.done || code === EXIT.changes ? EXIT.error : code;
  }
}

async function writeReports(session: Session, rendition: Rendition, code: ExitCode): Promise<ExitCode> {
  let result = code;
  for (const { format, file } of session.reports) {
    const text = await rendered(rendition, format, { screen: PLAIN_SCREEN, elsewhere: elsewhereOf(session) });
    result = await attempt(session, result, () => writeReport(path.resolve(session.io.cwd, file), text));
  }
  return result;
}

async function rendered(
  rendition: Rendition,
  format: Format,
  { screen, elsewhere }: { readonly screen: Screen; readonly elsewhere: string | null },
): Promise<string> {
  switch (format) {
    case 'text':
      return rendition.text(screen);
    case 'json':
      return jsonText(rendition.json());
    case 'markdown':
      return rendition.markdown(elsewhere);
    case 'sarif':
      return jsonText(rendition.sarif());
    case 'junit':
      return rendition.junit();
    case 'html':
      return rendition.html(await readReportPage());
    default:
      return format satisfies never;
  }
}

/** What a document of a run says of its making, where no plan says it. */
export function madeNow({ version, io }: Session): DocumentMeta {
  return { tool: version, createdAt: createdAt({ env: io.env, clock: systemClock }) };
}

/** Where everything is that a comment has no room for: the first report that leaves nothing out. */
function elsewhereOf({ io, reports }: Session): string | null {
  return io.elsewhere ?? reports.find(({ format }) => WHOLE_FORMATS.has(format))?.file ?? null;
}

/** Read by programs: an error is one of these too, and stands where the document would. */
const MACHINE_FORMATS: ReadonlySet<Format> = new Set(['json', 'sarif', 'junit']);

/** With everything that there is to say. */
const WHOLE_FORMATS: ReadonlySet<Format> = new Set(['text', 'json']);
