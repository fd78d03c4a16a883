import type { Address } from '../model/address.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Cost, HeldChange, WatchStatus } from '../model/watch-status.ts';
import { changeControlJson } from './change-control-json.ts';
import { readiness, syncOf } from './readiness.ts';

const FORMAT_VERSION = '1.0';

/**
 * What `/api/status` answers, as plain data: where things stand, how old that knowledge is, what differs and why it is
 * not healed. Names of fields, never a value of one. Minor versions add keys.
 */
export function statusDocument(status: WatchStatus, now: number): Readonly<Record<string, unknown>> {
  const { view, round } = status;
  const ready = readiness(status, now);
  const held = new Map<Address, HeldChange>((round?.held ?? []).map((one) => [one.address, one]));
  return {
    kind: 'status',
    formatVersion: FORMAT_VERSION,
    tool: status.tool,
    at: time(now),
    mode: status.mode,
    phase: status.phase,
    startedAt: time(status.startedAt),
    ready: ready.ok,
    reason: ready.ok ? null : ready.why,
    sync: syncOf(status, now),
    observedAt: view === null ? null : time(view.observedAt),
    observationAgeSeconds: view === null ? null : age(view.observedAt, now),
    lastSuccessAt: status.succeededAt === null ? null : time(status.succeededAt),
    schedule: {
      expression: status.schedule.expression,
      timeZone: status.schedule.timeZone,
      nextAt: status.schedule.nextAt === null ? null : time(status.schedule.nextAt),
    },
    cost: status.cost === null ? null : costJson(status.cost),
    target: view?.plan.target ?? null,
    resources: view?.resources ?? [],
    drift: (view?.plan.changes ?? []).map((change) => ({
      address: change.address,
      kind: change.kind,
      action: change.action,
      reason: change.reason,
      fields: change.fields.map(({ field }) => field),
      held: heldJson(held.get(change.address)),
    })),
    ...changeControlJson(view, now),
    unmanaged: view?.plan.unmanaged ?? [],
    unreadable: view?.plan.unreadable ?? [],
    unsettled: (view?.plan.unsettled ?? []).map(({ address, because }) => ({ address, because })),
    warnings: (view?.plan.diagnostics ?? []).map(diagnosticJson),
    lastRun:
      round === null
        ? null
        : {
            id: round.id,
            cause: round.cause,
            startedAt: time(round.startedAt),
            seconds: round.ms / 1000,
            result: round.result,
            problem: round.problem,
            diagnostics: round.diagnostics.map(diagnosticJson),
            outcomes: round.outcomes.map(({ address, action, status: became, error, because }) => ({
              address,
              action,
              status: became,
              ...(error === undefined ? {} : { error }),
              ...(because === undefined ? {} : { because }),
            })),
            requests: round.requests,
          },
  };
}

/** Requests per hour while nothing changes, in all and by what they are for. */
function costJson({ perHour, log, listings }: Cost): Readonly<Record<string, unknown>> {
  const all = perHour.poll + perHour.spread + perHour.run + perHour.full;
  return {
    requestsPerHour: tenth(all),
    poll: tenth(perHour.poll),
    spread: tenth(perHour.spread),
    run: tenth(perHour.run),
    full: tenth(perHour.full),
    log: log.is,
    logReason: log.is === 'unavailable' ? log.why : null,
    listings,
  };
}

function tenth(count: number): number {
  return Math.round(count * 10) / 10;
}

function heldJson(held: HeldChange | undefined): { readonly because: string; readonly why: string } | null {
  return held === undefined ? null : { because: held.because, why: held.why };
}

function diagnosticJson({ severity, code, summary, where }: Diagnostic): Readonly<Record<string, unknown>> {
  return { severity, code, summary, ...(where === undefined ? {} : { where }) };
}

/** RFC 3339 UTC. */
function time(ms: number): string {
  return new Date(ms).toISOString();
}

function age(since: number, now: number): number {
  return Math.max(0, (now - since) / 1000);
}
