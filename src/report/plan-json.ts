import type { Change, FieldChange, Plan, PlanCost } from '../model/change.ts';
import type { ChangeDocument, PlanDocument } from '../model/plan-document.ts';
import type { SavedPlan } from '../model/saved-plan.ts';
import { diagnosticsJson, placeJson } from './diagnostic-json.ts';
import {
  compareText,
  coverageJson,
  ignoredJson,
  pausedJson,
  refusalsJson,
  recordsJson,
  scopeJson,
  sorted,
  targetJson,
  unreadableJson,
  unsettledJson,
  type DocumentMeta,
} from './envelope-json.ts';
import { FORMAT_VERSIONS } from './format-version.ts';
import { Misfit } from './json-shape.ts';
import { parityJson } from './parity-json.ts';
import { plainJson } from './plain-json.ts';
import { planShape, versionMisfit } from './plan-shape.ts';
import { sanitize } from './sanitize.ts';
import { shown } from './value-text.ts';

/** The plan as JSON data: only documented keys in their order, lists sorted, no digests. Safe to print. */
export function planDocument(plan: Plan, meta: DocumentMeta): PlanDocument {
  const { summary, requests } = plan;
  return {
    kind: 'plan',
    formatVersion: FORMAT_VERSIONS.plan,
    tool: meta.tool,
    createdAt: meta.createdAt,
    target: targetJson(plan.target),
    scope: scopeJson(plan.scope),
    changes: plan.changes.map(changeJson).sort((a, b) => compareText(a.address, b.address)),
    summary: {
      create: summary.create,
      update: summary.update,
      replace: summary.replace,
      delete: summary.delete,
      'no-op': summary['no-op'],
    },
    refusals: refusalsJson(plan.refusals),
    unmanaged: sorted(plan.unmanaged),
    unreadable: unreadableJson(plan.unreadable),
    ...unsettledJson(plan.unsettled),
    ...pausedJson(plan.paused),
    ...ignoredJson(plan.ignored),
    diagnostics: diagnosticsJson(plan.diagnostics, 'content'),
    ...(plan.cost === undefined ? {} : { cost: costJson(plan.cost) }),
    ...(plan.coverage === undefined ? {} : { coverage: coverageJson(plan.coverage) }),
    ...parityJson(plan.parity),
    requests: { read: requests.read, predictedWrites: requests.predictedWrites, invalidations: requests.invalidations },
  };
}

/** The content of an `--out` file. As secret as its digests' key: never for stdout or a report. */
export function savedPlanDocument(saved: SavedPlan): PlanDocument {
  return { ...planDocument(saved.plan, saved), digests: saved.digests };
}

/**
 * Reads a plan document that anybody may have written or cut short. Takes what a later minor adds (other keys are
 * dropped; other actions, reasons and rules are kept as text), refuses another major, and never throws. A message
 * names the place in the document, never its content.
 */
export function readPlanDocument(
  text: string,
): { readonly ok: true; readonly document: PlanDocument } | { readonly ok: false; readonly message: string } {
  if (text.length > LONGEST_PLAN) return { ok: false, message: `not a plan: longer than ${LONGEST_PLAN} characters` };
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return { ok: false, message: 'not a plan: not valid JSON' }; // the parser's own message would quote the text
  }
  const misfit = versionMisfit(value);
  if (misfit !== null) return { ok: false, message: sanitize(misfit) };
  try {
    return { ok: true, document: planShape(value, '') };
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    return { ok: false, message: `not a plan: ${sanitize(error.message)}` };
  }
}

/** The plan that a document says. */
export function planOf(document: PlanDocument): Plan {
  const { target, scope, summary, refusals, unmanaged, unreadable, unsettled, diagnostics, requests } = document;
  const paused = document.paused?.map(({ where, ...rest }) => ({ ...rest, where: where ?? null }));
  const coverage = Object.entries(document.coverage ?? {}).map(([kind, count]) => ({ kind, ...count }));
  const ignored = document.ignored?.map(({ where, ...rest }) => ({ ...rest, where: where ?? null }));
  const changes = document.changes.map(({ where, ...change }): Change => ({ ...change, where: where ?? null }));
  return {
    target,
    scope,
    changes,
    summary,
    refusals,
    unmanaged,
    unreadable,
    ...(unsettled === undefined ? {} : { unsettled }),
    ...(paused === undefined ? {} : { paused }),
    ...(ignored === undefined ? {} : { ignored }),
    diagnostics,
    ...(document.cost === undefined ? {} : { cost: document.cost }),
    ...(document.coverage === undefined ? {} : { coverage }),
    ...(document.parity === undefined ? {} : { parity: document.parity }),
    requests,
  };
}

/** The whole of what `--out` saved; null for a document without digests, which shows a plan and cannot be applied. */
export function savedPlanOf(document: PlanDocument): SavedPlan | null {
  const { digests, tool, createdAt } = document;
  return digests === undefined ? null : { plan: planOf(document), createdAt, tool, digests };
}

function costJson({ requests, seconds, rate, containers }: PlanCost): PlanCost {
  const items = containers.map(({ address, writes, invalidations }) => ({ address, writes, invalidations }));
  return { requests, seconds, rate, containers: items.sort((a, b) => compareText(a.address, b.address)) };
}

export function changeJson(change: Change): ChangeDocument {
  const { address, kind, action, reason, selector, takes, fields, comparable, dependsOn, where } = change;
  const { effect, interrupts, records } = change;
  return {
    address,
    kind,
    action,
    reason,
    selector,
    takes: sorted(takes),
    fields: fields.map(fieldJson),
    comparable,
    dependsOn: sorted(dependsOn),
    ...(where === null ? {} : { where: placeJson(where) }),
    ...(effect === undefined ? {} : { effect }),
    ...(interrupts === undefined ? {} : { interrupts }),
    ...(records === undefined ? {} : { records: recordsJson(records) }),
  };
}

function fieldJson({ field, sensitive, unknown, forcesReplacement, before, after }: FieldChange): FieldChange {
  return {
    field,
    sensitive,
    unknown,
    forcesReplacement,
    ...(shown(before) ? { before: plainJson(before) } : {}),
    ...(shown(after) ? { after: plainJson(after) } : {}),
  };
}

const LONGEST_PLAN = 128 * 1024 * 1024;
