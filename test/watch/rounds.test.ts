// The daemon's step on a real platform, with a clock that jumps.
import { expect, test } from 'vitest';
import { openRounds, type Found } from '../../src/compose/watch-round.ts';
import type { WatchMode } from '../../src/model/watch-status.ts';
import { STALLED_AFTER } from '../../src/reconcile/attempts.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { settingsOf } from '../../src/cli/settings.ts';
import { parseArgs } from '../../src/cli/args.ts';
import { inFolder } from '../kit/scratch.ts';
import { virtualClock } from '../providers/virtual-clock.ts';

const STATE = `version: 1
team: acme
projects:
  - slug: shop
    deployments:
      - { reference: dev-one, type: dev, env: { MODE: quiet } }
      - { reference: dev-two, type: dev, env: { MODE: quiet } }
`;

const SEED = {
  teams: [
    {
      slug: 'acme',
      projects: [
        {
          name: 'Shop',
          slug: 'shop',
          deployments: [
            { reference: 'dev-one', type: 'dev' },
            { reference: 'dev-two', type: 'dev' },
          ],
        },
      ],
    },
  ],
} as const;

interface Bench {
  readonly sandbox: Sandbox;
  readonly round: () => Promise<Found>;
  /** The time passes until a heal is due; null where none is. */
  readonly untilDue: () => Promise<number | null>;
  readonly set: (reference: string, name: string, value: string) => void;
  readonly nameOf: (reference: string) => string;
  readonly crashes: readonly unknown[];
}

async function onBench(mode: WatchMode, use: (bench: Bench) => Promise<void>): Promise<void> {
  const sandbox = await startSandbox({ seed: SEED });
  const live = (reference: string) => {
    const found = [...sandbox.platform.world.deployments.values()].find((one) => one.reference === reference);
    if (found === undefined) throw new Error(reference);
    return found;
  };
  try {
    await inFolder({ 'convex.state.yaml': STATE }, async (cwd) => {
      const env = { CONVEX_TEAM_ACCESS_TOKEN: 'sandbox', CONVEX_PROVISION_HOST: sandbox.url };
      const silent = { version: '0', writeOut: () => undefined, writeErr: () => undefined };
      const invocation = parseArgs(['watch'], silent);
      if (invocation?.command !== 'watch') throw new Error('not watch');
      const clock = virtualClock();
      const crashes: unknown[] = [];
      const rounds = openRounds(
        settingsOf(invocation.options, env),
        { env, cwd, clock, chance: () => 0, onEvent: () => undefined, version: '0' },
        { mode, onLoaded: () => Promise.resolve(), onCrash: (error) => void crashes.push(error) },
      );
      const never = new AbortController().signal;
      await use({
        sandbox,
        crashes,
        round: () => rounds.run({ drain: never, abort: never }),
        async untilDue() {
          const ms = rounds.retryInMs();
          if (ms !== null) await clock.sleep(ms);
          return ms;
        },
        set(reference, name, value) {
          const token = sandbox.platform.identify('sandbox');
          if (token === undefined || token === null) throw new Error('no token');
          sandbox.platform.updateEnvironment({ token }, live(reference), [{ name, value }]);
        },
        nameOf: (reference) => live(reference).name,
      });
      expect(crashes).toEqual([]);
      await rounds.close();
    });
  } finally {
    await sandbox.close();
  }
}

const ONE = 'project:shop/deployment:dev-one/env-var:MODE';

test('a heal that always fails rests longer each time, stalls, and is tried again when its live state changes', async () => {
  await onBench('apply', async ({ sandbox, round, untilDue, set, nameOf }) => {
    sandbox.setFaults([
      {
        match: { path: `re:${nameOf('dev-one')}.*update_environment_variables$`, times: 'always' },
        effect: { kind: 'status', status: 400, code: 'Nope' },
      },
    ]);
    const tries = (): number =>
      sandbox.log.filter(({ kind, deployment }) => kind === 'write' && deployment === nameOf('dev-one')).length;
    const first = await round();
    expect(first.outcomes.map(({ address, status }) => `${status} ${address}`)).toEqual([
      `failed ${ONE}`,
      'succeeded project:shop/deployment:dev-two/env-var:MODE',
    ]);
    expect(first).toMatchObject({ result: 'done', problem: null });
    // A round before it is due leaves it alone, and says so.
    expect((await round()).held).toMatchObject([{ address: ONE, because: 'resting' }]);
    expect(tries()).toBe(1);
    const rests: number[] = [];
    for (;;) {
      const ms = await untilDue();
      if (ms === null) break;
      rests.push(Math.round(ms / 1000));
      await round();
    }
    expect(tries()).toBe(STALLED_AFTER);
    expect(rests).toHaveLength(STALLED_AFTER - 1);
    expect(rests).toEqual([...rests].sort((a, b) => a - b));
    const stalled = await round();
    expect(stalled.held).toMatchObject([{ address: ONE, because: 'stalled' }]);
    expect([tries(), stalled.view?.plan.changes.length]).toEqual([STALLED_AFTER, 1]);

    set('dev-one', 'MODE', 'loud');
    await round();
    expect(tries()).toBe(STALLED_AFTER + 1);
    sandbox.setFaults([]);
    await untilDue();
    expect(await round()).toMatchObject({ result: 'done', held: [], view: { plan: { changes: [] } } });
    expect(await untilDue()).toBeNull();
  });
});

test('a reply that says it is done is believed only when reading shows it', async () => {
  await onBench('apply', async ({ sandbox, round, untilDue, nameOf }) => {
    sandbox.setFaults([
      {
        match: { path: `re:${nameOf('dev-one')}.*update_environment_variables$`, times: 1 },
        effect: { kind: 'status', status: 200, body: 'null', headers: { 'content-type': 'application/json' } },
      },
    ]);
    const lied = await round();
    expect(lied.outcomes[0]).toMatchObject({ address: ONE, status: 'succeeded' });
    expect(lied.view?.plan.changes.map(({ address }) => address)).toEqual([ONE]);
    expect(await untilDue()).toBeGreaterThan(0);
    expect((await round()).view?.plan.changes).toEqual([]);
  });
});

test('observing writes nothing, whatever differs', async () => {
  await onBench('observe', async ({ sandbox, round }) => {
    const found = await round();
    expect(found).toMatchObject({ result: 'done', outcomes: [], held: [] });
    expect(found.view?.plan.changes).toHaveLength(2);
    expect(sandbox.log.filter(({ kind }) => kind === 'write')).toEqual([]);
    // Token, projects, deployments of the one project, variables of two.
    expect(found.requests).toEqual({ reads: 5, writes: 0 });
    expect(found.view?.resources).toEqual([
      { kind: 'deployment', status: 'in-sync', count: 2 },
      { kind: 'env-var', status: 'differs', count: 2 },
      { kind: 'project', status: 'in-sync', count: 1 },
    ]);
  });
});
