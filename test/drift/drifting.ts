// A whole drift in this process: files, the provider and the platform, on a clock that jumps; only sockets are not there.
import { drift, type DriftRequest } from '../../src/compose/drift.ts';
import type { Settings } from '../../src/compose/contract.ts';
import type { Drift } from '../../src/model/drift.ts';
import { createApi, urlLabel } from '../../src/sandbox/api.ts';
import { catalogDialect } from '../../src/sandbox/catalog-routes.ts';
import { officialDialect } from '../../src/sandbox/official-routes.ts';
import { createPlatform, createWorld, type Platform } from '../../src/sandbox/platform/platform.ts';
import type { Deployment } from '../../src/sandbox/platform/state.ts';
import type { Caller } from '../../src/sandbox/platform/tokens.ts';
import { plantSeed } from '../../src/sandbox/plant.ts';
import type { SandboxSeed } from '../../src/sandbox/seed.ts';
import type { Dialect } from '../../src/providers/registry.ts';
import { settingsFor } from '../dump/dumping.ts';
import { openNetwork, type Network } from '../faults/kit/network.ts';
import { inFolder } from '../kit/scratch.ts';
import { virtualClock } from '../providers/virtual-clock.ts';

export interface Drifting {
  readonly platform: Platform;
  readonly network: Network;
  readonly deployment: (reference: string) => Deployment;
  /** Somebody with this secret, by this program. */
  readonly caller: (secret: string, userAgent?: string) => Caller;
  /** Time passes. */
  readonly pass: (ms: number) => Promise<void>;
  readonly drift: (settings?: Partial<Settings>, request?: Partial<DriftRequest>) => Promise<Drift>;
}

export const MINUTE = 60_000;
export const DAY = 86_400_000;
export const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64)';

export async function drifting(
  {
    state,
    seed,
    dialect = 'official',
  }: { readonly state: string; readonly seed: SandboxSeed; readonly dialect?: Dialect },
  use: (drifting: Drifting) => Promise<void>,
): Promise<void> {
  let reading = 0;
  const clock = virtualClock(undefined, () => reading > 0);
  const world = createWorld({ clock: () => Math.floor(clock.now()), randomSeed: 7 });
  plantSeed(world, seed);
  const platform = createPlatform(world);
  const resolve = createApi(
    platform,
    dialect === 'official' ? officialDialect : catalogDialect,
    (one, to) => `https://${urlLabel(one)}.convex.${to === 'convexSite' ? 'site' : 'cloud'}`,
  );
  const network = openNetwork({ resolve, clock });
  await inFolder({ 'convex.state.yaml': state }, async (cwd) => {
    await use({
      platform,
      network,
      deployment(reference) {
        const found = [...world.deployments.values()].find((one) => one.reference === reference);
        if (found === undefined) throw new Error(`no live ${reference}`);
        return found;
      },
      caller(secret, userAgent) {
        const token = platform.identify(secret);
        if (token === undefined) throw new Error(`${secret} is no token`);
        return { token, clientIp: '192.0.2.7', ...(userAgent === undefined ? {} : { userAgent }) };
      },
      pass: (ms) => clock.sleep(ms),
      async drift(settings = {}, request = {}) {
        const effects = {
          env: { CONVEX_TEAM_ACCESS_TOKEN: 'sandbox-reader' },
          cwd,
          clock,
          chance: () => 0.5,
          onEvent: () => void (reading = 0),
          version: '0',
          openClient: network.connect(0),
        };
        // Files are read while the clock stands still.
        reading = 1;
        const drifted = await drift(
          { ...settingsFor('https://api.convex.dev', dialect), rate: 1000, ...settings },
          effects,
          { sinceMs: 7 * DAY, showIp: false, propose: false, signal: new AbortController().signal, ...request },
        );
        if (drifted.type !== 'drifted') throw new Error(drifted.diagnostics.map(({ summary }) => summary).join('\n'));
        return drifted.drift;
      },
    });
  });
}
