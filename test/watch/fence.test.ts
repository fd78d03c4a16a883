// Who may not write any more: what is held back, where, and what becomes of it. On a real platform.
import { pausesInProcess } from '../../src/daemon/pause-desk.ts';
import { expect, test } from 'vitest';
import { parseArgs } from '../../src/cli/args.ts';
import { systemClock } from '../../src/compose/machine.ts';
import { settingsOf } from '../../src/cli/settings.ts';
import type { Found } from '../../src/compose/round-found.ts';
import { openRounds } from '../../src/compose/watch-round.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { inFolder } from '../kit/scratch.ts';

const STATE = `version: 1
team: acme
projects:
  - slug: shop
    deployments:
      - { reference: dev-one, type: dev, env: { MODE: quiet } }
`;
const SEED = {
  teams: [
    { slug: 'acme', projects: [{ name: 'Shop', slug: 'shop', deployments: [{ reference: 'dev-one', type: 'dev' }] }] },
  ],
} as const;

interface Bench {
  readonly sandbox: Sandbox;
  readonly round: () => Promise<Found>;
  readonly dueInMs: () => number | null;
  readonly writes: () => number;
}

/** `permitted`: how many questions whether a write may go out are answered with yes before all are with no. */
async function onBench(permitted: number, use: (bench: Bench) => Promise<void>): Promise<void> {
  const sandbox = await startSandbox({ seed: SEED });
  try {
    await inFolder({ 'convex.state.yaml': STATE }, async (cwd) => {
      const env = { CONVEX_TEAM_ACCESS_TOKEN: 'sandbox', CONVEX_PROVISION_HOST: sandbox.url };
      const invocation = parseArgs(['watch'], { version: '0', writeOut: () => undefined, writeErr: () => undefined });
      if (invocation?.command !== 'watch') throw new Error('not watch');
      let asked = 0;
      const mayWrite = (): string | null => (asked++ < permitted ? null : 'the lease ended');
      const rounds = openRounds(
        settingsOf(invocation.options, env),
        { env, cwd, clock: systemClock, chance: () => 0, onEvent: () => undefined, version: '0', mayWrite },
        {
          mode: 'apply',
          pauses: pausesInProcess(),
          onLoaded: () => Promise.resolve(),
          onCrash(error) {
            throw error;
          },
        },
      );
      const never = new AbortController().signal;
      await use({
        sandbox,
        round: () => rounds.run({ drain: never, abort: never }),
        dueInMs: () => rounds.retryInMs(),
        writes: () => sandbox.log.filter(({ kind }) => kind === 'write').length,
      });
      await rounds.close();
    });
  } finally {
    await sandbox.close();
  }
}

test.each([
  ['before the request', 0],
  ['when the connection stands', 1],
])('held back %s: not sent, cancelled, and no failure', async (_, permitted) => {
  await onBench(permitted, async ({ round, dueInMs, writes }) => {
    const found = await round();
    expect(found.outcomes).toMatchObject([{ status: 'cancelled', attempts: 0, because: 'the lease ended' }]);
    expect(found.result).toBe('done');
    expect(found.requests.writes).toBe(permitted);
    expect(writes()).toBe(0);
    // Nothing rests, and nothing counts towards stalling.
    expect(dueInMs()).toBeNull();
  });
});

test('permitted, it is sent', async () => {
  await onBench(2, async ({ round, writes }) => {
    expect((await round()).outcomes).toMatchObject([{ status: 'succeeded', attempts: 1 }]);
    expect(writes()).toBe(1);
  });
});

test('an attempt that was not executed is not repeated once the lease has ended', async () => {
  await onBench(2, async ({ sandbox, round, writes }) => {
    sandbox.setFaults([
      {
        match: { path: 're:/update_environment_variables$', times: 'always' },
        effect: { kind: 'status', status: 503, code: 'RejectedBeforeExecution' },
      },
    ]);
    const found = await round();
    expect(found.outcomes).toMatchObject([{ status: 'cancelled', because: 'the lease ended' }]);
    expect(writes()).toBe(1);
  });
});
