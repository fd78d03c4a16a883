import { explain as tellOf, knownAddresses, type Told } from '../diff/explain.ts';
import { NO_CONSENT } from '../model/consent.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { DriftItem } from '../model/drift.ts';
import type { Address } from '../model/address.ts';
import type { Explanation } from '../model/explanation.ts';
import { kindsOf } from '../model/kinds.ts';
import { didYouMean, show } from '../document/show.ts';
import { lineHistory } from '../sources/line-history.ts';
import { attributed } from './attributed.ts';
import type { Effects, FileTexts, Settings } from './contract.ts';
import { loadDesired } from './load.ts';
import { fingerprintKey } from './plan-key.ts';
import { kindsIn } from './platform.ts';
import { judge } from './judge.ts';
import { lastEqualOf } from './past.ts';
import { openSession } from './session.ts';
import { lookAround, type World } from './world.ts';

export interface ExplainRequest {
  /** As somebody wrote it: whether there is such an address is what it finds out. */
  readonly address: string;
  /** How far back the logs are read, milliseconds. */
  readonly sinceMs: number;
  readonly showIp: boolean;
  /** The file of a daemon's history, for since when. Absent: none. */
  readonly history?: string | undefined;
  readonly signal: AbortSignal;
}

export type Explained =
  | { readonly type: 'invalid'; readonly diagnostics: readonly Diagnostic[]; readonly texts: FileTexts }
  | { readonly type: 'explained'; readonly explanation: Explanation };

/** Reads what a plan reads, and tells one thing's story. Writes nothing. Throws only when aborted. */
export async function explain(settings: Settings, effects: Effects, request: ExplainRequest): Promise<Explained> {
  const { signal, address } = request;
  // The story of a thing is told without its value too.
  const loaded = await loadDesired(settings, effects, {
    kinds: kindsIn(settings),
    sources: 'lenient',
    signal,
  });
  const { texts, desired } = loaded;
  if (desired === null) return { type: 'invalid', diagnostics: loaded.diagnostics, texts };
  const opened = await openSession(settings, effects);
  if (opened.type === 'failed')
    return { type: 'invalid', diagnostics: [...loaded.diagnostics, opened.diagnostic], texts };
  try {
    const scope = { target: [], exclude: [] };
    const looking = { effects, loaded, desired, scope, consent: NO_CONSENT, signal };
    const world = await lookAround(opened.provider, settings, looking);
    if (!('made' in world)) return { type: 'invalid', diagnostics: world.diagnostics, texts };
    const ground = { ...world, kinds: kindsOf(opened.provider.kinds), key: fingerprintKey(effects) };
    const told = tellOf(address, ground);
    if (told === null)
      return { type: 'invalid', diagnostics: [nothingAt(address, knownAddresses(world), world)], texts };
    return { type: 'explained', explanation: await withHistories(told, world, { settings, effects, request }) };
  } finally {
    await opened.provider.close();
  }
}

/** Neither side knows it; perhaps because a part could not be read. */
function nothingAt(address: string, known: readonly Address[], { made }: World): Diagnostic {
  const unread = made.plan.unreadable.length;
  return {
    severity: 'error',
    code: 'CVG522',
    summary: `nothing is declared or live at ${show(address)}${unread === 0 ? '' : `, as far as could be read: ${unread} collections could not`}`,
    hint:
      didYouMean(address, known) ??
      'Addresses are those that `plan` prints, such as `project:shop/deployment:production`.',
  };
}

/** What the two sides do not tell: who wrote the line, and who moved the thing. */
async function withHistories(
  { declared, ...told }: Told,
  world: World,
  {
    settings,
    effects,
    request,
  }: { readonly settings: Settings; readonly effects: Effects; readonly request: ExplainRequest },
): Promise<Explanation> {
  const { provider, observation, made } = world;
  const { target, requests } = made.plan;
  const before = provider.usage().reads;
  const item: DriftItem = {
    address: told.address,
    kind: told.kind,
    moved: told.live === null ? 'missing' : 'changed',
    fields: told.change?.fields.map(({ field }) => field) ?? [],
    // Who moved it does not depend on these.
    severity: 'medium',
    where: null,
  };
  const most = settings.maxRequests === null ? null : settings.maxRequests - requests.read;
  const [tracked] = await attributed([item], world, { ...request, now: effects.clock.now(), most });
  const { signal } = request;
  const line =
    declared === null
      ? null
      : await lineHistory(declared.where, { cwd: effects.cwd, env: effects.env, clock: effects.clock, signal });
  const past =
    request.history === undefined
      ? null
      : await lastEqualOf(told.address, request.history, { cwd: effects.cwd, now: observation.at });
  return {
    ...told,
    target,
    readAt: observation.at,
    declared:
      declared === null || line === null
        ? null
        : {
            where: declared.where,
            selector: declared.selector,
            line,
            fields: Object.keys(declared.spec).sort(),
          },
    lastEqualAt: past?.at ?? null,
    diagnostics: past?.warning === undefined || past.warning === null ? [] : judge([past.warning], settings),
    lastEvent:
      tracked?.by === undefined ? { unattributed: tracked?.unattributed ?? 'nobody looked' } : { by: tracked.by },
    requests: { read: requests.read, logs: provider.usage().reads - before },
  };
}
