import { checkSaved } from '../diff/saved-plan.ts';
import { makePlan } from '../diff/plan.ts';
import { compareAddress, type Address } from '../model/address.ts';
import type { Change, Plan, Refusal } from '../model/change.ts';
import { kindsOf } from '../model/kinds.ts';
import { GONE, type ApplyReport, type Outcome, type Proof } from '../model/outcome.ts';
import type { Provider } from '../model/provider.ts';
import type { DesiredState } from '../model/resource.ts';
import type { SavedPlan } from '../model/saved-plan.ts';
import { execute } from '../reconcile/execute.ts';
import { observe } from '../reconcile/observe.ts';
import type { Applied, ApplyRequest, Approval, Effects, Settings } from './contract.ts';
import { loadDesired, type Loaded } from './load.ts';
import { fileDigests, keyOf } from './plan-key.ts';
import { kindsIn } from './platform.ts';
import { openSession } from './session.ts';
import { lookAround, type World } from './world.ts';

/** Plans, judges, asks, executes and proves; writes nothing unless every guard holds (law B). */
export async function applyOnce(settings: Settings, effects: Effects, request: ApplyRequest): Promise<Applied> {
  const stop = AbortSignal.any([request.drain, request.abort]);
  const loaded = await loadUnlessStopped(settings, effects, stop);
  if (loaded === null) return { type: 'interrupted', plan: null, texts: new Map() };
  if (loaded.desired === null) return { type: 'invalid', diagnostics: loaded.diagnostics, texts: loaded.texts };
  const opened = await openSession(settings, effects);
  if (opened.type === 'failed')
    return { type: 'invalid', diagnostics: [...loaded.diagnostics, opened.diagnostic], texts: loaded.texts };
  try {
    return await applyOn(opened.provider, { ...loaded, desired: loaded.desired }, { settings, effects, request });
  } finally {
    await opened.provider.close();
  }
}

/** {@link applyOnce} on an open platform, from documents that are loaded already. */
export async function applyOn(
  provider: Provider,
  loaded: Loaded & { readonly desired: DesiredState },
  run: Run,
): Promise<Applied> {
  const { settings, effects, request } = run;
  const { desired, texts } = loaded;
  const stop = AbortSignal.any([request.drain, request.abort]);
  try {
    const scope = request.saved?.plan.scope ?? settings.scope;
    const options = { effects, loaded, desired, scope, consent: request.consent, signal: stop };
    const world = await lookAround(provider, settings, options);
    if (!('made' in world)) return { type: 'invalid', diagnostics: world.diagnostics, texts };
    effects.onEvent({ type: 'planned', plan: world.made.plan });
    return await carryOut(world, run);
  } catch (error) {
    if (stop.aborted) return { type: 'interrupted', plan: null, texts };
    throw error;
  }
}

/** Null when told to stop while sources were resolved. */
async function loadUnlessStopped(settings: Settings, effects: Effects, stop: AbortSignal): Promise<Loaded | null> {
  try {
    return await loadDesired(settings, effects, {
      kinds: kindsIn(settings),
      sources: 'strict',
      signal: stop,
    });
  } catch (error) {
    if (stop.aborted) return null;
    throw error;
  }
}

/** What an apply is asked to do, with what, and in which way. */
export interface Run {
  readonly settings: Settings;
  readonly effects: Effects;
  readonly request: ApplyRequest;
}

async function carryOut(world: World, run: Run): Promise<Applied> {
  const { effects, request } = run;
  const { plan } = world.made;
  const { texts } = world.loaded;
  const agreed =
    request.saved === null
      ? { type: 'holds' as const, execute: plan.changes, gone: [], notApplied: [] }
      : compareSaved(request.saved, world, effects);
  if (agreed.type === 'unusable')
    return { type: 'invalid', diagnostics: [{ severity: 'error', code: 'CVG701', summary: agreed.why }], texts };
  if (agreed.type === 'stale') return { type: 'stale', plan, moved: agreed.moved, texts };

  const judged = judgeRefusals(plan, agreed.execute, request);
  if (judged.refusals.length > 0) return { type: 'refused', plan, refusals: judged.refusals, texts };
  const asks = judged.unconfirmed.length > 0 || (request.saved === null && agreed.execute.length > 0);
  if (asks) {
    const approval = await request.approve(plan, judged.unconfirmed);
    if (request.drain.aborted) return { type: 'interrupted', plan, texts };
    const missing = judged.unconfirmed.filter((address) => !approval.confirmed.includes(address));
    if (!approval.approved || missing.length > 0)
      return { type: 'refused', plan, refusals: [notApproved(approval, missing)], texts };
  }
  const executed = await execute(world.provider, agreed.execute, {
    ground: { desired: world.made.desired, observation: world.observation },
    concurrency: run.settings.concurrency,
    waitMs: request.waitMs,
    clock: effects.clock,
    onEvent: effects.onEvent,
    drain: request.drain,
    abort: request.abort,
  });
  const outcomes = [...executed, ...agreed.gone.map(goneOutcome)].sort((a, b) => compareAddress(a.address, b.address));
  const proven = await prove(world, run, { outcomes, notApplied: agreed.notApplied });
  const unsettled = (proven?.plan ?? plan).unsettled;
  const report: ApplyReport = {
    plan,
    outcomes,
    proof: proven?.proof ?? null,
    notApplied: agreed.notApplied,
    ...(unsettled === undefined ? {} : { unsettled }),
    requests: world.provider.usage(),
    interrupted: request.interruptedBy(),
  };
  return { type: 'applied', report, texts };
}

