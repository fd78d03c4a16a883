import { driftItems } from '../diff/drift.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { DriftPast } from '../model/drift-past.ts';
import type { Drift } from '../model/drift.ts';
import { NO_CONSENT } from '../model/consent.ts';
import { kindsOf } from '../model/kinds.ts';
import { attributed } from './attributed.ts';
import type { Effects, FileTexts, Settings } from './contract.ts';
import { loadDesired } from './load.ts';
import { kindsIn } from './platform.ts';
import { withPast } from './past.ts';
import { prepareProposal, type PreparedProposal } from './propose.ts';
import { openSession } from './session.ts';
import { lookAround, type World } from './world.ts';

export interface DriftRequest {
  /** How far back the logs are read, milliseconds. */
  readonly sinceMs: number;
  /** The addresses that people came from belong into the report. */
  readonly showIp: boolean;
  /** The file of a daemon's history, for since when. Absent: none. */
  readonly history?: string | undefined;
  /** Also edits of the documents that say what is live. */
  readonly propose: boolean;
  readonly signal: AbortSignal;
}

export type Drifted =
  | { readonly type: 'invalid'; readonly diagnostics: readonly Diagnostic[]; readonly texts: FileTexts }
  /** `past`: what the history tells, where there is one that can be read. */
  | {
      readonly type: 'drifted';
      readonly drift: Drift;
      readonly past: DriftPast | null;
      readonly prepared: PreparedProposal | null;
      readonly texts: FileTexts;
    };

/** Reads what a plan reads, says what of it moved, and by whom where the platform's logs tell; proposes edits where asked. Writes nothing. Throws only when aborted. */
export async function drift(settings: Settings, effects: Effects, request: DriftRequest): Promise<Drifted> {
  const { signal } = request;
  const loaded = await loadDesired(settings, effects, {
    kinds: kindsIn(settings),
    sources: 'strict',
    signal,
  });
  const { texts, desired } = loaded;
  if (desired === null) return { type: 'invalid', diagnostics: loaded.diagnostics, texts };
  const opened = await openSession(settings, effects);
  if (opened.type === 'failed')
    return { type: 'invalid', diagnostics: [...loaded.diagnostics, opened.diagnostic], texts };
  try {
    const { scope } = settings;
    const world = await lookAround(opened.provider, settings, {
      effects,
      loaded,
      desired,
      scope,
      consent: NO_CONSENT,
      signal,
    });
    if (!('made' in world)) return { type: 'invalid', diagnostics: world.diagnostics, texts };
    const found = await driftOf(world, settings, { ...request, now: effects.clock.now() });
    const { drift: whole, past } = await withPast(found, request.history ?? null, { settings, cwd: effects.cwd });
    const prepared = request.propose ? prepareProposal(world, found.items) : null;
    return { type: 'drifted', drift: whole, past, prepared, texts };
  } finally {
    await opened.provider.close();
  }
}

async function driftOf(
  world: World,
  { maxRequests }: Pick<Settings, 'maxRequests'>,
  request: DriftRequest & { readonly now: number },
): Promise<Drift> {
  const { provider, desired, observation, made } = world;
  const { target, scope, unmanaged, ignored, unreadable, diagnostics, requests } = made.plan;
  const before = provider.usage().reads;
  const sides = { desired, observation, kinds: kindsOf(provider.kinds) };
  const items = await attributed(driftItems(made, sides), world, {
    ...request,
    most: maxRequests === null ? null : maxRequests - requests.read,
  });
  return {
    target,
    scope,
    readAt: observation.at,
    items,
    asDeclared: made.unchanged,
    coverage: made.plan.coverage ?? [],
    unmanaged,
    ...(ignored === undefined ? {} : { ignored }),
    unreadable,
    diagnostics,
    requests: { read: requests.read, logs: provider.usage().reads - before },
  };
}
