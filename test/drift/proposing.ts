// A proposal in this process: what the files say, what is live, what the files would say, and the plan after that.
import { kindsOf } from '../../src/model/kinds.ts';
import type { Loaded } from '../../src/compose/load.ts';
import { prepareProposal, type PreparedProposal } from '../../src/compose/propose.ts';
import { openSession } from '../../src/compose/session.ts';
import { lookAround, type World } from '../../src/compose/world.ts';
import { driftItems } from '../../src/diff/drift.ts';
import { expand, sourcesOf } from '../../src/document/expand.ts';
import { stateLoader, type SourceFile } from '../../src/document/load.ts';
import type { Plan, Scope } from '../../src/model/change.ts';
import { NO_CONSENT } from '../../src/model/consent.ts';
import type { DriftItem } from '../../src/model/drift.ts';
import { resolveSources } from '../../src/sources/resolve-sources.ts';
import { kindsFor, type Dialect } from '../../src/providers/registry.ts';
import { createApi, urlLabel } from '../../src/sandbox/api.ts';
import { catalogDialect } from '../../src/sandbox/catalog-routes.ts';
import { officialDialect } from '../../src/sandbox/official-routes.ts';
import { createPlatform, createWorld } from '../../src/sandbox/platform/platform.ts';
import { plantSeed } from '../../src/sandbox/plant.ts';
import type { SandboxSeed } from '../../src/sandbox/seed.ts';
import { effectsIn, settingsFor } from '../dump/dumping.ts';
import { openNetwork } from '../faults/kit/network.ts';
import { virtualClock } from '../providers/virtual-clock.ts';

export interface Proposing {
  readonly items: readonly DriftItem[];
  readonly prepared: PreparedProposal;
  /** The files as they would be, by name; those that do not change are as they were. */
  readonly after: Readonly<Record<string, string>>;
  /** Plans what the files say then, with further variables set. */
  readonly planAfter: (env?: Readonly<Record<string, string>>) => Promise<Plan>;
}

export interface Given {
  readonly files: Readonly<Record<string, string>>;
  readonly seed: SandboxSeed;
  readonly env?: Readonly<Record<string, string>>;
  readonly scope?: Scope;
  readonly dialect?: Dialect;
  /** Where files that sources read lie. */
  readonly cwd?: string;
}

type Load = ReturnType<typeof stateLoader>;

/** Schemas are compiled once: many proposals are made. */
export function proposer(): (given: Given) => Promise<Proposing> {
  const loaders = new Map<Dialect, Load>();
  return async ({
    files,
    seed,
    env = {},
    scope = { target: [], exclude: [] },
    dialect = 'official',
    cwd = '/nowhere',
  }) => {
    const load = loaders.get(dialect) ?? stateLoader(kindsFor(dialect));
    loaders.set(dialect, load);
    const clock = virtualClock();
    const platform = createWorld({ clock: () => Math.floor(clock.now()), randomSeed: 7 });
    plantSeed(platform, seed);
    const resolve = createApi(
      createPlatform(platform),
      dialect === 'official' ? officialDialect : catalogDialect,
      (one, to) => `https://${urlLabel(one)}.convex.${to === 'convexSite' ? 'site' : 'cloud'}`,
    );
    const network = openNetwork({ resolve, clock });
    const look = async (
      said: readonly SourceFile[],
      set: Readonly<Record<string, string>>,
      part: Scope,
    ): Promise<World> => {
      const settings = { ...settingsFor('https://api.convex.dev', dialect), rate: 100_000, scope: part };
      const effects = { ...effectsIn(cwd, { ...env, ...set }), clock, openClient: network.connect(0) };
      const loaded = await loadedFrom(load, said, { env: effects.env, cwd, dialect, clock });
      const { desired } = loaded;
      if (desired === null) throw new Error(JSON.stringify(loaded.diagnostics, null, 1));
      const opened = await openSession(settings, effects);
      if (opened.type === 'failed') throw new Error(opened.diagnostic.summary);
      const { signal } = new AbortController();
      const world = await lookAround(opened.provider, settings, {
        effects,
        loaded,
        desired,
        scope: part,
        consent: NO_CONSENT,
        signal,
      });
      await opened.provider.close();
      if (!('made' in world)) throw new Error(JSON.stringify(world.diagnostics, null, 1));
      return world;
    };
    const said = Object.entries(files).map(([path, text]) => ({ path, bytes: new TextEncoder().encode(text) }));
    const world = await look(said, {}, scope);
    const items = driftItems(world.made, { ...world, kinds: kindsOf(world.provider.kinds) });
    const prepared = prepareProposal(world, items, load);
    const bytes = new Map<string, Uint8Array>(said.map((file) => [file.path, file.bytes]));
    for (const file of prepared.files) {
      if (bytes.get(file.path) !== file.before) throw new Error(`${file.path} is not what was read`);
      bytes.set(file.path, file.after);
    }
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    return {
      items,
      prepared,
      after: Object.fromEntries([...bytes].map(([path, one]) => [path, decoder.decode(one)])),
      async planAfter(set = {}) {
        const edited = [...bytes].map(([path, one]) => ({ path, bytes: one }));
        return (await look(edited, set, { target: [], exclude: [] })).made.plan;
      },
    };
  };
}

async function loadedFrom(
  load: Load,
  files: readonly SourceFile[],
  from: Pick<Parameters<typeof resolveSources>[1], 'env' | 'cwd' | 'clock'> & { readonly dialect: Dialect },
): Promise<Loaded> {
  const { state, diagnostics, texts } = load(files);
  const bytes = new Map(files.map((file) => [file.path, file.bytes]));
  const rest = { texts, bytes, sourceFiles: [], windows: { at: () => [] } };
  if (state === null) return { ...rest, state, resolution: null, desired: null, diagnostics };
  const roots = new Map(files.map(({ path }) => [path, from.cwd]));
  const options = { ...from, roots, allowPaths: [], allowEnv: null, allowExec: false };
  const resolution = await resolveSources(sourcesOf(state), options);
  const { desired, diagnostics: more } = expand(state, kindsFor(from.dialect), resolution);
  return { ...rest, state, resolution, desired, diagnostics: [...diagnostics, ...more] };
}
