import type { Applied } from '../compose/contract.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { ApplyReport, InterruptSignal } from '../model/outcome.ts';
import { applyDocument, refusedDocument, staleDocument } from '../report/apply-json.ts';
import { applyJunit, unappliedJunit } from '../report/apply-junit.ts';
import { applyMarkdown, refusedMarkdown, staleMarkdown } from '../report/apply-markdown.ts';
import { applySarif, unappliedSarif } from '../report/apply-sarif.ts';
import { renderApply, renderRefused, renderStale } from '../report/apply-text.ts';
import { renderDiagnostics } from '../report/diagnostic-text.ts';
import { applyHtml, refusedHtml, staleHtml } from '../report/html/apply-html.ts';
import { problemsHtml } from '../report/html/diagnostics-html.ts';
import { errorDocument } from '../report/error-json.ts';
import type { SarifAbout } from '../report/sarif-log.ts';
import { deliver, deliverErrors, type Rendition } from './deliver.ts';
import { aboutSarif, diagnosticsRendition } from './diagnostics-rendition.ts';
import { applyExit, EXIT, type ExitCode } from './exit-codes.ts';
import type { Session } from './session.ts';

/** Prints and writes what became of an apply, on every way out; the exit code that says the same. */
export function deliverApplied(
  session: Session,
  applied: Applied,
  about: { readonly createdAt: string; readonly signal: InterruptSignal | null },
): Promise<ExitCode> {
  const meta = { tool: session.version, createdAt: about.createdAt };
  const sarifOf = (successful: boolean): SarifAbout =>
    aboutSarif(session, { createdAt: about.createdAt, texts: applied.texts, successful });
  switch (applied.type) {
    case 'invalid':
      return deliverErrors(session, applied, EXIT.error);
    case 'refused':
      return deliver(
        session,
        {
          text: (screen) => renderRefused(applied, screen),
          json: () => refusedDocument(applied, meta),
          markdown: (elsewhere) => refusedMarkdown(applied, elsewhere),
          sarif: () => unappliedSarif(applied.plan, { ...applied, diagnostics: [] }, sarifOf(false)),
          junit: () => unappliedJunit(applied.plan, { ...applied, diagnostics: [] }, meta),
          html: (page) => refusedHtml(applied, { ...meta, page }),
        },
        EXIT.refused,
      );
    case 'stale':
      return deliver(
        session,
        {
          text: (screen) => renderStale(applied, screen),
          json: () => staleDocument({ ...applied, diagnostics: applied.moved.map(staleDiagnostic) }, meta),
          markdown: (elsewhere) => staleMarkdown(applied, elsewhere),
          sarif: () => unappliedSarif(applied.plan, staleOf(applied.moved), sarifOf(false)),
          junit: () => unappliedJunit(applied.plan, staleOf(applied.moved), meta),
          html: (page) => staleHtml(applied, { ...meta, page }),
        },
        EXIT.stale,
      );
    case 'interrupted':
      return deliver(
        session,
        interruptedRendition(session, applied, { ...meta, signal: about.signal ?? 'SIGINT' }),
        EXIT[about.signal ?? 'SIGINT'],
      );
    case 'applied':
      return deliver(
        session,
        {
          text: (screen) => renderApply(applied.report, screen),
          json: () => applyDocument(applied.report, meta),
          markdown: (elsewhere) => applyMarkdown(applied.report, elsewhere),
          sarif: () => applySarif(applied.report, sarifOf(applyExit(applied.report) === EXIT.done)),
          junit: () => applyJunit(applied.report, meta),
          html: (page) => applyHtml(applied.report, { ...meta, page }),
        },
        applyExit(applied.report),
      );
    default:
      return applied satisfies never;
  }
}

/** As what is said against the plan. */
function staleOf(moved: readonly string[]) {
  return { refusals: [], diagnostics: moved.map(staleDiagnostic) };
}

function staleDiagnostic(moved: string): Diagnostic {
  return { severity: 'error', code: 'CVG702', summary: moved };
}

/** Stopped before the first write: there is a report of it, whole where the plan was known. */
function interruptedRendition(
  session: Session,
  { plan, texts }: Extract<Applied, { type: 'interrupted' }>,
  { signal, ...meta }: { readonly tool: string; readonly createdAt: string; readonly signal: InterruptSignal },
): Rendition {
  const diagnostic: Diagnostic = {
    severity: 'error',
    code: 'CVG704',
    summary: `interrupted by ${signal} before anything was written`,
  };
  return {
    text: (screen) => renderDiagnostics([diagnostic], new Map(), screen),
    json: () => (plan === null ? errorDocument([diagnostic]) : applyDocument(emptyReport(plan, signal), meta)),
    ...diagnosticsRendition(session, [diagnostic], texts),
    html: (page) => problemsHtml({ diagnostics: [diagnostic], texts: new Map() }, { ...meta, page, name: 'Apply' }),
  };
}

function emptyReport(plan: ApplyReport['plan'], interrupted: InterruptSignal): ApplyReport {
  const requests = { reads: plan.requests.read, writes: 0, throttled: 0, waitedMs: 0 };
  return { plan, outcomes: [], proof: null, notApplied: [], requests, interrupted };
}
