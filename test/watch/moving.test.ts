// A platform that moves under the daemon, with a log that lags and repeats: nothing is missed for longer than promised.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Round } from '../../src/model/watch-status.ts';
import { forHours, HOUR, MINUTE, teamOf, type Hours } from './hours.ts';

const seed = 20261121;
const KEYS = ['A', 'B', 'C'] as const;

interface Deed {
  readonly afterMs: number;
  readonly deployment: number;
  readonly does: 'set' | 'unset' | 'class' | 'rename' | 'domain' | 'delete' | 'make';
  readonly key: (typeof KEYS)[number];
}

const deed: fc.Arbitrary<Deed> = fc.record({
  afterMs: fc.integer({ min: 0, max: 4 * MINUTE }),
  deployment: fc.nat({ max: 3 }),
  does: fc.constantFrom('set', 'set', 'unset', 'class', 'rename', 'domain', 'delete', 'make'),
  key: fc.constantFrom(...KEYS),
});

/** What somebody does in the dashboard; the platform refuses some of it. */
function act({ platform, caller }: Hours, { deployment: index, does, key }: Deed, count: number): void {
  const all = [...platform.world.deployments.values()];
  const one = all[index % Math.max(1, all.length)];
  const project = [...platform.world.projects.values()][0];
  if (project === undefined) return;
  try {
    if (does === 'make') platform.createDeployment(caller, project, { type: 'preview', reference: `by-hand-${count}` });
    if (one === undefined) return;
    if (does === 'set') platform.updateEnvironment(caller, one, [{ name: key, value: `by hand ${count}` }]);
    if (does === 'unset') platform.updateEnvironment(caller, one, [{ name: key, value: null }]);
    if (does === 'class') platform.updateDeployment(caller, one, { class: one.class === 's16' ? 's256' : 's16' });
    if (does === 'rename') platform.updateDeployment(caller, one, { reference: `renamed-${count}` });
    if (does === 'domain')
      platform.createDomain(caller, one, { domain: `d${count}.acme.com`, destination: 'convexCloud' });
    if (does === 'delete') platform.deleteDeployment(caller, one);
  } catch {
    // Refused.
  }
}

/** Addresses that differ, as a run sees it. */
const seen = (round: Round | undefined): readonly string[] =>
  (round?.view?.plan.changes ?? []).map(({ address, action }) => `${action} ${address}`).toSorted();

test('after at most an interval (and the lag of the log) the daemon sees what a full reading sees', async () => {
  const state = teamOf(4).state.replaceAll('env:', 'class: s16, domains: [], env:');
  await fc.assert(
    fc.asyncProperty(
      fc.array(deed, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 0, max: 4 * MINUTE }),
      async (deeds, auditLogLagMs) => {
        const { seed: team } = teamOf(4, { auditLogLagMs });
        const schedule = { fullSchedule: '0 0 1 1 *' };
        await forHours({ state, seed: team, mode: 'observe', ...schedule }, async (hours) => {
          let at = 3 * MINUTE;
          for (const [count, one] of deeds.entries()) {
            at += one.afterMs;
            await hours.until(at);
            act(hours, one, count);
          }
          // The log has shown all of it, a tick has come after that, and each container had its turn.
          await hours.until(at + auditLogLagMs + 11 * MINUTE);
          const found = hours.rounds.at(-1);
          expect(found?.result).toBe('done');
          hours.loop.trigger('asked');
          await hours.until(at + auditLogLagMs + 12 * MINUTE);
          const whole = hours.rounds.find(({ cause }) => cause === 'asked');
          expect(whole?.result).toBe('done');
          expect(seen(found)).toEqual(seen(whole));
        });
      },
    ),
    { seed, numRuns: 10, endOnFailure: true },
  );
}, 120_000);

test('an event of an unknown action is about everything that the log tells of; one that is elsewhere about nothing', async () => {
  await forHours({ ...teamOf(2), mode: 'observe' }, async ({ until, network, platform }) => {
    const team = [...platform.world.teams.values()][0];
    const listed = async (action: string, minute: number): Promise<number> => {
      await until(minute * MINUTE);
      const from = network.log.length;
      team?.audit.push({
        actor: { kind: 'system' },
        action,
        createTime: Date.UTC(2026, 10, 20) + minute * MINUTE,
        metadata: {},
      });
      await until((minute + 10) * MINUTE);
      return network.log.slice(from).filter(({ path }) => /\/projects$|list_deployments$/.test(path)).length;
    };
    expect(await listed('deployment:frobnicated', 6)).toBe(2);
    expect(await listed('member:invite', 17)).toBe(0);
    expect(await listed('project:update', 28)).toBe(2);
    expect(await listed('deployment:update', 39)).toBe(1);
  });
});

test('two events that are equal in all are two, and one that is seen again is none', async () => {
  await forHours({ ...teamOf(2), mode: 'observe' }, async ({ until, network, platform, clock }) => {
    const team = [...platform.world.teams.values()][0];
    await until(6 * MINUTE);
    const one = { actor: { kind: 'system' }, action: 'project:update', createTime: clock.now(), metadata: {} } as const;
    const lists = async (minute: number): Promise<number> => {
      const from = network.log.length;
      await until(minute * MINUTE);
      return network.log.slice(from).filter(({ path }) => path.endsWith('/projects')).length;
    };
    team?.audit.push(one);
    expect(await lists(11)).toBe(1);
    team?.audit.push(one);
    expect(await lists(14)).toBe(0);
    expect(await lists(16)).toBe(1);
    expect(await lists(30)).toBe(0);
  });
});

test('a log that cannot be read this time: what it tells of is listed, and it is followed from where it was', async () => {
  await forHours({ ...teamOf(2), mode: 'observe' }, async (hours) => {
    const { until, network, rounds } = hours;
    await until(6 * MINUTE);
    network.rule = ({ path }) =>
      path.includes('audit_log') ? { kind: 'rewrite', rewrite: () => ({ items: 'none' }) } : null;
    const from = network.log.length;
    await until(16 * MINUTE);
    const lists = network.log.slice(from).filter(({ path }) => /\/projects$|list_deployments$/.test(path));
    expect(lists).toHaveLength(4);
    expect(rounds.at(-1)?.result).toBe('done');
    network.rule = () => null;
    const after = network.log.length;
    await until(26 * MINUTE);
    expect(network.log.slice(after).filter(({ path }) => /\/projects$|list_deployments$/.test(path))).toEqual([]);
    expect(hours.cost().log).toEqual({ is: 'followed' });
  });
});

test('lists that go on in pages are counted in pages', async () => {
  await forHours({ ...teamOf(120), mode: 'observe' }, async ({ until, cost }) => {
    await until(HOUR / 60);
    expect(cost().perHour.full).toBe(1 + 1 + 1 + 120);
  });
});
