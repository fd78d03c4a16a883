// A proposal in this process: what is live, what the files say, what they would say, and the plan after that.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drift } from '../../src/compose/drift.ts';
import { plan } from '../../src/compose.ts';
import type { PreparedProposal } from '../../src/compose/propose.ts';
import type { Plan, Scope } from '../../src/model/change.ts';
import { NO_CONSENT } from '../../src/model/consent.ts';
import type { Drift } from '../../src/model/drift.ts';
import type { Dialect } from '../../src/providers/registry.ts';
import type { SandboxSeed } from '../../src/sandbox/seed.ts';
import { createApi, urlLabel } from '../../src/sandbox/api.ts';
import { catalogDialect } from '../../src/sandbox/catalog-routes.ts';
import { officialDialect } from '../../src/sandbox/official-routes.ts';
import { createPlatform, createWorld } from '../../src/sandbox/platform/platform.ts';
import { plantSeed } from '../../src/sandbox/plant.ts';
import { effectsIn, settingsFor } from '../dump/dumping.ts';
import { openNetwork } from '../faults/kit/network.ts';
import { inFolder } from '../kit/scratch.ts';
import { virtualClock } from '../providers/virtual-clock.ts';

export interface Proposing {
  readonly drift: Drift;
  readonly prepared: PreparedProposal;
  /** The files as they would be, by name; those that change not are as they were. */
  readonly after: Readonly<Record<string, string>>;
  /** Plans what the files say then, with what is to be set as it is live. */
  readonly planAfter: (env?: Readonly<Record<string, string>>) => Promise<Plan>;
}

export interface Given {
  readonly files: Readonly<Record<string, string>>;
  readonly seed: SandboxSeed;
  readonly env?: Readonly<Record<string, string>>;
  readonly scope?: Scope;
  readonly dialect?: Dialect;
}

/** Proposes for a platform that is as the seed says. */
export async function proposing(given: Given, use: (found: Proposing) => Promise<void>): Promise<void> {
  const { files, seed, env = {}, scope = { target: [], exclude: [] }, dialect = 'official' } = given;
  let reading = 0;
  const clock = virtualClock(undefined, () => reading > 0);
  const world = createWorld({ clock: () => Math.floor(clock.now()), randomSeed: 7 });
  plantSeed(world, seed);
  const resolve = createApi(
    createPlatform(world),
    dialect === 'official' ? officialDialect : catalogDialect,
    (one, to) => `https://${urlLabel(one)}.convex.${to === 'convexSite' ? 'site' : 'cloud'}`,
  );
  const network = openNetwork({ resolve, clock });
  await inFolder(files, async (cwd) => {
    const settings = { ...settingsFor('https://api.convex.dev', dialect), files: ['.'], rate: 100_000, scope };
    const effects = (set: Readonly<Record<string, string>>) => {
      reading = 1;
      return {
        ...effectsIn(cwd, { ...env, ...set }),
        clock,
        openClient: network.connect(0),
        onEvent: () => void (reading = 0),
      };
    };
    const { signal } = new AbortController();
    const request = { sinceMs: 1000, showIp: false, propose: true, signal };
    const drifted = await drift(settings, effects({}), request);
    if (drifted.type !== 'drifted' || drifted.prepared === null) throw new Error(JSON.stringify(drifted, null, 1));
    const { prepared } = drifted;
    const after: Record<string, string> = { ...files };
    for (const file of prepared.files) {
      const was = await readFile(join(cwd, file.path));
      if (!was.equals(file.before)) throw new Error(`${file.path} is not what was read`);
      after[file.path] = new TextDecoder('utf-8', { ignoreBOM: true }).decode(file.after);
      await writeFile(join(cwd, file.path), file.after);
    }
    await use({
      drift: drifted.drift,
      prepared,
      after,
      async planAfter(set = {}) {
        const planned = await plan({ ...settings, scope: { target: [], exclude: [] } }, effects(set), {
          consent: NO_CONSENT,
          signal,
        });
        if (planned.type !== 'planned') throw new Error(planned.diagnostics.map(({ summary }) => summary).join('\n'));
        return planned.plan;
      },
    });
  });
}