function goneOutcome({ address, action }: Change): Outcome {
  return { address, action, status: 'cancelled', attempts: 0, because: GONE };
}

type Agreed = ReturnType<typeof checkSaved> | { readonly type: 'unusable'; readonly why: string };

function compareSaved(saved: SavedPlan, world: World, effects: Effects): Agreed {
  const key = keyOf(saved.digests.key, effects);
  if (typeof key === 'string') return { type: 'unusable', why: key };
  return checkSaved(
    saved,
    {
      plan: world.made.plan,
      desired: world.desired,
      observation: world.observation,
      kinds: kindsOf(world.provider.kinds),
      files: fileDigests(key, world.loaded.bytes),
    },
    key,
  );
}

/**
 * What only a typed name is missing for is asked; everything else refuses. Refusals of changes that are not executed do not
 * count; what is about no change at all is about the document.
 */
function judgeRefusals(
  { refusals, changes: planned }: Plan,
  changes: readonly Change[],
  { consent }: ApplyRequest,
): { readonly refusals: readonly Refusal[]; readonly unconfirmed: readonly Address[] } {
  const executed = new Map(changes.map((change) => [change.address, change]));
  const concerned = new Set(planned.flatMap(({ address, takes }) => [address, ...takes]));
  const relevant = refusals.filter(
    ({ addresses }) =>
      addresses.some((address) => executed.has(address)) || !addresses.some((address) => concerned.has(address)),
  );
  const isNameOnly = ({ rule, addresses }: Refusal): boolean =>
    rule === 'consent' && addresses.every((address) => consent.allowDelete.includes(executed.get(address)?.kind ?? ''));
  return {
    refusals: relevant.some((refusal) => !isNameOnly(refusal)) ? relevant : [],
    unconfirmed: relevant.filter(isNameOnly).flatMap(({ addresses }) => addresses),
  };
}

function notApproved({ because, override }: Approval, missing: readonly Address[]): Refusal {
  const flags = override ?? ['--auto-approve', ...missing.map((address) => `--confirm ${address}`)].join(' ');
  return { rule: 'consent', addresses: missing, message: because ?? 'not approved', override: flags };
}

/** Reads again and plans again: what remains is not done, whatever the replies said. Null when told to stop. */
async function prove(
  world: World,
  { effects, request, settings }: Run,
  done: { readonly outcomes: readonly Outcome[]; readonly notApplied: readonly Address[] },
): Promise<{ readonly proof: Proof; readonly plan: Plan } | null> {
  const { provider, desired, made } = world;
  const pending = done.outcomes.filter(({ status }) => status === 'pending').map(({ address }) => address);
  // A change without a write says just as much about what is live: it was so already, it has moved, or it has gone.
  const looked = done.outcomes.some(({ status }) => status !== 'pending');
  let { plan } = made;
  /** Of every entry it is known which live one it is. */
  let isMatched = true;
  if (looked) {
    if (request.drain.aborted) return null;
    try {
      effects.onEvent({ type: 'observing', purpose: 'proof' });
      const { observation } = await observe(provider, desired, {
        signal: AbortSignal.any([request.drain, request.abort]),
        at: effects.clock.now(),
        onEvent: effects.onEvent,
        // What the plan was about; what others have made since is for the next one.
        instantiate: () => desired,
      });
      plan = makePlan({
        desired,
        observation,
        kinds: kindsOf(provider.kinds),
        target: plan.target,
        scope: plan.scope,
        consent: request.consent,
        now: effects.clock.now(),
        reads: 0,
        maxRequests: settings.maxRequests,
      }).plan;
      const told = new Set(plan.diagnostics.map(({ address }) => address));
      isMatched = !(observation.unmatched ?? []).some(({ address }) => told.has(address));
    } catch (error) {
      if (request.drain.aborted) return null;
      throw error;
    }
  }
  const gone = done.outcomes.filter(({ status }) => status === 'cancelled').map(({ address }) => address);
  const paused = (made.plan.paused ?? []).flatMap(({ held }) => held);
  const expected = new Set<string>([...done.notApplied, ...pending, ...gone, ...paused]);
  const remaining = plan.changes.map(({ address }) => address).filter((address) => !expected.has(address));
  const converged = remaining.length === 0 && plan.unreadable.length === 0 && isMatched;
  const proof = { converged, remaining, pending };
  return { proof, plan };
}
