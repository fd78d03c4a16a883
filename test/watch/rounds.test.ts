// The daemon's step on a real platform, with a clock that jumps.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openRounds, type Found } from '../../src/compose/watch-round.ts';
import { pausesInProcess } from '../../src/daemon/pause-desk.ts';
import type { PauseStore } from '../../src/model/pause.ts';
import type { Clock } from '../../src/model/ports.ts';
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
  readonly clock: Clock;
  readonly pauses: PauseStore;
  /** From here on they cannot be read, or again can. */
  readonly losePauses: (lost: boolean) => void;
  readonly turnsAt: () => number | null;
  readonly brake: () => void;
  readonly write: (document: string) => Promise<void>;
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
      const kept = pausesInProcess();
      let isLost = false;
      const pauses: PauseStore = {
        read: () => (isLost ? Promise.reject(new Error('the lease is gone')) : kept.read()),
        write: (all) => kept.write(all),
      };
      const rounds = openRounds(
        settingsOf(invocation.options, env),
        { env, cwd, clock, chance: () => 0, onEvent: () => undefined, version: '0' },
        { mode, pauses, onLoaded: () => Promise.resolve(), onCrash: (error) => void crashes.push(error) },
      );
      const never = new AbortController().signal;
      await use({
        sandbox,
        crashes,
        clock,
        pauses,
        losePauses: (lost) => void (isLost = lost),
        turnsAt: () => rounds.turnsAt(),
        brake: () => rounds.brake(),
        write: (text) => writeFile(join(cwd, 'convex.state.yaml'), text),
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

const TWO = 'project:shop/deployment:dev-two/env-var:MODE';
/** The clock starts at midnight UTC, 2026-11-20. */
const START = Date.UTC(2026, 10, 20);
const HOUR = 3_600_000;

const ruled = (lines: string, entry = ''): string =>
  STATE.replace('projects:', `${lines}projects:`).replace('- slug: shop\n', `- slug: shop\n${entry}`);
const why = ({ held }: Found): readonly string[] => held.map(({ because, address }) => `${because} ${address}`);

test('mode: observe reports and heals nothing, also with --apply; the nearer mode wins over the document', async () => {
  await onBench('apply', async ({ sandbox, round, write, turnsAt }) => {
    await write(ruled('mode: observe\n'));
    const observed = await round();
    expect(why(observed)).toEqual([`observed ${ONE}`, `observed ${TWO}`]);
    expect(observed.view?.plan.changes).toHaveLength(2);
    expect(turnsAt()).toBeNull();
    expect(sandbox.log.filter(({ kind }) => kind === 'write')).toEqual([]);
    await write(ruled('mode: observe\n', '    mode: apply\n'));
    expect(await round()).toMatchObject({ held: [], view: { plan: { changes: [] } } });
  });
});

test('without --apply no mode heals', async () => {
  await onBench('observe', async ({ sandbox, round, write }) => {
    await write(ruled('mode: apply\n', '    mode: apply\n'));
    expect((await round()).view?.plan.changes).toHaveLength(2);
    expect(sandbox.log.filter(({ kind }) => kind === 'write')).toEqual([]);
  });
});

test.each<WatchMode>(['observe', 'apply'])(
  'mode: suspend with %s: nothing is healed, nothing counts as drift, and nothing shows as in sync',
  async (mode) => {
    await onBench(mode, async ({ sandbox, round, write }) => {
      await write(ruled('', '    mode: suspend\n'));
      const found = await round();
      expect(found).toMatchObject({ result: 'done', outcomes: [], held: [] });
      expect(found.view?.plan.changes).toEqual([]);
      expect(found.view?.suspended).toEqual({ team: false, addresses: ['project:shop'], differing: [ONE, TWO] });
      expect(found.view?.resources.map(({ status }) => status)).toEqual(['suspended', 'suspended', 'suspended']);
      expect(sandbox.log.filter(({ kind }) => kind === 'write')).toEqual([]);
    });
  },
);

test('what is suspended and cannot be read fails no run', async () => {
  await onBench('apply', async ({ sandbox, round, write, nameOf }) => {
    await write(ruled('', '    mode: suspend\n'));
    sandbox.setFaults([
      {
        match: { path: `re:${nameOf('dev-one')}.*list_environment_variables$`, times: 'always' },
        effect: { kind: 'status', status: 403, code: 'Forbidden' },
      },
    ]);
    expect(await round()).toMatchObject({ result: 'done', problem: null });
  });
});

test('outside of its windows a change is held, and the loop is told when the next one opens', async () => {
  await onBench('apply', async ({ round, write, turnsAt, clock }) => {
    const windows = 'policy: { windows: [{ schedule: "0 8 * * *", duration: 1h, timeZone: Europe/Berlin }] }\n';
    await write(ruled(windows));
    expect(why(await round())).toEqual([`window ${ONE}`, `window ${TWO}`]);
    expect(turnsAt()).toBe(START + 7 * HOUR);
    await clock.sleep(7 * HOUR - 1);
    expect(why(await round())).toHaveLength(2);
    await clock.sleep(1);
    expect(await round()).toMatchObject({ held: [], view: { plan: { changes: [] } } });
    expect(turnsAt()).toBeNull();
    await clock.sleep(HOUR);
    expect((await round()).view?.windows).toMatchObject([{ open: false, opensAt: START + 31 * HOUR }]);
    // Nothing waits for it.
    expect(turnsAt()).toBeNull();
  });
});

test('a heal that failed before its window closed is not tried again and again', async () => {
  await onBench('apply', async ({ sandbox, round, write, untilDue, nameOf, clock }) => {
    const closing = 'policy: { windows: [{ schedule: "0 0 * * *", duration: 1h }] }\n';
    await write(ruled(closing));
    sandbox.setFaults([
      {
        match: { path: `re:${nameOf('dev-one')}.*update_environment_variables$`, times: 'always' },
        effect: { kind: 'status', status: 400, code: 'Nope' },
      },
    ]);
    await round();
    await clock.sleep(HOUR);
    expect(why(await round())).toEqual([`window ${ONE}`]);
    expect(await untilDue()).toBeNull();
  });
});

test('what the document pauses differs and stays, told with its owner; it is healed when the pause is over', async () => {
  await onBench('apply', async ({ round, write, turnsAt, clock }) => {
    const pause = `pauses: [{ address: "${ONE}", owner: ada, reason: a demo, expires: 2026-11-20T02:00:00Z }]\n`;
    await write(ruled(pause));
    const first = await round();
    expect(first.held).toEqual([
      {
        address: ONE,
        action: 'create',
        because: 'paused',
        why: 'paused by ada until 2026-11-20T02:00:00Z: a demo',
      },
    ]);
    // It counts as drift, and the other one is healed.
    expect(first.view?.plan.changes.map(({ address }) => address)).toEqual([ONE]);
    expect(first.view?.plan.summary).toMatchObject({ create: 1, 'no-op': 4 });
    expect(turnsAt()).toBe(START + 2 * HOUR);
    await clock.sleep(2 * HOUR);
    expect(await round()).toMatchObject({ held: [], view: { plan: { changes: [] } } });
    expect(turnsAt()).toBeNull();
  });
});

test('a pause that was asked for holds like one of the document; while they cannot be read nothing is healed', async () => {
  await onBench('apply', async ({ sandbox, round, pauses, losePauses, brake }) => {
    const pause = { address: 'project:shop', owner: 'ada', reason: 'fire', expires: START + HOUR, where: null };
    await pauses.write([pause, { ...pause, address: '**', expires: START }]);
    expect(why(await round())).toEqual([`paused ${ONE}`, `paused ${TWO}`]);
    losePauses(true);
    expect(await round()).toMatchObject({
      result: 'failed',
      problem: 'the pauses that were asked for cannot be read: the lease is gone',
    });
    expect(sandbox.log.filter(({ kind }) => kind === 'write')).toEqual([]);
    losePauses(false);
    // Asked for while a run goes: it starts nothing more.
    await pauses.write([]);
    const going = round();
    brake();
    expect(await going).toMatchObject({ result: 'interrupted' });
    expect(sandbox.log.filter(({ kind }) => kind === 'write')).toEqual([]);
    expect(await round()).toMatchObject({ result: 'done', held: [] });
  });
});
