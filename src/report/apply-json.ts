import type { Address } from '../model/address.ts';
import type { Plan, Refusal, Scope, Unreadable, Unsettled } from '../model/change.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { ApplyReport, Interruption, Outcome, OutcomeStatus, Proof } from '../model/outcome.ts';
import type { IgnoredDocument, PausedDocument } from '../model/plan-document.ts';
import type { RequestUsage } from '../model/provider.ts';
import type { Target } from '../model/target.ts';
import { diagnosticsJson } from './diagnostic-json.ts';
import {
  compareText,
  ignoredJson,
  pausedJson,
  refusalsJson,
  scopeJson,
  sorted,
  targetJson,
  unreadableJson,
  unsettledJson,
  type DocumentMeta,
} from './envelope-json.ts';
import { FORMAT_VERSIONS } from './format-version.ts';

/** What became of an `apply`, on every way out. All keys are always there. */
export interface ApplyDocument {
  readonly kind: 'apply';
  readonly formatVersion: string;
  readonly tool: string;
  readonly createdAt: string;
  /** `refused` and `stale`: nothing was written. */
  readonly result: 'applied' | 'refused' | 'stale';
  /** Null where the run ended before it was known. */
  readonly target: Target | null;
  readonly scope: Scope;
  readonly outcomes: readonly Outcome[];
  readonly summary: Readonly<Record<OutcomeStatus, number>>;
  readonly proof: Proof | null;
  readonly requests: RequestUsage;
  /** Differences beyond the saved plan: told, not applied. */
  readonly notApplied: readonly Address[];
  /** Only where there are some. */
  readonly unsettled?: readonly Unsettled[];
  /** Only where there are some: what was left alone. */
  readonly paused?: readonly PausedDocument[];
  /** Only where there are some. */
  readonly ignored?: readonly IgnoredDocument[];
  /** Why a saved plan is stale, one sentence each. */
  readonly moved: readonly string[];
  readonly interrupted: Interruption | null;
  readonly refusals: readonly Refusal[];
  readonly unmanaged: readonly Address[];
  readonly unreadable: readonly Unreadable[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The report of an apply that went as far as writing, or had nothing to write. */
export function applyDocument(report: ApplyReport, meta: DocumentMeta): ApplyDocument {
  return {
    ...envelope('applied', report.plan, meta),
    outcomes: report.outcomes.map(outcomeJson).sort((a, b) => compareText(a.address, b.address)),
    summary: outcomeCounts(report.outcomes),
    proof: report.proof === null ? null : proofJson(report.proof),
    requests: usageJson(report.requests),
    notApplied: sorted(report.notApplied),
    ...unsettledJson(report.unsettled),
    interrupted: report.interrupted,
  };
}

/** Refused before the first write. `requests` where the run counted them; else what planning took. */
export function refusedDocument(
  refused: { readonly plan: Plan; readonly refusals: readonly Refusal[]; readonly requests?: RequestUsage },
  meta: DocumentMeta,
): ApplyDocument {
  const document = envelope('refused', refused.plan, meta);
  return {
    ...document,
    requests: usageJson(refused.requests ?? document.requests),
    refusals: refusalsJson(refused.refusals),
  };
}

/** A saved plan that no longer holds; nothing was written. `diagnostics` say so with their codes. */
export function staleDocument(
  stale: {
    readonly plan: Plan | null;
    readonly moved: readonly string[];
    readonly diagnostics?: readonly Diagnostic[];
    readonly requests?: RequestUsage;
  },
  meta: DocumentMeta,
): ApplyDocument {
  const document = envelope('stale', stale.plan, meta);
  return {
    ...document,
    requests: usageJson(stale.requests ?? document.requests),
    moved: [...stale.moved],
    diagnostics: diagnosticsJson([...(stale.plan?.diagnostics ?? []), ...(stale.diagnostics ?? [])], 'content'),
  };
}

/** How many of each status. */
export function outcomeCounts(outcomes: readonly Outcome[]): Readonly<Record<OutcomeStatus, number>> {
  const counts = { succeeded: 0, failed: 0, blocked: 0, pending: 0, cancelled: 0, uncertain: 0 };
  for (const { status } of outcomes) counts[status] += 1;
  return counts;
}

function envelope(result: ApplyDocument['result'], plan: Plan | null, meta: DocumentMeta): ApplyDocument {
  return {
    kind: 'apply',
    formatVersion: FORMAT_VERSIONS.apply,
    tool: meta.tool,
    createdAt: meta.createdAt,
    result,
    target: plan === null ? null : targetJson(plan.target),
    scope: plan === null ? { target: [], exclude: [] } : scopeJson(plan.scope),
    outcomes: [],
    summary: outcomeCounts([]),
    proof: null,
    requests: { reads: plan?.requests.read ?? 0, writes: 0, throttled: 0, waitedMs: 0 },
    notApplied: [],
    ...pausedJson(plan?.paused),
    ...ignoredJson(plan?.ignored),
    moved: [],
    interrupted: null,
    refusals: refusalsJson(plan?.refusals ?? []),
    unmanaged: sorted(plan?.unmanaged ?? []),
    unreadable: unreadableJson(plan?.unreadable ?? []),
    diagnostics: diagnosticsJson(plan?.diagnostics ?? [], 'content'),
  };
}

function outcomeJson({ address, action, status, attempts, error, because }: Outcome): Outcome {
  return {
    address,
    action,
    status,
    attempts,
    ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
    ...(because === undefined ? {} : { because }),
  };
}

function proofJson({ converged, remaining, pending }: Proof): Proof {
  return { converged, remaining: sorted(remaining), pending: sorted(pending) };
}

function usageJson({ reads, writes, throttled, waitedMs }: RequestUsage): RequestUsage {
  return { reads, writes, throttled, waitedMs };
}
