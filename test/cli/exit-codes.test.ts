import { describe, expect, test } from 'vitest';
import type { Planned } from '../../src/compose/contract.ts';
import { applyExit, planExit } from '../../src/cli/exit-codes.ts';
import type { Address } from '../../src/model/address.ts';
import type { Change, Plan } from '../../src/model/change.ts';
import type { ApplyReport, Outcome, OutcomeStatus } from '../../src/model/outcome.ts';

const A = 'thing:a' as Address;

const EMPTY: Plan = {
  target: { apiUrl: 'http://127.0.0.1/v1', dialect: 'official', teamId: 1, teamSlug: 'acme' },
  scope: { target: [], exclude: [] },
  changes: [],
  summary: { create: 0, update: 0, replace: 0, delete: 0, 'no-op': 0 },
  refusals: [],
  unmanaged: [],
  unreadable: [],
  diagnostics: [],
  requests: { read: 0, predictedWrites: 0, invalidations: 0 },
};
const CHANGE: Change = {
  address: A,
  kind: 'thing',
  action: 'create',
  reason: 'absent',
  selector: null,
  takes: [],
  fields: [],
  comparable: true,
  dependsOn: [],
  where: null,
};
const REFUSAL = { rule: 'protect', addresses: [A], message: 'no', override: null } as const;
const UNREADABLE = { collection: 'things', error: { code: 'forbidden', message: 'no' } };

describe('plan', () => {
  const code = (plan: Partial<Plan>, detailed: boolean): number =>
    planExit({ type: 'planned', plan: { ...EMPTY, ...plan } } as Planned, detailed);

  test.each([
    ['nothing', {}, 0, 0],
    ['changes', { changes: [CHANGE] }, 0, 2],
    ['refusals', { changes: [CHANGE], refusals: [REFUSAL] }, 0, 3],
    ['refusals without changes', { refusals: [REFUSAL] }, 0, 3],
    ['unreadable', { changes: [CHANGE], refusals: [REFUSAL], unreadable: [UNREADABLE] }, 1, 1],
    ['a warning', { diagnostics: [{ severity: 'warning', code: 'CVG508', summary: '' }] }, 0, 0],
    ['an error', { changes: [CHANGE], diagnostics: [{ severity: 'error', code: 'CVG506', summary: '' }] }, 1, 1],
  ] as const)('%s', (_, plan, plain, detailed) => {
    expect([code(plan, false), code(plan, true)]).toEqual([plain, detailed]);
  });

  test('an invalid document', () => {
    expect(planExit({ type: 'invalid', diagnostics: [], texts: new Map() }, true)).toBe(1);
  });
});

describe('apply', () => {
  const report = (given: Partial<ApplyReport>): ApplyReport => ({
    plan: EMPTY,
    outcomes: [],
    proof: { converged: true, remaining: [], pending: [] },
    notApplied: [],
    requests: { reads: 0, writes: 0, throttled: 0, waitedMs: 0 },
    interrupted: null,
    ...given,
  });
  const outcome = (status: OutcomeStatus): Outcome => ({ address: A, action: 'create', status, attempts: 1 });

  test.each([
    ['succeeded', 0],
    ['pending', 0],
    ['cancelled', 0],
    ['failed', 5],
    ['blocked', 5],
    ['uncertain', 5],
  ] as const)('%s: %d', (status, code) => {
    expect(applyExit(report({ outcomes: [outcome('succeeded'), outcome(status)] }))).toBe(code);
  });

  test('what the proof shows', () => {
    const outcomes = [outcome('succeeded')];
    const proof = { converged: false, remaining: [A], pending: [] };
    expect(applyExit(report({ outcomes, proof }))).toBe(5);
    expect(applyExit(report({ outcomes, proof: { converged: false, remaining: [], pending: [] } }))).toBe(5);
    expect(applyExit(report({ outcomes, proof: { converged: true, remaining: [], pending: [A] } }))).toBe(0);
    expect(applyExit(report({ outcomes, proof: null }))).toBe(5);
    expect(applyExit(report({ proof: null }))).toBe(0);
  });

  test('an unreadable collection is not wholly', () => {
    expect(applyExit(report({ plan: { ...EMPTY, unreadable: [UNREADABLE] } }))).toBe(5);
  });

  test('the signal comes first', () => {
    expect(applyExit(report({ interrupted: 'SIGINT', outcomes: [outcome('failed')] }))).toBe(130);
    expect(applyExit(report({ interrupted: 'SIGTERM' }))).toBe(143);
  });
});
