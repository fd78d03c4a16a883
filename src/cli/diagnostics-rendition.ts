import { createdAt } from '../compose/created-at.ts';
import type { FileTexts } from '../compose/contract.ts';
import { hasErrors, type Diagnostic } from '../model/diagnostic.ts';
import { diagnosticClaims } from '../report/claim.ts';
import { diagnosticsJunit } from '../report/diagnostics-junit.ts';
import { diagnosticsMarkdown } from '../report/diagnostic-markdown.ts';
import { sarifLog, type SarifAbout } from '../report/sarif-log.ts';
import type { Rendition } from './deliver.ts';
import { systemClock } from '../compose/machine.ts';
import type { Session } from './session.ts';

/** Diagnostics in the formats that show nothing else. `texts`: the files that were read. */
export function diagnosticsRendition(
  session: Session,
  diagnostics: readonly Diagnostic[],
  texts: FileTexts,
): Pick<Rendition, 'markdown' | 'sarif' | 'junit'> {
  const at = createdAt({ env: session.io.env, clock: systemClock });
  const about = aboutSarif(session, { createdAt: at, texts, successful: !hasErrors(diagnostics) });
  const { command } = session;
  return {
    markdown: (elsewhere) => diagnosticsMarkdown(diagnostics, elsewhere),
    sarif: () => sarifLog(diagnosticClaims(diagnostics), about),
    junit: () => diagnosticsJunit(diagnostics, { createdAt: at, command, files: [...texts.keys()] }),
  };
}

/** What a SARIF log says of the run. `texts`: the files that were read; the first stands for what has no line. */
export function aboutSarif(
  { version, command }: Session,
  {
    createdAt: at,
    texts,
    successful,
  }: { readonly createdAt: string; readonly texts: FileTexts; readonly successful: boolean },
): SarifAbout {
  const [document = null] = [...texts.keys()].sort();
  return { tool: version, createdAt: at, command, successful, document };
}
