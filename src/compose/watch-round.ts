import { randomBytes } from 'node:crypto';
import { permitted, type Permitted } from '../diff/permitted.ts';
import { compareAddress, type Address } from '../model/address.ts';
import { NO_CONSENT } from '../model/consent.ts';
import { kindsOf } from '../model/kinds.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Provider } from '../model/provider.ts';
import type { PauseStore } from '../model/pause.ts';
import type { HeldChange, WatchMode } from '../model/watch-status.ts';
import { afterRound, nextDue, standingOf, type Attempts } from '../reconcile/attempts.ts';
import { execute } from '../reconcile/execute.ts';
import type { Effects, Settings } from './contract.ts';
import { groundsOf } from './grounds.ts';
import { governed, type Governed } from './governed.ts';
import { lastingSession } from './lasting-session.ts';
import { loadDesired, type Loaded } from './load.ts';
import { pausesAsked } from './pauses-asked.ts';
import { kindsIn } from './platform.ts';
import { NOTHING, problem, seen, type Found, type Seen } from './round-found.ts';
import type { Steady } from './steady.ts';
import { turningPoint } from './turning-point.ts';
import { differencesOf, viewOf } from './view.ts';
import { lookAround, type World } from './world.ts';

export interface RoundOptions {
  readonly mode: WatchMode;
  /** Pauses that no document says. */
  readonly pauses: PauseStore;
  /** Asked for what the documents read, once they are read and before the platform is asked. */
  readonly onLoaded: (loaded: Pick<Loaded, 'sourceFiles' | 'texts'>) => Promise<void>;
  readonly onCrash: (error: unknown) => void;
  /** What lets a run ask for little. Absent: each reads everything. */
  readonly steady?: Pick<Steady, 'prepare' | 'written' | 'looked' | 'askFull'>;
}

export interface Signals {
  readonly drain: AbortSignal;
  readonly abort: AbortSignal;
}

/** The daemon's reconcile step, again and again: what it keeps between two is the limiter and what heals have failed. */
export interface Rounds {
  /** Reads the files anew, and of the platform what is not known. Never rejects: a bug is a failed round, and told to `onCrash`. */
  run(signals: Signals): Promise<Found>;
  provider(): Provider | null;
  /** Milliseconds until a heal that failed is due again; null: none is. */
  retryInMs(): number | null;
  /** Milliseconds since epoch: when a window opens or a pause expires, as of the last plan; null: neither matters. */
  turnsAt(): number | null;
  /** A run that goes starts nothing more and ends: what it knows is out of date. */
  brake(): void;
  close(): Promise<void>;
}

