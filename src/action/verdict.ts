import { hasErrors } from '../model/diagnostic.ts';
import { EXIT } from '../cli/exit-codes.ts';
import { count } from '../report/words.ts';
import type { ActionCommand, FailOn } from './inputs.ts';
import type { ReportDocument } from './report-document.ts';

export const RESULTS = [
  'valid',
  'no-changes',
  'changes',
  'destructive',
  'applied',
  'in-sync',
  'drift',
  'refused',
  'stale',
  'partial',
  'interrupted',
  'error',
] as const;

/** What a run came to, in one word: the label of the pull request. */
export type Result = (typeof RESULTS)[number];

export interface Verdict {
  readonly result: Result;
  /** One line. */
  readonly summary: string;
  /** Something differs, or was written. */
  readonly isChanged: boolean;
}

/** What the document and the exit code of a run say together. */
export function verdictOf(document: ReportDocument | null, exit: number): Verdict {
  if (exit === EXIT.SIGINT || exit === EXIT.SIGTERM || exit === EXIT.SIGHUP)
    return { result: 'interrupted', summary: 'interrupted', isChanged: wasWritten(document) };
  switch (document?.kind) {
    case undefined:
      return { result: 'error', summary: `converge ended with exit code ${String(exit)}`, isChanged: false };
    case 'error':
    case 'validate': {
      const errors = document.diagnostics.filter(({ severity }) => severity === 'error').length;
      const isValid = exit === EXIT.done && errors === 0;
      return {
        result: isValid ? 'valid' : 'error',
        summary: isValid ? 'the document is valid' : count(Math.max(errors, 1), 'error'),
        isChanged: false,
      };
    }
    case 'plan':
      return planVerdict(document, exit);
    case 'apply':
      return applyVerdict(document, exit);
    case 'drift': {
      const moved = document.items.length;
      // What a proposal leaves out ends with an error, too, and says nothing of the reading.
      const isLeftOut = (document.proposal?.refused.length ?? 0) > 0;
      const isRead = document.unreadable.length === 0 && !hasErrors(document.diagnostics);
      const isWhole = isRead && (exit !== EXIT.error || isLeftOut);
      const summary = moved === 0 ? 'no drift' : `drift in ${count(moved, 'thing')}`;
      return {
        result: !isWhole ? 'error' : moved > 0 ? 'drift' : 'in-sync',
        summary: isWhole ? summary : `${summary}, and not everything could be read`,
        isChanged: moved > 0,
      };
    }
    default:
      return document satisfies never;
  }
}

function planVerdict(document: Extract<ReportDocument, { kind: 'plan' }>, exit: number): Verdict {
  const { create, update, replace, delete: deleted } = document.summary;
  const isChanged = document.changes.length > 0;
  const counts = isChanged
    ? `${String(create)} to create, ${String(update)} to update, ${String(replace)} to replace, ${String(deleted)} to delete`
    : 'no changes';
  const refused = document.refusals.length;
  const summary = refused === 0 ? counts : `${counts}; refused by ${count(refused, 'rule')}`;
  if (exit !== EXIT.done && exit !== EXIT.changes && exit !== EXIT.refused)
    return { result: 'error', summary: `${counts}, with errors`, isChanged };
  if (refused > 0) return { result: 'refused', summary, isChanged };
  return { result: replace + deleted > 0 ? 'destructive' : isChanged ? 'changes' : 'no-changes', summary, isChanged };
}

function applyVerdict(document: Extract<ReportDocument, { kind: 'apply' }>, exit: number): Verdict {
  const isChanged = wasWritten(document);
  if (document.result === 'refused')
    return { result: 'refused', summary: 'refused: nothing was written', isChanged: false };
  if (document.result === 'stale')
    return { result: 'stale', summary: 'the plan is stale: nothing was written', isChanged: false };
  const done = count(document.summary.succeeded, 'change');
  if (exit === EXIT.done) return { result: 'applied', summary: `applied ${done}`, isChanged };
  return { result: exit === EXIT.partial ? 'partial' : 'error', summary: `applied ${done}, and not all`, isChanged };
}

function wasWritten(document: ReportDocument | null): boolean {
  return document?.kind === 'apply' && document.outcomes.some(({ attempts }) => attempts > 0);
}

/** Does the step fail? `failOn` is what the workflow asks for beyond errors. */
export function isFailure(
  { result, isChanged }: Verdict,
  ran: { readonly command: ActionCommand; readonly exit: number; readonly failOn: readonly FailOn[] },
): boolean {
  const { command, exit, failOn } = ran;
  switch (result) {
    case 'valid':
    case 'no-changes':
    case 'applied':
    case 'in-sync':
      return exit !== EXIT.done && exit !== EXIT.changes;
    case 'changes':
    case 'destructive':
      return failOn.includes('changes') && isChanged;
    case 'drift':
      return failOn.includes('drift');
    case 'refused':
      return command !== 'plan' || failOn.includes('refused');
    case 'stale':
    case 'partial':
    case 'interrupted':
    case 'error':
      return true;
    default:
      return result satisfies never;
  }
}
