// What the daemon asks for while nothing happens, and how soon it sees what does.
import { expect, test } from 'vitest';
import { forHours, HOUR, MINUTE, perHour, teamOf, type Hours } from './hours.ts';

/** Requests from one hour after the start until two. */
async function hourOf({ network, until }: Hours): Promise<readonly string[]> {
  // Between two runs, so that a run that straddles the border is in neither.
  await until(HOUR + 2.5 * MINUTE);
  const before = network.log.length;
  await until(2 * HOUR + 2.5 * MINUTE);
  return network.log.slice(before).map(({ path }) => path);
}

const countOf = (paths: readonly string[], part: string): number => paths.filter((path) => path.includes(part)).length;

test('an hour costs as predicted: polls of the log, variables once per interval, everything once', async () => {
  await forHours(teamOf(30), async (hours) => {
    const paths = await hourOf(hours);
    expect(hours.cost()).toEqual({
      perHour: { poll: 12, spread: 12 * 30, run: 0, full: 1 + 1 + 1 + 30 },
      log: { is: 'followed' },
      listings: { log: 2, push: 0, nobody: 30 },
    });
    expect(paths).toHaveLength(perHour(hours.cost()));
    expect(countOf(paths, 'list_audit_log_events')).toBe(12);
    expect(countOf(paths, 'token_details')).toBe(1);
    for (const { name } of hours.platform.world.deployments.values())
      expect(countOf(paths, `/${name}/api/v1/list_environment_variables`)).toBe(13);
    expect(hours.rounds.every(({ result }) => result === 'done')).toBe(true);
  });
});

