import { expect, test } from 'vitest';
import { approvePlan } from '../../src/cli/approval.ts';
import type { Address } from '../../src/model/address.ts';
import type { Change, Plan } from '../../src/model/change.ts';

const OLD = 'thing:old' as Address;

function planOf(...addresses: readonly Address[]): Plan {
  const changes = addresses.map((address): Change => ({
    address,
    kind: 'thing',
    action: 'delete',
    reason: 'undeclared',
    selector: null,
    takes: [`${address}/part:a` as Address],
    fields: [],
    comparable: true,
    dependsOn: [],
    where: null,
  }));
  return {
    target: { apiUrl: 'http://127.0.0.1/v1', dialect: 'official', teamId: 1, teamSlug: 'acme' },
    scope: { target: [], exclude: [] },
    changes,
    summary: { create: 0, update: 0, replace: 0, delete: changes.length, 'no-op': 0 },
    refusals: [],
    unmanaged: [],
    unreadable: [],
    diagnostics: [],
    requests: { read: 1, predictedWrites: 1, invalidations: 0 },
  };
}

function answering(...answers: readonly (string | null)[]) {
  const asked: string[] = [];
  const left = [...answers];
  return { asked, ask: (question: string) => Promise.resolve((asked.push(question), left.shift() ?? null)) };
}

test('no changes need no approval', async () => {
  expect(await approvePlan(planOf(), [], { needsYes: true, ask: null })).toEqual({ approved: true, confirmed: [] });
});

test('without a terminal it names every flag that is missing', async () => {
  const approval = await approvePlan(planOf(OLD), [OLD], { needsYes: true, ask: null });
  expect(approval.approved).toBe(false);
  expect(approval.because).toContain('--auto-approve --confirm thing:old');
  expect(approval.override).toBe('--auto-approve --confirm thing:old');
});

test('--auto-approve does not stand for a confirmation', async () => {
  const approval = await approvePlan(planOf(OLD), [OLD], { needsYes: false, ask: null });
  expect(approval.approved).toBe(false);
  expect(approval.because).toBe('there is no terminal to ask on; add --confirm thing:old');
  expect(approval.override).toBe('--confirm thing:old');
});

test('with nothing left to say it goes on without a terminal', async () => {
  expect((await approvePlan(planOf(OLD), [], { needsYes: false, ask: null })).approved).toBe(true);
});

test.each(['y', 'YES', 'yes ', '', null])('only "yes" is yes, not %j', async (answer) => {
  const { ask } = answering(answer);
  expect((await approvePlan(planOf(OLD), [], { needsYes: true, ask })).approved).toBe(false);
});

test('each deletion is typed by its address, after the yes', async () => {
  const { ask, asked } = answering('yes', OLD);
  expect(await approvePlan(planOf(OLD), [OLD], { needsYes: true, ask })).toEqual({ approved: true, confirmed: [OLD] });
  expect(asked[0]).toContain('1 change?');
  expect(asked[1]).toContain('thing:old and the 1 thing in it');
});

test('another text than the address refuses all', async () => {
  const { ask } = answering('yes', 'thing:odl');
  const approval = await approvePlan(planOf(OLD), [OLD], { needsYes: true, ask });
  expect([approval.approved, approval.confirmed]).toEqual([false, []]);
});
