// Hours of the daemon in a moment: the real loop, rounds, memory, provider and platform on a clock that jumps. Only files
// and sockets are not there: the document is read from a folder, and the clock stands still meanwhile.
import { pausesInProcess } from '../../src/daemon/pause-desk.ts';
import { parseSchedule, runSchedule, type Schedule } from '../../src/daemon/schedule.ts';
import type { Clock } from '../../src/model/ports.ts';
import type { Cost, Round } from '../../src/model/watch-status.ts';
import { openRounds } from '../../src/compose/watch-round.ts';
import { openSteady, type Steady, type SteadyOptions } from '../../src/compose/steady.ts';
import { runWatch, type Watching } from '../../src/reconcile/run-watch.ts';
import { settingsOf } from '../../src/cli/settings.ts';
import { parseArgs } from '../../src/cli/args.ts';
import type { SandboxSeed } from '../../src/sandbox/seed.ts';
import type { Deployment } from '../../src/sandbox/platform/state.ts';
import { createApi, urlLabel } from '../../src/sandbox/api.ts';
import { createPlatform, createWorld, type Platform } from '../../src/sandbox/platform/platform.ts';
import { officialDialect } from '../../src/sandbox/official-routes.ts';
import { catalogDialect } from '../../src/sandbox/catalog-routes.ts';
import { plantSeed } from '../../src/sandbox/plant.ts';
import { openNetwork, type Network } from '../faults/kit/network.ts';
import { inFolder } from '../kit/scratch.ts';
import { virtualClock } from '../providers/virtual-clock.ts';

export interface Hours {
  readonly clock: Clock;
  readonly platform: Platform;
  readonly network: Network;
  readonly steady: Steady;
  readonly loop: Watching;
  /** All that ended so far. */
  readonly rounds: readonly Round[];
  readonly cost: () => Cost;
  /** Until so many milliseconds after the start. */
  until(ms: number): Promise<void>;
  deployment(reference: string): Deployment;
  /** What somebody does in the dashboard. */
  set(reference: string, name: string, value: string | null): void;
  readonly caller: { readonly token: NonNullable<ReturnType<Platform['identify']>> };
}

export interface HoursOptions {
  readonly state: string;
  readonly seed: SandboxSeed;
  readonly dialect?: 'official' | 'catalog';
  readonly schedule?: string;
  readonly fullSchedule?: string;
  readonly mode?: 'observe' | 'apply';
  readonly push?: SteadyOptions['push'];
  /** Of each request, milliseconds. */
  readonly latency?: () => number;
}

const scheduleOf = (text: string): Schedule => {
  const parsed = parseSchedule(text);
  if ('wrong' in parsed) throw new Error(parsed.wrong);
  return parsed;
};

