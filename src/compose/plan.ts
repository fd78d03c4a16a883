import { randomBytes } from 'node:crypto';
import { digestsOf } from '../diff/saved-plan.ts';
import type { Consent } from '../model/consent.ts';
import { kindsOf } from '../model/kinds.ts';
import type { Effects, Planned, Settings } from './contract.ts';
import { createdAt } from './created-at.ts';
import { loadDesired } from './load.ts';
import { fileDigests, newPlanKey } from './plan-key.ts';
import { kindsIn } from './platform.ts';
import { openSession } from './session.ts';
import { lookAround, type World } from './world.ts';

export interface PlanRequest {
  readonly consent: Consent;
  readonly signal: AbortSignal;
  /** The plan also says how deployments and the like stand beside each other (`--parity`). */
  readonly parity?: boolean;
}

/** Loads, opens, looks around, and closes again whatever happens. */
export async function planOnce(
  settings: Settings,
  effects: Effects,
  { parity, ...options }: PlanRequest,
): Promise<Planned> {
  const sources = settings.allowUnresolved ? 'lenient' : 'strict';
  const loaded = await loadDesired(settings, effects, {
    kinds: kindsIn(settings),
    sources,
    signal: options.signal,
  });
  const { texts, desired } = loaded;
  if (desired === null) return { type: 'invalid', diagnostics: loaded.diagnostics, texts };
  const opened = await openSession(settings, effects);
  if (opened.type === 'failed')
    return { type: 'invalid', diagnostics: [...loaded.diagnostics, opened.diagnostic], texts };
  try {
    const world = await lookAround(opened.provider, settings, {
      effects,
      loaded,
      desired,
      scope: settings.scope,
      ...options,
      ...(parity === true ? { parityKey: randomBytes(32) } : {}),
    });
    if (!('made' in world)) return { type: 'invalid', diagnostics: world.diagnostics, texts };
    effects.onEvent({ type: 'planned', plan: world.made.plan });
    const { plan, unchanged } = world.made;
    return { type: 'planned', plan, texts, unchanged, saved: savedPlan(world, effects) };
  } finally {
    await opened.provider.close();
  }
}

function savedPlan(world: World, effects: Effects): Extract<Planned, { type: 'planned' }>['saved'] {
  const { key, told } = newPlanKey(effects);
  const { made, observation, provider, loaded, desired } = world;
  const ground = {
    plan: made.plan,
    desired,
    observation,
    kinds: kindsOf(provider.kinds),
    files: fileDigests(key, loaded.bytes),
  };
  return {
    plan: made.plan,
    createdAt: createdAt(effects),
    tool: effects.version,
    digests: digestsOf(ground, key, told),
  };
}