export function openRounds(settings: Settings, effects: Effects, options: RoundOptions): Rounds {
  const session = lastingSession(settings, effects);
  /** Of this process alone: what it digests is compared with nothing else. */
  const key = randomBytes(32);
  let attempts: Attempts = new Map();
  /** What is not tried however long it has rested: other things hold it. */
  let waiting: ReadonlySet<Address> = new Set();
  let turnsAt: number | null = null;
  let brake = new AbortController();

  async function look(signals: Signals): Promise<Seen> {
    const stop = AbortSignal.any([signals.drain, signals.abort]);
    const loaded = await loadDesired(settings, effects, {
      kinds: kindsIn(settings),
      sources: 'strict',
      signal: stop,
    });
    await options.onLoaded(loaded);
    if (loaded.desired === null) return problem(loaded.diagnostics, 'the document is invalid');
    const paused = await pausesAsked(options.pauses, effects.clock.now());
    if (typeof paused === 'string') return { ...NOTHING, result: 'failed', problem: paused };
    const desired = { ...loaded.desired, pauses: [...loaded.desired.pauses, ...paused] };
    const opened = await session.open();
    if (opened.type === 'failed') return problem([opened.diagnostic], 'the platform cannot be opened');
    const { steady } = options;
    const looking = (await steady?.prepare(opened.provider)) ?? opened.provider;
    const around = async (): ReturnType<typeof lookAround> => {
      const found = await lookAround(looking, settings, {
        effects,
        loaded,
        desired,
        scope: settings.scope,
        consent: NO_CONSENT,
        signal: stop,
      });
      if ('made' in found) steady?.looked();
      return found;
    };
    const world = await around();
    if (!('made' in world)) return problem(world.diagnostics, 'what is live cannot be planned on');
    effects.onEvent({ type: 'planned', plan: world.made.plan });
    const { aside, paused: byPauses, plan, isSuspended } = governed(world, options.mode);
    turnsAt = turningPoint(world);
    const found = differencesOf(plan);
    if (options.mode === 'observe') return seen(viewOf(world, options.mode), { found, outcomes: [], held: byPauses });

    const grounds = groundsOf(world, key);
    const permittedNow = mayBeMade(world, grounds, aside);
    const { execute: due } = permittedNow;
    waiting = new Set(permittedNow.held.filter(({ because }) => !RESTS.has(because)).map(({ address }) => address));
    // What is suspended is not even told as held.
    const held = [...permittedNow.held, ...byPauses].filter(({ address }) => !isSuspended(address)).sort(byAddress);
    const outcomes =
      due.length === 0 || stop.aborted ? [] : await carryOut({ ...world, provider: opened.provider }, due, signals);
    steady?.written(outcomes);
    const interrupted: Seen = { ...NOTHING, result: 'interrupted', problem: null, found, outcomes, held };
    if (stop.aborted) return interrupted;
    // What only waits has changed nothing. Anything else has, or has found that the reading is out of date.
    if (outcomes.every(({ status }) => status === 'pending' || status === 'blocked')) {
      remember(world, { outcomes, before: grounds, after: grounds });
      return seen(viewOf(world, options.mode), { found, outcomes, held });
    }
    // The proof: what the replies said is not what is live.
    effects.onEvent({ type: 'observing', purpose: 'proof' });
    const after = await around().catch((error: unknown) => {
      if (stop.aborted) return null;
      throw error;
    });
    if (after === null) return interrupted;
    if (!('made' in after)) {
      remember(world, { outcomes, before: grounds, after: grounds });
      return { ...problem(after.diagnostics, 'what was changed could not be read again'), found, outcomes, held };
    }
    remember(after, { outcomes, before: grounds, after: groundsOf(after, key) });
    // What turned while it went was held by the first plan.
    turnsAt = turningPoint(world, after);
    return seen(viewOf(after, options.mode), { found, outcomes, held });
  }

  async function lookSafely(signals: Signals): Promise<Seen> {
    try {
      return await look(signals);
    } catch (error) {
      if (signals.drain.aborted || signals.abort.aborted) return { ...NOTHING, result: 'interrupted', problem: null };
      options.onCrash(error);
      options.steady?.askFull();
      return { ...NOTHING, result: 'failed', problem: 'a bug of converge ended the run; the log has it' };
    }
  }

  function mayBeMade(
    { made, provider }: World,
    grounds: ReadonlyMap<Address, string>,
    aside: Governed['aside'],
  ): Permitted {
    const now = effects.clock.monotonic();
    const resting = new Map<Address, Pick<HeldChange, 'because' | 'why'>>(aside);
    for (const [address, ground] of grounds) {
      if (aside.has(address)) continue;
      const standing = standingOf(attempts, address, ground, now);
      if (standing.type === 'stalled')
        resting.set(address, {
          because: 'stalled',
          why: `it failed ${standing.failures} times; it is tried again when the document or its live state changes`,
        });
      if (standing.type === 'resting')
        resting.set(address, {
          because: 'resting',
          why: `it failed ${standing.failures} times; it is tried again in ${Math.ceil(standing.forMs / 1000)} s`,
        });
    }
    return permitted(made.plan, kindsOf(provider.kinds), resting);
  }

  /** What was done and still differs has not succeeded, whatever the reply said. */
  function remember(
    { made }: World,
    round: {
      readonly outcomes: readonly Outcome[];
      readonly before: ReadonlyMap<Address, string>;
      /** The same map as `before` where nothing was read again. */
      readonly after: ReadonlyMap<Address, string>;
    },
  ): void {
    const isProven = round.after !== round.before;
    const failed = new Set<Address>();
    for (const { address, status } of round.outcomes) {
      const isUndone = status === 'succeeded' && isProven && round.after.has(address);
      if (status === 'failed' || status === 'uncertain' || isUndone) failed.add(address);
    }
    const tried = { differing: round.after, failed, whole: made.plan.unreadable.length === 0 };
    attempts = afterRound(attempts, tried, effects.clock.monotonic());
  }

  async function carryOut(world: World, changes: Permitted['execute'], signals: Signals): Promise<readonly Outcome[]> {
    return execute(world.provider, changes, {
      ground: { desired: world.made.desired, observation: world.observation },
      concurrency: settings.concurrency,
      // What is not finished is looked at again by the next round.
      waitMs: 0,
      clock: effects.clock,
      onEvent: effects.onEvent,
      ...signals,
    });
  }

  return {
    async run({ drain, abort }) {
      brake = new AbortController();
      const signals = { drain: AbortSignal.any([drain, brake.signal]), abort };
      const before = session.current();
      const was = before?.usage();
      const ended = await lookSafely(signals);
      // Without a plan of its own a run says nothing of it, and is not asked again for what has passed.
      if (ended.view === null && turnsAt !== null && turnsAt <= effects.clock.now()) turnsAt = null;
      const after = session.current();
      const usage = after?.usage();
      // A session that was opened in this round has counted from nothing.
      const base = after === before ? was : undefined;
      const sent = (of: 'reads' | 'writes'): number => (usage?.[of] ?? 0) - (base?.[of] ?? 0);
      return { ...ended, requests: { reads: sent('reads'), writes: sent('writes') } };
    },
    provider: session.current,
    retryInMs: () => nextDue(withoutWaiting(attempts, waiting), effects.clock.monotonic()),
    turnsAt: () => turnsAt,
    brake: () => brake.abort('paused'),
    close: session.close,
  };
}

/** These end by themselves or by another ground, as {@link Attempts} count. */
const RESTS: ReadonlySet<HeldChange['because']> = new Set(['resting', 'stalled']);

function withoutWaiting(attempts: Attempts, waiting: ReadonlySet<Address>): Attempts {
  return new Map([...attempts].filter(([address]) => !waiting.has(address)));
}

function byAddress(a: HeldChange, b: HeldChange): number {
  return compareAddress(a.address, b.address);
}