/** Runs the daemon from its start for as long as `use` takes. */
export async function forHours(options: HoursOptions, use: (hours: Hours) => Promise<void>): Promise<void> {
  const { state, seed, dialect = 'official', mode = 'apply' } = options;
  let loading = 0;
  const clock = virtualClock(undefined, () => loading > 0);
  const world = createWorld({ clock: () => Math.floor(clock.now()), randomSeed: 7 });
  plantSeed(world, seed);
  const platform = createPlatform(world);
  const urlOf = (one: Pick<Deployment, 'name' | 'region'>, to: string): string =>
    `https://${urlLabel(one)}.convex.${to === 'convexSite' ? 'site' : 'cloud'}`;
  const resolve = createApi(platform, dialect === 'official' ? officialDialect : catalogDialect, urlOf);
  const network = openNetwork({ resolve, clock, ...(options.latency && { latency: options.latency }) });
  const token = platform.identify('sandbox-human');
  if (token === undefined) throw new Error('the sandbox knows its tokens');
  const invocation = parseArgs(['watch', '--dialect', dialect, '--rate', '1000', '--concurrency', '8'], silent);
  if (invocation?.command !== 'watch') throw new Error('not watch');
  await inFolder({ 'convex.state.yaml': state }, async (cwd) => {
    const env = { CONVEX_TEAM_ACCESS_TOKEN: 'sandbox' };
    const settings = settingsOf(invocation.options, env);
    const chance = (): number => 0.5;
    const effects = {
      env,
      cwd,
      clock,
      chance,
      onEvent: () => undefined,
      version: '0',
      openClient: network.connect(0),
    };
    const schedule = scheduleOf(options.schedule ?? '*/5 * * * *');
    const steady = openSteady({
      clock,
      schedule,
      fullSchedule: scheduleOf(options.fullSchedule ?? '0 * * * *'),
      concurrency: settings.concurrency,
      push: options.push ?? null,
    });
    const crashes: unknown[] = [];
    const rounds: Round[] = [];
    const round = openRounds(settings, effects, {
      mode,
      steady,
      pauses: pausesInProcess(),
      onLoaded: () => Promise.resolve(void loading--),
      onCrash: (error) => void crashes.push(error),
    });
    let phase = '';
    const loop = runWatch({
      clock,
      chance,
      onPhase: (now) => (phase = now),
      async run(cause, signals) {
        loading++;
        const startedAt = clock.now();
        if (cause === 'start' || cause === 'files' || cause === 'asked') steady.askFull();
        const found = await round.run(signals);
        rounds.push({ id: rounds.length + 1, cause, startedAt, ms: clock.now() - startedAt, ...found });
        return found.result === 'interrupted'
          ? { result: 'done', retryInMs: null }
          : { result: found.result, retryInMs: round.retryInMs() };
      },
    });
    const ending = new AbortController();
    const onTick = (): void => {
      steady.onTick();
      loop.trigger('tick');
    };
    const ticking = runSchedule(schedule, { clock, chance, signal: ending.signal, onTick });
    const refreshing = steady.refresh({
      signal: ending.signal,
      isIdle: () => phase === 'waiting' || phase === 'settling',
      onMoved: () => loop.trigger('moved'),
    });
    const deployment = (reference: string): Deployment => {
      const found = [...world.deployments.values()].find((one) => one.reference === reference);
      if (found === undefined) throw new Error(`no live ${reference}`);
      return found;
    };
    const failed = Promise.race([ticking, refreshing, loop.ended]).then(() => Promise.reject(new Error('it ended')));
    failed.catch(() => undefined);
    try {
      await Promise.race([
        failed,
        use({
          clock,
          platform,
          network,
          steady,
          loop,
          rounds,
          deployment,
          caller: { token },
          cost() {
            const cost = steady.cost();
            if (cost === null) throw new Error('nothing was read yet');
            return cost;
          },
          until: async (ms) => clock.sleep(ms - clock.monotonic()),
          set: (reference, name, value) =>
            platform.updateEnvironment({ token }, deployment(reference), [{ name, value }]),
        }),
      ]);
    } finally {
      ending.abort('ended');
      loop.stop();
      loop.abort();
      await Promise.all([ticking, refreshing, loop.ended]);
      await round.close();
    }
    if (crashes.length > 0) throw crashes[0];
  });
}

const silent = { version: '0', writeOut: () => undefined, writeErr: () => undefined };

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** `count` deployments of two variables in one project. */
export function teamOf(count: number, more: object = {}): Pick<HoursOptions, 'state' | 'seed'> {
  const references = Array.from({ length: count }, (_, index) => `dev-${String(index)}`);
  const entries = references.map(
    (reference) => `      - { reference: ${reference}, type: custom, env: { A: one, B: two } }\n`,
  );
  return {
    state: `version: 1\nteam: acme\nprojects:\n  - slug: shop\n    deployments:\n${entries.join('')}`,
    seed: {
      teams: [
        {
          slug: 'acme',
          ...more,
          projects: [
            {
              name: 'Shop',
              slug: 'shop',
              deployments: references.map((reference) => ({
                reference,
                type: 'custom' as const,
                env: { A: 'one', B: 'two' },
              })),
            },
          ],
        },
      ],
    },
  };
}

export const perHour = ({ perHour: { poll, spread, run, full } }: Cost): number => poll + spread + run + full;