test('variables are read evenly: never two at once, none older than the interval and its slack', async () => {
  await forHours(teamOf(20), async ({ network, until, rounds }) => {
    await until(10 * MINUTE);
    const before = network.log.length;
    await until(55 * MINUTE);
    const reads = network.log.slice(before).filter(({ path }) => path.endsWith('list_environment_variables'));
    const gaps = reads.slice(1).map(({ at }, index) => at - (reads[index]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(14_000);
    expect(Math.max(...gaps)).toBeLessThan(16_000);
    expect(rounds.length).toBe(11);
  });
});

test('without the log everything is spread: it says why, and asks for the log again only with a full reading', async () => {
  await forHours(teamOf(10, { auditLogs: false }), async (hours) => {
    const paths = await hourOf(hours);
    expect(hours.cost()).toEqual({
      perHour: { poll: 1, spread: 12 * 12, run: 0, full: 1 + 12 },
      log: { is: 'unavailable', why: expect.stringContaining('Audit logs are not available') as unknown },
      listings: { log: 0, push: 0, nobody: 12 },
    });
    expect(countOf(paths, 'list_audit_log_events')).toBe(1);
    expect(paths).toHaveLength(perHour(hours.cost()));
  });
});

test('under a short schedule nothing is spread: each run reads the variables, and the log says the rest', async () => {
  await forHours({ ...teamOf(5), schedule: '*/5 * * * * *' }, async (hours) => {
    await hours.until(MINUTE + 2_500);
    const before = hours.network.log.length;
    await hours.until(3 * MINUTE + 2_500);
    expect(hours.cost().perHour).toMatchObject({ poll: 720, spread: 0, run: 719 * 5 });
    expect(hours.network.log.length - before).toBe(24 * (1 + 5));
  });
});

test('a dialect without a log and without news: everything is spread', async () => {
  const state =
    'version: 1\nteam: acme\nprojects:\n  - slug: shop\n    deployments:\n      - { reference: one, type: prod, env: { A: one } }\n';
  const deployments = [{ reference: 'one', type: 'prod', default: true, env: { A: 'one' } } as const];
  const seed = { teams: [{ slug: 'acme', projects: [{ name: 'Shop', slug: 'shop', deployments }] }] };
  await forHours({ state, seed, dialect: 'catalog' }, async (hours) => {
    const paths = await hourOf(hours);
    expect(hours.cost()).toMatchObject({ log: { is: 'none' }, listings: { log: 0, push: 0, nobody: 3 } });
    expect(countOf(paths, 'list_environment_variables')).toBe(13);
    expect(hours.rounds.every(({ result }) => result === 'done')).toBe(true);
  });
});

test('drift in variables is healed within an interval, by a run of its own, at any moment', async () => {
  await forHours(teamOf(20), async ({ until, set, deployment, rounds }) => {
    for (let minute = 7; minute < 50; minute += 3.7) {
      await until(minute * MINUTE);
      set('dev-7', 'A', `by hand at ${String(minute)}`);
      const healed = rounds.length;
      await until((minute + 5) * MINUTE + 20_000);
      expect(deployment('dev-7').env.get('A')).toBe('one');
      expect(rounds.slice(healed).filter(({ outcomes }) => outcomes.length > 0)).toMatchObject([{ cause: 'moved' }]);
      minute += 2;
    }
  });
});

test('what the log tells of is read by the next run, and is nothing to a run without it', async () => {
  await forHours(teamOf(3), async ({ until, platform, caller, deployment, network, rounds }) => {
    await until(11 * MINUTE);
    const from = network.log.length;
    platform.updateDeployment(caller, deployment('dev-1'), { reference: 'moved-away' });
    await until(16 * MINUTE);
    const paths = network.log.slice(from).map(({ path }) => path);
    expect(countOf(paths, '/list_deployments')).toBeGreaterThan(0);
    expect(rounds.at(-1)?.view?.plan.changes.some(({ address }) => address.endsWith('deployment:dev-1'))).toBe(false);
    // It was made again, by its own name.
    expect(deployment('dev-1').reference).toBe('dev-1');
  });
});

test('the age that is shown is that of the oldest listing, of everything and of each thing', async () => {
  await forHours(teamOf(4), async ({ until, rounds, clock }) => {
    const start = clock.now() - clock.monotonic();
    await until(31 * MINUTE);
    const round = rounds.at(-1);
    expect(round?.cause).toBe('schedule');
    // The lists that the log tells of are those of the start.
    expect((round?.view?.observedAt ?? 0) - start).toBeLessThan(MINUTE);
    const ages = round?.view?.tree.map(({ readAt }) => (readAt ?? Infinity) - start) ?? [];
    expect(ages).toHaveLength(1 + 4);
    expect(Math.max(...ages)).toBeLessThan(MINUTE);
    await until(61 * MINUTE);
    expect((rounds.at(-1)?.view?.observedAt ?? 0) - start).toBeGreaterThan(59 * MINUTE);
  });
});

test('a reading between runs that fails is no longer in sync at once, and the loop backs off', async () => {
  await forHours(teamOf(6), async ({ until, network, rounds, deployment }) => {
    await until(11 * MINUTE);
    const { name } = deployment('dev-2');
    network.rule = ({ path }) =>
      path.startsWith(`/${name}/`) ? { kind: 'status', status: 403, code: 'Forbidden' } : null;
    await until(16 * MINUTE);
    const failed = rounds.filter(({ result }) => result === 'failed');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed[0]).toMatchObject({ cause: 'moved', problem: expect.stringContaining('dev-2/env') as unknown });
    network.rule = () => null;
    await until(25 * MINUTE);
    expect(rounds.at(-1)).toMatchObject({ result: 'done' });
  });
});

test('what is not finished is read by each run, and what it costs is said', async () => {
  const { state, seed } = teamOf(1);
  const withDomain = state.replace(', env:', ', domains: [{ domain: api.acme.com, destination: convexCloud }], env:');
  await forHours({ state: withDomain, seed: { ...seed, domainVerificationMs: null } }, async (hours) => {
    const paths = await hourOf(hours);
    expect(hours.cost().perHour).toEqual({ poll: 12, spread: 12, run: 11, full: 1 + 4 });
    expect(paths).toHaveLength(perHour(hours.cost()));
    hours.platform.verifyDomain('api.acme.com');
    await hours.until(2 * HOUR + 10 * MINUTE);
    expect(hours.cost().perHour.run).toBe(0);
  });
});

test('an outage: nothing between runs while it backs off, and all of it is known again after', async () => {
  await forHours(teamOf(5), async ({ until, network, rounds, set, deployment }) => {
    await until(12 * MINUTE);
    network.rule = () => ({ kind: 'refused' });
    await until(40 * MINUTE);
    expect(rounds.at(-1)).toMatchObject({ result: 'failed' });
    set('dev-4', 'B', 'by hand');
    network.rule = () => null;
    await until(50 * MINUTE);
    expect(rounds.at(-1)).toMatchObject({ result: 'done' });
    expect(deployment('dev-4').env.get('B')).toBe('two');
  });
});
